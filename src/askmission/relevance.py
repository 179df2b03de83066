"""Relevance: how likely it is that the hits answer the question, from signals that mean the same in any language.

A logistic regression whose coefficients lie in relevance.toml, fitted by benchmarks/fit_relevance.py on questions that
have nothing to do with the golden set. Raw similarities alone do not tell: E5's all lie between 0.75 and 0.9.
"""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from askmission.asking import has_kind, kind_of
from askmission.lexical import LexicalIndex, tokens
from askmission.retrieval import Hit, Query
from askmission.text import fold
from askmission.views import View

_NUMBER = re.compile(r"\d+(?:[.,  ]\d+)*")
_PROPER = re.compile(r"(?<=\w[\s('’-])[^\W\d_a-zà-ÿ가-힣][\w-]{2,}")


@dataclass(frozen=True)
class Signals:
    """What is known of a question and its hits. Shares are between 0 and 1; the best of the first three hits counts.

    `similarity` and `margin` (over the mean of the second to tenth hit) are the encoder's, `covered` the share of the
    question's weight (inverse document frequency) that stands in the passage or its heading, `covered_by_unit` the same
    in one unit, `unknown` the share that stands in no passage at all, `names_lacking` and `numbers_lacking` the shares
    of the question's names and numbers that the passage lacks, `kind_lacking` whether it lacks the kind of thing asked, `moment`
    how its day and hour agree with those asked, from -1 to 1.
    """

    similarity: float
    margin: float
    covered: float
    covered_by_unit: float
    unknown: float
    names_lacking: float
    numbers_lacking: float
    kind_lacking: float
    moment: float


@dataclass(frozen=True)
class Relevance:
    """The probability that the hits answer the question, and the words of it that no report has."""

    probability: float
    signals: Signals
    absent: tuple[str, ...]


def judge(query: Query, question: str, hits: Sequence[Hit], lexical: LexicalIndex) -> Relevance:
    """Judge the hits of a question; `question` is as it was asked."""
    signals = signals_of(query, question, hits, lexical)
    weights, _ = model()
    logit = weights["intercept"] + sum(
        weights[field.name] * value for field, value in zip(fields(Signals), astuple(signals), strict=True)
    )
    return Relevance(1 / (1 + math.exp(-logit)), signals, absent_words(query, question, lexical))


def signals_of(query: Query, question: str, hits: Sequence[Hit], lexical: LexicalIndex) -> Signals:
    """Return the signals of a question and its hits."""
    if not hits:
        return Signals(0, 0, 0, 0, 1, 1, 1, 1, 0)
    similarities = sorted((hit.similarity for hit in hits[:10]), reverse=True)
    rest = similarities[1:] or similarities
    weights = {term: lexical.weight(term) for term in query.terms}
    total = sum(weights.values()) or 1.0
    numbers = set(map(_plain, _NUMBER.findall(question))) if not query.moments.days else set[str]()
    kind = kind_of(question, query.language)
    best = (0.0, 0.0, 1.0, 1.0, 1.0, 0.0)
    for hit in hits[:3]:
        view = hit.entry.views.get(query.language) or next(iter(hit.entry.views.values()))
        every = " ".join(v.searched for v in hit.entry.views.values())
        present = set(tokens(_whole(view), query.language))
        heading = set(tokens(f"{view.heading} {view.speaker or ''}", query.language))
        by_unit = max(_share(weights, set(tokens(unit, query.language)) | heading) for unit in view.units)
        there = set(map(_plain, _NUMBER.findall(every)))
        lacking = _lacking(numbers, there)
        names = _lacking(set(query.names), set(hit.entry.names))
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
        moment=moment,
    )


def absent_words(query: Query, question: str, lexical: LexicalIndex) -> tuple[str, ...]:
    """Return the proper names and the years of a question that no report has, as they were written."""
    absent = []
    for found in (*_PROPER.finditer(question), *re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", question)):
        word = found.group()
        terms = tokens(word, query.language)
        if terms and not any(lexical.knows(term) for term in terms):
            absent.append(word)
    return tuple(dict.fromkeys(absent))


def threshold() -> float:
    """Return the probability from which on a question is answered."""
    return model()[1]


@cache
def model() -> tuple[dict[str, float], float]:
    """Return the coefficients by signal (and `intercept`), and the threshold."""
    raw = tomllib.loads(files("askmission").joinpath("relevance.toml").read_text("utf-8"))
    return raw["coefficients"], raw["threshold"]


def _whole(view: View) -> str:
    return f"{view.searched} {view.speaker or ''}"


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0


def _lacking(wanted: set[Any], there: set[Any]) -> float:
    return len(wanted - there) / len(wanted) if wanted else 0.0


def _plain(number: str) -> str:
    return re.sub(r"\D", "", fold(number))
