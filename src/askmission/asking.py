"""What a question asks for (a time, an amount, a person, a list …), and whether a text has such a thing."""

import re
from enum import StrEnum
from functools import cache

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
    HOUR = "hour"
    MONEY = "money"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    REASON = "reason"
    OTHER = "other"


AMOUNTS = {Kind.MONEY, Kind.HOUR, Kind.NUMBER}
"""What a text must show to answer: what a thing costs is not answered by words without money."""

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2} ?(?:h|:|시)\d{0,2}\b|\d{1,2}시|\b\d{1,2} ?(?:am|pm)\b")
_CAPITALS = r"[^\W\d_a-zà-ÿ가-힣]"
_PERSON = re.compile(
    rf"\b(?:M\.|Mme|Mr\.?|Mrs\.?|Ms\.?|Dr\.?) (?={_CAPITALS})"
    rf"|\b{_CAPITALS}[\w'-]+ {_CAPITALS}{{2,}}\b|\b{_CAPITALS}{{3,}}, {_CAPITALS}"
    r"|[가-힣]{2,4} ?(?:부|제\d)?(?:시장|구청장|도지사|대사|사무총장|국장|과장|팀장|대표|의원|군수|위원장|교수|씨|님)"
)
_CAUSE = re.compile(
    r"\b(?:car|parce|afin|pour|raison|grace|because|since|so that|in order|to|due|as)\b"
    r"|때문|위해|위하여|이유|으므로|므로|고자"
)


def kind_of(question: str, language: str) -> Kind:
    """Return the kind of answer that `question`, in `language`, asks for."""
    folded = fold(question)
    for kind, pattern in words_of(language).asks:
        if pattern.search(folded):
            return Kind(kind)
    return Kind.OTHER


def has_kind(text: str, kind: Kind) -> bool:
    """Return whether `text` holds something of the kind; True for kinds that show no mark of their own."""
    folded = fold(text)
    found = {
        Kind.TIME: lambda: _YEAR.search(folded) or _CLOCK.search(folded) or _calendar().search(folded),
        Kind.HOUR: lambda: _CLOCK.search(folded) or _said("clock").search(folded),
        Kind.NUMBER: lambda: _DIGIT.search(_YEAR.sub(" ", without_moments(folded))) or _said("numbers").search(folded),
        Kind.MONEY: lambda: _codes().search(text) or _money().search(folded) or _said("money").search(folded),
        Kind.PERSON: lambda: _PERSON.search(text),
        Kind.REASON: lambda: _CAUSE.search(folded),
    }
    return kind not in found or bool(found[kind]())


@cache
def _said(name: str) -> re.Pattern[str]:
    """Return what a kind of words looks like in any of the three languages."""
    return re.compile("|".join(getattr(words_of(language), name).pattern for language in LANGUAGES))


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
    amount = rf"(?:\d|{_said('numbers').pattern})[^;!?]{{0,25}}?\b(?:{'|'.join(latin)})\b"
    return re.compile(rf"{amount}|[\d만억천조백십] ?(?:{'|'.join(hangul)})")


@cache
def _calendar() -> re.Pattern[str]:
    """Return what names of days and months look like in the three languages."""
    words = set[str]()
    for language in LANGUAGES:
        for names in (get_day_names("wide", locale=language), get_month_names("wide", locale=language)):
            words.update(fold(str(name)) for name in names.values())
    latin = sorted(word for word in words if word.isascii())
    return re.compile(rf"\b(?:{'|'.join(latin)})\b|[월화수목금토일]요일|\d{{1,2}}월|\d{{1,2}}일")
