"""The paragraphs of a page that was printed, told by how far its lines are filled.

A line goes on below where the next line's first word would not have fitted into it. What is set
in has a column of its own; the headline and what stands below it are in larger type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import Literal

from audiostory.reading.sentences import is_ended
from audiostory.reading.verse import is_verse
from audiostory.reading.widths import advance, with_next_word

_CODE = re.compile(r"\w\([^\s)]*[),]?|[{}\[\];]$|\w\[\w|\s[=<>!:+-]?=\s|^\s*[{}<]")
_DASHES = "-‐–—"
_GAP = re.compile(r" {3}")
_SLACK = 0.98  # of a line's width: as well as the widths of letters are known
_LARGEST = 0.4  # of the page's width: lines of the largest type are as long
_NARROWER = 0.85  # of the page's width: lines of a quotation, where no indent is left
_SMALL_PRINT = 0.25  # of the page's width: more fits into a line of it
_BOLD = 0.7  # of the page's width: lines of bold or larger type, but of no headline
_SAME = 1  # characters: places on the paper are rounded
_HANGING = 6  # characters, at most, from an item's mark to its text
_VERSE = 0.65  # of the page's width: longer lines are prose
_STANZA, _STANZA_LINES = 3, 100  # lines, at least and at most
_COLUMN_LINES = 30  # around a line, that show how wide its column is
_MOST_ABOVE = 8  # lines above an article's first paragraph
_LARGER = 1.1  # as wide: in smaller type than the headline


def parted(
    lines: Sequence[str], width: float, mark: Callable[[str], str]
) -> Iterator[tuple[list[str], bool]]:
    """Lines that stand below one another, as one list a paragraph; whether it has a mark.

    width: of the page, in average letters. mark: of a line, of what kind it is by the mark at its
    start, such as a "bullet" or a "number"; "" where it has none.
    """
    group: list[str] = []
    kind = ""
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        begun = "" if _is_within(above, line, width) else mark(line)
        is_item = kind in ("bullet", "number")
        may_go_on = bool(group) and not begun and (is_item or not kind)
        if may_go_on and _goes_on(lines, number, group, width, is_item=is_item):
            group.append(line)
            continue
        if group:
            yield group, bool(kind)
        group, kind = [line], begun
    if group:
        yield group, bool(kind)


def headed(lines: Sequence[str]) -> int:
    """How many lines at the top of a page are the headline; 0 where they do not tell.

    lines: what stands above the first full line. A headline fills its lines, and so does the
    standfirst below it, each in type of its own.
    """
    if not 1 < len(lines) <= _MOST_ABOVE:
        return 0
    for count in range(1, len(lines)):
        head, rest = lines[:count], lines[count:]
        if rest[0].lstrip()[:1].islower() or head[-1][-1] in ":;,":
            continue
        wider = max(map(_wide, rest)) > _LARGER * max(map(_wide, head))
        if _fills(head) and _fills(rest) and (wider or is_ended(rest[-1])):
            return count
    is_headline = _fills(lines) and not any(map(is_ended, lines[:-1]))
    return len(lines) if is_headline else 0


def is_one(block: Sequence[str], width: float, mark: Callable[[str], str]) -> bool:
    """Whether a block is one paragraph in a type that is larger or bolder than the page's.

    This is for pages on which empty lines stand between paragraphs.
    """
    if not 1 < len(block) <= _MOST_ABOVE or any(mark(line) or indent(line) for line in block):
        return False
    if any(is_ended(above) and line[0] in _DASHES for above, line in pairwise(block)):
        return False  # somebody else speaks
    return _wide(block[0]) >= _BOLD * width and _fills(block)


def _fills(lines: Sequence[str]) -> bool:
    """Whether lines are one paragraph: none but the last has room for the next one's word."""
    widest = _SLACK * max(map(_wide, lines))
    return all(is_full(above, line, widest) for above, line in pairwise(lines))


Stretch = Literal["head", "prose", "verse", "code"]


def stretches(lines: Sequence[str], width: float) -> Iterator[tuple[list[str], Stretch]]:
    """Runs of lines, and what each is."""
    start = 0
    for number in range(len(lines)):
        if number < start or not _may_begin(lines, number):
            continue
        if len(lines) - number <= _STANZA_LINES and _is_code(lines[number:]):
            if number > start:
                yield list(lines[start:number]), "prose"
            yield list(lines[number:]), "code"
            return
        if lines[number].endswith(":"):
            continue  # it announces a poem
        end = _short_run(lines, number, width)
        if is_verse(lines[number:end]) or _is_small_verse(lines[number:end]):
            if number > start:
                yield list(lines[start:number]), "prose"
            yield list(lines[number:end]), "verse"
            start = end
    if start < len(lines):
        yield list(lines[start:]), "prose"


