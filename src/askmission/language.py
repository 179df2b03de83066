"""The language of a question: French, English, Korean, another one, or too little to tell.

Hangul decides by itself; the rest is lingua's, which is the best of its peers on a few words. Names are left out of
what it sees, since they belong to no language: "IssyGPT ?" tells nothing.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from askmission.text import HANGUL

if TYPE_CHECKING:
    from lingua import LanguageDetector

OTHER = "other"
"""Stands for every language that questions are not answered in."""

SURE = 0.62
"""French or English must be this likely against the other; below, the page's language decides. Chosen by hand on some
seventy short questions about nothing in particular, not on the golden ones."""

FOREIGN = 0.7
"""Another language must be this likely among the nine common ones before a question counts as foreign."""

_LATIN = re.compile(r"[^\W\d_]", re.UNICODE)


def language_of(question: str) -> str | None:
    """Return `fr`, `en`, `ko`, `OTHER`, or None where the question does not tell."""
    hangul = len(HANGUL.findall(question))
    letters = [char for char in question if _LATIN.match(char)]
    if not letters:
        return None
    if hangul:
        return "ko"
    if sum(not char.isascii() and ord(char) > 0x24F for char in letters) > len(letters) / 2:
        return OTHER
    words = _without_names(question)
    if not words:
        return None
    common = {_code(value.language): value.value for value in _common().compute_language_confidence_values(words)}
    best = max(common, key=lambda code: common[code])
    if best not in {"fr", "en"} and common[best] >= FOREIGN:
        return OTHER
    ours = {_code(value.language): value.value for value in _ours().compute_language_confidence_values(words)}
    best = max(ours, key=lambda code: ours[code])
    return best if ours[best] >= SURE else None


def _without_names(question: str) -> str:
    """Return the words that may be of a language: no numbers, no acronyms, no capitals but the first word's."""
    words = []
    for place, word in enumerate(question.split()):
        bare = re.sub(r"\W", "", word)
        if not bare or any(char.isdigit() for char in bare):
            continue
        if any(char.isupper() for char in bare[1:]) or (place and bare[0].isupper()):
            continue
        words.append(word)
    return " ".join(words)


def _code(language: object) -> str:
    return str(language.iso_code_639_1.name).lower()  # type: ignore[attr-defined]  # lingua's stubs lack it


@cache
def _ours() -> "LanguageDetector":
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.FRENCH, Language.ENGLISH).build()


@cache
def _common() -> "LanguageDetector":
    from lingua import Language as L
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(
        L.FRENCH, L.ENGLISH, L.GERMAN, L.SPANISH, L.ITALIAN, L.PORTUGUESE, L.DUTCH, L.POLISH, L.VIETNAMESE
    ).build()
