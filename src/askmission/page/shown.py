"""Shown: what the page shows of one index, made once and looked at until another index takes its place."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from askmission.assistant import Assistant
from askmission.page.examples import examples
from askmission.page.labels import date_in
from askmission.page.rendering import Report
from askmission.text import LANGUAGES


@dataclass(frozen=True)
class Shown:
    """The passages of an index, and what the page says of it before the first question."""

    report: Report
    start: dict[str, Any]
    related: dict[tuple[str, str], asyncio.Future[list[str]]] = field(default_factory=dict)
    """Questions to ask next by passage and language, once somebody was shown them."""

    @classmethod
    def of(cls, assistant: Assistant) -> "Shown":
        """Return what the page shows of an assistant's index; it tries the examples out, which takes a second."""
        index = assistant.index
        start = {
            "built": index.manifest.built.isoformat(),
            "date": {language: date_in(language, index.manifest.built, "long") for language in LANGUAGES},
            "missions": [
                {"id": mission.id, "title": {each: mission.title.in_language(each) for each in LANGUAGES}}
                for mission in index.missions
            ],
            "examples": {language: examples(assistant, language) for language in LANGUAGES},
        }
        return cls(Report.of(index), start)
