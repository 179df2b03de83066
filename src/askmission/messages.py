"""The texts that people read, in three languages: English in the code, French and Korean in `locale/*.po`.

Not for the translations of reports (`translations`).
"""

import io
from functools import cache
from importlib.resources import files
from typing import Any

from babel.messages.pofile import read_po

from askmission.text import LANGUAGES

SOURCE = "en"


class Text(str):
    """A text to be said, in English, as it stands in the catalogs; `in_language` says it.

    Marking a literal with `Text` is what makes it translatable, and a test looks for the literals that have no
    translation.
    """

    __slots__ = ()

    def in_language(self, language: str, **values: Any) -> str:
        """Return the text in `language`, `{name}` replaced by the value of that name."""
        said = str(self) if language == SOURCE else catalog(language).get(str(self), str(self))
        return said.format(**values) if values else said


def accepted(header: str) -> str | None:
    """Return the first of our languages that an Accept-Language header names."""
    wanted = (each.strip()[:2].lower() for each in header.split(","))
    return next((language for language in wanted if language in LANGUAGES), None)


@cache
def catalog(language: str) -> dict[str, str]:
    """Return the translations of the program's texts into `language` by their English."""
    text = files("askmission").joinpath("locale", f"{language}.po").read_text("utf-8")
    entries = read_po(io.StringIO(text), locale=language, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy}


UNOFFICIAL = Text("unofficial translation")
DRAFT = Text("draft translation, not reviewed")
