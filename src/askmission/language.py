"""The language of a question: French, English, Korean, another one, or too little to tell.

Hangul decides by itself; the rest is lingua's, which is the best of its peers on a few words. Names are left out of
what it sees, since they belong to no language: "Copilot ?" tells nothing.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from askmission.lexical import is_stop_word
from askmission.text import HANGUL, fold

if TYPE_CHECKING:
    from lingua import LanguageDetector

OTHER = "other"
"""Stands for every language that questions are not answered in."""

SURE = 0.62
"""French or English must be this likely against the other; below, the page's language decides. Chosen by hand on some
seventy short questions about nothing in particular, not on the golden ones."""

FOREIGN = 0.7
"""Another language must be this likely among the nine common ones before a question counts as foreign."""

_LETTER = re.compile(r"[^\W\d_]")
_LATIN_ENDS = 0x24F


def language_of(question: str, without_names: str | None = None) -> str | None:
    """Return `fr`, `en`, `ko`, `OTHER`, or None where the question does not tell.

    `without_names` is the question without the names that the caller knows.
    """
    letters = [char for char in question if _LETTER.match(char)]
    if not letters:
        return None
    if HANGUL.search(question):
        return "ko"
    if sum(ord(char) > _LATIN_ENDS for char in letters) > len(letters) / 2:
        return OTHER
    common = _values(_common(), question)
    best = max(common, key=lambda code: common[code])
    if best not in {"fr", "en"} and common[best] >= FOREIGN and len(question.split()) > 1:
        return OTHER
    words = _everyday(question if without_names is None else without_names)
    ours = _values(_ours(), words) if words else {"fr": 0.0}
    best = max(ours, key=lambda code: ours[code])
    return best if ours[best] >= SURE else _by_stop_words(question)


def _by_stop_words(question: str) -> str | None:
    """Return the language that has more of the question's words among its stop words: "Why?", "et en 2023 ?"."""
    words = fold(question).replace("'", " ").split()
    french, english = (sum(is_stop_word(word.strip(".,;:!?"), language) for word in words) for language in ("fr", "en"))
    if french == english:
        return None
    return "fr" if french > english else "en"


def _everyday(question: str) -> str:
    """Return the words that may be of a language: no numbers, no acronyms, no capitals but the first of several."""
    every = [word for word in question.split() if any(map(str.isalpha, word))]
    words = []
    for place, word in enumerate(every):
        bare = re.sub(r"\W", "", word)
        if any(char.isdigit() for char in bare) or any(char.isupper() for char in bare[1:]):
            continue
        if bare[0].isupper() and (place or len(every) == 1):
            continue
        words.append(word)
    return " ".join(words)


def _values(detector: "LanguageDetector", text: str) -> dict[str, float]:
    return {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in detector.compute_language_confidence_values(text)
    }


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
