"""Lines at the edges of pages that are not of the text: running headers, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from audiostory.reading.pdf_lines import Line, PageText
from audiostory.reading.pdf_text import Place
from audiostory.reading.tree import folded

HEADER, NUMBER = "running header", "page number"
_EDGE = 0.12  # of a page's height
_GAP = 1.5  # sizes of type from a page's number to the text
_NUMBERED = 0.4  # of the pages have a number, at least
_LINES = 3  # at an edge
_FEW_PAGES = 6  # of these, two that say the same are enough
_NUMBER = re.compile(r"\D{0,12}\d{1,4}(?:\s*(?:/|of|von|de|из|з|sur|di)\s*\d{1,4})?\D{0,3}$")
_ROMAN = re.compile(r"[ivxlc]{1,7}$", re.IGNORECASE)
_ENDS = re.compile(r"^(\d{1,4})(?=\s|$)|(?:^|\s)(\d{1,4})$")
_ALONE = re.compile(r"[\s–—|-]*\d{1,4}[\s–—|-]*$")
_PRINTED = re.compile(r"^(?:https?:|file:)\S+(?:\s+\d+/\d+)?$|^\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d")


def edge_lines(pages: Sequence[PageText]) -> dict[Place, str]:
    """Lines that stand at the edges of pages and come again, and why each is left out."""
    found = list(_at_edges(pages))
    said = Counter(_kind(line, page) for _, line, page, _ in found)
    fewest = 2 if len(pages) < _FEW_PAGES else 3
    offset = _offset(found, len(pages))
    edges: dict[Place, str] = {}
    for place, line, page, outermost in found:
        text = folded(line.text)
        alone = outermost and _ALONE.match(text)
        counted = outermost and offset is not None and offset in _offsets(text, place[0])
        if counted or said[_kind(line, page)] >= fewest or alone or _PRINTED.match(text):
            edges[place] = NUMBER if _is_number(text) else HEADER
    return edges


def _at_edges(pages: Sequence[PageText]) -> Iterator[tuple[Place, Line, PageText, bool]]:
    """The lines at the head and the foot of each page, and whether each stands alone there."""
    for number, page in enumerate(pages):
        order = sorted(range(len(page.lines)), key=lambda n: -page.lines[n].baseline)
        for index in sorted({*order[:_LINES], *order[-_LINES:]}):
            line = page.lines[index]
            if not page.height * _EDGE < line.baseline < page.height * (1 - _EDGE):
                yield (number, index), line, page, _is_outermost(page, order, index)


def _is_outermost(page: PageText, order: Sequence[int], index: int) -> bool:
    """Whether a line is the first or last one of a page, with a gap to the others."""
    if index not in (order[0], order[-1]):
        return False
    beside = order[1:2] if index == order[0] else order[-2:-1]
    line = page.lines[index]
    gaps = [abs(page.lines[other].baseline - line.baseline) for other in beside]
    return all(gap > _GAP * line.size for gap in gaps)


def _offsets(text: str, page: int) -> set[int]:
    """By how much a number at either end of a line is more than a page's."""
    return {int(number) - page for ends in _ENDS.findall(text) for number in ends if number}


def _offset(found: Sequence[tuple[Place, Line, PageText, bool]], pages: int) -> int | None:
    """By how much the printed numbers of pages are more than ours; None without such numbers."""
    offsets: Counter[int] = Counter()
    for place, line, _, outermost in found:
        if outermost:
            offsets.update(_offsets(folded(line.text), place[0]))
    if not offsets:
        return None
    offset, times = offsets.most_common(1)[0]
    return offset if times >= max(3, pages * _NUMBERED) else None


def _kind(line: Line, page: PageText) -> tuple[str, bool, int]:
    """What tells lines that come again: their text but for numbers, and their place."""
    text = re.sub(r"\d+", "0", folded(line.text).casefold())
    text = "0" if _ROMAN.match(text) else text
    return text, line.baseline > page.height / 2, round(line.size)


def _is_number(text: str) -> bool:
    return _NUMBER.match(text) is not None or _ROMAN.match(text) is not None
