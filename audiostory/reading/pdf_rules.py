"""Rows of a page become blocks: where a paragraph, an item or a table begins and ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Literal

from audiostory.reading.paragraphs import is_ended
from audiostory.reading.pdf_columns import Row, pieces_of

Kind = Literal["text", "item", "table", "code"]

_BULLET = re.compile(r"\s*[•‣▪▫◦●○■□♦➢✓\uf0a7\uf0b7\uf0d8·*-]\s+(?=\S)")
_NUMBER = re.compile(r"\s*[\[(]?(\d{1,3})[.)\]]\s+(?=\S)|\s*([a-z])\)\s+(?=\S)")
_DIVIDED = re.compile(r"[^\W\d_][-‐]\s*$")  # a word goes on in the next line
_LAST_ROWS, _MOST_ROWS = 8, 500  # looked back at; in one block: time stays bounded
_OTHER_SIZE = 0.06  # of the size of type
_INDENT = 0.7  # sizes of type: less is no indent
_DEEP = 6.0  # sizes of type: more is not a paragraph's first line
_FIRST, _FEW_INDENTED = 3.3, 0.01  # sizes of type; of the lines
_GAP = 1.3  # of the usual distance of lines: more parts paragraphs
_HEAD_GAP = 0.85  # sizes of type between the cells of a table's head
_ROWS_APART = 4.0  # sizes of type
_ROOM = 0.45  # of the size of type: the width of a character, at most


@dataclass(frozen=True, slots=True)
class Look:
    """What is usual in a document. leading: by size of type, from one line to the next.

    indented: whether the first lines of paragraphs are set in.
    """

    size: float
    leading: dict[float, float]
    bold: bool = False
    indented: bool = False


@dataclass(slots=True)
class Block:
    """Rows that belong together. indent: points from the column's left edge.

    gap: above it, in lines; 0 where it is not known.
    """

    kind: Kind
    rows: list[Row] = field(default_factory=list)
    indent: float = 0.0
    gap: float = 0.0

    @property
    def text(self) -> str:
        """What the block says, line ends as spaces."""
        return " ".join(row.text for row in self.rows)

    @property
    def size(self) -> float:
        """Its type's size in points."""
        return median(row.size for row in self.rows)

    @property
    def bold(self) -> bool:
        """Whether all of it is in bold type."""
        return all(is_bold(row) for row in self.rows)


def look_of(rows: Sequence[Row]) -> Look:
    """What is usual: the size of most characters, and the distance of lines of each size."""
    sizes: Counter[float] = Counter()
    bold = 0
    for row in rows:
        sizes[row.size] += len(row.text)
        bold += len(row.text) if is_bold(row) else 0
    gaps: dict[float, Counter[float]] = {}
    for above, row in _pairs(rows):
        if above.size == row.size and not row.first:
            gap = round(above.baseline - row.baseline, 1)
            gaps.setdefault(row.size, Counter())[gap] += 1
    leading = {size: _usual(found, size) for size, found in gaps.items()}
    whole = sum(sizes.values())
    size = sizes.most_common(1)[0][0]
    return Look(size, leading, bold=bold > whole / 2, indented=_is_indenting(rows, size))


def _is_indenting(rows: Sequence[Row], size: float) -> bool:
    """Whether enough lines of the text are set in, with a line at the edge below."""
    found = [
        _INDENT * size < above.ink[0] - above.left < _FIRST * size
        and abs(row.ink[0] - row.left) < _INDENT * size
        and above.right - above.ink[1] < 2 * size
        for above, row in _pairs(rows)
        if above.size == row.size == size
    ]
    return sum(found) >= max(2, _FEW_INDENTED * len(found))


def _usual(gaps: Counter[float], size: float) -> float:
    """The smallest distance that is not rare."""
    most = max(gaps.values())
    common = [gap for gap, times in gaps.items() if 4 * times >= most and gap > 0.8 * size]
    return min(common, default=1.3 * size)


def blocks_of(rows: Sequence[Row], look: Look) -> list[Block]:
    """The blocks that rows make, in order."""
    blocks: list[Block] = []
    for is_table, group in groupby(_with_tables(rows), key=lambda pair: pair[1]):
        found = [row for row, _ in group]
        if is_table:
            blocks.append(Block("table", found))
            continue
        for row in found:
            if blocks and blocks[-1].kind != "table" and _goes_on(blocks[-1], row, look):
                blocks[-1].rows.append(row)
            else:
                blocks.append(_begun(row, blocks, look))
    return blocks


def _begun(row: Row, blocks: Sequence[Block], look: Look) -> Block:
    indent = row.ink[0] - row.left
    above = blocks[-1].rows[-1] if blocks else None
    gap = 0.0
    if above is not None and not row.first and above.page == row.page:
        leading = look.leading.get(row.size, 1.3 * row.size)
        gap = (above.baseline - row.baseline) / leading
    if is_fixed(row):
        return Block("code", [row], indent, gap)
    return Block("item" if is_item(row.text) else "text", [row], indent, gap)


def is_item(text: str) -> bool:
    """Whether a line begins as an item of a list does."""
    return _BULLET.match(text) is not None or _NUMBER.match(text) is not None


def item_mark(text: str) -> tuple[int, int | None]:
    """How long the mark of an item is, and its number, if it has one."""
    if found := _BULLET.match(text):
        return found.end(), None
    if found := _NUMBER.match(text):
        return found.end(), int(found[1]) if found[1] else None
    return 0, None


