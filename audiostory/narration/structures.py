"""What a listener needs to know of tables and lists, as attributes that stylesheets can say.

table   data-columns, data-rows (without the row of headers)
tr      class header, where it is the row of headers
td      data-header, data-row-header: its column's and its row's; class empty, without words
ul, ol  data-count: of its items; dl: of its terms
li      data-number: as the list numbers it, from 1 in a ul; data-count: of the list's items
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from audiostory.narration.tree import folded, has_words, text_of

_NUMBER = re.compile(r"-?\d{1,6}$")
_SPAN = re.compile(r"[0-9]{1,6}$")
_MOST_COLUMNS = 100
_MOST_ROWS = 10_000
_LONGEST_HEADER = 200  # characters: what is longer is no name for a cell
_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})


def mark_structures(body: HtmlElement) -> None:
    """Give the tables and lists of an article's body their attributes."""
    for element in body.iter("table", "ol", "ul", "dl"):
        if element.tag == "table":
            _mark_table(element)
        elif element.tag == "dl":
            element.set("data-count", str(sum(child.tag == "dt" for child in element)))
        else:
            _mark_list(element)


def _mark_list(element: HtmlElement) -> None:
    items = [child for child in element if child.tag == "li"]
    count = str(len(items))
    element.set("data-count", count)
    for item, number in zip(items, _numbers(element, len(items)), strict=True):
        item.set("data-number", str(number))
        item.set("data-count", count)


def _numbers(element: HtmlElement, count: int) -> range:
    """The numbers of a list's items (HTML, 4.4.5)."""
    if element.tag == "ul":
        return range(1, count + 1)
    backwards = element.get("reversed") is not None
    start = element.get("start", "").strip()
    first = int(start) if _NUMBER.match(start) else count if backwards else 1
    return range(first, first - count, -1) if backwards else range(first, first + count)


# --- tables ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Grid:
    """Which columns a table's cells are in (HTML, 4.9.12.1)."""

    columns: int = 0
    _covered: dict[int, int] = field(default_factory=dict)  # column: the last row it is taken in

    def place(self, row: int, cells: Sequence[HtmlElement]) -> Iterator[tuple[int, HtmlElement]]:
        """The first column of each cell of a row, and the cell."""
        column = 0
        for cell in cells:
            while column < _MOST_COLUMNS and self._covered.get(column, -1) >= row:
                column += 1
            yield column, cell
            width, height = (
                _span(cell, "colspan", _MOST_COLUMNS),
                _span(cell, "rowspan", _MOST_ROWS),
            )
            if height > 1:
                for taken in range(column, min(_MOST_COLUMNS, column + width)):
                    self._covered[taken] = row + height - 1
            column += width
        self.columns = max(self.columns, column)


def _mark_table(table: HtmlElement) -> None:
    grid = _Grid()
    rows = [(row, list(grid.place(at, _cells(row)))) for at, row in enumerate(_rows(table))]
    headers: dict[int, str] = {}
    for row, cells in rows:
        if not headers and _holds_headers(cells, grid.columns):
            headers = {column: text for cell in cells for column, text in _named(*cell)}
            row.set("class", "header")
        else:
            _mark_cells(cells, headers, grid.columns)
    table.set("data-columns", str(grid.columns))
    table.set("data-rows", str(len(rows) - any(row.get("class") == "header" for row, _ in rows)))


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    """The table's own rows, not those of tables in it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from (row for row in child if row.tag == "tr")


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _holds_headers(cells: Sequence[tuple[int, HtmlElement]], columns: int) -> bool:
    """Whether a row names columns: one header over all of them is the name of the whole."""
    if not cells or any(cell.tag == "td" for _, cell in cells):
        return False
    return len(cells) > 1 or columns == 1


def _named(column: int, cell: HtmlElement) -> Iterator[tuple[int, str]]:
    name = _name(cell)
    for under in range(column, min(_MOST_COLUMNS, column + _span(cell, "colspan", _MOST_COLUMNS))):
        yield under, name


def _mark_cells(
    cells: Sequence[tuple[int, HtmlElement]], headers: dict[int, str], columns: int
) -> None:
    row_header = next((_name(cell) for _, cell in cells if cell.tag == "th"), "")
    for column, cell in cells:
        if cell.tag == "th" or _span(cell, "colspan", _MOST_COLUMNS) >= columns > 1:
            continue  # a cell across all columns is of none
        if row_header:
            cell.set("data-row-header", row_header)
        if header := headers.get(column, ""):
            cell.set("data-header", header)
            if not has_words(text_of(cell)):
                cell.set("class", "empty")


def _name(cell: HtmlElement) -> str:
    name = folded("".join(cell.itertext()))
    return name if len(name) <= _LONGEST_HEADER else ""


def _span(cell: HtmlElement, attribute: str, most: int) -> int:
    value = cell.get(attribute, "").strip()
    return min(most, max(1, int(value))) if _SPAN.match(value) else 1
