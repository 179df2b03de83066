"""The whole report as HTML, to be read and searched beside the answers: its contents, then each passage with its units.

Every text goes through `escape`, as in `rendering`; page.js puts the marks.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlencode

from askmission.answering import LANGUAGE_NAMES
from askmission.index import Entry
from askmission.page import labels
from askmission.page.labels import span
from askmission.page.rendering import LINES, Report, words
from askmission.views import View


def whole(report: Report, mission: str, page: str) -> str | None:
    """Return a mission's report for a page in language `page`, None if there is no such mission."""
    if mission not in report.languages:
        return None
    entries = [entry for entry in report.entries if entry.passage.mission == mission]
    own = report.languages[mission]
    translated = [view for entry in entries if (view := entry.views.get(page)) and entry.passage.language != page]
    legend = f"<p>{span(labels.ORIGINAL, page, tongue=LANGUAGE_NAMES[own])}</p>"
    if translated:
        draft = f" · {span(labels.DRAFT, page)}" if any(view.draft for view in translated) else ""
        legend += f'<p class="am-tran">{span(labels.UNOFFICIAL, page)}{draft}</p>'
    contents = "".join(_line(entry, page) for entry in entries if _titled(entry))
    return (
        f'<details class="am-toc"><summary>{span(labels.CONTENTS, page)}</summary><ol>{contents}</ol></details>'
        f'<div class="am-legend">{legend}</div><div class="am-passages">{"".join(_passages(entries, page))}</div>'
    )


def address(passage: str) -> str:
    """Return the address of a passage, below that of the page."""
    mission, _, rest = passage.partition("/")
    return "?" + urlencode({"mission": mission, "passage": rest}, safe="/")


def _titled(entry: Entry) -> bool:
    return entry.passage.kind in {"heading", "speaker", "slide"}


def _line(entry: Entry, page: str) -> str:
    """Return a line of the contents: a heading, in the page's language where it has been translated."""
    passage = entry.passage
    view = entry.views.get(page, entry.views[passage.language])
    depth = min(4, len(passage.trail) - (passage.kind == "slide"))
    href = escape(address(passage.id))
    said = words(view.units[0], view.language)
    return (
        f'<li class="am-depth-{depth}"><a href="{href}" data-goes="{escape(passage.id)}" lang="{view.language}">'
        f"{said}</a></li>"
    )


def _passages(entries: list[Entry], page: str) -> Iterator[str]:
    for entry in entries:
        passage = entry.passage
        original = entry.views[passage.language]
        view = entry.views.get(page)
        tag = f"h{min(6, 3 + len(passage.trail))}" if passage.kind in {"heading", "speaker"} else "p"
        both = f'<{tag} class="am-orig" lang="{original.language}">{_units(original, entry)}</{tag}>'
        if view and view is not original:
            label = f'<span class="am-unofficial">{span(labels.UNOFFICIAL, page)}</span>'
            both += f'<p class="am-tran" lang="{view.language}">{label}{_units(view, entry)}</p>'
        here = (
            f'<a class="am-here" href="{escape(address(passage.id))}" data-copies="{escape(passage.id)}">'
            f'{span(labels.ADDRESS, page, hidden=True)}<span aria-hidden="true">¶</span></a>'
        )
        yield (
            f'<div class="am-passage" tabindex="-1" data-kind="{passage.kind}" data-passage="{escape(passage.id)}">'
            f"{both}{here}</div>"
        )


def _units(view: View, entry: Entry) -> str:
    """Return the units of a passage in one language, each with its place in the report."""
    gap = "<br>" if entry.passage.kind in LINES else " "
    return gap.join(
        f'<span data-start="{unit.start}" data-end="{unit.end}"'
        + ("" if view.translated[number] else f' lang="{entry.passage.language}"')
        + f">{words(text, view.language)}</span>"
        for number, (unit, text) in enumerate(zip(entry.passage.units, view.units, strict=True))
    )
