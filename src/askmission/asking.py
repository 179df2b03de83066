"""What a question asks for (a time, an amount, a person, a list …), and whether a text has such a thing."""

import re
from enum import StrEnum
from functools import cache

from babel.dates import get_day_names, get_month_names

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


_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2} ?(?:h|:|시)\d{0,2}\b|\d{1,2}시|\b\d{1,2} ?(?:am|pm)\b")
_MONEY = re.compile(r"[€$£₩]|\b(?:euros?|dollars?|wons?|usd|eur|krw)\b|유로|달러|\d원|억 ?원|만 ?원")
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
        Kind.HOUR: lambda: _CLOCK.search(folded),
        Kind.NUMBER: lambda: _DIGIT.search(_YEAR.sub(" ", without_moments(folded))) or _counted().search(folded),
        Kind.MONEY: lambda: _MONEY.search(folded),
        Kind.PERSON: lambda: _PERSON.search(text),
        Kind.REASON: lambda: _CAUSE.search(folded),
    }
    return kind not in found or bool(found[kind]())


@cache
def _counted() -> re.Pattern[str]:
    """Return what numbers in words look like in the three languages."""
    return re.compile("|".join(words_of(language).numbers.pattern for language in LANGUAGES))


@cache
def _calendar() -> re.Pattern[str]:
    """Return what names of days and months look like in the three languages."""
    words = set[str]()
    for language in LANGUAGES:
        for names in (get_day_names("wide", locale=language), get_month_names("wide", locale=language)):
            words.update(fold(str(name)) for name in names.values())
    latin = sorted(word for word in words if word.isascii())
    return re.compile(rf"\b(?:{'|'.join(latin)})\b|[월화수목금토일]요일|\d{{1,2}}월|\d{{1,2}}일")
