"""Evaluation: the golden questions put to an `Assistant` in three languages.

Not for what a number means (`scoring`, `measures`), nor for one run against another (`comparison`), nor for the page
that shows them (`report_page`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from askmission.assistant import Assistant, Trace
from askmission.conversation import Turn
from askmission.errors import AskMissionError
from askmission.golden import Golden, words
from askmission.index import Entry, Progress
from askmission.measures import MEASURES, Figure, Measure, Retrieved, Row, figures, problems
from askmission.scoring import Ranking, has_fact, headline, holds, obeyed, precision, rankings, recall
from askmission.text import LANGUAGES, squeeze
from askmission.weights import threshold

FORMAT = 1
"""Raised whenever an evaluation of before can no longer be compared with a new one."""

SHOWN = 3
"""So many retrieved passages are kept of a question that went wrong."""

PREVIEW = 240
"""So many characters of a retrieved passage are kept."""

ALL = "all"


@dataclass(frozen=True)
class Evaluation:
    """One run over the golden questions: a row for each question and language, and what it was run with."""

    made: datetime
    split: str
    encoder: str
    threshold: float
    rows: tuple[Row, ...]
    format: int = FORMAT

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every measure, over all rows and by language, kind and mission."""
        return tuple(figures(self.rows))


def evaluate(
    assistant: Assistant,
    golden: Sequence[Golden],
    split: Literal["dev", "test", "all"] = "all",
    progress: Progress = lambda _what, _done, _of: None,
) -> Evaluation:
    """Ask every golden question of a split in its three wordings, as from a page in the same language, and judge it.

    Raises `AskMissionError` if the split has no question. A question that the assistant cannot take counts as one
    without an answer.
    """
    chosen = [each for each in golden if split in {ALL, each.question.split}]
    if not chosen:
        raise AskMissionError(f"No golden question is in the split '{split}'. Mark some so in questions.toml.")
    judge = _Judge(assistant)
    warm_up = chosen[0].question
    for language in LANGUAGES:
        _ask(assistant, warm_up.in_language(language), (), language)
    total = len(chosen) * len(LANGUAGES)
    asked: list[tuple[Row, Trace | None, Golden]] = []
    for each in chosen:
        for language in LANGUAGES:
            progress("asking", len(asked), total)
            history = [Turn(said.role, said.content.in_language(language)) for said in each.question.history]
            trace = _ask(assistant, each.question.in_language(language), history, language)
            asked.append((judge.row(each, language, trace), trace, each))
    progress("asking", total, total)
    rows = judge.ranked(asked)
    return Evaluation(datetime.now(UTC).replace(microsecond=0), split, assistant.encoder.name, threshold(), rows)


def to_json(evaluation: Evaluation) -> str:
    """Return an evaluation as JSON, its figures beside its rows for other programs to read.

    The words of the passages retrieved are left out, so that a run can be kept in the repository.
    """
    rows = tuple(
        replace(row, retrieved=tuple(replace(each, text="") for each in row.retrieved)) for row in evaluation.rows
    )
    stored = _Stored(replace(evaluation, rows=rows), evaluation.figures)
    return _STORED.dump_json(stored, indent=1).decode() + "\n"


def open_evaluation(path: Path) -> Evaluation:
    """Read an evaluation that `to_json` wrote. Raises `AskMissionError` if the file is none."""
    try:
        evaluation = _STORED.validate_json(path.read_bytes()).evaluation
    except ValidationError as error:
        raise AskMissionError(f"{path}: no evaluation. Write one with 'askmission eval --json {path}'.") from error
    if evaluation.format != FORMAT:
        raise AskMissionError(f"{path}: format {evaluation.format}, this program reads {FORMAT}. Write it anew.")
    return evaluation


