"""Reading: a report in CommonMark becomes passages of units, each with its exact place in the report's text.

What belongs together is read off the structure, never off the words, so that any mission's report works:

- a heading opens a section; emphasis in it (`*Name, office*`) says who speaks there;
- a paragraph is a passage, its sentences are units; a list item that opens with emphasis is that person's remark;
- a list is one passage when a line ending in a colon introduces it or its items are short, else one an item;
- a table row is a passage that knows its column names; its first cells that are empty are those of the row above;
- in a part of slides, a heading with all that follows is one passage, and a rule (`---`) ends a slide.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from askmission.errors import CorpusError
from askmission.missions import Mission, MissionFolder, Part
from askmission.text import HANGUL, fold, sentences, squeeze

SHORT_ITEM = 200
"""Items no longer than this, in characters, are lines of one list rather than remarks of their own."""

LONG_LIST = 1500
"""A list longer than this, in characters, is cut into one passage an item, whatever introduces it."""

_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->[ \t]*$", re.DOTALL | re.MULTILINE)
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_OPENING = {"Ps", "Pi"}  # the Unicode categories of opening brackets and quotation marks


@dataclass(frozen=True)
class Unit:
    """The smallest thing worth quoting; `start` and `end` are character offsets in the report."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Passage:
    """Consecutive units that belong together, and what a reader must know to understand them alone.

    `kind` is heading, speaker (a heading that names one), paragraph, list, remark, header (of a table), row or slide.
    `context` holds texts of other units that this passage leans on: the column names of a table, the hour of a row
    that continues another. `columns` tells in which column of its table each unit of a header or a row stands,
    `titled` whether `trail` begins with what the whole report stands under.
    """

    id: str
    mission: str
    language: str
    kind: str
    trail: tuple[str, ...]
    speaker: str | None
    context: tuple[str, ...]
    units: tuple[Unit, ...]
    searched: bool = True
    columns: tuple[int, ...] = ()
    titled: bool = True

    @property
    def start(self) -> int:
        """Where the passage begins in the report, in characters."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Where the passage ends in the report, in characters."""
        return self.units[-1].end


def read_report(folder: MissionFolder) -> list[Passage]:
    """Return the passages of a mission's report, in its order.

    Raises `CorpusError` if the report holds no text, or mission.toml names a heading that it does not have.
    """
    reader = _Reader(folder.mission, folder.report)
    passages = reader.read()
    if not passages:
        raise CorpusError(f"{folder.folder / 'report.md'}: no text in it. Put the report's text there.")
    for wanted in [*folder.mission.unsearched, *(part.first for part in folder.mission.parts)]:
        if wanted not in reader.headings:
            raise CorpusError(f"{folder.folder / 'mission.toml'}: report.md has no heading '{wanted}'.")
    return passages


@dataclass(frozen=True)
class _Span:
    """A run of plain text with the place of each of its characters; `emphasised` is its first run of emphasis.

    `end` is where its marks end too.
    """

    text: str
    places: tuple[int, ...]
    end: int
    emphasised: str | None = None
    opens_emphasised: bool = False

    def unit(self, start: int, end: int) -> Unit:
        return Unit(self.places[start], self.places[end - 1] + 1, squeeze(self.text[start:end]))

    def units(self, language: str) -> tuple[Unit, ...]:
        return tuple(self.unit(start, end) for start, end in sentences(self.text, language))


@dataclass
class _Block:
    kind: str  # paragraph, item
    units: tuple[Unit, ...]
    speaker: str | None = None
    children: list["_Block"] = field(default_factory=list)

    def flat(self) -> tuple[Unit, ...]:
        return self.units + tuple(unit for child in self.children for unit in child.flat())

    @property
    def size(self) -> int:
        return sum(len(unit.text) for unit in self.flat())


