"""Rendering: an answer as HTML, each of its citations with the words quoted in their surroundings.

Every text of a report, a question or an answer goes through `escape`; nothing of them is ever markup.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from askmission.answering import LANGUAGE_NAMES, Citation
from askmission.assistant import Answer
from askmission.index import Entry, Index
from askmission.page import labels
from askmission.page.labels import span
from askmission.views import View

_BREAK = re.compile(r"(?<=«) | (?=[:;?!»])|(?<=\bn°) ")
_NUMBER = re.compile(r"\[(\d+)\]")
LONG_WORD = 24
"""A number stays on the line of the word before it, unless the word is longer than this."""

LINES = {"list", "row", "slide", "header"}
"""Kinds of passages whose units stand on lines of their own."""


@dataclass(frozen=True)
class Report:
    """The passages of an index by id, each with its neighbours, and the languages of its headings."""

    entries: tuple[Entry, ...]
    places: Mapping[str, int]
    headings: Mapping[str, str]
    languages: Mapping[str, str]

    @classmethod
    def of(cls, index: Index) -> "Report":
        """Return what of an index the page shows."""
        return cls(
            entries=index.entries,
            places={entry.passage.id: place for place, entry in enumerate(index.entries)},
            headings={
                entry.passage.units[0].text: entry.passage.language
                for entry in index.entries
                if entry.passage.kind in {"heading", "slide"}
            },
            languages={mission.id: mission.language for mission in index.missions},
        )

    def language(self, title: str, entry: Entry) -> str:
        """Return the language of a heading above a passage: its own where it is known, else the mission's."""
        return self.headings.get(title, self.languages[entry.passage.mission])

    def around(self, passage: str) -> Iterator[Entry]:
        """Yield a passage between its neighbours under the same heading."""
        place = self.places[passage]
        own = self.entries[place].passage
        for entry in self.entries[max(0, place - 1) : place + 2]:
            if entry.passage.mission == own.mission and entry.passage.trail == own.trail:
                yield entry


def turn(answer: Answer, report: Report, page: str, name: str) -> str:
    """Return a question and its answer as HTML; `name` is the turn's own, for ids."""
    sources = answer.citations or answer.suggestions
    known = {citation.number for citation in answer.citations}
    lines = "".join(f"<p>{_numbered(line, known, answer.language, page)}</p>" for line in answer.text.splitlines())
    title = labels.SOURCES if answer.citations else labels.NEAREST_PASSAGES
    shown = "".join(f"<li>{_source(citation, answer, report, page, name)}</li>" for citation in sources)
    below = f'<h3>{span(title, page)}</h3><ol class="am-sources">{shown}</ol>' if sources else ""
    said = f'<div class="am-said" lang="{answer.language}">{lines}</div>'
    return _article(words(answer.question, answer.language), answer.kind, page, said + below)


def failure(question: str, message: str, page: str) -> str:
    """Return a question and why it has no answer as HTML."""
    return _article(
        words(question, page), "error", page, f'<div class="am-said" lang="{page}"><p>{words(message, page)}</p></div>'
    )


def words(text: str, language: str) -> str:
    """Return text escaped; in French the space before « : ; ? ! » and inside the quotation marks is unbreakable."""
    return escape(_BREAK.sub("\u00a0", text) if language == "fr" else text)


def _article(asked: str, kind: str, page: str, inner: str) -> str:
    asked = f'<h2 class="am-asked">{span(labels.ASKED, page, hidden=True)} <span>{asked}</span></h2>'
    return f'<article class="am-turn" data-kind="{kind}">{asked}{inner}</article>'


def _numbered(line: str, known: set[int], language: str, page: str) -> str:
    """Return a line of an answer with its numbers as buttons; a number that no citation has stays text."""
    parts, end = [], 0
    for match in _NUMBER.finditer(line):
        number = int(match[1])
        if number in known:
            inner = f'{span(labels.SOURCE, page, hidden=True, number=number)}<span aria-hidden="true">{number}</span>'
            before, space, last = words(line[end : match.start()].rstrip(" "), language).rpartition(" ")
            button = f'<button type="button" class="am-cite" data-number="{number}">{inner}</button>'
            stays = "am-stays" if len(last) < LONG_WORD else ""
            parts.append(f'{before}{space}<span class="{stays}">{last}&nbsp;{button}</span>')
            end = match.end()
    return "".join(parts) + words(line[end:], language)


