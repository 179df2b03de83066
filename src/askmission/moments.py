"""Moments: the days, the parts of the day and the hours that a text names, in any of the three languages.

A programme says "8h15 - 9h45" under "Lundi 3"; a question says "Monday morning" or "월요일 오전". Here they meet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

from babel.dates import get_day_names, get_month_names

from askmission.text import LANGUAGES, fold
from askmission.words import words_of

_TO = r"\s?(?:[-–—~∼〜]|to|and|till|until|부터|에서)\s?"
_AFTER = r"(?=[^가-힣]|에|부터|까지|의|경|쯤|$)"
_CLOCK = re.compile(
    r"(?:(?P<half>오전|오후)\s?)?(?:"
    r"(?<![\da-z])(?<!\bday )(?<!\bjour )(?P<short>1[0-2]|0?[1-9])(?:[:.](?P<past>[0-5]\d))?"
    r"(?:\s?(?P<letter>[ap])\.?m\b"
    rf"|(?={_TO}(?:1[0-2]|0?[1-9])(?:(?:[:.][0-5]\d)?\s?[ap]\.?m\b|시{_AFTER})))"  # the "2" of "2-4 pm"
    r"|(?<![\d:])(?P<hour>[01]?\d|2[0-4])\s?(?:h|:(?=\d))\s?(?P<minute>[0-5]\d)?(?!\w)"
    r"|\b(?:(?<!y )a|vers|avant|apres|des) (?P<french>[01]?\d|2[0-4]) heures?\b(?: (?P<after>[0-5]\d)\b)?"
    r"|\b(?P<english>1[0-2]|[1-9])(?= ?o'clock)"
    rf"|(?<!\d)(?P<korean>[01]?\d|2[0-4])시(?:\s?(?P<minutes>[0-5]?\d)분|\s?(?P<thirty>반))?{_AFTER})"
)
_PARTS = {"morning": (5.0, 12.0), "noon": (12.0, 14.0), "afternoon": (12.0, 18.0), "evening": (17.0, 24.0)}
"""The hours that a part of the day lies between."""

LATE = {"afternoon", "evening"}
"""The parts of the day in which a clock's hours below twelve are those after noon."""


