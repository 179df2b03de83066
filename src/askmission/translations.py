"""Translations of a report: gettext PO files beside it, one entry a unit, aligned by the unit's text and its trail.

Entries marked fuzzy are drafts that nobody has reviewed, or whose original changed since. Not for the texts of the
program itself (`messages`).
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from askmission.errors import CorpusError
from askmission.missions import MissionFolder, read_text
from askmission.reading import Passage
from askmission.text import LANGUAGES

_PO_LINE = re.compile(r'(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"|)')

SPEAKER = "speaker"
"""The context (`msgctxt`) of the entries that name who speaks, which are parts of units and no units themselves."""


@dataclass(frozen=True)
class Translations:
    """The translations of a mission's report into one language, as far as they go."""

    language: str
    entries: dict[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)
    by_text: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def of(self, text: str, trail: Iterable[str] = ()) -> tuple[str, bool] | None:
        """Return the translation of `text` below `trail` and whether it is a draft; None where there is none.

        The same words elsewhere in the report serve where the trail has no entry of its own.
        """
        return self.entries.get((context_of(trail), text)) or self.by_text.get(text)


def context_of(trail: Iterable[str]) -> str:
    """Return the `msgctxt` of the units below `trail`."""
    return " › ".join(trail)


def open_translations(folder: MissionFolder) -> dict[str, Translations]:
    """Return the translations that lie beside a mission's report, by language; those missing are left out."""
    found = {}
    for language in LANGUAGES:
        path = folder.folder / f"{language}.po"
        if path.exists():
            entries = {}
            by_text: dict[str, tuple[str, bool]] = {}
            for message in read_catalog(path, language):
                if message.id and message.string:
                    pair = (str(message.string), message.fuzzy)
                    entries[(message.context or "", str(message.id))] = pair
                    by_text.setdefault(str(message.id), pair)
            found[language] = Translations(language, entries, by_text)
    return found


def read_catalog(path: Path, language: str) -> Catalog:
    """Return the catalog in a PO file. Raises `CorpusError` naming the line if the file is broken."""
    text = read_text(path)
    for place, entry in enumerate(text.splitlines(), 1):
        if not _PO_LINE.fullmatch(entry.strip()):
            raise CorpusError(f"{path}:{place}: broken PO file: a quotation mark lacks. Mend it, with Poedit say.")
    try:
        catalog = read_po(io.StringIO(text), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{path}:{line + 1}" if line is not None else str(path)
        raise CorpusError(f"{where}: broken PO file: {error}. Mend it, with Poedit for instance.") from error
    catalog.charset = "utf-8"  # whatever the header says: the file is read as UTF-8 and written so
    return catalog


def template(passages: Iterable[Passage], language: str, report: str) -> Catalog:
    """Return the catalog of all that is to be translated into `language`, untranslated, in the report's order."""
    catalog = Catalog(locale=language, project="AskMission", charset="utf-8", fuzzy=False)
    for passage in passages:
        if passage.language == language:
            continue
        for unit in passage.units:
            line = report.count("\n", 0, unit.start) + 1
            catalog.add(unit.text, context=context_of(passage.trail) or None, locations=[("report.md", line)])
        if passage.speaker:
            catalog.add(passage.speaker, context=SPEAKER)
    return catalog


def extract(folder: MissionFolder, passages: Iterable[Passage]) -> list[Path]:
    """Bring the PO files of a mission up to date with its report, and return those written.

    A translation whose original is unchanged is kept, one whose original changed a little becomes fuzzy, and one whose
    original is gone becomes obsolete; nothing is deleted.
    """
    passages = list(passages)
    written = []
    for language in LANGUAGES:
        fresh = template(passages, language, folder.report)
        path = folder.folder / f"{language}.po"
        if not len(fresh) and not path.exists():
            continue
        catalog = fresh
        if path.exists():
            catalog = read_catalog(path, language)
            _revive(catalog, fresh)
            catalog.update(fresh, update_creation_date=False)
        write_catalog(path, catalog)
        written.append(path)
    return written


def _revive(catalog: Catalog, fresh: Catalog) -> None:
    """Bring back the obsolete entries whose original is in the report again."""
    wanted = {(message.context, message.id) for message in messages(fresh)}
    for key, message in list(catalog.obsolete.items()):
        if (message.context, message.id) in wanted and message.string:
            del catalog.obsolete[key]
            catalog[message.id] = message


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Write a catalog in one step, so that an interruption leaves the old file whole."""
    for message in messages(catalog):
        message.flags -= {"python-format", "python-brace-format"}  # "80 % de …" is a report's text, no program's
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, include_previous=True)
    draft = path.with_suffix(".po.new")
    try:
        draft.write_bytes(buffer.getvalue())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CorpusError(f"{path}: cannot be written ({error.strerror}). Nothing was changed.") from error


def messages(catalog: Catalog) -> list[Message]:
    """Return the entries of a catalog without its header."""
    return [message for message in catalog if message.id]
