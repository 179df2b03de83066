"""Relevance: how likely it is that the hits answer the question, from signals that mean the same in any language.

A logistic regression whose coefficients lie in weights.toml, fitted by benchmarks/fit.py on questions that have nothing
to do with the golden set. Raw similarities alone do not tell: E5's all lie between 0.75 and 0.9.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from askmission.asking import Kind, has_kind, kind_of
from askmission.lexical import LexicalIndex, tokens
from askmission.moments import without_moments
from askmission.places import places_in
from askmission.retrieval import Hit, Query
from askmission.selection import Candidate, view_of
from askmission.text import fold
from askmission.weights import logit

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,  ]\d+)*")
_PROPER = re.compile(r"(?<=\w[\s('’-])[^\W\d_a-zà-ÿ가-힣][\w-]{2,}")


@dataclass(frozen=True)
class Signals:
    """What is known of a question and its hits. Shares are between 0 and 1; the best of the first three hits counts.

    `similarity` and `margin` (over the mean of the second to tenth hit) are the encoder's. `covered` is the share of
    the question's weight (inverse document frequency) that stands in the passage or its headings, `covered_by_unit` the
    same in one unit, `unknown` the share that stands in no passage at all. `names_lacking` and `numbers_lacking` are
    the shares of the question's names and numbers that the passage lacks, `kind_lacking` whether it lacks the kind of
    thing asked, `amount_lacking` whether the best unit lacks the money or the hour asked, `moment` how its day and hour
    agree with those asked, from -1 to 1, `best_unit` the probability of the best unit, `english` and `korean` the
    question's language, since similarities lie a little differently in each.
    """

    similarity: float
    margin: float
    covered: float
    covered_by_unit: float
    unknown: float
    names_lacking: float
    numbers_lacking: float
    kind_lacking: float
    amount_lacking: float
    moment: float
    best_unit: float
    english: float
    korean: float


@dataclass(frozen=True)
class Relevance:
    """The probability that the hits answer the question, and the words of it that no report has."""

    probability: float
    signals: Signals
    absent: tuple[str, ...]


def judge(
    query: Query, question: str, hits: Sequence[Hit], units: Sequence[Candidate], lexical: Mapping[str, LexicalIndex]
) -> Relevance:
    """Judge the hits of a question, and its best units; `question` is as it was asked."""
    signals = signals_of(query, question, hits, units, lexical[query.language])
    probability = 1 / (1 + math.exp(-logit("relevance", Signals, astuple(signals))))
    return Relevance(probability, signals, absent_words(question, lexical))


def signals_of(
    query: Query, question: str, hits: Sequence[Hit], units: Sequence[Candidate], lexical: LexicalIndex
) -> Signals:
    """Return the signals of a question, its hits and their units, the best first."""
    if not hits:
        return Signals(0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0)
    similarities = sorted((hit.similarity for hit in hits[:10]), reverse=True)
    rest = similarities[1:] or similarities
    weights = {term: lexical.weight(term) for term in query.terms}
    total = sum(weights.values()) or 1.0
    numbers = set(map(_plain, _NUMBER.findall(without_moments(question))))
    kind = kind_of(question, query.language)
    proper: set[Any] = {fold(word) for word in names_in(question)} if not query.names else set()
    best = (0.0, 0.0, 1.0, 1.0, 1.0, 0.0)
    for hit in hits[:3]:
        view = view_of(hit, query.language)
        every = " ".join(v.named for v in hit.entry.views.values())
        present = set(tokens(view.named, query.language))
        heading = set(tokens(view.surroundings, query.language))
        by_unit = max(_share(weights, set(tokens(unit, query.language)) | heading) for unit in view.units)
        there = set(map(_plain, _NUMBER.findall(every)))
        lacking = _lacking(numbers, there)
        names = _lacking(
            set(query.names) | proper, set(hit.entry.names) | {word for word in proper if word in fold(every)}
        )
        told = has_kind(f"{view.text} {' '.join(view.context)} {view.speaker or ''}", kind)
        found = (_share(weights, present), by_unit, names, lacking, float(not told), hit.agreement)
        best = max(best, found, key=lambda each: each[0] + each[1] - each[2] - each[3] - each[4] + each[5])
    covered, by_unit, names_lacking, numbers_lacking, kind_lacking, moment = best
    return Signals(
        similarity=similarities[0],
        margin=similarities[0] - sum(rest) / len(rest),
        covered=covered,
        covered_by_unit=by_unit,
        unknown=sum(weight for term, weight in weights.items() if not lexical.knows(term)) / total,
        names_lacking=names_lacking,
        numbers_lacking=numbers_lacking,
        kind_lacking=kind_lacking,
        amount_lacking=float(kind in {Kind.MONEY, Kind.HOUR} and not has_kind(_all(units[0]), kind)),
        moment=moment,
        best_unit=units[0].probability if units else 0.0,
        english=float(query.language == "en"),
        korean=float(query.language == "ko"),
    )


def absent_words(question: str, lexical: Mapping[str, LexicalIndex]) -> tuple[str, ...]:
    """Return the proper names and the years of a question that no report has in any language, as they were written."""
    words = [*names_in(question), *_YEAR.findall(question)]
    return tuple(dict.fromkeys(word for word in words if not _known(word, lexical)))


def names_in(question: str) -> list[str]:
    """Return the proper names that show themselves: capitals within a sentence, and places of the world."""
    return list(dict.fromkeys([*_PROPER.findall(question), *places_in(question)]))


def _known(word: str, lexical: Mapping[str, LexicalIndex]) -> bool:
    return any(index.knows(term) for language, index in lexical.items() for term in tokens(word, language))


def _all(unit: Candidate) -> str:
    """Return the words of a unit, those of its whole row in a table."""
    return unit.view.text if unit.hit.entry.passage.kind == "row" else unit.text


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0


def _lacking(wanted: set[Any], there: set[Any]) -> float:
    return len(wanted - there) / len(wanted) if wanted else 0.0


def _plain(number: str) -> str:
    return re.sub(r"\D", "", fold(number))
