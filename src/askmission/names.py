"""Names: the people, places, bodies and programmes of `corpus/names.toml`, found in any of their spellings.

A question that says "München" or "뮌헨" is about the same town as a report that says "Munich".
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from askmission.errors import CorpusError
from askmission.lexical import is_stop_word
from askmission.missions import read_text
from askmission.text import fold

FILE = "names.toml"

_Form = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Name(BaseModel):
    """One thing that has a name. The first form of a language is the one to show; all of them find it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
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

    A spelling must begin and end with a word; in Hangul only begin, since particles follow it. Case and accents do not
    count, unless the spelling without them is an everyday word ("AuRA" and the verb "aura").
    """

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = tuple(names)

    def find(self, text: str) -> list[Found]:
        """Return the names in `text`, in order, none overlapping another."""
        if not self.names:
            return []
        folded, places = _folded(text)
        found = []
        for match in self._pattern.finditer(folded):
            start, end = places[match.start()], places[match.end() - 1] + 1
            number, exact = self._numbers[_key(match.group())]
            if exact is None or text[start:end] in exact:
                found.append(Found(number=number, start=start, end=end))
        return found

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
            words = [_key(fold(form)).split() for form in (*name.fr, *name.en, *name.ko)]
            keys = {
                " ".join(each[at:to])
                for each in words
                for at in range(len(each))
                for to in range(at + 1, len(each) + 1)
            }
            keys |= {
                word[:end] for each in words for word in each if "가" <= word[0] <= "힣" for end in range(2, len(word))
            }
            inner.append({self._numbers[key][0] for key in keys if key in self._numbers} - {number})
        return inner

    def usual(self, text: str, language: str) -> str:
        """Return `text` with each name in its usual form of `language`, unless it has one of that language's forms."""
        parts, at = [], 0
        for found in self.find(text):
            name, spelled = self.names[found.number], text[found.start : found.end]
            known = {_key(fold(form)) for form in name.forms(language)}
            parts += [text[at : found.start], spelled if _key(fold(spelled)) in known else name.forms(language)[0]]
            at = found.end
        return "".join([*parts, text[at:]])

    def without(self, text: str) -> str:
        """Return `text` without the names in it."""
        for found in reversed(self.find(text)):
            text = text[: found.start] + " " + text[found.end :]
        return text

    @cached_property
    def _numbers(self) -> dict[str, tuple[int, frozenset[str] | None]]:
        numbers: dict[str, tuple[int, frozenset[str] | None]] = {}
        for number, name in enumerate(self.names):
            for spelling in sorted(name.spellings):
                key = _key(fold(spelling))
                everyday = any(is_stop_word(key, language) for language in ("fr", "en"))
                numbers.setdefault(key, (number, frozenset({spelling}) if everyday else None))
        return numbers

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        keys = sorted(self._numbers, key=len, reverse=True)
        return re.compile("|".join(map(_alternative, keys)))


def _key(folded: str) -> str:
    """Return what spellings that differ in hyphens and spaces only have in common."""
    return re.sub(r"[\s\-‐‑–.'·]+", " ", folded).strip()


def _alternative(key: str) -> str:
    body = r"[\s\-‐‑–.'·]+".join(map(re.escape, key.split(" ")))
    if "가" <= key[0] <= "힣":
        return rf"(?<![가-힣]){body}"
    return rf"(?<![^\W가-힣]){body}(?![^\W가-힣])"


def _folded(text: str) -> tuple[str, list[int]]:
    """Return `text` folded, and for each character of it the place it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = fold(char)
        out.append(folded)
        places.extend([place] * len(folded))
    return "".join(out), places
