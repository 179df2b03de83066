"""Missions: what `corpus/` holds of each, checked as it is read.

Not for the structure of a report (`reading`) nor for its translations (`translations`).
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from askmission.errors import CorpusError
from askmission.text import LANGUAGES, clean

MAX_REPORT_BYTES = 50_000_000
"""A report larger than this is refused: it is no report, and reading it would take the machine's memory."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Record):
    """One text in the three languages."""

    fr: Line
    en: Line
    ko: Line

    def in_language(self, language: str) -> str:
        """Return the text in `language`, one of `LANGUAGES`."""
        return str(getattr(self, language))


class Part(_Record):
    """A stretch of the report that has no heading of its own, from the heading `first` to the next part or the end."""

    first: Line
    trail: tuple[Line, ...] = ()
    language: str | None = None
    slides: bool = False

    @field_validator("language")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        return None if value is None else _known_language(value)


class Dropped(_Record):
    """A pattern of `source.*` that rightly does not stand in `report.md`, and why."""

    pattern: str
    why: Line

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from error
        return value


class Mission(_Record):
    """What `mission.toml` says of a mission."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    language: str
    start: date
    end: date
    authors: tuple[Line, ...] = Field(min_length=1)
    title: Names
    place: Names
    unsearched: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        return _known_language(value)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("end is before start")
        return self


class MissionFolder(BaseModel):
    """A mission with the folder it was read from and the text of its report."""

    model_config = ConfigDict(frozen=True)

    mission: Mission
    folder: Path
    report: str


def open_corpus(corpus: Path) -> list[MissionFolder]:
    """Read every mission of `corpus`, in the order of their dates.

    Raises `CorpusError`, naming the file, if one of them cannot be used, two share an id, or there is none.
    """
    if not corpus.is_dir():
        raise CorpusError(f"{corpus}: no such folder. Set ASKMISSION_CORPUS to the folder that holds the missions.")
    folders = {path.parent for name in ("mission.toml", "report.md") for path in corpus.glob(f"*/{name}")}
    found = list(map(_open_mission, sorted(folders)))
    if not found:
        raise CorpusError(f"{corpus}: no mission here. A mission is a folder with a mission.toml and a report.md.")
    seen: dict[str, Path] = {}
    for item in found:
        if item.mission.id in seen:
            raise CorpusError(
                f"{item.folder / 'mission.toml'}: id '{item.mission.id}' is already that of {seen[item.mission.id]}. "
                "Give one of them another id."
            )
        seen[item.mission.id] = item.folder
    return sorted(found, key=lambda item: (item.mission.start, item.mission.id))


def open_mission(corpus: Path, mission: str) -> MissionFolder:
    """Read one mission. Raises `CorpusError` if it is not there or cannot be used."""
    found = {folder.mission.id: folder for folder in open_corpus(corpus)}
    if mission not in found:
        raise CorpusError(f"{corpus}: no mission '{mission}'. There are: {', '.join(found)}.")
    return found[mission]


def read_text(path: Path) -> str:
    """Return the text of a corpus file, cleaned. Raises `CorpusError` if it is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > MAX_REPORT_BYTES:
            raise CorpusError(f"{path}: over {MAX_REPORT_BYTES // 1_000_000} MB. Split it into several missions.")
        return clean(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 at byte {error.start}. Save it as UTF-8 and build again.") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}).") from error


def _open_mission(folder: Path) -> MissionFolder:
    path = folder / "mission.toml"
    try:
        mission = Mission.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML: {error}.") from error
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")  # a misspelling explains most
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        known = ", ".join(Mission.model_fields)
        hint = f" Known fields: {known}." if first["type"] == "extra_forbidden" else ""
        raise CorpusError(f"{path}: {where}: {first['msg']}.{hint}") from error
    report = read_text(folder / "report.md")
    if not report.strip():
        raise CorpusError(f"{folder / 'report.md'}: empty. Put the report's text there, or move the folder away.")
    return MissionFolder(mission=mission, folder=folder, report=report)


def _known_language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value
