"""Fidelity: whether report.md holds the words of the report as received, in their order.

The source is compared after what `mission.toml` lists as dropped is taken out of it, and after its words have been cut
alike; the report's words are those of its units, so that the check also covers what the reader sees.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from askmission.errors import CorpusError
from askmission.missions import MissionFolder, read_text
from askmission.reading import Passage
from askmission.text import clean

RUN = 4
"""So many words in a row are seldom said twice: comparing runs first spares comparing each word with all its like."""

_WORD = re.compile(r"\w+|[^\w\s]")
_TEXT = {".md", ".txt"}


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


def differences(folder: MissionFolder, passages: Iterable[Passage]) -> list[Difference]:
    """Return where `report.md` and `source.*` differ, in order; nothing if the source is no text file."""
    path = next((p for p in sorted(folder.folder.glob("source.*")) if p.suffix.lower() in _TEXT), None)
    if path is None:
        return []
    text = _text(path)
    for dropped in folder.mission.dropped:
        # What is dropped leaves nothing, not even a space: "140^e" is "140e". Line ends stay, for the line numbers.
        text = re.sub(dropped.pattern, lambda found: "\n" * found.group().count("\n"), text, flags=re.MULTILINE)
    source = [(found.group(), found.start()) for found in _WORD.finditer(text)]
    report = [word for passage in passages for unit in passage.units for word in _WORD.findall(unit.text)]
    found = []
    for low, high, at, to in _changes([word for word, _ in source], report):
        place = source[min(low, len(source) - 1)][1] if source else 0
        lost, added = " ".join(word for word, _ in source[low:high]), " ".join(report[at:to])
        found.append(Difference(path, text.count("\n", 0, place) + 1, lost, added))
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


def _changes(source: list[str], report: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which words of the source (from, to) stand against which others of the report (from, to)."""
    runs = SequenceMatcher(None, _runs(source), _runs(report), autojunk=False)
    low = at = 0
    for high, to, size in runs.get_matching_blocks():
        for tag, *(a, b, c, d) in SequenceMatcher(None, source[low:high], report[at:to], autojunk=False).get_opcodes():
            if tag != "equal":
                yield low + a, low + b, at + c, at + d
        low, at = high + size, to + size


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + RUN]) for at in range(len(words))]
