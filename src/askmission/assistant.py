"""The assistant: the one object behind the page, the command line, the HTTP interface and the evaluation."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from askmission import answering
from askmission.answering import Citation
from askmission.conversation import Turn, small_talk, standalone
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
from askmission.weights import threshold

MAX_QUESTION = 1000
"""Questions longer than this, in characters, are refused: nobody asks one, and each costs the machine."""

MAX_HISTORY = 20
"""Older messages of a conversation are not looked at."""

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
    query: Query | None
    hits: tuple[Hit, ...]
    relevance: Relevance | None


class Assistant:
    """Answers questions over one index. Safe to use from several threads."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder
        self.finder = NameFinder(index.names)
        self.retrieval = Retrieval(index, self.finder)
        self._encoding = threading.Lock()

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
        talk = small_talk(text, page)
        if talk:
            said, spoken = talk
            return self._done(began, Answer(question, spoken, "greeting", "extractive", said.in_language(spoken)))
        found = language_of(text, self.finder.without(text))
        spoken = found if found in LANGUAGES else page
        whole = standalone(text, spoken, history[-MAX_HISTORY:], self.finder)
        query = self._query(whole, spoken)
        hits = tuple(self.retrieval.search(query))
        lexical = self.index.lexical
        units = candidates(query, whole, hits, lexical[spoken], self.finder)
        relevance = judge(query, whole, hits, units, lexical)
        if units and relevance.probability >= threshold(spoken):
            quoted = answering.quote_answer(whole, spoken, units, self.index.entries)
            answer = Answer(question, spoken, "answer", "extractive", quoted.text, quoted.citations)
        else:
            answer = self._refusal(question, spoken, hits, () if found == OTHER else relevance.absent)
        if found == OTHER:
            note = OTHER_LANGUAGE.in_language(spoken)
            answer = Answer(**{**vars(answer), "text": f"{note}\n{answer.text}"})
        return self._done(began, answer, query, hits, relevance)

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
        with self._encoding:  # the embedded engine keeps one workspace
            return self.retrieval.query(question, language, self.encoder)

    @property
    def own_language(self) -> str:
        """Return the most recent mission's language, for a question that tells none and a page that is not there."""
        return self.index.missions[-1].language

    def _done(
        self,
        began: float,
        answer: Answer,
        query: Query | None = None,
        hits: tuple[Hit, ...] = (),
        relevance: Relevance | None = None,
    ) -> Trace:
        answer.timings_ms["total"] = round((time.perf_counter() - began) * 1000, 1)
        return Trace(answer, query, hits, relevance)
