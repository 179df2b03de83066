"""Answering without a language model: the few units that answer, in the question's language, each with its source.

It quotes; it cannot invent. The words shown as a quotation are those of the report; a translation is called one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from askmission.asking import Kind
from askmission.index import Entry
from askmission.messages import Text
from askmission.moments import moments_of
from askmission.reading import Passage
from askmission.retrieval import Hit, Query
from askmission.selection import NEARLY, Candidate, share_of, terms_of, view_of
from askmission.text import fold, squeeze
from askmission.views import View
from askmission.words import words_of

_SEVERAL = {Kind.LIST, Kind.OTHER, Kind.PLACE}
"""Kinds of question that more than one thing may answer."""

_MARKS = frozenset("«»“”")
_SEPARATORS = {"list": " · ", "slide": " · ", "row": " · ", "header": " · "}
"""What stands between units that are no sentences, in an answer's text; a quote has the report's words only."""

MAX_UNITS = 4
MAX_LENGTH = 700
MAX_LIST = 12
"""A list may have more units than other answers, while it stays below `MAX_LENGTH`."""

LIKELY = (NEARLY, 0.9)
"""How likely a second and a third unit must be, against the best one: it often is they that answer."""

NAMED = 0.5
"""A speaker's name and office answer alone if they hold this share of the question's weight."""

LONG_ROW = 250
"""A row longer than this, in characters, is quoted up to the cell that is asked about."""

WHOLE = 400
"""A passage no longer than this, in characters, is quoted whole."""

NOT_SAID = Text("The reports don't say.")
NOT_MENTIONED = Text("The reports don't mention {words}.")
NEAREST = Text("The nearest passages are below; none of them answers the question.")
IN_ORIGINAL = Text("The report says, in {tongue}:")
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
    def place(self) -> tuple[str, int, int]:
        """The passage, and from where to where in the report."""
        units = self.hit.entry.passage.units
        return self.hit.entry.passage.id, units[self.first].start, units[self.last].end

    @property
    def words(self) -> str:
        between = _SEPARATORS.get(self.hit.entry.passage.kind, " ")
        return squeeze(between.join(self.view.units[self.first : self.last + 1]))


def quote_answer(
    query: Query, units: Sequence[Candidate], entries: Sequence[Entry], before: Sequence[Citation] = ()
) -> Quoted:
    """Return the answer that the units, likeliest first, give to a question judged answerable.

    `entries` are all passages of the index, where the heading that names a speaker is looked up. What `before` has
    cited is not said again, and the numbers go on from there.
    """
    kind, language = query.kind, query.language
    kept = _siblings(units) if kind in _SEVERAL else []
    if not kept:
        kept = _complementary(units, kind)
    if kind is Kind.PERSON:
        kept = _with_speaker(kept, units[0], entries)
    told = {(each.passage, each.start, each.end) for each in before}
    kept = [choice for choice in kept if choice.place not in told]
    numbered = enumerate(kept, len(before) + 1)
    citations = tuple(cite(number, c.hit.entry.passage, c.view, c.first, c.last) for number, c in numbered)
    text = ""
    for choice, citation in zip(kept, citations, strict=True):
        text += f"{_line(choice, citation, language, text)}\n"
    return Quoted(text.rstrip(), citations)


def suggestions(hits: Sequence[Hit], language: str, limit: int = 3) -> tuple[Citation, ...]:
    """Return the nearest passages, each by its best unit, as citations of a refusal."""
    found: list[Citation] = []
    for hit in hits[:limit]:
        view = view_of(hit, language)
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


def _complementary(units: Sequence[Candidate], kind: Kind) -> list[_Choice]:
    """Return what the best unit gives, and what others give that are nearly as likely, the likeliest first."""
    best = units[0]
    chosen = [_choose(best, kind)]
    for unit in units[1:]:
        if len(chosen) > len(LIKELY) or unit.probability < LIKELY[len(chosen) - 1] * best.probability:
            break
        if unit.lacks or not unit.fits or (best.holder and not unit.holder):
            continue
        choice = _choose(unit, kind)
        length = sum(len(each.words) for each in chosen) + len(choice.words)
        if length <= MAX_LENGTH and not any(_overlap(choice, each) for each in chosen):
            chosen.append(choice)
    return chosen


def _with_speaker(kept: list[_Choice], best: Candidate, entries: Sequence[Entry]) -> list[_Choice]:
    """Return what answers who: the heading that names the speaker, and the words unless the name says it all."""
    passage = best.hit.entry.passage
    before = range(best.hit.number - 1, -1, -1)
    heading = next((n for n in before if entries[n].passage.kind == "speaker"), None)
    if passage.speaker is None or heading is None or entries[heading].passage.units[0].text not in passage.trail[-1:]:
        return kept
    hit = replace(best.hit, number=heading, entry=entries[heading])
    view = view_of(hit, best.view.language)
    named = _Choice(hit, view, 0, len(view.units) - 1)
    share = share_of(best.weights, terms_of(named.words, view.language))
    return [named] if share >= NAMED else [named, *kept][:MAX_UNITS]


def _overlap(choice: _Choice, other: _Choice) -> bool:
    """Return whether two choices share words."""
    return choice.hit.number == other.hit.number and choice.first <= other.last and other.first <= choice.last


def _choose(candidate: Candidate, kind: Kind) -> _Choice:
    """Return the smallest run of units around the best one that can be understood alone."""
    hit, view, unit = candidate.hit, candidate.view, candidate.unit
    passage, count = hit.entry.passage, len(view.units)
    if passage.kind == "row" and kind not in _SEVERAL and len(view.text) > LONG_ROW:
        asked = max(range(count), key=lambda n: share_of(candidate.weights, terms_of(view.units[n], view.language)))
        if asked:  # the hour, and the cells up to the one that is asked about
            return _Choice(hit, view, 0, asked)
    if len(view.text) <= (WHOLE if passage.kind not in {"list", "slide"} else WHOLE // 2):
        return _Choice(hit, view, 0, count - 1)
    if passage.kind == "row" and len(squeeze(" ".join(view.units[: unit + 1]))) <= MAX_LENGTH:
        return _Choice(hit, view, 0, unit)
    if kind in _SEVERAL and passage.kind in {"list", "slide"} and count <= MAX_LIST and len(view.text) <= MAX_LENGTH:
        return _Choice(hit, view, 0, count - 1)
    first = last = unit
    if view.units[unit].endswith((":", "：")):  # a line that introduces others says nothing without them
        while last + 1 < count and len(" ".join(view.units[first : last + 2])) <= MAX_LENGTH // 2:
            last += 1
    elif first and words_of(view.language).joins.match(fold(view.units[unit])):
        first -= 1
    return _Choice(hit, view, first, last)


def _siblings(units: Sequence[Candidate]) -> list[_Choice]:
    """Return the rows of the best one's table that share its hour, or else agree as well with the day and hour asked.

    Nothing if there is but one.
    """
    best = units[0]
    if best.hit.entry.passage.kind != "row":
        return []
    trail = best.hit.entry.passage.trail
    rows = {unit.hit.number: unit for unit in units if unit.hit.entry.passage.trail == trail}
    hour = _hour(best)
    same = [number for number, unit in rows.items() if hour and _hour(unit) == hour]
    if len(same) < 2 and best.hit.agreement > 0:
        same = [number for number, unit in rows.items() if unit.hit.agreement >= best.hit.agreement]
    if len(same) < 2:
        return []
    return [_choose(rows[number], Kind.OTHER) for number in sorted(same)[:MAX_UNITS]]


def _hour(unit: Candidate) -> tuple[tuple[float, float], ...]:
    """Return the hours of a row, its own or those of the row that it continues."""
    return moments_of(" | ".join([*unit.view.context, *unit.view.units])).hours


def _line(choice: _Choice, citation: Citation, language: str, before: str) -> str:
    """Return one line of an answer: who says it or where it stands unless told `before`, its words, its number."""
    view, passage = choice.view, choice.hit.entry.passage
    words = choice.words
    where = _where(passage, view, before + words)
    if citation.translation is None and not _MARKS.intersection(words):  # no quotation marks within quotation marks
        words = QUOTED.in_language(language, words=words)
    if citation.translation is None and passage.language != language:
        tongue = LANGUAGE_NAMES[passage.language].in_language(language)
        told = IN_ORIGINAL.in_language(language, tongue=tongue)
        words = f"{told} {words}"
    said = WHERE.in_language(language, where=where, words=words) if where else words
    return f"{said} [{citation.number}]"


def _where(passage: Passage, view: View, words: str) -> str:
    """Return who says the words, or the heading they stand under; nothing if the words say it themselves."""
    if view.speaker and view.speaker not in words:
        return view.speaker
    if view.speaker or passage.kind in {"heading", "speaker"}:
        return ""
    near = view.trail[-1] if view.trail else ""
    return "" if near in words else near
