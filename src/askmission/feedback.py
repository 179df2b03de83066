"""Feedback: what people say of answers, kept in one SQLite file, bounded in number and in time.

Nothing is kept of who said it. Not for judging answers (`scoring`); what is told here can be turned into drafts of
golden questions, which a person has to finish.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from filelock import FileLock

from askmission.errors import FeedbackError
from askmission.golden import Fact, Question
from askmission.text import LANGUAGES

FILE = "feedback.sqlite"

PATIENCE = 10
"""How many seconds to wait for others who read or write."""

MOST = 10_000
"""What is kept at most; one more, and the oldest goes."""

MAX_TEXT = 4000
"""Longer texts, in characters, are cut."""

MAX_CITATIONS = 12

TODO = "TODO"
"""What a draft of a golden question leaves to a person."""

Verdict = Literal["right", "wrong", "incomplete", "citation", "personal", "inappropriate"]
"""Right; wrong; something is missing; the citation does not say so; it holds personal data; it is inappropriate."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, verdict TEXT NOT NULL, comment TEXT NOT NULL,
    question TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, answer TEXT NOT NULL, cited TEXT NOT NULL,
    built TEXT NOT NULL
)
"""
_COLUMNS = "time, verdict, comment, question, language, kind, answer, cited, built"


@dataclass(frozen=True)
class Cited:
    """What an answer rested on: the words, and where they stood."""

    passage: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Feedback:
    """What somebody said of an answer; `built` is when the index that gave it was."""

    verdict: str
    comment: str
    question: str
    language: str
    kind: str
    answer: str
    cited: tuple[Cited, ...] = ()
    built: str = ""
    time: str = ""
    id: int = 0


class FeedbackStore:
    """The file that feedback is kept in. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, days: int = 365) -> None:
        """Keep feedback in `folder` for up to `days` days. Nothing is made before there is something to keep."""
        self.path = folder / FILE
        self.days = days

    def add(self, feedback: Feedback) -> None:
        """Keep one. Raises `FeedbackError` if it cannot be written."""
        cited = [asdict(each) for each in feedback.cited[:MAX_CITATIONS]]
        for each in cited:
            each["quote"] = each["quote"][:MAX_TEXT]
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            feedback.verdict,
            *(text[:MAX_TEXT] for text in (feedback.comment, feedback.question)),
            feedback.language,
            feedback.kind,
            feedback.answer[:MAX_TEXT],
            json.dumps(cited, ensure_ascii=False),
            feedback.built,
        )
        with self._writing() as connection:
            connection.execute(f"INSERT INTO feedback ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            self._forget(connection)

    def all(self) -> list[Feedback]:
        """Return what is kept and not too old, the oldest first. Raises `FeedbackError` if it cannot be read."""
        if not self.path.exists():
            return []
        try:
            with self._open() as connection:
                connection.execute(_SCHEMA)
                rows = connection.execute(
                    f"SELECT {_COLUMNS}, id FROM feedback WHERE time >= ? ORDER BY id", (self._oldest(),)
                ).fetchall()
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(f"{self.path}: cannot be read ({error}).") from error
        return [_feedback(row) for row in rows]

    def forget(self) -> None:
        """Erase what is too old for good. Raises `FeedbackError` if it cannot be."""
        if self.path.exists():
            with self._writing() as connection:
                self._forget(connection)

    def _forget(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM feedback WHERE time < ?", (self._oldest(),))
        connection.execute(
            "DELETE FROM feedback WHERE id <= (SELECT id FROM feedback ORDER BY id DESC LIMIT 1 OFFSET ?)", (MOST,)
        )

    def _oldest(self) -> str:
        return (datetime.now(UTC) - timedelta(days=self.days)).isoformat(timespec="seconds")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_SCHEMA)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(
                f"{self.path}: cannot be written ({error}). Make room or set ASKMISSION_DATA."
            ) from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # SQLite waits for a lock, but not when the journal is switched to WAL or its last user leaves; it fails then.
        with FileLock(self.path.with_suffix(".lock"), timeout=PATIENCE):
            connection = sqlite3.connect(self.path, timeout=PATIENCE)
            try:
                with connection:
                    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is gone
                    yield connection
            finally:
                connection.close()


def to_csv(found: Sequence[Feedback]) -> str:
    """Return feedback as CSV, its columns named. A cell that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    names = [field.name for field in fields(Feedback)]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for each in found:
        row = {name: getattr(each, name) for name in names}
        row["cited"] = " | ".join(f"{cited.passage} ({cited.start}-{cited.end})" for cited in each.cited)
        writer.writerow({name: _cell(str(value)) for name, value in row.items()})
    return out.getvalue()


def lines(found: Sequence[Feedback]) -> Iterator[str]:
    """Yield feedback as one reads it in a terminal."""
    for each in found:
        yield f"{each.id}  {each.time}  {each.verdict}  ({each.language}, {each.kind})"
        yield f"    ? {_one_line(each.question)}"
        yield f"    = {_one_line(each.answer)}"
        yield from (f"      {cited.passage} ({cited.start}-{cited.end})" for cited in each.cited)
        if each.comment:
            yield f"    # {_one_line(each.comment)}"


def as_questions(found: Sequence[Feedback]) -> str:
    """Return drafts of golden questions as TOML, one for each question asked; TODO stands where a person must write.

    A refusal said to be right becomes a question that the reports do not answer; an answer said to be right has its
    quotations as evidence; whatever else is a question whose answer is yet to be found.
    """
    latest = {(each.language, _one_line(each.question)): each for each in found}
    return "\n".join(_draft(each) for each in latest.values())


def _draft(each: Feedback) -> str:
    right = each.verdict == "right"
    quotes = [quote for cited in each.cited if (quote := _one_line(cited.quote))] if right else []
    unanswerable = right and each.kind == "refusal"
    wording = dict.fromkeys(LANGUAGES, TODO) | {each.language: _one_line(each.question) or TODO}
    question = Question(
        id=f"feedback-{each.id}",
        kind="unanswerable" if unanswerable else "fact",
        split="dev",
        facts=() if unanswerable else (Fact(any=(TODO,)),),
        evidence=() if unanswerable else tuple((quote,) for quote in quotes) or ((TODO,),),
        **wording,
    )
    said = [f"# {each.verdict}" + (f": {_one_line(each.comment)}" if each.comment else ""), "[[questions]]"]
    said += [f"{name} = {_toml(getattr(question, name))}" for name in ("id", "kind", "split", *LANGUAGES)]
    facts = ", ".join(f"{{ any = [{', '.join(map(_toml, fact.any))}] }}" for fact in question.facts)
    evidence = ", ".join(_toml(text) for texts in question.evidence for text in texts)
    return "\n".join([*said, f"facts = [{facts}]", f"evidence = [{evidence}]", ""])


def _feedback(row: Sequence[str]) -> Feedback:
    time, verdict, comment, question, language, kind, answer, cited, built, number = row
    found = tuple(Cited(**each) for each in json.loads(cited))
    return Feedback(verdict, comment, question, language, kind, answer, found, built, time, int(number))


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _one_line(text: str) -> str:
    """Return a text on one line, without what could take a terminal over."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
