"""Quantities: the numbers of a text as values, however a language writes them: 4,3 M, 4.3 million and 430만 are one.

And which of them a translation lacks, where it says one in a word (Sept., five) or as an hour of the other clock.
"""

import re
from functools import cache

from babel.dates import get_month_names

from askmission.moments import asked_moments, moments_of, without_moments
from askmission.text import fold

_UNITS = {
    "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "milliard": 1e9, "md": 1e9, "trillion": 1e12,
    "thousand": 1e3, "mille": 1e3,
}  # fmt: skip
_FRENCH = {"billion": 1e12, "trillion": 1e18}
"""Plural after digits, or before "de", the word is French, whose steps are a million each."""
_SMALL = {"십": 1e1, "백": 1e2, "천": 1e3}
_LARGE = {"만": 1e4, "억": 1e8, "조": 1e12}

_S = "[ \u00a0\u202f]"
_WORDS = "|".join(sorted(_UNITS.keys() - {"m", "mn"}, key=len, reverse=True))
_MONEY = r"(?:[€$£¥₩]|유로|달러|원|\b(?:euros?|eur|dollars?|usd|pounds?|gbp|yens?|wons?|krw)(?![a-z]))"
_QUANTITY = re.compile(
    rf"(?P<money>{_MONEY}{_S}?)?(?P<digits>\d{{1,3}}(?:{_S}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    rf"(?:\+?{_S}?(?:(?=[십백천만억조])(?P<small>[십백천]?)(?P<large>[만억조]?)"
    rf"|(?P<word>{_WORDS}|(?-i:M)|(?(money)mn?|mn?(?={_S}?(?:de |d['’])?{_MONEY})))"
    rf"(?P<french>s|(?={_S}d(?:e\b|['’])))?(?![^\W가-힣])))?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(\d{1,3}([.,])\d{3}(?:\2\d{3})*)(?:[.,](\d+))?")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])")

_SAID = {
    "fr": "premiere? deux(?:ieme)?|seconde? trois(?:ieme)? quatr(?:e|ieme) cinq(?:uieme)? six(?:ieme)? sept(?:ieme)? "
    "huit(?:ieme)? neu(?:f|vieme) dix(?:ieme)? onz(?:e|ieme) douz(?:e|ieme)",
    "en": "one|first two|second three|third four(?:th)? five|fifth six(?:th)? seven(?:th)? eighth? nine|ninth "
    "ten(?:th)? eleven(?:th)? twelve|twelfth",
    "ko": "한|첫|하나 두|둘 세|석|셋 네|넉|넷 다섯 여섯 일곱 여덟 아홉 열 열한 열두",
}
"""The words for one to twelve. French "un" is not among them: as an article, it would stand in for any lost 1."""
_BEFORE, _AFTER = r"(?<![\w-])", r"(?!\w|-(?:sept|huit|neuf)\b)"
_COUNTED = r"(?=\W|$|[명개곳번배째달살]|가지|차례)"


def lacking(source: str, target: str, language: str) -> set[float]:
    """Return the numbers of a text that its translation into `language` lacks."""
    numbers = quantities(source) - quantities(target)
    return numbers and numbers - _said(target, language) - _clock(source, target)


def quantities(text: str) -> set[float]:
    """Return the values of the numbers in `text`, without zeros: the minutes of a full hour say nothing."""
    values: list[float] = []
    closed = opened = limit = 0.0  # of a Korean number: what lies above 만, what waits for it, what may still follow
    end = 0
    for match in _QUANTITY.finditer(text):
        *others, value = _plain(match["digits"])
        value *= _SMALL.get(match["small"] or "", 1.0)
        large = _LARGE.get(match["large"] or "", 1.0)
        if match["word"]:
            word = match["word"].lower()
            value *= (match["french"] is not None and _FRENCH.get(word)) or _UNITS[word]
        alone = bool(others or text[end : match.start()].strip())
        if alone or value * (1.0 if opened else large) >= limit:  # 51만 1,000 and 3천5백만 are one number
            values += [*others, 0.0]
            closed = opened = 0.0
        opened += value
        if match["large"]:
            closed, opened = closed + opened * large, 0.0
        values[-1] = closed + opened
        limit, end = large if match["large"] else _SMALL.get(match["small"] or "", 0.0), match.end()
    return {round(value, 6) for value in values if value}


def _plain(digits: str) -> list[float]:
    """Return a run of digits as a value, or as several if it is a date or a list.

    A mark before exactly three digits parts thousands, another or the only one decimals.
    """
    digits = re.sub(_S, "", digits)
    if found := _THOUSANDS.fullmatch(digits):
        return [float(f"{found[1].replace(found[2], '')}.{found[3] or 0}")]
    parts = re.split("[.,]", digits)
    if len(parts) > 2 or _YEAR_AND_MONTH.fullmatch(digits):
        return [float(part) for part in parts]
    return [float(".".join(parts))]


def _said(text: str, language: str) -> set[float]:
    """Return the numbers that a text says in words: one to twelve, and the months by their names."""
    folded = fold(text)
    return {float(number) for number, pattern in _sayings(language) if pattern.search(folded)}


@cache
def _sayings(language: str) -> list[tuple[int, re.Pattern[str]]]:
    after = _COUNTED if language == "ko" else _AFTER
    sayings = [(n, f"{_BEFORE}(?:{word}){after}") for n, word in enumerate(_SAID[language].split(), 1)]
    for locale in {"fr": ["fr"], "en": ["en", "en_GB"]}.get(language, []):
        for month, name in get_month_names("wide", locale=locale).items():
            sayings.append((month, rf"\b{re.escape(fold(str(name)))}\b"))
        for month, name in get_month_names("abbreviated", locale=locale).items():
            short = re.escape(fold(str(name)).rstrip("."))
            sayings.append((month, rf"\b{short}\.|\b{short} \d|\d {short}\b"))  # "sept" alone is seven
    return [(number, re.compile(pattern)) for number, pattern in sayings]


def _clock(source: str, target: str) -> set[float]:
    """Return the numbers of `source` that only its hours hold, if `target` tells the same hours."""
    said = moments_of(source)
    if not said.hours or all(read(source).hours != read(target).hours for read in (moments_of, asked_moments)):
        return set()
    return quantities(fold(source)) - quantities(without_moments(source)) - said.days - said.ordinals
