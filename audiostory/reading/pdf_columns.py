"""The reading order of a page without tags: columns from left to right, bands from the top down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from audiostory.reading.pdf_lines import Line

_CELL_GAP = 1.6  # sizes of type: a wider gap in a line parts cells, or columns
_GUTTER = 7.0  # points between columns, at least
_FEWEST_LINES = 4  # in a column
_CROSSING = 0.4  # of the lines may go over a gutter: headlines, wide pictures' captions
_COLUMN_CHARACTERS = 16  # in half of a column's lines: cells of tables are shorter
_SAME_ROW = 0.4  # sizes of type between the baselines of one row
_RAISED_CHARACTERS, _MOST_RAISED = 4, 500  # in a number; on a page
_SMALL, _NEAR = 0.9, 0.5  # of a line's size: of a raised number, and how near it is
_DEEPEST = 4
_TRIES = 64  # places where a gutter is looked for


@dataclass(frozen=True, slots=True)
class Row:
    """Lines side by side in one column. left, right: how far the column's lines go.

    page: its number. first: whether the row is the first one of a column, band or page.
    """

    cells: tuple[Line, ...]
    page: int
    left: float
    right: float
    first: bool = False

    @property
    def text(self) -> str:
        """What the row says."""
        return " ".join(cell.text.strip() for cell in self.cells)

    @property
    def main(self) -> Line:
        """The cell with the most text."""
        return max(self.cells, key=lambda cell: len(cell.text))

    @property
    def size(self) -> float:
        """Its type's size in points."""
        return self.main.size

    @property
    def baseline(self) -> float:
        """Its height on the page."""
        return self.main.baseline

    @property
    def ink(self) -> tuple[float, float]:
        """Where its text begins and ends."""
        return self.cells[0].left, max(cell.right for cell in self.cells)


def rows_of(lines: Sequence[Line], page: int) -> list[Row]:
    """The rows of a page in reading order."""
    whole = _with_raised(lines)
    pieces = [piece for line in whole for piece in pieces_of(line, _CELL_GAP)]
    return [row for column in _columns(pieces, 0) for row in _rows(column, page)]


def _with_raised(lines: Sequence[Line]) -> list[Line]:
    """Lines, with a note's number that was drawn apart put behind its word."""
    short = {n for n, line in enumerate(lines) if len(line.text.strip()) <= _RAISED_CHARACTERS}
    result = dict(enumerate(lines))
    for number in short if len(short) <= _MOST_RAISED else ():
        raised = lines[number]
        for other, line in enumerate(lines):
            if other not in short and _touches(raised, line):
                runs = (*result[other].runs, *raised.runs)
                result[other] = Line(tuple(sorted(runs, key=lambda run: run.left)))
                del result[number]
                break
    return list(result.values())


def _touches(raised: Line, line: Line) -> bool:
    """Whether small characters stand on the shoulder of a line's word."""
    height = raised.baseline - line.baseline
    if raised.size > _SMALL * line.size or not 0.1 * line.size < height < 0.6 * line.size:
        return False
    return any(abs(raised.left - run.right) < _NEAR * line.size for run in line.runs)


def with_edges(rows: Sequence[Row]) -> list[Row]:
    """Rows with the left edge that the text in their columns has: headings may stand out of it."""
    sizes: Counter[float] = Counter()
    lefts: Counter[int] = Counter()
    for row in rows:
        sizes[row.size] += len(row.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    for row in rows:
        if row.size == usual:
            lefts[round(row.ink[0])] += len(row.text)
    known: dict[tuple[int, int], float] = {}
    result = []
    for row in rows:
        key = (round(row.left), round(row.right))
        if key not in known:
            inside = {x: n for x, n in lefts.items() if key[0] - 2 <= x < (key[0] + key[1]) / 2}
            left = float(max(inside, key=lambda x: inside[x], default=key[0]))
            known[key] = left if inside.get(round(left), 0) else row.left
        result.append(replace(row, left=known[key]))
    return result


def pieces_of(line: Line, gap: float) -> Iterator[Line]:
    """A line's parts between wide gaps. gap: the least, in sizes of type."""
    inked = [run for run in line.runs if run.text.strip()] or list(line.runs)
    first = line.runs.index(inked[0])
    runs = [line.runs[first]]
    for above, run in pairwise(line.runs[first:]):
        if run.left - above.right > gap * max(run.style.size, above.style.size):
            yield Line(tuple(runs))
            runs = []
        runs.append(run)
    yield Line(tuple(runs))


def _columns(lines: list[Line], depth: int) -> Iterator[list[Line]]:
    """The columns of some lines in reading order; what goes over several is a column as well."""
    gutter = _gutter(lines) if depth < _DEEPEST and len(lines) >= 2 * _FEWEST_LINES else None
    if gutter is None:
        if lines:
            yield lines
        return
    band: list[Line] = []
    across: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.baseline):
        if line.left < gutter < line.right:
            if band:
                yield from _band(across, band, gutter, depth)
                across, band = [], []
            across.append(line)
        else:
            band.append(line)
    yield from _band(across, band, gutter, depth)


def _band(across: list[Line], band: list[Line], gutter: float, depth: int) -> Iterator[list[Line]]:
    """Lines over the whole width, then the columns below them."""
    if across:
        yield across
    yield from _columns([line for line in band if line.right <= gutter], depth + 1)
    yield from _columns([line for line in band if line.left >= gutter], depth + 1)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where an empty strip parts columns of text: the one that the fewest lines go over."""
    best: tuple[int, float] | None = None
    starts = sorted({round(line.left) for line in lines})
    step = max(1, len(starts) // _TRIES)
    for start in starts[::step]:
        x = start - _GUTTER / 2
        left = [line for line in lines if line.right <= x - _GUTTER / 2]
        right = [line for line in lines if line.left >= x]
        crossing = len(lines) - len(left) - len(right)
        if crossing > _CROSSING * len(lines) or (best and crossing >= best[0]):
            continue
        if _is_column(left) and _is_column(right) and _are_beside(left, right):
            best = (crossing, x)
    return best[1] if best else None


def _is_column(lines: Sequence[Line]) -> bool:
    if len(lines) < _FEWEST_LINES:
        return False
    return median(len(line.text) for line in lines) >= _COLUMN_CHARACTERS


def _are_beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether columns are side by side, not one below the other."""
    top = min(max(line.baseline for line in side) for side in (left, right))
    foot = max(min(line.baseline for line in side) for side in (left, right))
    both = [line for side in (left, right) for line in side if foot <= line.baseline <= top]
    return len(both) >= _FEWEST_LINES and top > foot


def _rows(column: Sequence[Line], page: int) -> Iterator[Row]:
    """The rows of a column from the top down."""
    left = min(line.left for line in column)
    right = max(line.right for line in column)
    first = True
    cells: list[Line] = []
    for line in sorted(column, key=lambda line: (-line.baseline, line.left)):
        if cells and cells[0].baseline - line.baseline > _SAME_ROW * line.size:
            yield _row(cells, page, left, right, first=first)
            first, cells = False, []
        cells.append(line)
    if cells:
        yield _row(cells, page, left, right, first=first)


def _row(cells: list[Line], page: int, left: float, right: float, *, first: bool) -> Row:
    ordered = sorted(cells, key=lambda cell: cell.left)
    return Row(tuple(ordered), page, left, right, first)