class _Reader:
    """Walks the tokens of one report once."""

    def __init__(self, mission: Mission, report: str) -> None:
        self.mission = mission
        self.report = report
        self.lines = [0, *(match.end() for match in re.finditer("\n", report))]
        self.headings: set[str] = set()
        self.titled = False
        self.sections: list[tuple[int, str, str | None]] = []  # level, text, speaker
        self.part: Part | None = None
        self.unsearched_level: int | None = None
        self.passages: list[Passage] = []
        self.slide: list[Unit] = []
        self.slide_open = False
        self.ids: dict[str, int] = {}

    def read(self) -> list[Passage]:
        parser = MarkdownIt("commonmark").enable("table").disable("text_join")
        parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]  # places must match the report
        parser.block.ruler.at("html_block", _comment, {"alt": ["paragraph", "reference"]})
        parser.inline.ruler.at("emphasis", _emphasis)
        tokens = [token for token in parser.parse(self.report) if token.type != "html_block"]
        highest = [token for token in tokens if (token.type, token.tag, token.level) == ("heading_open", "h1", 0)]
        self.titled = tokens[:1] == highest
        index, pending = 0, list[_Block]()
        while index < len(tokens):
            token = tokens[index]
            close = _closing(tokens, index)
            inside = tokens[index + 1 : close]
            if token.type == "paragraph_open":
                pending.append(self._paragraph(inside[0]))
            elif token.type in {"fence", "code_block"}:
                pending.append(_Block("paragraph", self._verbatim(token)))
            elif token.type == "blockquote_open":
                pending.extend(self._blocks(inside))
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                lead = pending.pop() if pending and _introduces(pending[-1]) else None
                self._emit_paragraphs(pending)
                pending = []
                self._emit_list(self._blocks(inside), lead)
            else:
                self._emit_paragraphs(pending)
                pending = []
                if token.type == "heading_open":
                    self._heading(int(token.tag[1]), inside[0])
                elif token.type == "table_open":
                    self._table(inside, token)
                elif token.type == "hr":
                    self._rule()
            index = close + 1
        self._emit_paragraphs(pending)
        self._end_slide()
        return self.passages

    # Blocks

    def _paragraph(self, inline: Token) -> _Block:
        span = self._span(inline)
        return _Block("paragraph", span.units(self.language))

    def _blocks(self, tokens: list[Token]) -> list[_Block]:
        """Return the items of a list, or the paragraphs of a quotation, each with what is nested in it."""
        blocks: list[_Block] = []
        index = 0
        while index < len(tokens):
            token, close = tokens[index], _closing(tokens, index)
            inside = tokens[index + 1 : close]
            if token.type == "list_item_open":
                blocks.append(self._item(inside))
            elif token.type in {"paragraph_open", "heading_open"}:
                blocks.append(self._paragraph(inside[0]))
            elif token.type in {"fence", "code_block"}:
                blocks.append(_Block("paragraph", self._verbatim(token)))
            elif token.type == "table_open":
                blocks.extend(_Block("paragraph", row) for row in self._rows(inside, token))
            else:
                blocks.extend(self._blocks(inside))
            index = close + 1
        return blocks

    def _item(self, tokens: list[Token]) -> _Block:
        blocks = self._blocks(tokens)
        speaker = None
        if tokens and tokens[0].type == "paragraph_open":
            span = self._span(tokens[1])
            speaker = span.emphasised if span.opens_emphasised else None
        first = blocks[0] if blocks else _Block("item", ())
        return _Block("item", first.units, speaker, first.children + blocks[1:])

    def _verbatim(self, token: Token) -> tuple[Unit, ...]:
        """Return each line of a code block as a unit."""
        first, last = token.map or [0, 0]
        units = []
        for number in range(first, last):
            start, end = self._line(number)
            line = self.report[start:end]
            if line.strip() and not (token.type == "fence" and number in {first, last - 1} and token.markup in line):
                left = start + len(line) - len(line.lstrip())
                units.append(Unit(left, left + len(line.strip()), squeeze(line)))
        return tuple(units)

    def _heading(self, level: int, inline: Token) -> None:
        span = self._span(inline)
        text = squeeze(span.text)
        if not text:
            return
        self.headings.add(text)
        for part in self.mission.parts:
            if part.first == text and part is not self.part:
                self._end_slide()
                self.part = part
                self.sections = [(0, title, None) for title in part.trail]
                break
        self._end_slide()
        self._leave(level)
        if self.unsearched_level is None and text in self.mission.unsearched:
            self.unsearched_level = level
        unit = span.unit(*_inner(span.text))
        if self.part and self.part.slides:
            self.sections.append((level, text, span.emphasised))
            self.slide, self.slide_open = [unit], True
        else:
            self._emit("speaker" if span.emphasised else "heading", (unit,))
            self.sections.append((level, text, span.emphasised))

    def _leave(self, level: int) -> None:
        self.sections = [section for section in self.sections if section[0] < level]
        if self.unsearched_level is not None and level <= self.unsearched_level:
            self.unsearched_level = None

    def _rule(self) -> None:
        if self.part and self.part.slides:
            self._end_slide()
            titled = [section for section in self.sections if section[0] > 0]
            if len(titled) > 1:
                self.sections.remove(titled[-1])

    def _table(self, tokens: list[Token], table: Token) -> None:
        head, *rows = self._cells(tokens, table)
        header = _flat(head)
        self._emit("header", header, columns=_columns(head))
        above: list[tuple[Unit, ...]] = [()] * len(head)
        for cells in rows:
            row = _flat(cells)
            if not row:
                continue
            own = next((column for column, cell in enumerate(cells[:-1]) if cell), len(cells) - 1)
            context = tuple(unit.text for unit in (*header, *_flat(above[:own])))
            self._emit("row", row, context=context, columns=_columns(cells))
            above = [*above[:own], *cells[own:-1]]

    def _cells(self, tokens: list[Token], table: Token) -> Iterator[list[tuple[Unit, ...]]]:
        first = (table.map or [0])[0]
        row: list[tuple[Unit, ...]] = []
        number = -1
        at = 0
        for index, token in enumerate(tokens):
            if token.type == "tr_open":
                number, row = number + 1, []
                at = self._line(first + number + (number > 0))[0]  # the line of dashes holds no row
            elif token.type == "tr_close":
                yield row
            elif token.type in {"th_open", "td_open"}:
                span = self._span(tokens[index + 1], at, self._line(first + number + (number > 0))[1])
                row.append(span.units(self.language))
                at = span.end

    def _rows(self, tokens: list[Token], table: Token) -> Iterator[tuple[Unit, ...]]:
        for cells in self._cells(tokens, table):
            yield _flat(cells)

    # Passages

    @property
    def language(self) -> str:
        return (self.part.language if self.part else None) or self.mission.language

    def _emit_paragraphs(self, blocks: list[_Block]) -> None:
        """Emit paragraphs; short lines that are no sentences and follow each other make one passage."""
        run: list[Unit] = []
        for block in blocks:
            if not block.units:
                continue
            if _is_line(block):
                run.extend(block.units)
                continue
            if run:
                self._emit("paragraph", tuple(run))
                run = []
            self._emit("paragraph", block.units)
        if run:
            self._emit("paragraph", tuple(run))

    def _emit_list(self, items: list[_Block], lead: _Block | None) -> None:
        opening = lead.units if lead else ()
        size = sum(item.size for item in items)
        whole = not any(item.speaker for item in items) and size <= LONG_LIST
        if whole and (lead or all(item.size <= SHORT_ITEM for item in items)):
            self._emit("list", opening + tuple(unit for item in items for unit in item.flat()))
            return
        if opening:
            self._emit("paragraph", opening)
        for item in items:
            self._emit("remark" if item.speaker else "list", item.flat(), item.speaker)

    def _emit(
        self,
        kind: str,
        units: tuple[Unit, ...],
        speaker: str | None = None,
        context: tuple[str, ...] = (),
        columns: tuple[int, ...] = (),
    ) -> None:
        if not units:
            return
        if self.slide_open and kind != "slide":
            self.slide.extend(units)
            return
        if self.part and self.part.slides and kind not in {"slide", "row", "header"}:
            self.slide, self.slide_open = list(units), True
            return
        trail = tuple(text for _, text, _ in self.sections)
        speakers = [name for _, _, name in self.sections if name]
        self.passages.append(
            Passage(
                id=self._id(trail or (units[0].text,)),
                mission=self.mission.id,
                language=self.language,
                kind=kind,
                trail=trail,
                speaker=speaker or (speakers[-1] if speakers else None),
                context=context,
                units=units,
                searched=self.unsearched_level is None,
                columns=columns,
                titled=self.titled and all(level < 2 for level, _, _ in self.sections[:1]),
            )
        )

    def _end_slide(self) -> None:
        if self.slide_open and self.slide:
            units, self.slide, self.slide_open = tuple(self.slide), [], False
            self._emit("slide", units)
        self.slide_open = False

    def _id(self, trail: tuple[str, ...]) -> str:
        slug = re.sub(r"\W+", "-", fold(trail[-1])).strip("-")[:40].strip("-") or "text"
        number = self.ids[slug] = self.ids.get(slug, 0) + 1
        return f"{self.mission.id}/{slug}/{number}"

    # Places

    def _line(self, number: int) -> tuple[int, int]:
        start = self.lines[number]
        end = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.report)
        return start, end

    def _span(self, inline: Token, low: int | None = None, high: int | None = None) -> _Span:
        """Return the plain text of an inline token with the place of each character in the report."""
        first, last = inline.map or [0, 1]
        low = self.lines[first] if low is None else low
        high = self._line(last - 1)[1] if high is None else high
        places = self._places(inline.content, low, high)
        content = inline.content.replace("\n", " ")  # as the parser does where code goes over a line's end
        text: list[str] = []
        where: list[int] = []
        emphasised: list[str] = []
        depth, opens, at = 0, False, 0
        links: list[str] = []
        for child in _flatten(inline.children or []):
            if child.type == "em_open":
                depth += 1
                if not emphasised:
                    opens = not "".join(text).strip()
                    emphasised.append("")
            elif child.type == "em_close":
                depth -= 1
                if depth == 0 and len(emphasised) == 1:
                    emphasised.append("closed")
            elif child.type == "link_open":
                links.append("" if child.markup == "autolink" else str(child.attrs.get("href", "")))
            elif child.type == "link_close":
                at = _past_target(inline.content, at, links.pop())
            elif child.type in {"softbreak", "hardbreak"}:
                at = inline.content.index("\n", at)
                text.append(" ")
                where.append(places[at])
                at += 1
            elif child.content:
                raw = child.markup if child.type == "text_special" else child.content
                at = content.index(raw.replace("\n", " "), at)
                shown = _shown(child)
                text.append(shown)
                where.extend(places[min(at + k, at + len(raw) - 1)] for k in range(len(shown)))
                if depth and len(emphasised) == 1:
                    emphasised[0] += shown
                at += len(raw)
        speaker = squeeze(emphasised[0]) if emphasised else None
        return _Span("".join(text), tuple(where), places[-1], speaker or None, opens)

    def _places(self, content: str, low: int, high: int) -> list[int]:
        """Return the place in the report of each character of `content`, which stands between `low` and `high`."""
        places: list[int] = []
        at = low
        for line in content.split("\n"):
            words = line.lstrip()  # of a tab before them, the parser makes spaces
            places.extend([at] * (len(line) - len(words)))
            found = self.report.find(words, at, high)
            if found >= 0:
                places.extend(range(found, found + len(words)))
                at = found + len(words)
            else:  # a table's cell, where the parser took out the backslash before a bar
                for char in words:
                    at = self.report.index(char, at, high)
                    places.append(at)
                    at += 1
            places.append(at)
        return places


