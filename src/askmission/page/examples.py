"""Examples: questions to begin with, made from the index's own days, places and speakers, and tried out.

Nothing here knows a report; of whatever a mission holds, only questions that are answered on their subject are offered.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice, zip_longest

from babel import Locale

from askmission.assistant import Assistant
from askmission.messages import Text
from askmission.names import Name
from askmission.page.labels import date_in

MOST = 4
"""Examples shown in a language."""

RELATED = 3
"""Questions offered after an answer."""

TRIED = 8
"""Questions of each kind that are tried."""

DAY = {"fr": "EEEE d MMMM", "en": "EEEE d MMMM", "ko": "M월 d일 EEEE"}
"""How a day is said in full, as Unicode's patterns."""

ON_DAY = Text("What was on the programme on {day}?")
SAID = Text("What did {speaker} say?")
ABOUT = Text("What is said about {name}?")


@dataclass(frozen=True)
class _Candidate:
    """A question, and a pattern that a source of a good answer to it holds, or that its speaker's name holds."""

    question: str
    subject: str
    spoken: bool = False


def examples(assistant: Assistant, language: str) -> list[str]:
    """Return up to `MOST` questions in `language` that the assistant answers, the kinds of question in turn."""
    kinds = [islice(kind(assistant, language), TRIED) for kind in (_about, _said, _days)]
    rounds = chain.from_iterable(zip_longest(*kinds))
    good = (each.question for each in rounds if each and _answered(assistant, each, language))
    return list(islice(good, MOST))


def related(assistant: Assistant, passage: str, language: str) -> list[str]:
    """Return up to `RELATED` questions in `language` around a passage that the assistant answers.

    They ask who else speaks nearby, and about the places that the passage names: nothing is invented. The answer is
    never the passage again.
    """
    entries = assistant.index.entries
    at = next((number for number, entry in enumerate(entries) if entry.passage.id == passage), None)
    if at is None:
        return []
    kinds = (_speakers_near(assistant, at, language), _places_in(assistant, at, language))
    rounds = chain.from_iterable(zip_longest(*(islice(kind, TRIED) for kind in kinds)))
    good = (each.question for each in rounds if each and _answered(assistant, each, language, other_than=passage))
    return list(islice(good, RELATED))


def _speakers_near(assistant: Assistant, at: int, language: str) -> Iterator[_Candidate]:
    """Ask what those say who speak in the same mission, the nearest first, those who come after before the others."""
    entries = assistant.index.entries
    own = entries[at].passage
    near = sorted(range(len(entries)), key=lambda number: (number < at, abs(number - at)))
    seen = {own.speaker, None}
    for number in near:
        passage = entries[number].passage
        if passage.mission == own.mission and passage.speaker not in seen and passage.speaker:
            seen.add(passage.speaker)
            view = entries[number].views.get(language)
            yield _said_by(passage.speaker, view.speaker if view else None, language)


def _places_in(assistant: Assistant, at: int, language: str) -> Iterator[_Candidate]:
    """Ask about the places that a passage names, if one word names them."""
    own = assistant.index.entries[at].names
    yield from (
        _about_place(place, language) for number, place in _telling_places(assistant, language) if number in own
    )


def _about_place(place: Name, language: str) -> _Candidate:
    said = getattr(place, language)[0]
    return _Candidate(ABOUT.in_language(language, name=said), "|".join(map(re.escape, sorted(place.spellings))))


def _said_by(speaker: str, spoken: str | None, language: str) -> _Candidate:
    said = (spoken or speaker).split(",")[0].strip()
    return _Candidate(SAID.in_language(language, speaker=said), re.escape(speaker), spoken=True)


def _answered(assistant: Assistant, candidate: _Candidate, language: str, other_than: str = "") -> bool:
    """Return whether the answer is in the language, quotes more than a heading, and is about the subject."""
    answer = assistant.ask(candidate.question, language=language)
    if answer.kind != "answer" or answer.language != language:
        return False
    headings = {entry.passage.id for entry in assistant.index.entries if entry.passage.kind == "heading"}
    first = answer.citations[0]
    told = (first.speaker or "") if candidate.spoken else " ".join([*first.trail, first.speaker or "", first.quote])
    again = other_than in {citation.passage for citation in answer.citations}
    return first.passage not in headings and not again and re.search(candidate.subject, told) is not None


def _about(assistant: Assistant, language: str) -> Iterator[_Candidate]:
    """Ask about the places named most often."""
    yield from (_about_place(place, language) for _, place in _telling_places(assistant, language))


def _telling_places(assistant: Assistant, language: str) -> Iterator[tuple[int, Name]]:
    """Yield the places named most often, with their numbers: towns of one word, which need no article in French."""
    countries = set(Locale(language).territories.values())  # and continents
    counts = Counter(number for entry in assistant.index.entries for number in entry.names)
    most = len(assistant.index.entries) / 10  # a place that is named everywhere tells nothing
    for number, count in counts.most_common():
        place = assistant.index.names[number]
        said = getattr(place, language)[0]
        if place.kind == "place" and count < most and " " not in said and said not in countries:
            yield number, place


def _said(assistant: Assistant, language: str) -> Iterator[_Candidate]:
    """Ask what those said who speak most."""
    entries = assistant.index.entries
    counts = Counter(entry.passage.speaker for entry in entries if entry.passage.speaker)
    spoken = {entry.passage.speaker: view.speaker for entry in entries if (view := entry.views.get(language))}
    for speaker, _ in counts.most_common():
        yield _said_by(speaker, spoken.get(speaker), language)


def _days(assistant: Assistant, language: str) -> Iterator[_Candidate]:
    """Ask what was done on the days of the latest mission."""
    mission = assistant.index.missions[-1]
    for number in range((mission.end - mission.start).days + 1):
        day = mission.start + timedelta(number)
        said = date_in(language, day, DAY[language])
        named = rf"(?<!\d){day.day}(?!\d|월)"  # as in "1er", "9th" and "9일", but "9월" is a month
        yield _Candidate(ON_DAY.in_language(language, day=said), named)
