"""Golden questions: what `questions.toml` says of each question, checked as it is read.

Beside each mission for what its report tells, and in `corpus/` for what belongs to none. Not for asking them
(`evaluation`) nor for judging what comes back (`scoring`).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from askmission.errors import CorpusError
from askmission.missions import Line, MissionFolder, Names, open_corpus, read_text
from askmission.reading import read_report
from askmission.text import LANGUAGES, fold

FILE = "questions.toml"

Kind = Literal[
    "fact", "list", "number", "person", "schedule", "explanation", "annex", "follow-up", "noisy",
    "unanswerable", "false-premise", "attack", "greeting",
]  # fmt: skip
Split = Literal["dev", "test"]

ANSWERABLE = frozenset({"fact", "list", "number", "person", "schedule", "explanation", "annex", "follow-up", "noisy"})
"""Kinds of questions that a report answers; `noisy` ones are misspelt or bare keywords."""

Alternatives = Annotated[
    tuple[Line, ...],
    Field(min_length=1),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
]
"""Words of a report, any one of which will do; a single text stands for itself."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Record):
    """One thing that a right answer says, in its accepted spellings: of any language, and of each."""

    any: tuple[Line, ...] = ()
    fr: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()
    ko: tuple[Line, ...] = ()

    def spellings(self, language: str) -> tuple[str, ...]:
        """Return the spellings accepted in an answer in `language`, one of `LANGUAGES`."""
        return self.any + tuple(getattr(self, language))

    @model_validator(mode="after")
    def _in_every_language(self) -> Self:
        missing = [language for language in LANGUAGES if not self.spellings(language)]
        if missing:
            raise ValueError(f"has no spelling for {', '.join(missing)}; give it, or 'any'")
        return self


class Said(_Record):
    """A message of the conversation that a follow-up question leans on."""

    role: Literal["user", "assistant"]
    content: Names


class Question(_Record):
    """A question in three wordings, and what is known of its answer.

    `evidence` are words of the report that the answer must cite, `corrects` words of which a false premise's answer
    cites one entry; an entry with several texts is met by any of them.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    kind: Kind
    split: Split
    fr: Line
    en: Line
    ko: Line
    facts: tuple[Fact, ...]
    evidence: tuple[Alternatives, ...]
    corrects: tuple[Alternatives, ...] = ()
    history: tuple[Said, ...] = ()

    def in_language(self, language: str) -> str:
        """Return the wording in `language`, one of `LANGUAGES`."""
        return str(getattr(self, language))

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        answerable, false = self.kind in ANSWERABLE, self.kind == "false-premise"
        wanted = {"facts": answerable, "evidence": answerable, "corrects": false}
        for name, needed in wanted.items():
            if bool(getattr(self, name)) != needed:
                raise ValueError(f"a question of kind '{self.kind}' {'needs' if needed else 'has no'} {name}")
        if self.kind == "follow-up" and not self.history:
            raise ValueError("a question of kind 'follow-up' needs history")
        roles = [said.role for said in self.history]
        if roles != ["user", "assistant"] * (len(roles) // 2):
            raise ValueError("history must go user, assistant, user, assistant …")
        return self


@dataclass(frozen=True)
class Golden:
    """A golden question and the mission it is about, None if it is about none."""

    mission: str | None
    question: Question


def open_golden(corpus: Path) -> list[Golden]:
    """Read the golden questions of a corpus: those of each mission in the order of dates, then those about none.

    Raises `CorpusError`, naming the file and the question, if one cannot be used, shares its id with another, or cites
    words that its report does not have; and if there is none at all.
    """
    folders = open_corpus(corpus)
    said = {folder.mission.id: _report(folder) for folder in folders}
    found: list[Golden] = []
    seen: dict[str, Path] = {}
    sources = [(folder.mission.id, folder.folder / FILE, said[folder.mission.id]) for folder in folders]
    for mission, path, report in [*sources, (None, corpus / FILE, "".join(said.values()))]:
        if not path.exists():
            continue
        for question in read_questions(path):
            if question.id in seen:
                raise CorpusError(f"{path}: {question.id}: this id is already in {seen[question.id]}. Give another.")
            seen[question.id] = path
            for text in (text for entry in (*question.evidence, *question.corrects) for text in entry):
                if not stands_in(text, report):
                    raise CorpusError(f"{path}: {question.id}: the report does not say “{text}”. Copy its very words.")
            found.append(Golden(mission, question))
    if not found:
        raise CorpusError(f"{corpus}: no golden questions. Write some into {corpus / FILE} or a mission's {FILE}.")
    return found


def read_questions(path: Path) -> Iterator[Question]:
    """Yield the questions of one file. Raises `CorpusError`, naming the file and the question that cannot be used."""
    try:
        raw = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML: {error}.") from error
    entries = raw.pop("questions", [])
    if raw:
        raise CorpusError(f"{path}: {next(iter(raw))}: unknown. A question begins with [[questions]].")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CorpusError(f"{path}: questions: must be tables. A question begins with [[questions]].")
    for number, entry in enumerate(entries, 1):
        yield _question(path, number, entry)


def words(text: str) -> str:
    """Return the words of a text, folded, one space around each: what remains when marks and spacing do not count."""
    return " " + " ".join(re.findall(r"\w+", fold(text))) + " "


def stands_in(needle: str, text: str) -> bool:
    """Return whether the words of `needle` stand, in a row, in `text`, which `words` has made."""
    return words(needle) in text


def _question(path: Path, number: int, entry: dict[str, Any]) -> Question:
    try:
        return Question.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        known = f" Known fields: {', '.join(Question.model_fields)}." if first["type"] == "extra_forbidden" else ""
        name = entry.get("id") or f"question {number}"
        raise CorpusError(f"{path}: {name}: {where + ': ' if where else ''}{first['msg']}.{known}") from error


def _report(folder: MissionFolder) -> str:
    """Return the words of a report without its marks."""
    return words(" ".join(unit.text for passage in read_report(folder) for unit in passage.units))
