"""Relevance: how likely it is that the hits answer the question, from signals that mean the same in any language.

A logistic regression whose coefficients lie in weights.toml, fitted by benchmarks/fit.py on questions that have nothing
to do with the golden set. Similarities alone do not tell.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from askmission.asking import Kind
from askmission.lexical import LexicalIndex, tokens
from askmission.moments import without_moments
from askmission.names import NameFinder
from askmission.places import places_in
from askmission.retrieval import Hit, Query
from askmission.selection import Candidate
from askmission.text import fold
from askmission.weights import logit, sigmoid, threshold

EVEN = 0.5
"""From here on an answer is likelier than none, of questions of which half have one."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,  ]\d+)*")
_TITLE = (
    r"(?:Monsieur|Messieurs|Madame?|Mesdames|Mademoiselle|Mmes?|Mlles?|Mister|Mrs|Miss"
    r"|Sirs?|Docteure?|Doctor|Professeure?|Professor)\b"
)
_PROPER = re.compile(rf"(?<=\w[\s('’-])(?!{_TITLE})[^\W\d_a-zà-ÿ가-힣][\w-]{{2,}}")


@dataclass(frozen=True)
class Signals:
    """What is known of a question and its hits; shares are between 0 and 1.

    `weakest` is how near the unit that would be quoted comes to the quarter of the question that it matches least,
    `unshown` whether it lacks the kind of thing asked for, where that would show, `nobody` whether a person is asked
    for and neither shows in it nor speaks, `holder` whether it names who holds the office asked for. `read` is what
    reading it together with the question says, as log-odds, `likeliest` the most that is said of any unit; 0 if nobody
    has read.
    Of its passage: `margin` is its similarity over the mean of the nine nearest others, if more, `names_lacking` and
    `numbers_lacking` are the shares of the question's names and numbers that it lacks, `moment` how its day and hour
    agree with those asked, from -1 to 1.
    """

    weakest: float
    unshown: float
    nobody: float
    holder: float
    margin: float
    names_lacking: float
    numbers_lacking: float
    moment: float
    read: float
    likeliest: float


@dataclass(frozen=True)
class Relevance:
    """The probability that the hits answer the question, and the words of it that no report has."""

    probability: float
    signals: Signals | None
    absent: tuple[str, ...]

    @property
    def suffices(self) -> bool:
        """Whether to answer: the threshold supposes that most questions have an answer, which those that name what no
        report has do not.
        """
        return self.probability >= (EVEN if self.absent else threshold())


def judge(
    query: Query,
    hits: Sequence[Hit],
    units: Sequence[Candidate],
    lexical: Mapping[str, LexicalIndex],
    finder: NameFinder,
) -> Relevance:
    """Judge the hits of a question and their units, the likeliest first."""
    absent = absent_words(query.asked, lexical, finder)
    if not units:
        return Relevance(0.0, None, absent)
    signals = signals_of(query, hits, units)
    return Relevance(probability_of(signals, units[0]), signals, absent)


def probability_of(signals: Signals, unit: Candidate) -> float:
    """Return the probability that a unit answers, 0 where its passage shows no amount of the kind asked for."""
    return sigmoid(logit(model_for(unit), signals)) if unit.fits else 0.0


def model_for(unit: Candidate) -> str:
    """Return the name of the model that judges an answer, which is another where nobody has read it."""
    return "unread" if unit.read is None else "relevance"


def signals_of(query: Query, hits: Sequence[Hit], units: Sequence[Candidate]) -> Signals:
    """Return the signals of a question, its hits and their units, of which the first would be quoted."""
    unit = units[0]
    others = sorted((hit.similarity for hit in hits if hit is not unit.hit), reverse=True)[:9] or [unit.hit.similarity]
    views = unit.hit.entry.views.values()
    every = fold(" ".join(view.named for view in views))
    numbers = set(map(_plain, _NUMBER.findall(without_moments(query.asked))))
    there = set(map(_plain, _NUMBER.findall(every)))
    names: set[int | str] = set(query.names) or {fold(word) for word in names_in(query.asked)}
    held = set(unit.hit.entry.names) | {word for word in names if isinstance(word, str) and word in every}
    return Signals(
        weakest=unit.hit.weakest[unit.unit],
        unshown=float(unit.lacks),
        nobody=float(query.kind is Kind.PERSON and not unit.signals.person and not unit.view.speaker),
        holder=float(unit.holder),
        margin=max(0.0, unit.hit.similarity - sum(others) / len(others)),
        names_lacking=_lacking(names, held),
        numbers_lacking=_lacking(numbers, there),
        moment=unit.hit.agreement,
        read=unit.read or 0.0,
        likeliest=max((each.read for each in units if each.read is not None), default=0.0),
    )


def absent_words(question: str, lexical: Mapping[str, LexicalIndex], finder: NameFinder) -> tuple[str, ...]:
    """Return the proper names and the years of a question that no report has in any language, as they were written.

    A name that is listed is there in whichever of its spellings the reports have.
    """
    rest = finder.without(question, lambda name: any(_written(spelling, lexical) for spelling in name.spellings))
    words = [*names_in(rest), *_YEAR.findall(rest)]
    return tuple(dict.fromkeys(word for word in words if not _known(word, lexical)))


def names_in(question: str) -> list[str]:
    """Return the proper names that show themselves: capitals within a sentence, and places of the world.

    Capitals say nothing where there is nothing else, nor do those of titles.
    """
    proper = [] if question.isupper() else [word for word in _PROPER.findall(question) if not word[0].islower()]
    return list(dict.fromkeys([*proper, *places_in(question)]))


def _known(word: str, lexical: Mapping[str, LexicalIndex]) -> bool:
    return any(index.knows(term) for language, index in lexical.items() for term in tokens(word, language))


def _written(words: str, lexical: Mapping[str, LexicalIndex]) -> bool:
    return any(all(map(index.knows, tokens(words, language))) for language, index in lexical.items())


def _lacking(wanted: Set[object], there: Set[object]) -> float:
    return len(wanted - there) / len(wanted) if wanted else 0.0


def _plain(number: str) -> str:
    return re.sub(r"\D", "", fold(number))
