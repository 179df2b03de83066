"""The whole report as HTML, to be read and searched beside the answers: its contents, then each passage with its units.

Every text goes through `escape`, as in `rendering`; page.js puts the marks.
"""

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlencode

from askmission.answering import LANGUAGE_NAMES
from askmission.index import Entry
from askmission.page import labels
from askmission.page.labels import span
from askmission.page.rendering import LINES, Report, words
from askmission.views import View

CELL = '<td role="cell">'
"""The roles are said though tags imply them: a phone shows rows as cards, and some browsers then forget the table."""


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
    for together in _together(entries):
        yield _table(together, page) if together[0].passage.columns else _passage(together[0], page)


def _together(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield each table's header and rows together, and every other passage alone."""
    table: list[Entry] = []
    for entry in entries:
        continues = table and entry.passage.kind == "row" and entry.passage.trail == table[0].passage.trail
        if table and not continues:
            yield table
            table = []
        if entry.passage.columns:
            table.append(entry)
        else:
            yield [entry]
    if table:
        yield table


def _passage(entry: Entry, page: str) -> str:
    passage = entry.passage
    original, view = _views(entry, page)
    tag = f"h{min(6, 3 + len(passage.trail))}" if passage.kind in {"heading", "speaker"} else "p"
    gap = "<br>" if passage.kind in LINES else " "
    units = range(len(passage.units))
    both = f'<{tag} class="am-orig" lang="{original.language}">{_units(original, entry, units, gap)}</{tag}>'
    if view:
        both += f'<p class="am-tran" lang="{view.language}">{_label(page)}{_units(view, entry, units, gap)}</p>'
    return f"<div {_marks(entry)}>{both}{_here(entry, page)}</div>"


def _table(entries: list[Entry], page: str) -> str:
    """Return a table with its header, if it has one, and a row for each passage: the translation below in each cell."""
    first = entries[0]
    view = first.views.get(page, first.views[first.passage.language])
    name = (
        f'<caption class="am-hidden" lang="{view.language}">{words("".join(view.trail[-1:]), view.language)}</caption>'
    )
    width = 1 + max(column for entry in entries for column in entry.passage.columns)
    rows = [_row(entry, width, page) for entry in entries]
    head = f'<thead role="rowgroup">{rows.pop(0)}</thead>' if first.passage.kind == "header" else ""
    return f'<table role="table">{name}{head}<tbody role="rowgroup">{"".join(rows)}</tbody></table>'


def _row(entry: Entry, width: int, page: str) -> str:
    passage = entry.passage
    original, view = _views(entry, page)
    names = passage.kind == "header"  # read out with every cell below: no link in them
    cells = []
    for column in range(width):
        units = [number for number, at in enumerate(passage.columns) if at == column]
        inner = ""
        if units:
            inner = f'<div class="am-orig" lang="{original.language}">{_units(original, entry, units, " ")}</div>'
        if units and view:
            said = _units(view, entry, units, " ")
            label = _label(page) if column == passage.columns[-1] else ""  # once a row
            inner += f'<div class="am-tran" lang="{view.language}">{label}{said}</div>'
        last = _here(entry, page) if column == width - 1 and not names else ""
        scope, role = ("col", "columnheader") if names else ("row", "rowheader")
        heads = units and (names or column == 0)
        begin, end = (f'<th scope="{scope}" role="{role}">', "</th>") if heads else (CELL, "</td>")
        cells.append(f"{begin}{inner}{last}{end}")
    return f'<tr role="row" {_marks(entry)}>{"".join(cells)}</tr>'


def _views(entry: Entry, page: str) -> tuple[View, View | None]:
    """Return the original of a passage, and its translation into the page's language if there is one."""
    original = entry.views[entry.passage.language]
    view = entry.views.get(page)
    return original, None if view is original else view


def _marks(entry: Entry) -> str:
    passage = entry.passage
    return f'class="am-passage" tabindex="-1" data-kind="{passage.kind}" data-passage="{escape(passage.id)}"'


def _label(page: str) -> str:
    return f'<span class="am-unofficial">{span(labels.UNOFFICIAL, page)}</span>'


def _here(entry: Entry, page: str) -> str:
    """Return the link to a passage."""
    passage = entry.passage
    return (
        f'<a class="am-here" href="{escape(address(passage.id))}" data-copies="{escape(passage.id)}">'
        f'{span(labels.ADDRESS, page, hidden=True)}<span aria-hidden="true">¶</span></a>'
    )


def _units(view: View, entry: Entry, numbers: Iterable[int], gap: str) -> str:
    """Return units of a passage in one language, each with its place in the report."""
    units = entry.passage.units
    return gap.join(
        f'<span data-start="{units[number].start}" data-end="{units[number].end}"'
        + ("" if view.translated[number] else f' lang="{entry.passage.language}"')
        + f">{words(view.units[number], view.language)}</span>"
        for number in numbers
    )