def _closing(tokens: list[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index` (itself if it stands alone)."""
    if tokens[index].nesting != 1:
        return index
    depth = 0
    for at in range(index, len(tokens)):
        depth += tokens[at].nesting
        if depth == 0:
            return at
    raise AssertionError("the parser left a token open")


def _flatten(tokens: list[Token]) -> Iterator[Token]:
    """Yield inline tokens in order, an image as a link on its description."""
    for token in tokens:
        if token.type == "image":
            yield Token("link_open", "", 0, attrs={"href": str(token.attrs.get("src", ""))})
            yield from token.children or []
            yield Token("link_close", "", 0, attrs={"href": str(token.attrs.get("src", ""))})
        else:
            yield token


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take for a block of HTML only a comment that ends with a line: whatever else stands in tags is to be read."""
    at = state.bMarks[start] + state.tShift[start]
    return bool(_COMMENT.match(state.src, at)) and html_block(state, start, end, silent)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read marks of emphasis as CommonMark does, but that Hangul may follow `)*` and stand before `*(` without a space.

    A particle does: without this, `*(Ada)*은` would keep its marks.
    """
    start, known = state.pos, len(state.delimiters)
    read = emphasis.tokenize(state, silent)
    before, after = state.src[start - 1 : start] or " ", state.src[state.pos : state.pos + 1] or " "
    inside, outside = unicodedata.category(before), unicodedata.category(after)
    for mark in state.delimiters[known:]:
        if mark.marker == ord("*"):
            mark.close |= bool(HANGUL.match(after)) and inside[0] in "PS" and inside not in _OPENING
            mark.open |= bool(HANGUL.match(before)) and outside in _OPENING
    return read


def _shown(token: Token) -> str:
    """Return what a reader sees of a run of text: of a comment nothing, of `<br>` a space."""
    if token.type == "html_inline":
        return "" if token.content.startswith("<!--") else _BREAK.sub(" ", token.content)
    return token.content


def _past_target(content: str, at: int, target: str) -> int:
    """Return the offset after a link's target, which stands from `at` on, or `at` if there is none."""
    if not target:
        return at
    close = content.find("]", at)
    if close < 0:
        return at
    if content[close + 1 : close + 2] == "(":
        found = content.find(target, close)
        end = content.find(")", found + len(target) if found >= 0 else close)
        return end + 1 if end >= 0 else at
    if content[close + 1 : close + 2] == "[":
        end = content.find("]", close + 1)
        return end + 1 if end >= 0 else at
    return close + 1


def _inner(text: str) -> tuple[int, int]:
    left = len(text) - len(text.lstrip())
    return left, left + len(text.strip())


def _introduces(block: _Block) -> bool:
    return bool(block.units) and block.units[-1].text.endswith((":", "："))


def _is_line(block: _Block) -> bool:
    text = block.units[-1].text
    return block.size <= SHORT_ITEM and not text.endswith((".", "!", "?", "…", ":", ";"))


def _flat(cells: list[tuple[Unit, ...]]) -> tuple[Unit, ...]:
    return tuple(unit for cell in cells for unit in cell)


def _columns(cells: list[tuple[Unit, ...]]) -> tuple[int, ...]:
    return tuple(column for column, cell in enumerate(cells) for _ in cell)
