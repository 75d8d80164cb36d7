"""The body of a PDF without tags: what its blocks are, by their type and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement, builder

from audiostory.model import Omission
from audiostory.reading.paragraphs import is_ended
from audiostory.reading.pdf_columns import Row, rows_of, with_edges
from audiostory.reading.pdf_edges import edge_lines
from audiostory.reading.pdf_lines import Line, PageText, Run, with_bullets
from audiostory.reading.pdf_rules import Block, Look, blocks_of, item_mark, look_of
from audiostory.reading.pdf_text import add, is_raised, put, put_runs
from audiostory.reading.tree import folded

_LARGER, _SMALLER = 1.12, 0.93  # than the text's size: of a heading, of a note or a caption
_HEADING_WORDS, _BOLD_WORDS, _HEADING_ROWS = 30, 16, 4
_FIRST = 3.3  # sizes of type: the first line of a paragraph is not set in more
_NEAR_QUOTE, _NEXT_LINE = 2.5, 1.2  # lines: of a signature below a quotation, of verse
_SAME_CODE = 3.5  # lines: a gap in code is not more
_SET_IN = 1.2  # sizes of type: a quotation, or an item without a mark
_QUOTE_WORDS = 6
_PROSE, _HEAD_BLOCKS = 30, 6  # words of a paragraph: the text has begun
_LOW = 0.5  # of a page's height: notes stand below
_NOTE = re.compile(r"\s*[\[(]?(\d{1,3}|[*†‡§]{1,3})[\])]?[.:]?\s*(?=\S)")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$")  # to a page's number
_FEWEST_ENTRIES = 3  # in a table of contents
_CAPTION = re.compile(r"[^\W\d]{2,12}\.?\s\d{1,3}(?:\.\d+)?(?:[.:|–—]|\s*$)")
_BACK = re.compile(r"\s*[↩↑⏎]\ufe0e?\s*$")  # the way from a note back to its place


def untagged_body(pages: Sequence[PageText]) -> tuple[HtmlElement, tuple[Omission, ...]]:
    """The document as HTML, and the lines at the edges of its pages that were left out."""
    edges = edge_lines(pages)
    rows: list[Row] = []
    for number, page in enumerate(pages):
        kept = [line for n, line in with_bullets(page) if (number, n) not in edges]
        rows += rows_of(kept, number)
    omissions = tuple(
        Omission(folded(pages[page].lines[line].text), reason)
        for (page, line), reason in sorted(edges.items())
    )
    contents = [row for row in rows if _LEADERS.search(row.text)]
    if len(contents) >= _FEWEST_ENTRIES:
        rows = [row for row in rows if not _LEADERS.search(row.text)]
        entries = (Omission(folded(row.text), "table of contents") for row in contents)
        omissions = (*entries, *omissions)
    if not rows:
        return builder.DIV(), omissions
    return _written(with_edges(rows), pages), omissions


def _written(rows: Sequence[Row], pages: Sequence[PageText]) -> HtmlElement:
    look = look_of(rows)
    notes = _notes(rows, look, pages)
    text = [row for row in rows if id(row) not in notes]
    blocks = blocks_of(text, look)
    below = blocks_of([row for row in rows if id(row) in notes], look)
    sizes = _heading_sizes(blocks, look)
    writer = _Writer()
    in_head = True
    above = ""
    for number, block in enumerate(blocks):
        around = blocks[max(0, number - 1) : number + 2]
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        kind = _kind(block, following, look, sizes)
        in_head = in_head and number < _HEAD_BLOCKS
        in_head = in_head and (kind != "p" or len(block.text.split()) < _PROSE)
        if kind == "caption" and (in_head or not _is_alone(block, around, look)):
            kind = "p"
        if above == "blockquote" and kind in ("p", f"h{len(sizes) + 1}"):
            kind = "blockquote" if _are_level(blocks[number - 1], block, look) else kind
        writer.block(block, kind)
        above = kind
    for block in below:
        writer.block(block, "note")
    return writer.root


def _is_alone(block: Block, around: Sequence[Block], look: Look) -> bool:
    """Whether a block of small type is not one of several, or says that it is a figure's."""
    small = sum(one.size <= _SMALLER * look.size for one in around)
    return small < 2 or _CAPTION.match(block.text) is not None


def _are_level(above: Block, block: Block, look: Look) -> bool:
    """Whether a block is set in as the one above it, and close to it."""
    ends, begins = above.rows[-1], block.rows[0]
    shift = abs((ends.ink[0] - ends.left) - (begins.ink[0] - begins.left))
    return shift < 0.5 * look.size and _is_set_in(block, look) and 0 < block.gap < _NEAR_QUOTE


