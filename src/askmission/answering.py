"""Answering without a language model: the few units that answer, in the question's language, each with its source.

It quotes; it cannot invent. The words shown as a quotation are those of the report; a translation is called one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askmission.asking import Kind, has_kind, kind_of
from askmission.lexical import LexicalIndex, tokens
from askmission.messages import Text
from askmission.names import NameFinder
from askmission.reading import Passage
from askmission.retrieval import Hit, Query
from askmission.text import squeeze
from askmission.views import View

MAX_UNITS = 4
MAX_LENGTH = 700
MAX_LIST = 12
"""A list may have more units than other answers, while it stays below `MAX_LENGTH`."""

WHOLE = 260
"""A passage no longer than this, in characters, is quoted whole when it is a row, a remark or a slide's line."""

KIND = 0.6
"""What it is worth, in shares of the question's words, that a unit holds the kind of thing asked for."""

NEAR = 0.8
"""A second passage is quoted only if its score is at least this share of the first's."""

NOT_SAID = Text("The reports don't say.")
NOT_MENTIONED = Text("The reports don't mention {words}.")
NEAREST = Text("The nearest passages are below; none of them answers the question.")
IN_ORIGINAL = Text("The report says, in {language}:")
FRENCH = Text("French")
ENGLISH = Text("English")
KOREAN = Text("Korean")
LANGUAGE_NAMES = {"fr": FRENCH, "en": ENGLISH, "ko": KOREAN}
WHERE = Text("{where}: {words}")
QUOTED = Text("“{words}”")


@dataclass(frozen=True)
class Citation:
    """A numbered pointer from an answer to the report.

    `start` and `end` are character offsets in report.md; `quote` is that slice without marks and with white space
    folded; `translation` is the same in the question's language, None where it is the original's or is missing.
    """

    number: int
    mission: str
    passage: str
    trail: tuple[str, ...]
    speaker: str | None
    page: int | None
    start: int
    end: int
    quote: str
    translation: str | None


@dataclass(frozen=True)
class Quoted:
    """An answer's words and what they rest on."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class _Choice:
    hit: Hit
    view: View
    first: int
    last: int  # inclusive

    @property
    def words(self) -> str:
        return squeeze(" ".join(self.view.units[self.first : self.last + 1]))


def quote_answer(
    query: Query, question: str, hits: Sequence[Hit], lexical: LexicalIndex, finder: NameFinder
) -> Quoted:
    """Return the answer that the hits, judged relevant, give to a question."""
    kind = kind_of(question, query.language)
    weights = {term: lexical.weight(term) for term in query.terms}
    scored = []
    for hit in hits[:3]:
        if hit.score >= NEAR * hits[0].score:
            unit, score = _best_unit(hit, query, kind, weights, finder)
            scored.append((score, -len(scored), hit, unit))
    scored.sort(key=lambda each: each[:2], reverse=True)
    choices = [_choose(hit, unit, query, kind) for _, _, hit, unit in scored]
    kept = [choices[0]]
    for choice, (score, *_rest) in zip(choices[1:], scored[1:], strict=True):
        length = sum(len(each.words) for each in kept) + len(choice.words)
        if kind is Kind.LIST and score >= NEAR * scored[0][0] and length <= MAX_LENGTH and len(kept) < MAX_UNITS:
            kept.append(choice)
    citations = tuple(cite(number, c.hit.entry.passage, c.view, c.first, c.last) for number, c in enumerate(kept, 1))
    lines = [_line(c, citation, query.language) for c, citation in zip(kept, citations, strict=True)]
    return Quoted("\n".join(lines), citations)


def suggestions(hits: Sequence[Hit], language: str, limit: int = 3) -> tuple[Citation, ...]:
    """Return the nearest passages, each by its best unit, as citations of a refusal."""
    found = []
    for hit in hits[:limit]:
        view = _view(hit, language)
        unit = max(range(len(hit.units)), key=lambda n: hit.units[n])
        found.append(cite(len(found) + 1, hit.entry.passage, view, unit, unit))
    return tuple(found)


def cite(number: int, passage: Passage, view: View, first: int, last: int) -> Citation:
    """Return a citation of the units `first` to `last` of a passage, translated as `view` has them."""
    units = passage.units[first : last + 1]
    translated = view.language != passage.language and any(view.translated[first : last + 1])
    return Citation(
        number=number,
        mission=passage.mission,
        passage=passage.id,
        trail=passage.trail,
        speaker=passage.speaker,
        page=None,
        start=units[0].start,
        end=units[-1].end,
        quote=squeeze(" ".join(unit.text for unit in units)),
        translation=squeeze(" ".join(view.units[first : last + 1])) if translated else None,
    )


def _view(hit: Hit, language: str) -> View:
    return hit.entry.views.get(language) or next(iter(hit.entry.views.values()))


def _best_unit(
    hit: Hit, query: Query, kind: Kind, weights: dict[str, float], finder: NameFinder
) -> tuple[int, float]:
    """Return the unit of a hit that answers best, and how well, on the hits' own scale."""
    view = _view(hit, query.language)
    total = sum(weights.values()) or 1.0
    top = max(hit.units)
    best, best_score = 0, float("-inf")
    for number, text in enumerate(view.units):
        present = set(tokens(text, query.language))
        words = sum(weight for term, weight in weights.items() if term in present) / total
        near = max(-1.0, (hit.units[number] - top) / 0.05)
        told = has_kind(text, kind) or (kind is Kind.PERSON and _names_person(text, finder))
        score = words + 0.5 * near + (KIND if kind is not Kind.OTHER and told else 0.0)
        if score > best_score:
            best, best_score = number, score
    return best, hit.score + 0.5 * best_score


