"""Pages of a text become one run of lines: running heads go, columns stand one below another.

This is for text that was taken out of a PDF (`pdftotext`, with and without `-layout`): a form
feed ends each page, and columns that stand side by side on the page do so in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from audiostory.model import Omission
from audiostory.reading.paragraphs import is_ended
from audiostory.reading.tree import folded, has_words

RUNNING, NUMBER = "running header", "page number"

_SOFT_HYPHEN = "\u00ad"
_DEPTH = 3  # lines of a running head or foot
_RUNNING_WORDS = 14
_FULL = 0.6  # of a page's longest line: a line that may go on over the page
_NUMERAL = re.compile(r"\d+|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBERS, _DIGITS = 4, 9  # of a running line that are looked at; of a number
_ALONE = re.compile(r"[\W_]*(?:\w{1,8}\.?\s+)?(?:#)(?:\s*(?:\w{1,3}|/)\s*#)?[\W_]*$")
_GAP = re.compile(r"\S( {2,})(?=\S)")
_FEWEST_ROWS = 4  # of two columns
_MOST_ROWS = 0.4  # of the lines between the first row and the last
_MOST_RUNS = 12  # of lines in columns on a page
_MOST_COLUMNS = 3
_COLUMN_WORDS = 2.5  # in a line, on average: fewer are a table's


@dataclass(frozen=True, slots=True)
class _Row:
    """A line at the edge of a page. key: the line with its numbers made alike."""

    page: int
    line: int
    key: str
    numbers: tuple[str, ...]


def unpaged(text: str) -> tuple[str, tuple[Omission, ...]]:
    """A text as one reads it down, and the lines that only its pages had, with reasons."""
    pages = [page.expandtabs(8).split("\n") for page in text.split("\f")]
    omitted = _running(pages) if len(pages) > 1 else {}
    kept = [
        [line.rstrip() for n, line in enumerate(page) if (number, n) not in omitted]
        for number, page in enumerate(pages)
    ]
    if len(pages) == 1 and _gutter(kept[0]) is None:
        return text.replace(_SOFT_HYPHEN, ""), ()
    read = [_dedented(_down(_trimmed(page))) for page in kept if _trimmed(page)]
    omissions = tuple(
        Omission(folded(pages[page][line]), reason) for (page, line), reason in omitted.items()
    )
    return _joined(read).replace(_SOFT_HYPHEN, ""), omissions


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Lines without empty ones at their beginning and end."""
    filled = [n for n, line in enumerate(lines) if line.strip()]
    return list(lines[filled[0] : filled[-1] + 1]) if filled else []


def _dedented(lines: Sequence[str]) -> list[str]:
    """Lines without the margin that they all have."""
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[margin:] for line in lines]


def _joined(pages: Sequence[Sequence[str]]) -> str:
    """Pages in one text: with an empty line between where a paragraph ends with its page."""
    parts: list[str] = []
    for number, page in enumerate(pages):
        if number:
            parts.append("\n" if _goes_over(pages[number - 1], page) else "\n\n")
        parts.append("\n".join(page))
    return "".join(parts)


def _goes_over(page: Sequence[str], following: Sequence[str]) -> bool:
    """Whether a paragraph may go on from one page to the next: a sentence does."""
    last, first = page[-1], following[0]
    if is_ended(last) and not _sets_in((*page, *following)):
        return False  # more paragraphs than sentences within one end with a page
    if first[:1].islower() and not is_ended(last):
        return True
    full = _FULL * max(len(line) for line in (*page, *following))
    return len(last) >= full and len(first) >= full and not first[:1].isspace()


def _sets_in(lines: Sequence[str]) -> bool:
    """Whether the first line of a paragraph is set in, and no line is left empty above it."""
    rows = zip(lines, lines[1:], lines[2:], strict=False)
    return any(
        all(row) and row[1][0].isspace() and not row[0][0].isspace() and not row[2][0].isspace()
        for row in rows
    )


# --- running heads and feet -----------------------------------------------------------------


def _running(pages: Sequence[Sequence[str]]) -> dict[tuple[int, int], str]:
    """The lines, by page and line, that stand at the same edge of several pages, with reasons."""
    found: dict[tuple[int, int], str] = {}
    filled = [[n for n, line in enumerate(page) if line.strip()] for page in pages]
    for edge in (1, -1):
        edges = [
            [_row(pages, page, line) for line in lines[::edge][:_DEPTH]]
            for page, lines in enumerate(filled)
        ]
        often = _often(edges)
        for rows in edges:
            for row in rows:
                if row not in often:
                    break
                alone = _ALONE.match(row.key) is not None
                found[(row.page, row.line)] = NUMBER if alone else RUNNING
    return dict(sorted(found.items()))


