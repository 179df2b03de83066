"""Fit the models: which unit answers, before and after reading it, and whether any does. Never on golden questions.

Usage: fit.py BENCH WORK

Late interaction and the cross-encoder come first (interaction.py, crossencoder.py), taught by other invented missions;
these models stand on them.

BENCH is a folder of published reading tests (PIAF, SQuAD 2.0, Belebele, NoMIRACL) as JSON lines, in the layout that its
own README describes; the data are not part of this project. Beside them stand the invented missions of
benchmarks/missions, with their own questions, which are of the kind that reports meet and count for most. WORK is a
folder for the indexes, which take some minutes the first time. The models are fitted on the questions marked `dev`;
those marked `test` only measure.
"""

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, roc_auc_score

from askmission import relevance, weights
from askmission.assistant import Assistant
from askmission.comprehension import READ
from askmission.encoder import EMBEDDED, open_encoder
from askmission.index import build
from askmission.relevance import Signals, model_for, signals_of
from askmission.retrieval import Hit, Query
from askmission.selection import (
    Candidate,
    ReadSignals,
    UnitSignals,
    candidates,
    odds_of,
    probability_of,
    ranked,
    with_reading,
)
from askmission.text import LANGUAGES, fold

TARGET = Path(__file__).parents[1] / "src" / "askmission" / "weights.toml"
MISSIONS = Path(__file__).parent / "missions"
OURS = "missions"
PENALTY = 0.001
FOR, AGAINST = (0.0, None), (None, 0.0)
SIGNS = {
    **dict.fromkeys(("weakest", "margin", "moment", "chosen", "read", "likeliest", "holder"), FOR),
    **dict.fromkeys(("unshown", "nobody", "names_lacking", "numbers_lacking"), AGAINST),
    **dict.fromkeys(("covered", "covered_around", "kind", "person", "agreement"), FOR),
    **dict.fromkeys(("behind", "far"), AGAINST),
}
THRESHOLD = 0.25
"""From here on a question is answered. The models are fitted with as many questions that have an answer as have none;
where three in four have one, the odds are three times as high, and an answer is likelier than none."""
OURS_SHARE = 0.9
"""So much of what the models are fitted on is about invented missions, as the program's own questions are."""


@dataclass(frozen=True)
class Case:
    """One question with its signals; `answerable` as its source says."""

    source: str
    split: str
    answerable: bool
    query: Query
    hits: tuple[Hit, ...]
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    assistant: Assistant

    @cached_property
    def found(self) -> list[Candidate]:
        """The units of the hits, by the model that was in force when they were first looked at; more are read."""
        lexical = self.assistant.index.lexical[self.query.language]
        units = candidates(self.query, self.hits, lexical, self.assistant.finder)
        return self.assistant.comprehension.read(self.query, units, 2 * READ)

    def chosen(self) -> list[Candidate]:
        """Return the units of the hits, by the model of selection that is in force; the first of them are read."""
        units = ranked(replace(unit, probability=probability_of(unit.signals)) for unit in self.found)
        return units[:READ] + [replace(unit, read=None) for unit in units[READ:]]

    def units(self) -> list[Candidate]:
        """Return the units of the hits, by the models that are in force."""
        return with_reading(self.chosen())

    def signals(self) -> Signals:
        """Return the signals of relevance."""
        return signals_of(self.query, self.hits, self.units())


@dataclass(frozen=True)
class Question:
    """One question of the benchmark; `record` is as its file has it."""

    record: dict[str, Any]
    answerable: bool
    source: str


