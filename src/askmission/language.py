"""The language of a question: French, English, Korean, another one, or too little to tell.

Hangul decides by itself, unless it only stands as a name or a quotation in a French or English sentence; the rest is
lingua's, which is the best of its peers on a few words, but for words that merely ask or join. Names are left out of
what it sees, since they belong to no language: "Copilot ?" tells nothing.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from askmission.lexical import is_stop_word
from askmission.text import HANGUL, fold, squeeze
from askmission.words import words_of

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
_OURS = ("fr", "en")
_HANGUL_WORD = re.compile(r"[가-힣]+")
_KOREAN_END = re.compile(r"(?:[요다까니죠줘]|세요|알려|설명|소개)[\s.!?…]*$")


def language_of(question: str, without_names: str | None = None) -> str | None:
    """Return `fr`, `en`, `ko`, `OTHER`, or None where the question does not tell.

    `without_names` is the question without the names that the caller knows.
    """
    letters = [char for char in question if _LETTER.match(char)]
    if not letters:
        return None
    if HANGUL.search(question) or _romanised(question):
        return _around(question) or "ko"
    if sum(ord(char) > _LATIN_ENDS for char in letters) > len(letters) / 2:
        return OTHER
    rest = question if without_names is None else without_names
    if len([word for word in rest.split() if _LETTER.search(word)]) > 1:
        common = _values(_common(), rest)
        best = max(common, key=lambda code: common[code])
        if best not in _OURS and common[best] >= FOREIGN:
            return OTHER
    counts = _stop_words(question)
    if min(counts.values()) == 0 and max(counts.values()) > 1:
        return max(counts, key=lambda code: counts[code])
    words = _everyday(rest)
    ours = _values(_ours(), words) if words else {"fr": 0.0}
    best = max(ours, key=lambda code: ours[code])
    return best if ours[best] >= SURE else _by_stop_words(question)


def _around(question: str) -> str | None:
    """Return the language of the sentence in which Hangul is but a name or is quoted: "Qui est 김민수 ?"."""
    korean = words_of("ko")
    if (
        re.search(r"[^\W\d_가-힣][가-힣]", question)
        or korean.questions.search(question)
        or _KOREAN_END.search(question)
    ):
        return None
    latin = squeeze(re.sub(r"[^\w']+", " ", fold(_HANGUL_WORD.sub(" ", question))))
    counts = _stop_words(latin)
    best = max(counts, key=lambda code: counts[code])
    asks = words_of(best).questions.match(latin)
    opens = latin and is_stop_word(latin.split()[0], best)
    return best if counts[best] and (asks or (opens and counts[best] > 1)) else None


def _romanised(question: str) -> bool:
    """Return whether a question is Korean in Latin letters."""
    pattern = words_of("ko").romanised
    found = pattern.findall(fold(question)) if pattern else []
    joins = [word for word in fold(question).split() if len(word) > 1 and any(is_stop_word(word, c) for c in _OURS)]
    return len(found) > 1 or (bool(found) and not joins)


def _stop_words(question: str) -> dict[str, int]:
    """Return how many of the question's words merely ask or join in French, in English."""
    words = [word.strip(".,;:!?") for word in fold(question).replace("'", " ").split()]
    return {code: sum(is_stop_word(word, code) for word in words) for code in _OURS}


def _by_stop_words(question: str) -> str | None:
    """Return the language that has more of the question's words among its stop words: "Why?", "et en 2023 ?"."""
    counts = _stop_words(question)
    return None if counts["fr"] == counts["en"] else max(counts, key=lambda code: counts[code])


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
