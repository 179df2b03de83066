"""What a question asks for (a time, an amount, a person, a list …), and whether a text has such a thing."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names, get_month_names
from babel.numbers import get_currency_name, get_territory_currencies

from askmission.moments import without_moments
from askmission.text import LANGUAGES, fold
from askmission.words import words_of


class Kind(StrEnum):
    """The kind of answer a question asks for."""

    TIME = "time"
    YEAR = "year"
    HOUR = "hour"
    LENGTH = "length"
    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    REASON = "reason"
    OTHER = "other"


AMOUNTS = {Kind.YEAR, Kind.HOUR, Kind.LENGTH, Kind.MONEY, Kind.SHARE, Kind.COUNT, Kind.NUMBER}
"""What a passage must show to answer: what a thing costs is not answered by words without money."""

DATES = {Kind.TIME, Kind.YEAR}
"""What the headings above a passage may show for it."""

SHOWN = AMOUNTS | DATES
"""What shows in a text that has it; of the other kinds, nothing certain does."""

UNMARKED = {Kind.PLACE, Kind.LIST, Kind.OTHER}
"""What has no mark of its own."""

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?!\d|[.,]\d)")
_SHARE = re.compile(r"\d[\d.,  ]*(?:%|per ?cent|pour ?cent|퍼센트)")
_ORDINAL = re.compile(
    r"(?:#|n°|\bno\.?) ?\d+|\b\d+ ?(?:ere?|er|re|e|eme|nde?|st|nd|rd|th)\b"
    r"|제 ?\d+|\d{1,2}월|\d+ ?(?:번째|위|차|호|단계|조|항|층|번지)(?![가-힣]{2})"
)
_CLOCK = re.compile(r"\b\d{1,2} ?(?:h|:|시)\d{0,2}\b|\d{1,2}시|\b\d{1,2} ?(?:am|pm)\b")
_FROM_TO = re.compile(r"\d[^.;!?\d]{0,14}(?:[-–~]|\bau?\b|\bto\b|\buntil\b|부터)[^.;!?\d]{0,14}\d")
_CAPITALS = r"[^\W\d_a-zà-ÿ가-힣]"
_PERSON = re.compile(
    rf"\b(?:M\.|Mme|Mr\.?|Mrs\.?|Ms\.?|Dr\.?) (?={_CAPITALS})"
    rf"|\b{_CAPITALS}[\w'-]+ {_CAPITALS}{{2,}}\b|\b{_CAPITALS}{{3,}}, {_CAPITALS}"
    r"|[가-힣]{2,4} ?(?:부|제\d)?(?:시장|구청장|도지사|대사|사무총장|국장|과장|팀장|대표|의원|군수|위원장|교수|씨|님)"
)


def kind_of(question: str, language: str) -> Kind:
    """Return the kind of answer that `question`, in `language`, asks for."""
    folded = fold(question)
    for kind, pattern in words_of(language).asks:
        if pattern.search(folded):
            return Kind(kind)
    return Kind.OTHER


@lru_cache(maxsize=10_000)
def has_kind(text: str, kind: Kind) -> bool:
    """Return whether `text` holds something of the kind; True for kinds that show no mark of their own.

    The same few passages are looked at again and again.
    """
    if kind in UNMARKED:
        return True
    folded = fold(text)
    found: dict[Kind, Callable[[], object]] = {
        Kind.TIME: lambda: any(
            each.search(folded) for each in (_YEAR, _CLOCK, _calendar(), _said("times"), _lasting())
        ),
        Kind.YEAR: lambda: _YEAR.search(folded),
        Kind.LENGTH: lambda: _lasting().search(folded) or _FROM_TO.search(folded),
        Kind.SHARE: lambda: _said("shares").search(folded),
        Kind.HOUR: lambda: _CLOCK.search(folded) or _said("clock").search(folded),
        Kind.COUNT: lambda: _number(_money().sub(" ", _lasting().sub(" ", _SHARE.sub(" ", _plain(folded))))),
        Kind.NUMBER: lambda: _number(_plain(folded)),
        Kind.MONEY: lambda: _codes().search(text) or _money().search(folded) or _said("money").search(folded),
        Kind.PERSON: lambda: _PERSON.search(text),
        Kind.REASON: lambda: _said("causes").search(folded),
    }
    return bool(found[kind]())


def _plain(folded: str) -> str:
    """Return a text without the numbers that name a day, an hour, a year or a rank."""
    if not _number(folded):  # most have none, and moments take their time
        return ""
    return _ORDINAL.sub(" ", _YEAR.sub(" ", without_moments(folded)))


def _number(folded: str) -> bool:
    return bool(_DIGIT.search(folded) or _said("numbers").search(folded))


@cache
def _said(name: str) -> re.Pattern[str]:
    """Return what a kind of words looks like in any of the three languages."""
    return re.compile("|".join(getattr(words_of(language), name).pattern for language in LANGUAGES))


@cache
def _lasting() -> re.Pattern[str]:
    """Return what a length of time looks like: a number, a word at most, and what it is measured in."""
    number = rf"(?:\d|\b(?:an?|une?|half)\b|{_said('numbers').pattern})"
    word = r"(?:(?!an?\b|par?\b|per\b|each|every|chaque)[^\W\d]+\W{1,2})?"  # no "four a week"
    return re.compile(rf"{number}\W{{0,2}}{word}(?:{_said('lasting').pattern})")


@cache
def _currencies() -> frozenset[str]:
    """Return the codes of the currencies that some country uses today."""
    return frozenset(c for territory in get_global("territory_currencies") for c in get_territory_currencies(territory))


@cache
def _codes() -> re.Pattern[str]:
    """Return what their codes and signs look like."""
    return re.compile(rf"\b(?:{'|'.join(sorted(_currencies()))})\b|[$£¥\u20a0-\u20cf]")


@cache
def _money() -> re.Pattern[str]:
    """Return what an amount in one of them looks like, folded: a number, and soon the currency.

    Of a currency's name ("Norwegian kroner", "couronne norvégienne", "노르웨이 크로네") the noun tells.
    """
    nouns = set[str]()
    for language in LANGUAGES:
        locale = Locale(language)
        for code in _currencies():
            for count in (None, 2):
                name = fold(get_currency_name(code, count, locale=locale)).split(" (")[0].split()
                nouns.add(name[0] if language == "fr" else name[-1])
    latin, hangul = (sorted(word for word in nouns if word.isascii() is ascii) for ascii in (True, False))
    amount = rf"(?:\d|\b(?:one|une?)\b|{_said('numbers').pattern})[^;!?]{{0,25}}?\b(?:{'|'.join(latin)})s?\b"
    return re.compile(rf"{amount}|[\d만억천조백십] ?[가-힣]{{0,5}}?(?:{'|'.join(hangul)})")


@cache
def _calendar() -> re.Pattern[str]:
    """Return what names of days and months look like in the three languages."""
    words = set[str]()
    for language in LANGUAGES:
        for names in (get_day_names("wide", locale=language), get_month_names("wide", locale=language)):
            words.update(fold(str(name)) for name in names.values())
    latin = sorted(word for word in words if word.isascii())
    return re.compile(rf"\b(?:{'|'.join(latin)})s?\b|[월화수목금토일]요일|\d{{1,2}}월|\d{{1,2}}일")