def read(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def corpus_of(folder: Path, passages: list[dict[str, Any]], language: str) -> None:
    """Write passages as missions, one an article, so that the whole program reads them as it reads reports."""
    articles: dict[str, list[dict[str, Any]]] = {}
    for passage in passages:
        articles.setdefault(str(passage["doc"]), []).append(passage)
    for number, chunk in enumerate(articles.values()):
        home = folder / f"m{number:04d}"
        home.mkdir(parents=True, exist_ok=True)
        title = json.dumps(str(chunk[0].get("title") or chunk[0].get("heading") or number), ensure_ascii=False)
        names = f"fr = {title}\nen = {title}\nko = {title}\n"
        day = date(2024, 1, 1)
        (home / "mission.toml").write_text(
            f'id = "m{number:04d}"\nlanguage = "{language}"\nstart = {day}\nend = {day}\nauthors = ["x"]\n'
            f"[title]\n{names}[place]\n{names}",
            "utf-8",
        )
        lines, last = [f"# {escaped(json.loads(title))}"], None
        for passage in chunk:
            heading = passage.get("title") or passage.get("heading")
            if heading != last:
                lines.append(f"## {escaped(str(heading))}")
                last = heading
            lines.append(escaped(str(passage["text"])))
        (home / "report.md").write_text("\n\n".join(lines) + "\n", "utf-8")


def escaped(text: str) -> str:
    """Return `text` so that CommonMark shows it as it is."""
    return "".join("\\" + char if char in "\\`*_[]<>#|~&" else char for char in " ".join(text.split()))


def sets(bench: Path) -> Iterator[tuple[str, str, list[dict[str, Any]], list[Question]]]:
    """Yield name, language, passages and questions of each set."""
    for language in ("fr", "en"):
        questions = [
            Question(q, bool(q["answerable"]), f"{language} {q['kind']}")
            for q in read(bench / "monolingual" / language / "queries.jsonl")
        ]
        yield f"mono-{language}", language, read(bench / "monolingual" / language / "passages.jsonl"), questions
    passages = [p for p in read(bench / "crosslingual" / "passages.jsonl") if str(p["id"]).startswith("bel")]
    asked = [
        q for q in read(bench / "crosslingual" / "queries.jsonl") if q["kind"] == "question" and not q.get("vague")
    ]
    for language in ("ko", "en"):
        half = [p for p in passages if p["lang"] == language][::2]  # the questions of the others have no answer here
        kept = {p["id"] for p in half}
        questions = [
            Question(q, bool(kept & set(q["relevant"])), f"{language} belebele") for q in asked if q["lang"] == language
        ]
        yield f"bel-{language}", language, half, questions
    for language in ("fr", "en", "ko"):
        questions = [
            Question(q, bool(q["answerable"]), f"{language} nomiracl")
            for q in read(bench / "refusal" / language / "queries.jsonl")
        ]
        yield f"ref-{language}", language, read(bench / "refusal" / language / "passages.jsonl"), questions


def cases(bench: Path, work: Path) -> list[Case]:
    """Return all questions, with what was found for them."""
    encoder = open_encoder(EMBEDDED)
    found = []
    index = work / OURS / "index"
    print(OURS, build(MISSIONS, index, EMBEDDED, lambda _name: encoder))
    assistant = Assistant.open(index, loader=lambda _name: encoder)
    for path in sorted(MISSIONS.glob("*/questions.toml")):
        for record in tomllib.loads(path.read_text("utf-8"))["questions"]:
            for language in LANGUAGES:
                query = assistant.retrieval.query(record[language], language, encoder)
                hits = tuple(assistant.retrieval.search(query))
                source, answerable = f"{OURS} {language}", bool(record["evidence"])
                evidence = tuple(words for entry in record["evidence"] for words in alternatives(entry))
                found.append(Case(source, record["split"], answerable, query, hits, (), evidence, assistant))
    for name, language, passages, questions in sets(bench):
        corpus, index = work / name / "corpus", work / name / "index"
        if not corpus.exists():
            corpus_of(corpus, passages, language)
        print(name, build(corpus, index, EMBEDDED, lambda _name: encoder))
        assistant = Assistant.open(index, loader=lambda _name: encoder)
        for question in questions:
            text = str(question.record["query"])
            query = assistant.retrieval.query(text, language, encoder)
            hits = tuple(assistant.retrieval.search(query))
            answers = tuple(map(str, question.record.get("answers", ())))
            split = str(question.record["split"])
            found.append(Case(question.source, split, question.answerable, query, hits, answers, (), assistant))
    return found


def alternatives(entry: str | list[str]) -> list[str]:
    """Return the wordings of one piece of evidence."""
    return [entry] if isinstance(entry, str) else entry


def weights_of(groups: list[tuple[str, bool]]) -> NDArray[np.float64]:
    """Return a weight for each case, by what is ours and what is not; the sources, and both answers, count alike."""
    sizes = Counter(groups)
    parts = Counter(source.startswith(OURS) for source, _ in sizes)
    shares = {True: OURS_SHARE / parts[True], False: (1 - OURS_SHARE) / parts[False]}
    return np.array([shares[source.startswith(OURS)] / sizes[source, answer] for source, answer in groups])


def fit(
    inputs: NDArray[np.float64], answers: NDArray[np.int64], groups: list[tuple[str, bool]], signals: type
) -> dict[str, float]:
    """Return the coefficients by signal, and the intercept, of a logistic regression (L2, on standardised signals).

    What a signal can only speak for or against is held to that sign: where invented questions happen to borrow the
    report's words, the model must not learn that unknown words are a good omen.
    """
    names = [field.name for field in fields(signals)]
    mean, scale = inputs.mean(0), np.where(inputs.std(0) > 0, inputs.std(0), 1.0)
    design = np.column_stack([(inputs - mean) / scale, np.ones(len(inputs))])
    sign, weight = 2 * answers - 1, weights_of(groups)

    def loss(slopes: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (design @ slopes)
        pull = PENALTY * np.append(slopes[:-1], 0.0)
        slope = -(weight * sign * expit(-margins)) @ design
        return float(weight @ np.logaddexp(0, -margins) + pull @ slopes / 2), slope + pull

    bounds = [SIGNS.get(name, (None, None)) for name in names] + [(None, None)]
    best = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = best[:-1] / scale
    return {"intercept": float(best[-1] - slopes @ mean), **dict(zip(names, map(float, slopes), strict=True))}


def write(models: dict[str, dict[str, float]]) -> None:
    """Store the models where the program reads them, and make this process read them too."""
    lines = ["# Written by benchmarks/fit.py; the signals are explained in relevance.py and selection.py."]
    for name, coefficients in models.items():
        lines += ["", f"[{name}]", *(f"{signal} = {value:.4f}" for signal, value in coefficients.items())]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    weights._read.cache_clear()


def fit_selection(every: list[Case]) -> dict[str, float]:
    """Fit which unit answers, on questions whose answer's words stand in some unit of the hits."""
    rows, labels, groups = [], [], []
    for case in answered(every):
        units = case.chosen()
        right = [holds(unit, case) for unit in units]
        if any(right):
            rows += [astuple(unit.signals) for unit in units]
            labels += right
            groups += [(case.source, label) for label in right]
    return fit(np.array(rows), np.array(labels, np.int64), groups, UnitSignals)


def fit_reading(every: list[Case]) -> dict[str, float]:
    """Fit which of the units that were read answers, by the model of selection in force and by reading."""
    rows, labels, groups = [], [], []
    for case in answered(every):
        units = [unit for unit in case.chosen() if unit.read is not None]
        right = [holds(unit, case) for unit in units]
        if any(right):
            rows += [(odds_of(unit.signals), unit.read) for unit in units]
            labels += right
            groups += [(case.source, label) for label in right]
    return fit(np.array(rows), np.array(labels, np.int64), groups, ReadSignals)


def answered(every: list[Case]) -> Iterator[Case]:
    """Yield the questions to fit on whose answer is known."""
    yield from (case for case in every if case.split == "dev" and case.answerable and (case.answers or case.evidence))


def holds(unit: Candidate, case: Case) -> bool:
    """Return whether a unit, or a row as a whole, holds one of the accepted answers, or is of the evidence."""
    own = unit.hit.entry.passage.units
    originals = own if unit.whole else own[unit.unit : unit.unit + 1]
    part = any(is_of(fold(original.text), fold(evidence)) for original in originals for evidence in case.evidence)
    words = fold(unit.text)
    return part or any(fold(answer) in words for answer in case.answers)


def is_of(text: str, evidence: str) -> bool:
    """Return whether a folded text holds the evidence, or is a good part of it."""
    return evidence in text or (text in evidence and len(text) > 0.3 * len(evidence))


def show_selection(every: list[Case]) -> None:
    """Print how often the unit chosen holds the answer, before and after reading."""
    for split in ("dev", "test"):
        for source in sorted({case.source for case in every}):
            before, after = [], []
            for case in every:
                if (case.source, case.split) == (source, split) and case.answerable:
                    chosen, read = case.chosen(), case.units()
                    if any(holds(unit, case) for unit in chosen):
                        before.append(holds(chosen[0], case))
                        after.append(holds(read[0], case))
            if before:
                said = f"{np.mean(before):.3f} before reading, {np.mean(after):.3f} after, of {len(before)}"
                print(f"  {split} {source:20} the unit chosen holds the answer: {said}")


def main() -> None:
    """Fit, measure and store the models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    args = parser.parse_args()
    fit_both(cases(args.bench, args.work))


def fit_both(every: list[Case]) -> None:
    """Fit, measure and store the models, which answers first."""
    before = weights._read()
    show_selection(every)
    models = {**before, "selection": fit_selection(every)}
    write(models)
    models["reading"] = fit_reading(every)
    write(models)
    print("fitted")
    show_selection(every)
    fitted, measured = [c for c in every if c.split == "dev"], [c for c in every if c.split == "test"]
    judged = [c for c in fitted if c.units()[0].fits]  # the others are refused
    read = [c for c in judged if model_for(c.units()[0]) == "relevance"]
    models["relevance"], models["unread"] = fit_relevance(read), fit_relevance(judged, unread=True)
    write(models)
    models["relevance"] = {"threshold": THRESHOLD, **models["relevance"]}
    for name, coefficients in models.items():
        print(name, {signal: round(float(value), 3) for signal, value in coefficients.items()})
    for title, chosen in (("dev", fitted), ("test", measured)):
        show_relevance(title, chosen, probabilities(chosen))
    write(models)


def fit_relevance(chosen: list[Case], *, unread: bool = False) -> dict[str, float]:
    """Fit whether the units answer; as if nobody had read them, if `unread`."""
    signals = [replace(c.signals(), read=0.0, likeliest=0.0) if unread else c.signals() for c in chosen]
    answers = np.array([int(c.answerable) for c in chosen])
    return fit(np.array(list(map(astuple, signals))), answers, [(c.source, c.answerable) for c in chosen], Signals)


def probabilities(chosen: list[Case]) -> NDArray[np.float64]:
    """Return the probability that each question is answered by its units, by the model in force that is for them."""
    return np.array([relevance.probability_of(c.signals(), c.units()[0]) for c in chosen])


def show_relevance(title: str, chosen: list[Case], p: NDArray[np.float64]) -> None:
    """Print what the models of relevance do on some questions, by source, and their calibration curve."""
    answers = np.array([int(c.answerable) for c in chosen])
    print(f"\n{title}: AUROC {roc_auc_score(answers, p):.3f}, Brier {brier_score_loss(answers, p):.3f}")
    for source in sorted({c.source for c in chosen}):
        at = np.array([c.source == source for c in chosen])
        yes, no = p[at & (answers == 1)], p[at & (answers == 0)]
        answered = f"{(yes >= THRESHOLD).mean():.3f}" if len(yes) else "-"
        refused = f"{(no < THRESHOLD).mean():.3f}" if len(no) else "-"
        print(f"  {source:20} answered {answered:>5} of {len(yes):3}   refused {refused:>5} of {len(no):3}")
    true, said = calibration_curve(answers, p, n_bins=8, strategy="quantile")
    print("  calibration (said → true): " + ", ".join(f"{a:.2f}→{b:.2f}" for a, b in zip(said, true, strict=True)))


if __name__ == "__main__":
    main()
