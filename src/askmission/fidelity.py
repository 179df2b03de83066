"""Fidelity: whether report.md holds the words of the report as received, in their order.

The source is compared after what `mission.toml` lists as dropped is taken out of it, and after its words have been cut
alike; the report's words are those of its units, so that the check also covers what the reader sees. A source in
Markdown is read as the report is: its marks need not stand in the report, but may.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from askmission.errors import CorpusError
from askmission.missions import MissionFolder, read_text
from askmission.reading import Passage, Unit, read_report
from askmission.text import clean

RUN = 4
"""So many words in a row are seldom said twice: comparing runs first spares comparing each word with all its like."""

_WORD = re.compile(r"\w+|[^\w\s]")
_DATE = re.compile(r"^[\s>]*\d+[.)][ \t]+\d|^[\s>]*\d{3,}[.)]", re.MULTILINE)
"""What CommonMark takes for the numbers of lists, though no list has such."""


@dataclass(frozen=True)
class Difference:
    """Words that stand in one file and not in the other; `line` is that of the source."""

    source: Path
    line: int
    lost: str
    added: str

    def __str__(self) -> str:
        """Return the difference as one line for the keeper of the corpus."""
        parts = [f"lost '{self.lost}'"] * bool(self.lost) + [f"added '{self.added}'"] * bool(self.added)
        return f"{self.source}:{self.line}: report.md {' and '.join(parts)}"


class _Word(NamedTuple):
    text: str
    place: int
    mark: bool = False


def differences(folder: MissionFolder, passages: Iterable[Passage]) -> list[Difference]:
    """Return where `report.md` and `source.*` differ, in order; nothing if the source is no text file."""
    received = {path.suffix.lower(): path for path in sorted(folder.folder.glob("source.*"))}
    path = received.get(".md") or received.get(".txt")
    if path is None:
        return []
    text = _text(path)
    for dropped in folder.mission.dropped:
        # What is dropped leaves nothing, not even a space: "140^e" is "140e". Line ends stay, for the line numbers.
        text = re.sub(dropped.pattern, lambda found: "\n" * found.group().count("\n"), text, flags=re.MULTILINE)
    source = list(_marked(folder, text) if path == received.get(".md") else _words(text, 0, len(text)))
    report = [word for passage in passages for unit in passage.units for word in _WORD.findall(unit.text)]
    found = []
    for low, high, at, to in _changes(source, report):
        told = next((word for word in source[low:high] if not word.mark), None)
        if told or at < to:
            near = told or (source[min(low, len(source) - 1)] if source else _Word("", 0))
            lost = " ".join(word.text for word in source[low:high]) if told else ""
            found.append(Difference(path, text.count("\n", 0, near.place) + 1, lost, " ".join(report[at:to])))
    return found


def _text(path: Path) -> str:
    """Return the text of a source, in UTF-8 or as Korean offices save it."""
    try:
        return read_text(path)
    except CorpusError as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            with suppress(UnicodeDecodeError):
                return clean(path.read_bytes().decode("cp949"))
        raise


def _words(text: str, start: int, end: int, *, mark: bool = False) -> Iterator[_Word]:
    return (_Word(found.group(), found.start(), mark) for found in _WORD.finditer(text, start, end))


def _marked(folder: MissionFolder, text: str) -> Iterator[_Word]:
    """Yield the words of a text in Markdown, those of its units and, as marks, what lies between these."""
    mission = folder.mission.model_copy(update={"parts": (), "unsearched": ()})
    units: list[Unit] = []
    with suppress(CorpusError):  # a text of marks alone
        passages = read_report(folder.model_copy(update={"mission": mission, "report": text}))
        units = [unit for passage in passages for unit in passage.units]
    at = 0
    for unit in [*units, Unit(len(text), len(text), "")]:
        yield from _words(text, at, unit.start, mark=not _DATE.search(text[at : unit.start]))
        at = unit.start
        for word in _WORD.findall(unit.text):
            found = text.find(word, at, unit.end)
            at = max(at, found)
            yield _Word(word, at)
            at += len(word) if found >= 0 else 0
        at = unit.end


def _changes(source: list[_Word], report: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which words of the source (from, to) stand against which others of the report (from, to)."""
    kept = [number for number, word in enumerate(source) if not word.mark]
    runs = SequenceMatcher(None, _runs([source[number].text for number in kept]), _runs(report), autojunk=False)
    low = at = 0
    for first, there, size in runs.get_matching_blocks():
        if 0 < size < RUN:
            continue
        # The first words that agree again are compared singly, for the mark before them may stand in the report.
        skip = RUN - 1 if size else 0
        high = kept[first + skip] if size else len(source)
        other = report[at : there + skip]
        bare = [word.text for word in source[low:high] if not word.mark]
        words = bare if bare == other else [word.text for word in source[low:high]]
        for tag, *(a, b, c, d) in SequenceMatcher(None, words, other, autojunk=False).get_opcodes():
            if tag != "equal":
                yield low + a, low + b, at + c, at + d
        if size:
            low, at = kept[first + size - 1] + 1, there + size


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + RUN]) for at in range(len(words))]