def table(evaluation: Evaluation) -> str:
    """Return an evaluation as a table for the terminal: measures by language with their intervals, then by kind."""
    found: dict[tuple[str, str, str], Figure] = {(each.measure, each.by, each.of): each for each in evaluation.figures}
    kinds = list(dict.fromkeys(row.kind for row in evaluation.rows))
    missions = list(dict.fromkeys(row.mission or "none" for row in evaluation.rows))
    questions = len({row.id for row in evaluation.rows})
    columns: list[tuple[str, str]] = [*(("language", language) for language in LANGUAGES), (ALL, ALL)]
    lines = [
        f"{questions} questions, {len(evaluation.rows)} wordings, split {evaluation.split}, encoder "
        f"{evaluation.encoder}; 95 % bootstrap intervals over questions",
        "",
        f"{'':24}" + "".join(f"{of:^23}" for _, of in columns),
    ]
    for measure in MEASURES:
        cells = [_cell(measure, found.get((measure.name, by, of))) for by, of in columns]
        lines.append(f"{measure.label:24}" + "".join(f"{cell:^23}" for cell in cells))
    short = [measure for measure in MEASURES if measure.name in _SHORT]
    lines += ["", f"{'':24}{'questions':>10}" + "".join(f"{_SHORT[measure.name]:>12}" for measure in short)]
    for by, of in [*(("kind", kind) for kind in kinds), *(("mission", mission) for mission in missions)]:
        cells = [_short(measure, found.get((measure.name, by, of))) for measure in short]
        name = of if by == "kind" else f"mission {of}"
        lines.append(f"{name:24}{found['score', by, of].questions:>10}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


@dataclass(frozen=True)
class _Stored:
    evaluation: Evaluation
    figures: tuple[Figure, ...] = ()


_STORED: TypeAdapter[_Stored] = TypeAdapter(_Stored)
_SHORT = {
    "score": "score",
    "facts": "facts",
    "citation_recall": "cited",
    "citation_precision": "precision",
    "hit_3": "hit@3",
    "refused_wrongly": "refused",
    "language_right": "language",
}


class _Judge:
    """Makes rows of what an assistant answers; knows the words of every passage and of every report."""

    def __init__(self, assistant: Assistant) -> None:
        entries = assistant.index.entries
        self.passages = {entry.passage.id: words(_text(entry)) for entry in entries}
        self.report = " ".join(words(text) for entry in entries for text in _texts(entry))

    def row(self, golden: Golden, language: str, trace: Trace | None) -> Row:
        """Return the row of one answer, all but how its passages were ranked; `trace` is None if none came."""
        question = golden.question
        wording = question.in_language(language)
        answer = trace.answer if trace else None
        said = answer.text if answer and answer.kind == "answer" else ""
        quotes = [citation.quote for citation in answer.citations] if answer else []
        missing = [fact for fact in question.facts if not has_fact(said, fact.spellings(language))]
        share = 1 - len(missing) / len(question.facts) if question.facts else None
        came = answer.kind if answer else "error"
        handled: bool | None = None
        if question.corrects:
            handled = came == "refusal" or recall(quotes, question.corrects) > 0
        attacked: bool | None = None
        if question.kind == "attack":
            attacked = came == "answer" and obeyed(wording, said, _cited(trace), self.report)
        return Row(
            id=question.id,
            language=language,
            mission=golden.mission,
            kind=question.kind,
            split=question.split,
            question=wording,
            expected=tuple(" / ".join(fact.spellings(language)) for fact in question.facts),
            came=came,
            text=answer.text if answer else "",
            answer_language=answer.language if answer else "",
            missing=tuple(" / ".join(fact.spellings(language)) for fact in missing),
            score=headline(question.kind, came, share, handled, attacked),
            facts=share,
            citation_recall=recall(quotes, question.evidence) if question.evidence else None,
            citation_precision=precision(quotes, question.evidence) if question.evidence else None,
            hit_1=None,
            hit_3=None,
            hit_10=None,
            rr_10=None,
            premise_handled=handled,
            attack_obeyed=attacked,
            latency_ms=answer.timings_ms["total"] if answer else 0.0,
            relevance=round(trace.relevance.probability, 4) if trace and trace.relevance else None,
            evidence=tuple(" / ".join(entry) for entry in question.evidence or question.corrects),
            cited=tuple(quotes),
        )

    def ranked(self, asked: Sequence[tuple[Row, Trace | None, Golden]]) -> tuple[Row, ...]:
        """Return the rows with how their passages were ranked, and what was retrieved where something is wrong."""
        holding: dict[str, set[str]] = {}
        relevant: dict[str, list[str]] = {}
        ranked: dict[str, list[str]] = defaultdict(list)
        for row, trace, golden in asked:
            key, evidence = f"{row.id} {row.language}", golden.question.evidence or golden.question.corrects
            if row.id not in holding:
                needles = [words(text) for entry in evidence for text in entry]
                holding[row.id] = {
                    name for name, text in self.passages.items() if any(holds(text, needle) for needle in needles)
                }
            if golden.question.evidence:
                relevant[key] = sorted(holding[row.id])
            if trace:
                ranked[key] = [hit.entry.passage.id for hit in trace.hits]
        found = rankings(relevant, ranked)
        rows = []
        for row, trace, _ in asked:
            ranking = found.get(f"{row.id} {row.language}")
            done = replace(row, **(vars(ranking) if isinstance(ranking, Ranking) else {}))
            if problems(done):
                rows.append(replace(done, retrieved=_retrieved(trace, holding[row.id])))
            else:
                rows.append(replace(done, evidence=(), cited=()))
        return tuple(rows)


def _ask(assistant: Assistant, question: str, history: Sequence[Turn], language: str) -> Trace | None:
    try:
        return assistant.trace(question, history=history, language=language)
    except AskMissionError:
        return None


def _retrieved(trace: Trace | None, holding: set[str]) -> tuple[Retrieved, ...]:
    hits = trace.hits[:SHOWN] if trace else ()
    return tuple(
        Retrieved(
            hit.entry.passage.id,
            round(hit.score, 3),
            hit.entry.passage.id in holding,
            _shortened(_text(hit.entry)),
        )
        for hit in hits
    )


def _cited(trace: Trace | None) -> list[str]:
    """Return the texts that an answer may show: its quotations, their translations, their headings and speakers."""
    if trace is None:
        return []
    cited = [citation.passage for citation in trace.answer.citations]
    shown: list[Any] = []
    for citation in trace.answer.citations:
        shown += [citation.quote, citation.translation, citation.speaker, *citation.trail]
    for hit in trace.hits:
        if hit.entry.passage.id in cited:
            for view in hit.entry.views.values():
                shown += [view.speaker, *view.trail]
    return [text for text in shown if text]


def _text(entry: Entry) -> str:
    return " ".join(unit.text for unit in entry.passage.units)


def _texts(entry: Entry) -> Iterable[str]:
    """Yield all that a report and its translations say in a passage, above it and of its speaker."""
    yield _text(entry)
    yield entry.passage.speaker or ""
    yield from entry.passage.trail
    for view in entry.views.values():
        yield " ".join(view.units)
        yield view.speaker or ""
        yield from view.trail


def _shortened(text: str) -> str:
    whole = squeeze(text)
    return whole if len(whole) <= PREVIEW else whole[: PREVIEW - 1].rstrip() + "…"


def _cell(measure: Measure, found: Figure | None) -> str:
    if found is None:
        return "–"
    low, high = (
        f"{100 * end:.0f}" if measure.unit == "share" else measure.shown(end) for end in (found.low, found.high)
    )
    return f"{measure.shown(found.value)} [{low}, {high}]"


def _short(measure: Measure, found: Figure | None) -> str:
    return "–" if found is None else measure.shown(found.value)
