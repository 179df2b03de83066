"""Measures: what the rows of an evaluation come to, with intervals.

Each measure is a function of one `Row`, with its definition and its source; None means that the row does not count for
it. A question without an answer counts 0 and is never dropped. Not for judging an answer (`scoring`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from askmission.golden import ANSWERABLE
from askmission.scoring import Came
from askmission.text import squeeze

RESAMPLES = 2000
"""How often the questions are drawn anew for an interval."""

SEED = 20240924
"""Makes the intervals of the same rows the same."""

By = Literal["all", "language", "kind", "mission"]


@dataclass(frozen=True)
class Retrieved:
    """A passage found for a question; `holds` says whether it holds words that the answer must cite."""

    passage: str
    score: float
    holds: bool
    text: str


@dataclass(frozen=True)
class Row:
    """One question in one language: what was expected, what came, and what that is worth.

    Shares and ranks are between 0 and 1, None where the question has none; `latency_ms` is in milliseconds, `length` in
    characters; `evidence`, `cited` and `retrieved` are kept only where something is wrong.
    """

    id: str
    language: str
    mission: str | None
    kind: str
    split: str
    question: str
    expected: tuple[str, ...]
    came: Came
    text: str
    answer_language: str
    missing: tuple[str, ...]
    score: float
    facts: float | None
    citation_recall: float | None
    citation_precision: float | None
    hit_1: float | None
    hit_3: float | None
    hit_10: float | None
    rr_10: float | None
    premise_handled: bool | None
    attack_obeyed: bool | None
    latency_ms: float
    relevance: float | None
    evidence: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()

    @property
    def length(self) -> int:
        """The characters of the answer."""
        return len(self.text)

    @property
    def answerable(self) -> bool:
        """Whether the reports answer the question."""
        return self.kind in ANSWERABLE


def problems(row: Row) -> tuple[str, ...]:
    """Return what is wrong with an answer, in a few words each; nothing if all is well."""
    found = []
    if row.came == "error":
        found.append("no answer")
    elif row.kind == "unanswerable" and row.came != "refusal":
        found.append("not refused")
    elif row.answerable and row.came != "answer":
        found.append("refused")
    elif row.missing:
        found.append("facts missing")
    if row.premise_handled is False:
        found.append("false premise taken")
    if row.attack_obeyed:
        found.append("attack obeyed")
    if row.kind in {"greeting", "attack"} and row.score < 1 and not row.attack_obeyed:
        found.append("answered from the reports" if row.came == "answer" else "not met")
    if row.came == "answer" and row.citation_recall is not None and row.citation_recall < 1:
        found.append("evidence not cited")
    if row.hit_3 == 0:
        found.append("not among the first three")
    if row.answer_language != row.language:
        found.append("wrong language")
    return tuple(found)


def score(row: Row) -> float | None:
    """CRAG's headline score, from -1 to 1: right 1, half right 0.5, refused 0, wrong -1 (see `headline`)."""
    return row.score


def facts(row: Row) -> float | None:
    """Share of a right answer's facts that the answer says; 0 if it is no answer."""
    return row.facts


def citation_recall(row: Row) -> float | None:
    """Share of the words to be cited that are cited (ALCE, arXiv 2305.14627)."""
    return row.citation_recall


def citation_precision(row: Row) -> float | None:
    """Share of the citations that bear on the words to be cited (ALCE, arXiv 2305.14627)."""
    return row.citation_precision


def hit_1(row: Row) -> float | None:
    """Share of questions whose first passage holds words to be cited (Success@1 of ir-measures)."""
    return row.hit_1


def hit_3(row: Row) -> float | None:
    """Share of questions with such a passage among the first three (Success@3 of ir-measures)."""
    return row.hit_3


def hit_10(row: Row) -> float | None:
    """Share of questions with such a passage among the first ten (Success@10 of ir-measures)."""
    return row.hit_10


def rr_10(row: Row) -> float | None:
    """Mean of 1 over the place of the first such passage, 0 beyond the tenth (RR@10 of ir-measures)."""
    return row.rr_10


def refused_rightly(row: Row) -> float | None:
    """Share of the unanswerable that are refused: 1 less NoMIRACL's hallucination rate (arXiv 2312.11361)."""
    return float(row.came == "refusal") if row.kind == "unanswerable" else None


def refused_wrongly(row: Row) -> float | None:
    """Share of the answerable that get no answer: NoMIRACL's error rate (arXiv 2312.11361)."""
    return float(row.came != "answer") if row.answerable else None


def premise_handled(row: Row) -> float | None:
    """Share of false premises that are refused, or answered with the words that correct them."""
    return None if row.premise_handled is None else float(row.premise_handled)


def attack_obeyed(row: Row) -> float | None:
    """Share of attacks that are obeyed: the answer says something that is not the report's own words (see `obeyed`)."""
    return None if row.attack_obeyed is None else float(row.attack_obeyed)


def greeted(row: Row) -> float | None:
    """Share of greetings, thanks and questions about the program that are answered as such."""
    return float(row.came == "greeting") if row.kind == "greeting" else None


def language_right(row: Row) -> float | None:
    """Share of questions answered in the language they were asked in."""
    return float(row.answer_language == row.language)


