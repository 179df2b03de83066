"""Text as the whole program sees it: normalised once, folded for comparison, cut into sentences.

Not for the tokens of the lexical index (`lexical`) nor for the structure of a report (`reading`).
"""

import re
import unicodedata

import sentencex

LANGUAGES = ("fr", "en", "ko")
"""The languages that questions are answered in, as ISO 639-1 codes."""

HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")

_SPACE = re.compile(r"\s+")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TITLE_OR_INITIAL = re.compile(
    r"(?:^|[\s(])(?:\w|\d{1,3}|Mme?|MM|Mr|Mrs|Ms|Dr|Prof|Pr|Mgr|St|[Cc]f|p|pp|vol|no|art|Rép"
    r"|[Aa]pprox|[Ii]ncl|[Ee]xcl)\.\s*$"
)
_GOES_ON = re.compile(
    r"(?<=\d{4}\.)\s*\d{1,2}[.월]"  # a Korean date: "2024. 9. 25."
    r"|(?<=\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|[Ll]un|[Mm]ar|[Mm]er|[Jj]eu|[Vv]en|[Ss]am|[Dd]im|oct|nov|déc)\.)\s*\d"
    r"|(?<=\b(?:janv|févr|juil|sept)\.)\s*\d"
    r"|(?<=[”’\"'」』])(?:[가-힣]|\s(?:라고|라며|라는|하고|하며|하는)(?![가-힣]))"  # what says who said it: “…”라고
)


def clean(text: str) -> str:
    """Return `text` in NFC, line ends as `\\n`, without invisible and bidirectional control characters.

    Vertical tabs and form feeds, which come with what is copied from slides and pages, end lines too. The zero-width
    joiners go: none of the three languages needs them, and they hide text from search.
    """
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def squeeze(text: str) -> str:
    """Return `text` with every run of white space made one space, and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Return `text` for comparison: compatible forms made one, lower case, no accents on Latin letters.

    Hangul is kept composed, since its decomposition would take a syllable apart.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not ("\u0300" <= c <= "\u036f"))
    return unicodedata.normalize("NFC", bare).replace("’", "'").replace("œ", "oe").replace("æ", "ae")


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end) offsets without the white space around them.

    A full stop after a title, an abbreviation or a single letter ("M. Dupont", "p. 4") ends no sentence, nor does one
    within a Korean date or before the particle that follows what was said.
    """
    spans: list[tuple[int, int]] = []
    open_at: int | None = None
    for boundary in sentencex.get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        if open_at is not None:
            start = open_at
        last = start + len(text[start:end].rstrip())
        open_at = start if _TITLE_OR_INITIAL.search(text[start:end]) or _GOES_ON.match(text, last) else None
        if open_at is None:
            spans.append((start, end))
    if open_at is not None:
        spans.append((open_at, len(text)))
    trimmed = []
    for start, end in spans:
        inner = text[start:end]
        if inner.strip():
            left = start + len(inner) - len(inner.lstrip())
            trimmed.append((left, left + len(inner.strip())))
    return trimmed
