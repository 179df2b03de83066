"""The assistant: the one object behind the page, the command line, the HTTP interface and the evaluation."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from askmission import answering
from askmission.answering import Citation
from askmission.comprehension import Comprehension
from askmission.conversation import TASK, Turn, parts_of, small_talk, standalone
from askmission.encoder import EMBEDDED, Encoder, open_encoder
from askmission.errors import QuestionError
from askmission.index import Index, open_index
from askmission.language import OTHER, language_of
from askmission.messages import Text
from askmission.names import NameFinder
from askmission.relevance import Relevance, judge
from askmission.retrieval import Hit, Query, Retrieval
from askmission.selection import candidates
from askmission.text import LANGUAGES, clean, squeeze

MAX_QUESTION = 1000
"""Questions longer than this, in characters, are refused: nobody asks one, and each costs the machine."""

MAX_HISTORY = 20
"""Older messages of a conversation are not looked at."""

MAX_HITS = 10

EMPTY = Text("The question is empty. Ask it in French, English or Korean.")
NO_WORDS = Text("There is no word in this question. Ask it in French, English or Korean.")
TOO_LONG = Text("The question is too long: {length} characters, at most {most}. Ask it in a sentence or two.")
OTHER_LANGUAGE = Text("I answer in French, English and Korean only; here is what I found.")


@dataclass(frozen=True)
class Answer:
    """The answer to one question; `kind` says what it is, `citations` what it rests on."""

    question: str
    language: str
    kind: Literal["answer", "refusal", "greeting"]
    mode: Literal["extractive", "generative"]
    text: str
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Citation, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer in the shape of DESIGN's JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Trace:
    """What an answer came from, for the evaluation and for whoever wants to know why."""

    answer: Answer
    query: Query | None = None
    hits: tuple[Hit, ...] = ()
    relevance: Relevance | None = None


class Assistant:
    """Answers questions over one index. Safe to use from several threads."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder
        self.finder = NameFinder(index.names)
        self.retrieval = Retrieval(index, self.finder)
        self.comprehension = Comprehension(index)

    @classmethod
    def open(
        cls,
        index: Path | str = "index",
        encoder: str = EMBEDDED,
        loader: Callable[[str], Encoder] = open_encoder,
    ) -> "Assistant":
        """Open an index with the encoder that it was built with. Raises `IndexError_` and `EncoderError`."""
        opened = open_index(Path(index), encoder)
        return cls(opened, loader(encoder))

    def ask(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        """Answer a question; `language` is the page's, used where the question does not tell its own.

        Raises `QuestionError` if the question is empty or far too long.
        """
        return self.trace(question, history=history, language=language).answer

    def search(self, question: str, language: str, *, limit: int = 10) -> list[Hit]:
        """Return the passages found for a question that is in `language`, best first."""
        return self.retrieval.search(self._query(question, language), limit)

    def trace(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Trace:
        """Answer a question and return what the answer came from."""
        began = time.perf_counter()
        page = language if language in LANGUAGES else self.own_language
        text = squeeze(clean(question[: 4 * MAX_QUESTION]))  # loose jamo take up to three characters a syllable
        if not text:
            raise QuestionError(EMPTY.in_language(page))
        if len(text) > MAX_QUESTION:
            raise QuestionError(TOO_LONG.in_language(page, length=len(question), most=MAX_QUESTION))
        if not any(char.isalnum() for char in text):
            raise QuestionError(NO_WORDS.in_language(page))
        turns = list(history[-MAX_HISTORY:])
        talk = small_talk(text, page, turns)
        if talk:
            said, spoken = talk
            kind: Literal["refusal", "greeting"] = "refusal" if said is TASK else "greeting"
            return self._done(began, Trace(Answer(question, spoken, kind, "extractive", said.in_language(spoken))))
        found = language_of(text, self.finder.without(text))
        spoken = found if found in LANGUAGES else page
        traces: list[Trace] = []
        parts = parts_of(text, spoken)
        for part in parts:
            cited = [citation for trace in traces for citation in trace.answer.citations]
            whole = standalone(part, spoken, turns, self.finder)
            traces.append(self._answer(question, whole, spoken, cited, known=found != OTHER))
            turns += [Turn("user", part), Turn("assistant", traces[-1].answer.text)]
        trace = _joined(parts, traces)
        if found == OTHER:
            note = OTHER_LANGUAGE.in_language(spoken)
            trace = replace(trace, answer=replace(trace.answer, text=f"{note}\n{trace.answer.text}"))
        return self._done(began, trace)

    def _answer(self, question: str, whole: str, language: str, cited: Sequence[Citation], *, known: bool) -> Trace:
        """Answer what was made to stand alone.

        What was `cited` for the question before in the same message is not said again; words of a question whose
        language is not `known` are not said to lack.
        """
        query = self._query(whole, language)
        hits = tuple(self.retrieval.search(query))
        lexical = self.index.lexical
        units = self.comprehension.read(query, candidates(query, hits, lexical[language], self.finder))
        relevance = judge(query, hits, units, lexical, self.finder)
        if units and relevance.suffices:
            quoted = answering.quote_answer(query, units, self.index.entries, cited)
            answer = Answer(question, language, "answer", "extractive", quoted.text, quoted.citations)
        else:
            answer = self._refusal(question, language, hits, relevance.absent if known else ())
        return Trace(answer, query, hits, relevance)

    def _refusal(self, question: str, language: str, hits: Sequence[Hit], absent: Sequence[str]) -> Answer:
        near = answering.suggestions(hits, language)
        words = ", ".join(answering.QUOTED.in_language(language, words=word) for word in absent)
        said = (
            answering.NOT_MENTIONED.in_language(language, words=words)
            if words
            else answering.NOT_SAID.in_language(language)
        )
        if near:
            said += " " + answering.NEAREST.in_language(language)
        return Answer(question, language, "refusal", "extractive", said, (), near)

    def _query(self, question: str, language: str) -> Query:
        return self.retrieval.query(question, language, self.encoder)

    @property
    def own_language(self) -> str:
        """Return the most recent mission's language, for a question that tells none and a page that is not there."""
        return self.index.missions[-1].language

    def _done(self, began: float, trace: Trace) -> Trace:
        trace.answer.timings_ms["total"] = round((time.perf_counter() - began) * 1000, 1)
        return trace


def _joined(parts: Sequence[str], traces: Sequence[Trace]) -> Trace:
    """Return one answer to the separate questions of a message: what answers each, and which of them nothing does."""
    answered = [trace for trace in traces if trace.answer.kind == "answer"]
    if len(traces) == 1 or not answered:
        return traces[0]
    lines: list[str] = []
    for part, trace in zip(parts, traces, strict=True):
        answer = trace.answer
        if answer.kind != "answer":
            asked = answering.QUOTED.in_language(answer.language, words=part)
            said = answering.NOT_SAID.in_language(answer.language)
            lines.append(answering.WHERE.in_language(answer.language, where=asked, words=said))
        elif answer.text:
            lines.append(answer.text)
    citations = tuple(citation for trace in answered for citation in trace.answer.citations)
    answer = replace(answered[0].answer, text="\n".join(lines), citations=citations)
    # The hits of each in turn, so that what was found for all of them comes first.
    ranked = dict.fromkeys(hit.number for hits in zip_longest(*(t.hits for t in traces)) for hit in hits if hit)
    by_number = {hit.number: hit for trace in traces for hit in trace.hits}
    return replace(answered[0], answer=answer, hits=tuple(by_number[number] for number in ranked)[:MAX_HITS])