def _source(citation: Citation, answer: Answer, report: Report, page: str, name: str) -> str:
    """Return a citation as a disclosure: where it stands, its words in their surroundings, the translation."""
    entry = report.entries[report.places[citation.passage]]
    passage = entry.passage
    marked = [n for n, unit in enumerate(passage.units) if unit.start >= citation.start and unit.end <= citation.end]
    original = entry.views[passage.language]
    view = entry.views.get(answer.language, original)
    called = labels.SOURCE if answer.citations else labels.PASSAGE
    number = f'{span(called, page, hidden=True, number=citation.number)}<b aria-hidden="true">{citation.number}</b>'
    place = view.speaker or "".join(view.trail[-1:])
    spoken = view.language if view is not original or view.speaker else report.language(place, entry)
    heading = span(labels.ORIGINAL, page, tongue=LANGUAGE_NAMES[passage.language])
    reads = f'<button type="button" class="am-quiet am-read">{span(labels.IN_REPORT, page)}</button>'
    body = f"<h4>{heading}</h4>{_text(original, entry, report, marked)}"
    if citation.translation is not None:
        draft = f" · {span(labels.DRAFT, page)}" if view.draft else ""
        body += f"<h4>{span(labels.UNOFFICIAL, page)}{draft}</h4>{_text(view, entry, report, marked)}"
    sources = answer.citations or answer.suggestions
    told = view.language if citation.translation else passage.language
    first = f'<span class="am-first" lang="{told}">{words(citation.translation or citation.quote, told)}</span>'
    where = f'<span><span lang="{spoken}">{words(place, spoken)}</span>{first if len(sources) > 1 else ""}</span>'
    return (
        f'<details class="am-source" id="{name}-{citation.number}" data-number="{citation.number}">'
        f"<summary>{number} {where}</summary>{body}{reads}</details>"
    )


def _text(view: View, entry: Entry, report: Report, marked: list[int]) -> str:
    """Return a passage in one language under its headings, between its neighbours, the units quoted marked."""
    language = view.language
    own = language == entry.passage.language
    tongues = [report.language(title, entry) if own else language for title in view.trail]
    titles = zip(tongues, view.trail, strict=True)
    trail = "".join(f'<li lang="{tongue}">{words(title, tongue)}</li>' for tongue, title in titles)
    speaker = f'<p class="am-speaker">{words(view.speaker, language)}</p>' if view.speaker else ""
    context = " · ".join(view.context)
    blocks = [f'<p class="am-near">{words(context, language)}</p>'] if context else []
    for near in report.around(entry.passage.id):
        seen = near.views.get(language) if near is not entry else view
        if seen:
            blocks.append(_block(seen, near, marked if near is entry else []))
    kind = "original" if own else "translation"
    said = f'<blockquote class="am-{kind}" lang="{language}">{speaker}{"".join(blocks)}</blockquote>'
    return f'<ol class="am-trail">{trail}</ol>{said}'


def _block(view: View, entry: Entry, marked: list[int]) -> str:
    """Return the units of a passage, adjoining ones that are quoted under one mark."""
    gap = "<br>" if entry.passage.kind in LINES else " "
    out, run = [], False
    for number, text in enumerate(view.units):
        quoted = number in marked
        before = "</mark>" if run and not quoted else ""
        after = "<mark>" if quoted and not run else ""
        said = words(text, view.language)
        if not view.translated[number]:
            said = f'<span lang="{entry.passage.language}">{said}</span>'
        out.append(f"{before}{gap if number else ''}{after}{said}")
        run = quoted
    near = "" if marked else ' class="am-near"'
    return f"<p{near}>{''.join(out)}{'</mark>' if run else ''}</p>"
