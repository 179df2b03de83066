"""Selection: which unit of the hits answers best, by a small fitted model over signals that hold in any language.

A logistic regression, fitted by benchmarks/fit.py on reading tests whose answers stand in the text; its coefficients
lie in weights.toml. The likeliest are then read together with the question (`comprehension`), and a second one decides
by both. Not for whether anything answers at all (`relevance`).
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from askmission.asking import AMOUNTS, DATES, SHOWN, Kind, has_kind
from askmission.lexical import LexicalIndex, tokens
from askmission.names import NameFinder
from askmission.offices import names_holder
from askmission.retrieval import Hit, Query
from askmission.views import View
from askmission.weights import logit, sigmoid

DEPTH = 5
"""How many hits are looked at."""

NEARLY = 0.75
"""How likely a unit must be, against the best one, to be nearly as likely."""


@dataclass(frozen=True)
class UnitSignals:
    """What is known of one unit. Shares are between 0 and 1.

    `behind` is how far its hit's score is behind the first's, `far` how far its similarity is behind the nearest unit's
    (in tenths of late interaction), `covered` the share of the question's weight in the unit, `covered_around` the same
    in its passage and headings, `kind` whether it holds the kind of thing asked for, `person` the same where a person
    is asked for, `kindless` whether no kind is asked for, `agreement` how its day and hour agree with the question's.
    """

    behind: float
    far: float
    covered: float
    covered_around: float
    kind: float
    person: float
    kindless: float
    agreement: float


@dataclass(frozen=True)
class ReadSignals:
    """What is known of a unit that was read, as log-odds: `chosen` by all else, `read` by reading it."""

    chosen: float
    read: float


@dataclass(frozen=True)
class Candidate:
    """A unit of a hit, seen in the question's language where it can be, with the probability that it answers.

    `weights` are what each of the question's terms tells; `fits` whether its passage shows an amount of the kind asked
    for, if one is; `lacks` whether the unit itself lacks the kind of thing asked for, where that would show; `holder`
    whether it, or who speaks it, is told to hold the office asked for. `read` is what reading it together with the
    question says, as log-odds, None if nobody has read it.
    """

    hit: Hit
    view: View
    unit: int
    signals: UnitSignals
    probability: float
    weights: Mapping[str, float]
    fits: bool
    lacks: bool
    holder: bool
    read: float | None = None

    @property
    def whole(self) -> bool:
        """Whether all of its passage is judged, with it for its nearest part: a table's row is."""
        return self.hit.entry.passage.kind == "row"

    @property
    def text(self) -> str:
        """The unit's words in the view's language."""
        return self.view.units[self.unit]


def view_of(hit: Hit, language: str) -> View:
    """Return a hit's view in `language`, or in its own."""
    return hit.entry.views.get(language) or next(iter(hit.entry.views.values()))


def candidates(query: Query, hits: Sequence[Hit], lexical: LexicalIndex, finder: NameFinder) -> list[Candidate]:
    """Return the units of the first hits, the likeliest answer first."""
    kind = query.kind
    weights = {term: lexical.weight(term) for term in query.terms}
    # A question that says at what time can only be answered by what was then.
    then = [hit for hit in hits if hit.agreement == 1] if query.moments.hours else []
    looked = then or hits[:DEPTH]
    nearest = max((near for hit in looked for near in hit.units), default=0.0)
    found = []
    for hit in looked:
        view = view_of(hit, query.language)
        around = terms_of(view.named, query.language)
        dated = kind in DATES and has_kind(view.surroundings, kind)
        fits = kind not in AMOUNTS or dated or has_kind(view.within_row, kind)
        for number, text in _units(hit, view):
            present = terms_of(text, query.language)
            shows = has_kind(text, kind)
            person = kind is Kind.PERSON and (
                shows or any(finder.names[name].kind == "person" for name in finder.numbers([text]))
            )
            signals = UnitSignals(
                behind=hits[0].score - hit.score,
                far=min(4.0, (nearest - hit.units[number]) * 10),
                covered=share_of(weights, present),
                covered_around=share_of(weights, around),
                kind=float(kind not in {Kind.OTHER, Kind.PERSON} and shows),
                person=float(person),
                kindless=float(kind is Kind.OTHER),
                agreement=hit.agreement,
            )
            lacks = kind in SHOWN and not (dated or shows)
            holder = kind is Kind.PERSON and any(
                names_holder(said, query.language, weights.keys(), finder) for said in (text, view.speaker or "")
            )
            found.append(Candidate(hit, view, number, signals, probability_of(signals), weights, fits, lacks, holder))
    return ranked(found)


def with_reading(units: Sequence[Candidate]) -> list[Candidate]:
    """Return units, some of which were read, with the likeliest answer first.

    What nobody has read is taken for the worst of those read.
    """
    worst = min((unit.read for unit in units if unit.read is not None), default=None)
    if worst is None:
        return list(units)
    return ranked(replace(unit, probability=_after_reading(unit, worst)) for unit in units)


def _after_reading(unit: Candidate, worst: float) -> float:
    signals = ReadSignals(odds_of(unit.signals), worst if unit.read is None else unit.read)
    return sigmoid(logit("reading", signals))


def ranked(units: Iterable[Candidate]) -> list[Candidate]:
    """Return units with the likeliest answer first.

    One that names who holds the office asked for comes before all others, one that shows the amount asked for before
    one nearly as likely.
    """
    found = sorted(units, key=lambda each: -each.probability)
    least = found[0].probability * NEARLY if found else 0.0
    first = next((each for each in found if each.holder), None)
    first = first or next((each for each in found if each.fits and each.probability >= least), None)
    return found if first is None else [first, *(each for each in found if each is not first)]


@lru_cache(maxsize=10_000)
def terms_of(text: str, language: str) -> frozenset[str]:
    """Return the terms of a text; the same few passages are looked at again and again."""
    return frozenset(tokens(text, language))


def share_of(weights: Mapping[str, float], terms: Set[str]) -> float:
    """Return the share of a question's weight that `terms` have."""
    return sum(weight for term, weight in weights.items() if term in terms) / (sum(weights.values()) or 1.0)


def _units(hit: Hit, view: View) -> list[tuple[int, str]]:
    """Return the units to judge with their words; a table's row is judged whole, at its nearest cell."""
    if hit.entry.passage.kind != "row":
        return list(enumerate(view.units))
    nearest = max(range(len(hit.units)), key=lambda number: hit.units[number])
    return [(nearest, view.within_row)]


def odds_of(signals: UnitSignals) -> float:
    """Return the log-odds that a unit with these signals answers."""
    return logit("selection", signals)


def probability_of(signals: UnitSignals) -> float:
    """Return the probability that a unit with these signals answers."""
    return sigmoid(odds_of(signals))