@dataclass(frozen=True)
class Moments:
    """What a text says of when: weekdays (0 is Monday), days of the month, days of the mission, hours (from, to)."""

    weekdays: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    ordinals: frozenset[int] = frozenset()
    hours: tuple[tuple[float, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weekdays or self.days or self.ordinals or self.hours)


def asked_moments(question: str) -> Moments:
    """Return what a question says of when; a part of the day stands for its hours."""
    folded = fold(question)
    said = moments_of(question)
    parts = {part: span for part, span in _PARTS.items() if _part_pattern(part).search(folded)}
    if parts.keys() & LATE and said.hours and said.hours[-1][1] < 12:  # "at three in the afternoon"
        later = tuple((start + 12, end + 12) if end < 12 else (start, end) for start, end in said.hours)
        said = replace(said, hours=later)
    if len(said.hours) == 2 and said.hours[0] < said.hours[1]:  # "between 11:30 and 1 pm"
        return replace(said, hours=((said.hours[0][0], said.hours[1][0]),))
    if said.hours:  # "2 pm" says it better than "afternoon"
        return said
    return replace(said, hours=tuple(parts.values()))


def moments_of(text: str) -> Moments:
    """Return what a text says of when; the hours as the spans or instants in the order they stand."""
    folded = fold(text)
    names = _weekdays("wide") | _weekdays("abbreviated")
    weekdays = frozenset(names[word] for word in _weekday_pattern().findall(folded))
    days = frozenset(int(next(filter(None, groups))) for groups in _day_pattern().findall(folded))
    instants = _instants(_day_pattern().sub(" ", folded) if days else folded)
    instants += [hour for hour, pattern in _spoken_hours() if pattern.search(folded)]
    ordinals = frozenset(number for number, pattern in _ordinals() if pattern.search(folded))
    return Moments(weekdays, days, ordinals, tuple((instant, instant) for instant in instants))


def without_moments(text: str) -> str:
    """Return `text`, folded, without the days, the hours and the parts of the day."""
    folded = _CLOCK.sub(" ", _day_pattern().sub(" ", fold(text)))
    folded = _weekday_pattern().sub(" ", folded)
    for _, pattern in (*_ordinals(), *_spoken_hours()):
        folded = pattern.sub(" ", folded)
    for part in _PARTS:
        folded = _part_pattern(part).sub(" ", folded)
    return folded


def agreement(asked: Moments, weekdays: Moments, hours: Moments) -> float:
    """Return how well a passage agrees with what was asked, from -1 (contradicts) to 1 (agrees in all).

    `weekdays` is what its surroundings say of the day, `hours` what it says itself of the hour. What it does not say
    counts nothing.
    """
    marks = []
    if asked.weekdays:
        marks.append(_mark(weekdays.weekdays, bool(asked.weekdays & weekdays.weekdays)))
    if asked.days:
        marks.append(_mark(weekdays.days, bool(asked.days & weekdays.days)))
    if asked.ordinals:
        marks.append(_mark(weekdays.ordinals, bool(asked.ordinals & weekdays.ordinals)))
    if asked.hours:
        spans = hours.hours
        start, end = (spans[0][0], spans[-1][1]) if spans else (0.0, 0.0)
        within = any(low <= start < high or (low == high and start <= low <= end) for low, high in asked.hours)
        marks.append(_mark(spans, within))
    return -1.0 if -1.0 in marks else sum(marks) / max(len(marks), 1)


def _mark(said: object, agrees: bool) -> float:
    if not said:
        return 0.0
    return 1.0 if agrees else -1.0


def _instants(folded: str) -> list[float]:
    """Return the hours that a text's clocks tell; in "2-4 pm" and "오후 2시~4시" both are after noon."""
    clocks = list(_CLOCK.finditer(folded))
    instants = list(map(_instant, clocks))
    for at, (one, other) in enumerate(pairwise(clocks)):
        if not re.fullmatch(_TO, folded[one.end() : other.start()]):
            continue
        first, last = _late(one), _late(other)
        if first is not None and last is None and instants[at + 1] < 13:
            end = instants[at + 1] % 12 + 12 * first
            instants[at + 1] = end + 12 * (end < instants[at])
        elif first is None and last is not None and instants[at] < 13:
            start = instants[at] % 12 + 12 * last
            instants[at] = start - 12 * (start > instants[at + 1])
    return instants


def _late(match: re.Match[str]) -> bool | None:
    """Return whether a clock's words say that it is after noon, or nothing where they don't say."""
    half = match["half"] or match["letter"]
    return half in {"오후", "p"} if half else None


def _instant(match: re.Match[str]) -> float:
    """Return the hour that a clock's words tell, between 0 and 25."""
    said = {name: value for name, value in match.groupdict().items() if value}
    hour = next(int(said[name]) for name in ("short", "hour", "french", "english", "korean") if name in said)
    past = next((int(said[name]) for name in ("past", "minute", "after", "minutes") if name in said), 0)
    late = _late(match)
    if late is not None and hour < 13:
        hour = hour % 12 + 12 * late
    return hour + (0.5 if "thirty" in said else past / 60)


@cache
def _part_pattern(part: str) -> re.Pattern[str]:
    return re.compile("|".join(words_of(language).parts[part].pattern for language in LANGUAGES))


@cache
def _ordinals() -> list[tuple[int, re.Pattern[str]]]:
    """Return what names the first day of a mission, the second, and so on."""
    found = []
    for number in range(1, 8):
        words = [words_of(language).days[number - 1].pattern for language in LANGUAGES]
        found.append((number, re.compile("|".join([rf"\b(?:jour|day) {number}\b", rf"(?<!\d){number}일 ?차", *words]))))
    return found


@cache
def _spoken_hours() -> list[tuple[float, re.Pattern[str]]]:
    """Return what says an hour in words."""
    return [
        (float(hour), re.compile("|".join(words_of(language).hours[hour - 1].pattern for language in LANGUAGES)))
        for hour in range(1, 13)
    ]


@cache
def _weekdays(width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    return {
        fold(str(name)).rstrip("."): day
        for language in LANGUAGES
        for day, name in get_day_names(width, locale=language).items()
    }


@cache
def _months() -> str:
    """Return what the names of the months look like, long and short."""
    names = [get_month_names(width, locale=language) for width in ("wide", "abbreviated") for language in ("fr", "en")]
    return "|".join(sorted({fold(str(name)).rstrip(".") for each in names for name in each.values()}))


def _latin(names: Iterable[str]) -> str:
    return "|".join(sorted(name for name in names if name.isascii()))


@cache
def _weekday_pattern() -> re.Pattern[str]:
    """Return what the weekdays look like: "Wednesday", "수요일", and before or after a date "Wed" and "(수)"."""
    wide = "|".join(rf"\b{word}" if word.isascii() else word for word in _weekdays("wide"))
    date = rf"[.,]{{0,2}} (?:\d{{1,2}}(?:er|st|nd|rd|th)?(?: of)? (?:{_months()})\b|(?:{_months()})\.? \d)"
    return re.compile(
        rf"{wide}|\b(?:{_latin(_weekdays('abbreviated'))})(?={date})"
        r"|(?:(?<=[\d.일]\()|(?<=[\d.일] \())[월화수목금토일](?=\))"
    )


@cache
def _day_pattern() -> re.Pattern[str]:
    month, weekday, short = _months(), _latin(_weekdays("wide")), _latin(_weekdays("abbreviated"))
    day, number, year = r"(0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
    alone = r"(?!\d|(?:(?:-| to )[\d:.]+)? ?(?:h|:\d|o'clock|[ap]\.?m\b|시))"  # no hour: "Friday 2-4 pm"
    ends = r"(?=\s*(?:[,.;:?!)]|$|(?:a|au|en|matin|midi|soir|at|in|from|to|morning|afternoon|evening)\b))"
    spelt = rf"{day}(?:er|st|nd|rd|th)?(?: of)? (?:{month})\b|(?:{month})\.? {day}{alone}"
    named = r"\s?\([월화수목금토일]\)"
    return re.compile(
        rf"(?<=\b{year}[-./])\s?{number}[-./]\s?{day}(?!\d)(?:\.?{named})?"
        rf"|(?<![\d./-]){day}[-./]{number}(?=[-./]{year}(?!\d))|~\s?{number}\.\s?{day}\.(?:{named})?"
        rf"|(?<![\d./-])(?:{number}[./]\s?)?{day}[.일]?{named}"
        rf"|(?:\b(?:{short})[.,]{{0,2}} )?\b(?:{spelt})"
        rf"|\b(?:{weekday}) {day}{alone}|(?<!\d){day}일(?! ?(?:[차간]|동안))"
        rf"|\b(?:le|du|au) {day}{ends}|\bthe {day}(?:st|nd|rd|th){ends}"
    )