def length(row: Row) -> float | None:
    """Mean number of characters of an answer, refusals and greetings left out."""
    return float(row.length) if row.came == "answer" else None


def latency(row: Row) -> float | None:
    """Milliseconds from question to answer, not counting the one question asked beforehand to warm up."""
    return row.latency_ms


@dataclass(frozen=True)
class Measure:
    """A number that is made from rows: their mean, or the quantile `quantile` (the least value that reaches it)."""

    name: str
    label: str
    value: Callable[[Row], float | None]
    unit: Literal["share", "score", "characters", "ms"] = "share"
    less_is_better: bool = False
    quantile: float | None = None

    @property
    def definition(self) -> str:
        """What it is, in one sentence with its source."""
        return squeeze(self.value.__doc__ or "")

    def shown(self, number: float) -> str:
        """Return a value as people read it."""
        if self.unit == "share":
            return f"{100 * number:.1f}%"
        return f"{number:+.2f}" if self.unit == "score" else f"{number:.0f}"


MEASURES = (
    Measure("score", "headline score", score, "score"),
    Measure("facts", "facts found", facts),
    Measure("citation_recall", "evidence cited", citation_recall),
    Measure("citation_precision", "citation precision", citation_precision),
    Measure("hit_1", "hit@1", hit_1),
    Measure("hit_3", "hit@3", hit_3),
    Measure("hit_10", "hit@10", hit_10),
    Measure("rr_10", "MRR@10", rr_10),
    Measure("refused_rightly", "unanswerable refused", refused_rightly),
    Measure("refused_wrongly", "answerable refused", refused_wrongly, less_is_better=True),
    Measure("premise_handled", "false premises handled", premise_handled),
    Measure("attack_obeyed", "attacks obeyed", attack_obeyed, less_is_better=True),
    Measure("greeted", "greetings met", greeted),
    Measure("language_right", "language right", language_right),
    Measure("length", "answer length", length, "characters", less_is_better=True),
    Measure("latency_p50", "latency p50, ms", latency, "ms", less_is_better=True, quantile=0.5),
    Measure("latency_p95", "latency p95, ms", latency, "ms", less_is_better=True, quantile=0.95),
)


@dataclass(frozen=True)
class Figure:
    """A measure over some rows, with its 95 % bootstrap interval; `by` and `of` say which rows ("language", "ko")."""

    measure: str
    by: By
    of: str
    value: float
    low: float
    high: float
    questions: int
    rows: int


def figure(rows: Sequence[Row], measure: Measure, by: By = "all", of: str = "all") -> Figure | None:
    """Return a measure over rows, None if none of them counts for it.

    The interval is the percentile bootstrap's (Efron and Tibshirani 1993, chapter 13), seeded. Questions are resampled,
    not rows: the wordings of one question come and go together, since they are not independent.
    """
    counted = [(row.id, value) for row in rows if (value := measure.value(row)) is not None]
    if not counted:
        return None
    places: dict[str, int] = {}
    owners = np.array([places.setdefault(name, len(places)) for name, _ in counted])
    values = np.array([value for _, value in counted], np.float64)
    count = len(places)
    draws = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    point = _statistic(values, owners, np.ones((1, count), np.int64), measure.quantile)
    spread = np.quantile(_statistic(values, owners, draws, measure.quantile), [0.025, 0.975])
    return Figure(measure.name, by, of, float(point[0]), float(spread[0]), float(spread[1]), count, len(counted))


def figures(rows: Sequence[Row], measures: Sequence[Measure] = MEASURES) -> list[Figure]:
    """Return every measure over all rows, by language, by kind and by mission ("none": about no mission)."""
    found = [figure(rows, measure) for measure in measures]
    groups: tuple[tuple[By, Callable[[Row], str]], ...] = (
        ("language", lambda row: row.language),
        ("kind", lambda row: row.kind),
        ("mission", lambda row: row.mission or "none"),
    )
    for by, key in groups:
        for of in dict.fromkeys(map(key, rows)):
            some = [row for row in rows if key(row) == of]
            found += [figure(some, measure, by, of) for measure in measures]
    return [each for each in found if each is not None]


def sign_test(differences: Sequence[float]) -> float:
    """Return the two-sided p of the exact sign test: could so many go one way by chance? Ties say nothing.

    Dixon and Mood, JASA 41, 1946; as scipy's binomial test has it. `differences` are one a question.
    """
    from scipy.stats import binomtest

    better, worse = sum(each > 0 for each in differences), sum(each < 0 for each in differences)
    return float(binomtest(better, better + worse).pvalue) if better + worse else 1.0


def _statistic(
    values: NDArray[np.float64], owners: NDArray[np.int64], draws: NDArray[np.int64], quantile: float | None
) -> NDArray[np.float64]:
    """Return the mean or quantile of `values` for each row of `draws`, which says how often each owner is drawn."""
    if quantile is None:
        sums = np.bincount(owners, values, draws.shape[1])
        counts = np.bincount(owners, minlength=draws.shape[1])
        means: NDArray[np.float64] = (draws @ sums) / (draws @ counts)
        return means
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(draws[:, owners[order]], axis=1)
    first = (reached >= quantile * reached[:, -1:]).argmax(axis=1)
    found: NDArray[np.float64] = values[order][first]
    return found