def _names_person(text: str, finder: NameFinder) -> bool:
    return any(finder.names[found.number].kind == "person" for found in finder.find(text))


def _choose(hit: Hit, unit: int, query: Query, kind: Kind) -> _Choice:
    """Return the smallest run of units around `unit` that can be understood alone."""
    view, passage = _view(hit, query.language), hit.entry.passage
    count = len(view.units)
    length = len(view.text)
    if passage.kind in {"row", "remark", "heading"} and length <= WHOLE:
        return _Choice(hit, view, 0, count - 1)
    if passage.kind == "row" and len(squeeze(" ".join(view.units[: unit + 1]))) <= 2 * WHOLE:
        return _Choice(hit, view, 0, unit)
    if passage.kind in {"list", "slide"} and kind is Kind.LIST and length <= MAX_LENGTH and count <= MAX_LIST:
        return _Choice(hit, view, 0, count - 1)
    first = last = unit
    if view.units[unit].endswith((":", "：")):  # a line that introduces others says nothing without them
        while last + 1 < count and len(" ".join(view.units[first : last + 2])) <= MAX_LENGTH // 2:
            last += 1
    elif re.match(_JOINS[view.language], view.units[unit]) and first:
        first -= 1
    return _Choice(hit, view, first, last)


_JOINS = {
    "fr": r"(?:Il|Elle|Ils|Elles|Celui|Celle|Cela|Ce dernier|Cette|Ces|En effet|Ainsi|Aussi|Enfin|Une telle|Abrite|Offre)\b",
    "en": r"(?:He|She|They|It|This|These|Indeed|Thus|Also|Finally|Such)\b",
    "ko": r"(?:이는|이것은|그는|그들은|이곳|또한|이를|이러한|실제로|따라서)",
}


def _line(choice: _Choice, citation: Citation, language: str) -> str:
    """Return one line of an answer: who says it or where it stands, its words, its number."""
    view, passage = choice.view, choice.hit.entry.passage
    words = citation.translation or citation.quote
    where = _where(passage, view, words)
    if passage.language == language or citation.translation is None:
        words = QUOTED.in_language(language, words=words)
    if citation.translation is None and passage.language != language:
        told = IN_ORIGINAL.in_language(language, language=LANGUAGE_NAMES[passage.language].in_language(language))
        words = f"{told} {words}"
    said = WHERE.in_language(language, where=where, words=words) if where else words
    return f"{said} [{citation.number}]"


def _where(passage: Passage, view: View, words: str) -> str:
    """Return who says the words, or the heading they stand under; nothing if the words say it themselves."""
    if view.speaker and view.speaker not in words:
        return view.speaker
    if view.speaker or passage.kind == "heading":
        return ""
    near = view.trail[-1] if view.trail else ""
    return "" if near in words else near