def _row(pages: Sequence[Sequence[str]], page: int, line: int) -> _Row:
    text = folded(pages[page][line]).casefold()
    return _Row(page, line, _NUMERAL.sub("#", text), tuple(_NUMERAL.findall(text)))


def _often(edges: Sequence[Sequence[_Row]]) -> set[_Row]:
    """What stands at the edge of a third of the pages, of two at least, and counts with them."""
    pages: dict[str, set[int]] = {}
    alike: dict[tuple[object, ...], set[int]] = {}
    rows = [row for page in edges for row in page if _could_run(row)]
    for row in rows:
        pages.setdefault(row.key, set()).add(row.page)
        for counted in _countings(row):
            alike.setdefault(counted, set()).add(row.page)
    least = max(2, sum(1 for page in edges if page) / 3)
    return {
        row
        for row in rows
        if len(pages[row.key]) >= least and any(len(alike[c]) > 1 for c in _countings(row))
    }


def _could_run(row: _Row) -> bool:
    return len(row.key.split(None, _RUNNING_WORDS)) <= _RUNNING_WORDS and (
        has_words(row.key) or _ALONE.match(row.key) is not None
    )


def _countings(row: _Row) -> Iterator[tuple[object, ...]]:
    """How a line's numbers may go with its page's: each stays the same, or grows with it.

    Headings such as "Chapter 2" do neither.
    """
    numbers = row.numbers[:_NUMBERS]
    for grows in product((False, True), repeat=len(numbers)):
        values = [_value(n) - row.page if g else n for n, g in zip(numbers, grows, strict=True)]
        yield (row.key, *values)


def _value(number: str) -> int:
    """What a number says, in Arabic or in Roman numerals."""
    if number.isdecimal():
        return int(number[:_DIGITS])
    digits = [_ROMAN[letter] for letter in number[:_DIGITS]]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)


# --- columns --------------------------------------------------------------------------------


def _down(lines: Sequence[str], depth: int = 0) -> list[str]:
    """Lines in the order in which they are read: columns side by side one after the other."""
    read: list[str] = []
    for _ in range(_MOST_RUNS if depth < _MOST_COLUMNS else 0):
        found = _gutter(lines)
        if found is None:
            break
        column, first, end = found
        rows = lines[first:end]
        sides = ([line[:column].rstrip() for line in rows], [line[column:] for line in rows])
        left, right = (_dedented(_trimmed(_down(side, depth + 1))) for side in sides)
        over = bool(left and right) and _goes_over(left, right)
        read += [*lines[:first], *left, *([] if over else [""]), *right, ""]
        lines = lines[end:]
    return [*read, *lines]


def _gutter(lines: Sequence[str]) -> tuple[int, int, int] | None:
    """Where a second column begins, the first line that has it and the one after the last."""
    starts: Counter[int] = Counter()
    for line in lines:
        starts.update({match.end() for match in _GAP.finditer(line)})
    for column, count in sorted(starts.items(), key=lambda start: (-start[1], start[0]))[:6]:
        if count < _FEWEST_ROWS:
            break
        rows = _rows(lines, column)
        if rows is not None:
            return (column, *rows)
    return None


def _rows(lines: Sequence[str], column: int) -> tuple[int, int] | None:
    """The first run of lines that leave a column's gutter free and hold prose beside it."""
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and not lines[end][column - 2 : column].strip():
            continue
        both = [n for n in range(start, end) if _has_both(lines[n], column)]
        if both:
            first, last = both[0], both[-1] + 1
            while last < end and lines[last].strip():
                last += 1
            filled = sum(1 for line in lines[first:last] if line.strip())
            enough = len(both) >= max(_FEWEST_ROWS, _MOST_ROWS * filled)
            if enough and _is_prose([lines[n] for n in both], column):
                return first, last
        start = end + 1
    return None


def _has_both(line: str, column: int) -> bool:
    return bool(line[:column].strip() and line[column:].strip())


def _is_prose(lines: Sequence[str], column: int) -> bool:
    """Whether both sides hold lines of text, and no cells of a table."""
    left = sum(len(line[:column].split()) for line in lines)
    right = sum(len(line[column:].split()) for line in lines)
    within = [sum(_goes_within(side) for side in (line[:column], line[column:])) for line in lines]
    return min(left, right) >= _COLUMN_WORDS * len(lines) and 2 * sum(within) > len(lines)


def _goes_within(text: str) -> bool:
    """Whether a line begins within a sentence: no cell of a table does."""
    first = text.lstrip()[:1]
    return first.isalpha() and not first.isupper()