def _is_note(row: Row, look: Look, page: PageText, raised: set[str]) -> bool:
    """Whether a row begins a note at the foot of a page. raised: numbers that stand in the text."""
    low = row.baseline < _LOW * page.height
    found = _NOTE.match(row.text)
    if not low or found is None or row.size > _SMALLER * look.size:
        return False
    return found[1] in raised or not found[1].isdigit()


def _notes(rows: Sequence[Row], look: Look, pages: Sequence[PageText]) -> set[int]:
    """The rows of notes, by id(): small ones, from one with a number to the column's foot."""
    raised = {
        run.text.strip(" [](),")
        for row in rows
        for cell in row.cells
        for run in cell.runs
        if is_raised(run, cell)
    }
    found: set[int] = set()
    in_note = False
    for row in rows:
        if row.first or row.size > _SMALLER * look.size:
            in_note = False
        if _is_note(row, look, pages[row.page], raised):
            in_note = True
        if in_note:
            found.add(id(row))
    return found


def _heading_sizes(blocks: Sequence[Block], look: Look) -> list[float]:
    """The sizes of headings, the largest first; sizes that hardly differ are one."""
    sizes = {block.size for block in blocks if _is_large(block, look)}
    kept: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not kept or size < kept[-1] * 0.95:
            kept.append(size)
    return kept


def _is_large(block: Block, look: Look) -> bool:
    words = len(block.text.split())
    large = block.size >= _LARGER * look.size and block.kind in ("text", "item")
    if not large or words > _HEADING_WORDS or len(block.rows) > _HEADING_ROWS:
        return False
    sentence = is_ended(block.text) and words > 10 and block.size < 1.5 * look.size
    return not sentence and any(character.isalpha() for character in block.text)


def _kind(block: Block, following: Block | None, look: Look, sizes: Sequence[float]) -> str:
    """The element that a block becomes, or "item", "caption", "head": of a table."""
    if block.kind in ("table", "code"):
        return {"table": "table", "code": "pre"}[block.kind]
    if _is_large(block, look):
        return f"h{min(6, 1 + sum(size > block.size * 1.05 for size in sizes))}"
    heads = following is not None and following.kind == "table" and len(block.rows) == 1
    if heads and block.kind == "text" and not is_ended(block.text):
        return "head"
    if _is_bold_heading(block, look):
        return f"h{min(6, max(2, 1 + len(sizes)))}"
    if _CAPTION.match(block.text) and block.size <= look.size * 0.97:
        return "caption"
    if block.kind == "item":
        return "item"
    if block.size <= _SMALLER * look.size and len(block.rows) < 6:
        return "caption"
    if not _is_set_in(block, look):
        return "p"
    if following is not None and following.kind == "text" and _are_level(block, following, look):
        return "blockquote"
    return _indented(block, look)


def _is_bold_heading(block: Block, look: Look) -> bool:
    words = len(block.text.split())
    short = words <= _BOLD_WORDS and len(block.rows) <= 2
    bold = block.bold and not look.bold and block.size > _SMALLER * look.size
    return bold and short and block.text.rstrip()[-1:] not in ".,;:?"  # a question is asked


def _is_set_in(block: Block, look: Look) -> bool:
    """Whether all lines of a block are set in; a single line must have an edge on its right."""
    least = _SET_IN * look.size
    if min(row.ink[0] - row.left for row in block.rows) < least:
        return False
    centred = all(
        abs((row.ink[0] - row.left) - (row.right - row.ink[1])) < 2 * look.size
        and row.ink[0] - row.left > 3 * look.size
        for row in block.rows
    )
    return not centred


def _indented(block: Block, look: Look) -> str:
    """A quotation is set in and apart; items without a mark are close to one another."""
    first = block.rows[0]
    near = len(block.rows) == 1 and first.ink[0] - first.left < _FIRST * first.size
    if near and (look.indented or block.gap < 1.2):
        return "p"
    return "blockquote" if len(block.text.split()) >= _QUOTE_WORDS else "p"