def _is_code(lines: Sequence[str]) -> bool:
    """Whether lines, down to the end of a block, are a program's: most have its marks."""
    if not _CODE.search(lines[0]):
        return False
    marked = sum(_CODE.search(line) is not None for line in lines)
    sentences = any(line[-1:] in ".!?…" for line in lines)
    return len(lines) >= _STANZA and marked * 5 >= len(lines) * 3 and not sentences


def _may_begin(lines: Sequence[str], number: int) -> bool:
    """Whether a poem or a program may begin with a line."""
    if not number:
        return True
    return is_ended(lines[number - 1]) or indent(lines[number]) > indent(lines[number - 1]) + _SAME


def _short_run(lines: Sequence[str], start: int, width: float) -> int:
    """Where short lines that are set in as far end."""
    end = start
    while end < len(lines) and end - start < _STANZA_LINES:
        is_short = advance(lines[end].strip()) < _VERSE * width
        if not is_short or abs(indent(lines[end]) - indent(lines[start])) > _SAME:
            break
        end += 1
    return end


def _is_small_verse(lines: Sequence[str]) -> bool:
    """Whether short lines are verse though they begin with small letters.

    A sentence goes on from line to line, and its lines do not all end alike, as a list's do.
    """
    if len(lines) < _STANZA or lines[-1].rstrip("\"'”’»“‘)")[-1:] not in ".!?…":
        return False
    lengths = [len(line.strip()) for line in lines]
    small = sum(line.lstrip()[:1].islower() for line in lines[1:])
    ends = ["" if line[-1:].isalpha() else line[-1:] for line in lines[:-1]]
    even = min(lengths) * 2 >= max(lengths)
    return even and small * 2 > len(lines) and "," in ends and len(set(ends)) > 1


def _is_within(above: str, line: str, width: float) -> bool:
    """Whether a sentence goes on from a full line."""
    return bool(above) and not is_ended(above) and is_full(above, line, width)


def is_full(above: str, line: str, width: float) -> bool:
    """Whether a line's next word would not have fitted into it.

    pdftotext makes one line of two where a hyphen stood between: its second half counts.
    """
    if width <= 0:
        return False
    lines = max(1, ceil(_wide(above) / width - _SMALL_PRINT))
    return with_next_word(above, line, advance) > lines * width


def _goes_on(
    lines: Sequence[str], number: int, group: Sequence[str], width: float, *, is_item: bool
) -> bool:
    """Whether a line is of the paragraph above it."""
    above, line = lines[number - 1], lines[number]
    deeper = indent(line) - indent(above)
    if is_item and len(group) == 1 and 0 < deeper <= _HANGING:
        return True
    if abs(deeper) > _SAME:
        is_first = len(group) == 1 and deeper < 0 and not is_item  # it was set in
        below = lines[number + 1] if number + 1 < len(lines) else ""
        is_prose = not is_ended(above) or is_ended(line) or (below and is_full(line, below, width))
        return bool(is_first and is_prose and is_full(above, line, width))
    if is_full(above, line, width):
        return True
    if is_item:
        return not is_ended(above) and line.lstrip()[:1].islower()
    is_open = not is_ended(above) and line.lstrip()[:1].islower()
    column = _column(lines, number)
    widest = _SLACK * max(map(_wide, column))
    if indent(line) > _SAME:
        narrowest = width - 2 * indent(line)  # set in at both sides
        filled = _is_filled(column, widest) and above[-1] != ";"  # which ends an item
        return filled or (is_open and is_full(above, line, narrowest))
    begins = len(group) == number  # with a heading, in larger type
    large = advance(above) >= _LARGEST * width and begins
    widest = _SLACK * max(_wide(above), _wide(line))
    return is_open and is_full(above, line, widest if large else _NARROWER * width)


def _column(lines: Sequence[str], number: int) -> Sequence[str]:
    """The lines around one that are set in as far."""
    start, end = number, number + 1
    least, most = max(0, number - _COLUMN_LINES), min(len(lines), number + _COLUMN_LINES)
    while start > least and abs(indent(lines[start - 1]) - indent(lines[number])) <= _SAME:
        start -= 1
    while end < most and abs(indent(lines[end]) - indent(lines[number])) <= _SAME:
        end += 1
    return lines[start:end]


def _is_filled(column: Sequence[str], widest: float) -> bool:
    """Whether lines fill a column, and a sentence goes on from one to the next."""
    open_ = any(not is_ended(a) and b.lstrip()[:1].islower() for a, b in pairwise(column))
    return open_ and all(is_full(a, b, widest) for a, b in pairwise(column))


def is_cells(lines: Sequence[str]) -> bool:
    """Whether a line is a table's: a number, or words far apart."""
    text = lines[0].strip()
    return _GAP.search(text) is not None or not any(map(str.isalpha, text))


def _wide(line: str) -> float:
    return indent(line) + advance(line.lstrip())


def indent(line: str) -> int:
    """How many characters a line is set in."""
    return len(line) - len(line.lstrip())
