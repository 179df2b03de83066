"""Offices: whether a text names who holds what a question asks for, the name beside the office.

"Ana CORVIN, Mayor of Tallow" tells who is mayor of Tallow; "Ana CORVIN, Deputy Mayor of Tallow" and "the Mayor of
Tallow met Ana CORVIN" do not: between the name and the words of the question stands no other word.
"""

import re
from collections.abc import Iterable, Set

from askmission.lexical import is_stop_word, tokens
from askmission.names import NameFinder
from askmission.text import fold

_WORD = re.compile(r"\w+")
_APART = re.compile(r"[|;:.?!\n]")
_CAPITALS = r"[^\W\d_a-zà-ÿ가-힣]"
_FAMILY = rf"\b{_CAPITALS}{{2,}}(?:[ '’-]{_CAPITALS}{{2,}})*\b"
_GIVEN = rf"\b(?!(?:M[rs]|Mrs|Mmes?|Mlles?|[DP]r)\b){_CAPITALS}[\w'’-]*[a-zà-ÿ]\b"
_FULL = re.compile(rf"(?:{_GIVEN}[ -]){{1,3}}{_FAMILY}|{_FAMILY},? {_CAPITALS}[a-zà-ÿ]+-\w+")
"""A full name as reports write them: "Ana CORVIN", "MIN, Da-som"; a comma alone may as well end the name."""


def names_holder(text: str, language: str, wanted: Set[str], finder: NameFinder) -> bool:
    """Return whether a person's name stands directly before or after words that have all `wanted` terms and no other.

    Words that say nothing, articles and the like, do not count.
    """
    if not wanted or not wanted <= set(tokens(text, language)):  # most texts; names take their time
        return False
    people = list(_people(text, finder))
    words = [
        (found.start(), found.end(), frozenset(tokens(found.group(), language)))
        for found in _WORD.finditer(text)
        if not is_stop_word(fold(found.group()), language)
    ]
    names = [any(start <= first < stop for start, stop in people) for first, _, _ in words]
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and not names[end] and words[end][2] <= wanted:
            end += 1
        if wanted <= frozenset[str]().union(*(terms for _, _, terms in words[at:end])):
            before = at and names[at - 1] and not _APART.search(text[words[at - 1][1] : words[at][0]])
            after = end < len(words) and names[end] and not _APART.search(text[words[end - 1][1] : words[end][0]])
            if before or after:
                return True
        at = max(end, at + 1)
    return False


def _people(text: str, finder: NameFinder) -> Iterable[tuple[int, int]]:
    """Yield where the names of people stand, those that are listed and those that show themselves."""
    yield from ((found.start, found.end) for found in finder.find(text) if finder.names[found.number].kind == "person")
    yield from (found.span() for found in _FULL.finditer(text))