def is_bold(row: Row) -> bool:
    """Whether all of a row is in bold type."""
    runs = [run for cell in row.cells for run in cell.runs if run.text.strip()]
    return all(run.style.bold for run in runs)


def is_fixed(row: Row) -> bool:
    """Whether all of a row is in type of one width, as code is."""
    runs = [run for cell in row.cells for run in cell.runs if run.text.strip()]
    return all(run.style.fixed for run in runs)


def _goes_on(block: Block, row: Row, look: Look) -> bool:
    """Whether a row goes on with a block."""
    last = block.rows[-1]
    if len(block.rows) >= _MOST_ROWS:
        return False
    if abs(row.size - last.size) > _OTHER_SIZE * last.size or is_fixed(row) != is_fixed(last):
        return False
    if is_bold(row) != is_bold(last) and block.bold != is_bold(row) and len(block.rows) < 3:
        return False
    apart = row.first or row.page != last.page
    if not apart and _is_below_gap(last, row, look):
        return False
    if block.kind == "code":
        return not apart or not is_ended(last.text)
    if is_item(row.text) and (block.kind == "item" or is_ended(last.text)):
        return False
    if apart:
        return _is_joined(block, row, look)
    if _is_centred(last, row):
        return row.size > look.size or not _has_room(block, row)
    return not _is_indented(block, row, look) and not _has_room(block, row)


def _is_below_gap(last: Row, row: Row, look: Look) -> bool:
    distance = last.baseline - row.baseline
    leading = look.leading.get(row.size, 1.35 * row.size)
    return distance > _GAP * leading or distance < 0


def _is_joined(block: Block, row: Row, look: Look) -> bool:
    """Whether a block goes on at the top of another column or page."""
    text = block.rows[-1].text.rstrip()
    if text.endswith(("-", "‐")) or row.text.lstrip()[:1].islower():
        return True
    if block.bold or _has_room(block, row):
        return False
    if is_ended(text):  # a full line is seldom a paragraph's last one
        set_in = row.ink[0] - row.left > _INDENT * row.size
        return len(block.rows) > 1 and not set_in and row.size == look.size
    return True


def _is_indented(block: Block, row: Row, look: Look) -> bool:
    """Whether a row is the first line of another paragraph, or of other text."""
    left = row.ink[0] - row.left
    last = block.rows[-1]
    shift = left - (last.ink[0] - last.left)
    size = row.size
    if len(block.rows) == 1:  # a first line may be set in, or out as an item's is
        if abs(shift) <= _INDENT * size:
            return False
        if shift < 0:
            full = last.right - last.ink[1] < 2 * size
            return not (look.indented or full) or -shift > _FIRST * size
        return block.kind != "item" or shift > _DEEP * size
    return abs(shift) > _INDENT * size


def _has_room(block: Block, row: Row) -> bool:
    """Whether the first word of a row would have fitted on the line before: a line ended there."""
    last = block.rows[-1]
    if _DIVIDED.search(last.text):
        return False
    word = row.text.split(None, 1)[0] if row.text.strip() else ""
    right = max(one.ink[1] for one in block.rows[-_LAST_ROWS:])
    edge = last.right if block.kind == "text" else max(right, last.right)
    room = edge - last.ink[1]
    need = (len(word) + 1) * _ROOM * row.size
    sure = room > 2.5 * need and room > 0.12 * (last.right - last.left)
    return sure or (room > 1.2 * need and is_ended(last.text))


def _is_centred(last: Row, row: Row) -> bool:
    """Whether two rows have one middle, and begin at different places."""
    middles = [sum(one.ink) / 2 for one in (last, row)]
    shift = abs(last.ink[0] - row.ink[0])
    return abs(middles[0] - middles[1]) < _INDENT * row.size and shift > _INDENT * row.size


def _with_tables(rows: Sequence[Row]) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether it is of a table: two or more rows of cells below one another."""
    rows = _divided(rows)
    flags = [_has_cells(row) for row in rows]
    for number, row in enumerate(rows):
        around = [n for n in (number - 1, number + 1) if 0 <= n < len(rows) and flags[n]]
        yield row, flags[number] and any(_is_aligned(row, rows[n]) for n in around)


def _has_cells(row: Row) -> bool:
    return len(row.cells) > 1 and not is_item(row.text) and not is_fixed(row)


def _divided(rows: Sequence[Row]) -> list[Row]:
    """Rows, with a table's narrow head divided as the rows below it are."""
    result = list(rows)
    for number, (head, below) in enumerate(pairwise(rows)):
        if _has_cells(below) and len(head.cells) < len(below.cells) and head.page == below.page:
            cells = tuple(piece for cell in head.cells for piece in pieces_of(cell, _HEAD_GAP))
            if len(cells) == len(below.cells):
                result[number] = replace(head, cells=cells)
    return result


def _is_aligned(row: Row, other: Row) -> bool:
    """Whether two rows have as many cells, or cells that begin or end at the same places."""
    if row.page != other.page or abs(row.baseline - other.baseline) > _ROWS_APART * row.size:
        return False
    if len(row.cells) == len(other.cells):
        return True
    places = [(cell.left, cell.right) for cell in other.cells]
    found = [
        any(min(abs(cell.left - a), abs(cell.right - b)) < row.size for a, b in places)
        for cell in row.cells
    ]
    return sum(found) >= 2


def _pairs(rows: Sequence[Row]) -> Iterable[tuple[Row, Row]]:
    return ((a, b) for a, b in pairwise(rows) if a.page == b.page)