class _Writer:
    """Writes blocks as HTML: items that follow one another are one list, quotations one."""

    def __init__(self) -> None:
        self.root = builder.DIV()
        self._number: int | None = None  # of the last item
        self._indent = 0.0  # of that item
        self._place = 0  # lines written

    def block(self, block: Block, kind: str) -> None:
        """Write a block."""
        if kind == "table":
            self._table(block)
        elif kind == "note":
            self._note(block)
        elif kind == "item":
            self._item(block)
        elif kind == "blockquote":
            last = self.root[-1] if len(self.root) else None
            holder = last if last is not None and last.tag == "blockquote" else builder.BLOCKQUOTE()
            if holder is not last:
                add(self.root, holder)
            elif 0 < block.gap < _NEXT_LINE and len(block.rows) == 1:  # verse
                add(holder[-1], builder.BR())
                self._lines(holder[-1], block)
                return
            self._lines(self._new(holder, "p"), block)
        elif kind == "head":
            self._lines(self._new(self._new(self.root, "table"), "caption"), block)
        elif kind == "caption":
            self._lines(self._new(self._new(self.root, "figure"), "figcaption"), block)
        elif kind == "pre" and 0 < block.gap < _SAME_CODE and self._last_tag() == "pre":
            put(self.root[-1], "\n")
            self._lines(self.root[-1], block)
        else:
            self._lines(self._new(self.root, kind), block)

    def _last_tag(self) -> str:
        return str(self.root[-1].tag) if len(self.root) else ""

    def _new(self, parent: HtmlElement, name: str) -> HtmlElement:
        element = getattr(builder, name.upper())()
        add(parent, element)
        return element  # type: ignore[no-any-return]

    def _lines(self, element: HtmlElement, block: Block, skip: int = 0) -> None:
        """Write a block's lines, but for so many characters of the first one."""
        skip = sum(not character.isspace() for character in block.text[:skip])
        for row in block.rows:
            for number, cell in enumerate(row.cells):
                self._place += 1
                runs, skip = _without(cell.runs, skip)
                runs = tuple(replace(run, text=_BACK.sub(" ", run.text)) for run in runs)
                if number:
                    put(element, " ")
                    self._place -= 1
                put_runs(element, (0, self._place), cell, runs)

    def _item(self, block: Block) -> None:
        """Write an item: numbers that count on are of one list."""
        length, number = item_mark(block.text)
        last = self.root[-1] if len(self.root) else None
        if number is None and last is not None and last.tag == "ol" and self._is_inner(block):
            item = last[-1]
            inner = item[-1] if len(item) and item[-1].tag == "ul" else self._new(item, "ul")
            self._lines(self._new(inner, "li"), block, length)
            return
        name = "ul" if number is None else "ol"
        counts_on = number is None or (self._number is not None and number == self._number + 1)
        goes_on = last is not None and last.tag == name and counts_on
        if number is not None and number != 1 and not counts_on:
            self._lines(self._new(self.root, "p"), block)
            return
        holder = last if goes_on and last is not None else self._new(self.root, name)
        if not goes_on and number is not None and number != 1:
            holder.set("start", str(number))
        self._number, self._indent = number, block.indent
        self._lines(self._new(holder, "li"), block, length)

    def _is_inner(self, block: Block) -> bool:
        """Whether an item is set in more than the numbered one above it."""
        return block.indent > self._indent + block.size

    def _note(self, block: Block) -> None:
        """Write a note from the foot of a page; numbered ones are a list."""
        found = _NOTE.match(block.text)
        if found is None or not found[1].isdigit():
            element = self._new(self.root, "p")
            element.set("class", "footnotes")
            self._lines(element, block)
            return
        last = self.root[-1] if len(self.root) else None
        holder = last if last is not None and last.get("class") == "footnotes" else None
        if holder is None or holder.tag != "ol":
            holder = self._new(self.root, "ol")
            holder.set("class", "footnotes")
            holder.set("start", found[1])
        self._lines(self._new(holder, "li"), block, found.end())

    def _table(self, block: Block) -> None:
        """Write a table: a cell below a cell of its own width goes on with it."""
        headed = self._last_tag() == "table" and self.root[-1][-1].tag == "caption"
        table = self.root[-1] if headed else self._new(self.root, "table")
        for number, row in enumerate(block.rows):
            line = self._new(table, "tr")
            head = number == 0 and all(_is_bold(cell) for cell in row.cells)
            for cell in row.cells:
                self._place += 1
                put_runs(self._new(line, "th" if head else "td"), (0, self._place), cell, cell.runs)


def _is_bold(cell: Line) -> bool:
    return all(run.style.bold for run in cell.runs if run.text.strip())


def _without(runs: tuple[Run, ...], count: int) -> tuple[tuple[Run, ...], int]:
    """Runs without their first characters, and how many are left to leave out.

    White space does not count: there is none in the runs where a gap in the line stands for it.
    """
    if not count:
        return runs, 0
    kept: list[Run] = []
    for run in runs:
        cut = 0
        while cut < len(run.text) and (count or (not kept and run.text[cut].isspace())):
            count -= not run.text[cut].isspace()
            cut += 1
        if run.text[cut:]:
            kept.append(replace(run, text=run.text[cut:]))
    return tuple(kept), count
