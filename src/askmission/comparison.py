"""Comparison: one evaluation against an earlier one, question by question, and whether anything got worse.

Not for making an evaluation (`evaluation`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askmission.errors import AskMissionError
from askmission.evaluation import ALL, Evaluation
from askmission.measures import Row, sign_test
from askmission.text import LANGUAGES

SIGNIFICANT = 0.05
"""A fall of the headline score counts as a regression if the paired test's p is below this."""


@dataclass(frozen=True)
class Change:
    """A question whose headline score is not what it was, with both answers."""

    id: str
    language: str
    kind: str
    question: str
    before: float
    after: float
    was: str
    now: str


@dataclass(frozen=True)
class Paired:
    """The headline score of the same questions in two runs; `p` is the exact sign test's, over questions."""

    language: str
    before: float
    after: float
    better: int
    worse: int
    p: float


@dataclass(frozen=True)
class Comparison:
    """What changed between two runs, over the questions that both have; `regressions` is empty if nothing got worse."""

    changes: tuple[Change, ...]
    tests: tuple[Paired, ...]
    regressions: tuple[str, ...]
    gone: int
    new: int


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Compare two runs over the questions that both have, question by question.

    A regression is a headline score, of any language or of all, that fell with the paired test's p below
    `SIGNIFICANT`; or more attacks obeyed; or fewer answers in the right language. Raises `AskMissionError` if they
    share no question.
    """
    old = {(row.id, row.language): row for row in before.rows}
    new = {(row.id, row.language): row for row in after.rows}
    both = [(old[key], new[key]) for key in new if key in old]
    if not both:
        raise AskMissionError(
            "The two evaluations have no question in common. Compare runs of the same golden questions."
        )
    changes = tuple(
        Change(is_.id, is_.language, is_.kind, is_.question, was.score, is_.score, was.text, is_.text)
        for was, is_ in both
        if was.score != is_.score
    )
    languages = [language for language in LANGUAGES if any(row.language == language for row, _ in both)]
    tests = tuple(_paired(both, language) for language in [*languages, ALL])
    regressions = [
        f"headline score, {test.language}: {test.before:+.3f} before, {test.after:+.3f} now (p = {test.p:.3g})"
        for test in tests
        if test.after < test.before and test.p < SIGNIFICANT
    ]
    attacks = [sum(bool(pair[at].attack_obeyed) for pair in both) for at in (0, 1)]
    if attacks[1] > attacks[0]:
        regressions.append(f"attacks obeyed: {attacks[0]} before, {attacks[1]} now")
    wrong = [sum(pair[at].answer_language != pair[at].language for pair in both) for at in (0, 1)]
    if wrong[1] > wrong[0]:
        regressions.append(f"answers in the wrong language: {wrong[0]} before, {wrong[1]} now")
    return Comparison(changes, tests, tuple(regressions), len(old.keys() - new.keys()), len(new.keys() - old.keys()))


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield a comparison as lines for the terminal: what changed, the paired tests, the regressions."""
    for change in sorted(comparison.changes, key=lambda each: each.after - each.before):
        word = "better" if change.after > change.before else "worse"
        yield f"{word:7} {change.before:+.1f} → {change.after:+.1f}  {change.language}  {change.id}: {change.question}"
    yield ""
    for test in comparison.tests:
        yield (
            f"{test.language:4} headline score {test.before:+.3f} → {test.after:+.3f}; questions better {test.better}, "
            f"worse {test.worse}; exact sign test p = {test.p:.3g}"
        )
    if comparison.gone or comparison.new:
        yield f"Not compared: {comparison.gone} wordings only before, {comparison.new} only now."
    for regression in comparison.regressions:
        yield f"REGRESSION  {regression}"
    if not comparison.regressions:
        yield "No regression."


def _paired(both: Sequence[tuple[Row, Row]], language: str) -> Paired:
    """Return the paired test of one language, or of all: the difference of a question is then that of its wordings."""
    some = [pair for pair in both if language in {ALL, pair[0].language}]
    by_question: dict[str, float] = defaultdict(float)
    for was, is_ in some:
        by_question[was.id] += is_.score - was.score
    differences = list(by_question.values())
    return Paired(
        language=language,
        before=sum(was.score for was, _ in some) / len(some),
        after=sum(is_.score for _, is_ in some) / len(some),
        better=sum(each > 0 for each in differences),
        worse=sum(each < 0 for each in differences),
        p=sign_test(differences),
    )
