"""Names: the people, places, bodies and programmes of `corpus/names.toml`, found in any of their spellings.

A question that says "München" or "뮌헨" is about the same town as a report that says "Munich".
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from askmission.errors import CorpusError
from askmission.lexical import is_stop_word
from askmission.missions import read_text
from askmission.text import fold

FILE = "names.toml"

_WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+")
_SHORTEST = 2
"""Spellings are told apart by this many letters first."""

_GAP = 3
"""What stands between two words of a name is no longer than this, in characters."""

_Form = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Name(BaseModel):
    """One thing that has a name. The first form of a language is the one to show; all of them find it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["person", "place", "body", "company", "site", "event", "programme", "acronym"]
    fr: tuple[_Form, ...] = Field(min_length=1)
    en: tuple[_Form, ...] = Field(min_length=1)
    ko: tuple[_Form, ...] = Field(min_length=1)
    aliases: tuple[_Form, ...] = ()

    def forms(self, language: str) -> tuple[str, ...]:
        """Return the forms of the name in `language`, the usual one first."""
        return tuple(getattr(self, language))

    @property
    def spellings(self) -> frozenset[str]:
        """Every spelling that finds the name."""
        return frozenset((*self.fr, *self.en, *self.ko, *self.aliases))


class Found(BaseModel):
    """A name found in a text: its number in the list, and where it stands."""

    model_config = ConfigDict(frozen=True)

    number: int
    start: int
    end: int


NAMES: TypeAdapter[tuple[Name, ...]] = TypeAdapter(tuple[Name, ...])


def open_names(corpus: Path) -> tuple[Name, ...]:
    """Return the names of a corpus, none if it has no list. Raises `CorpusError` if the list is broken."""
    path = corpus / FILE
    if not path.exists():
        return ()
    try:
        raw = tomllib.loads(read_text(path))
        if set(raw) - {"names"}:
            raise CorpusError(f"{path}: unknown table '{min(set(raw) - {'names'})}'. Only [[names]] is known.")
        return NAMES.validate_python(raw.get("names", ()))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{path}: names.{where}: {first['msg']}.") from error


class NameFinder:
    """Finds names in texts, the longest spelling first.

    A spelling must begin and end with a word; in Hangul only begin, since particles follow it. Case, accents and the
    marks between words do not count, unless the spelling without them is an everyday word ("US", the word "us").
    """

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = tuple(names)

    def find(self, text: str) -> list[Found]:
        """Return the names in `text`, in order, none overlapping another."""
        folded, places = _folded(text)
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
        found: list[Found] = []
        at = 0
        while at < len(words):
            key, end = self._longest(words, at, folded)
            if key:
                start, stop = places[words[at][1]], places[end - 1] + 1
                if key not in self._exact or text[start:stop] in self._exact[key]:
                    found.append(Found(number=self._keys[key], start=start, end=stop))
                    at += len(key) - 1
            at += 1
        return found

    def _longest(self, words: Sequence[tuple[str, int, int]], at: int, folded: str) -> tuple[tuple[str, ...], int]:
        """Return the key of the longest name at a word, of no words if there is none, and where it ends."""
        best: tuple[tuple[str, ...], int] = ((), 0)
        for key in self._starting.get(words[at][0][:_SHORTEST], ()):
            last = at + len(key) - 1
            if last >= len(words):
                continue
            spoken = [word for word, _, _ in words[at : last + 1]]
            ends_open = _hangul(key[-1]) and len(key[-1]) > 1 and spoken[-1].startswith(key[-1])
            if spoken[:-1] != list(key[:-1]) or (spoken[-1] != key[-1] and not ends_open):
                continue
            if any(
                words[n + 1][1] - words[n][2] > _GAP or "\n" in folded[words[n][2] : words[n + 1][1]]
                for n in range(at, last)
            ):
                continue
            end = words[last][1] + len(key[-1])
            if end > best[1]:
                best = (key, end)
        return best

    def numbers(self, texts: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of the names found in any of `texts`, in order, each once."""
        return tuple(sorted({found.number for text in texts for found in self.find(text)}))

    def numbers_within(self, texts: Iterable[str]) -> tuple[int, ...]:
        """Return the same with the names inside of names: who speaks of a town's council speaks of the town."""
        found = self.numbers(texts)
        return tuple(sorted({*found, *(inner for number in found for inner in self._inner[number])}))

    @cached_property
    def _inner(self) -> list[set[int]]:
        """For each name, the numbers of those that stand inside of its own forms."""
        inner = []
        for number, name in enumerate(self.names):
            found = set[int]()
            for form in (*name.fr, *name.en, *name.ko):
                key = _key(form)
                parts = {key[at:to] for at in range(len(key)) for to in range(at + 1, len(key) + 1)}
                parts |= {(word[:end],) for word in key if _hangul(word) for end in range(2, len(word))}
                found |= {self._keys[part] for part in parts if part in self._keys}
            inner.append(found - {number})
        return inner

    def usual(self, text: str, language: str) -> str:
        """Return `text` with each name in its usual form of `language`, unless it has one of that language's forms."""
        parts, at = [], 0
        for found in self.find(text):
            name, spelled = self.names[found.number], text[found.start : found.end]
            known = {_key(form) for form in name.forms(language)}
            parts += [text[at : found.start], spelled if _key(spelled) in known else name.forms(language)[0]]
            at = found.end
        return "".join([*parts, text[at:]])

    def without(self, text: str, which: Callable[[Name], bool] = lambda _: True) -> str:
        """Return `text` without the names in it, or those for which `which` holds."""
        for found in reversed(self.find(text)):
            if which(self.names[found.number]):
                text = text[: found.start] + " " + text[found.end :]
        return text

    @cached_property
    def _keys(self) -> dict[tuple[str, ...], int]:
        keys: dict[tuple[str, ...], int] = {}
        for number, name in enumerate(self.names):
            for spelling in sorted(name.spellings):
                keys.setdefault(_key(spelling), number)
        keys.pop((), None)
        return keys

    @cached_property
    def _starting(self) -> dict[str, list[tuple[str, ...]]]:
        """The keys by the first letters of their first word."""
        starting: dict[str, list[tuple[str, ...]]] = {}
        for key in self._keys:
            starting.setdefault(key[0][:_SHORTEST], []).append(key)
        return starting

    @cached_property
    def _exact(self) -> dict[tuple[str, ...], frozenset[str]]:
        """The spellings that without case and accents are everyday words, by key."""
        return {
            key: frozenset(spelling for spelling in self.names[number].spellings if _key(spelling) == key)
            for key, number in self._keys.items()
            if len(key) == 1 and any(is_stop_word(key[0], language) for language in ("fr", "en"))
        }


def _key(spelling: str) -> tuple[str, ...]:
    """Return the words of a spelling, folded: what spellings that differ in marks and spaces only have in common."""
    return tuple(_WORD.findall(fold(spelling)))


def _hangul(word: str) -> bool:
    return "가" <= word[0] <= "힣"


def _folded(text: str) -> tuple[str, list[int]]:
    """Return `text` folded, and for each character of it the place it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = fold(char)
        out.append(folded)
        places.extend([place] * len(folded))
    return "".join(out), places
