"""The text of a PDF's page, in runs of one typeface with their places, a line at a time."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import hypot

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage, PdfTextPage

from audiostory.reading.decode import printable

UNMARKED = -1
_MOST_CHARACTERS = 200_000  # on a page: more is a map or a drawing, or a trap
_BOLD_WEIGHT = 600
_FIXED_NAME = re.compile(r"mono|courier|nimbusmon|consol|typewriter|menlo|cmtt|cmsltt|sftt")
_FORCE_BOLD, _ITALIC, _FIXED = 1 << 18, 1 << 6, 1  # ISO 32000-1, table 123
_BESIDE, _RAISED = 0.5, 0.6  # of the size of type: how far a note's number is from its word
_DOT = (1.5, 8.0)  # points: a bullet's width
_DOT_NEAR, _DOT_FAR = 0.3, 2.5  # sizes of type from a bullet to its line
_MOST_SHAPES = 20_000
_LONGEST_RUN = 2000  # characters: text is put together one by one
_MOST_DOTS = 500  # on a page: more are a pattern
_HYPHEN = "\x02"  # what pdfium makes of a hyphen at the end of a line
_OPENING = "“„«‹‘‚([{¿¡"


@dataclass(frozen=True, slots=True)
class Style:
    """How characters look. size: in points."""

    size: float
    bold: bool = False
    italic: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line that look alike. mark: the number of their marked content.

    left, right, baseline: points from the page's lower left corner.
    """

    text: str
    left: float
    right: float
    baseline: float
    style: Style
    mark: int = UNMARKED


@dataclass(frozen=True, slots=True)
class Line:
    """The runs of a line, from left to right as they are read."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(run.text for run in self.runs)

    @property
    def left(self) -> float:
        """Where its ink begins."""
        return min((r.left for r in self.runs if r.text.strip()), default=self.runs[0].left)

    @property
    def right(self) -> float:
        """Where its ink ends."""
        return max((r.right for r in self.runs if r.text.strip()), default=self.runs[-1].right)

    @property
    def main(self) -> Run:
        """The run with the most characters: what the line looks like."""
        return max(self.runs, key=lambda run: len(run.text.strip()))

    @property
    def size(self) -> float:
        """Its type's size in points."""
        return self.main.style.size

    @property
    def baseline(self) -> float:
        """Its height on the page."""
        return self.main.baseline


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page, in the order in which they are drawn. cut: there was more.

    dots: where small shapes are drawn, such as the bullets of a list.
    """

    lines: tuple[Line, ...]
    width: float
    height: float
    cut: bool = False
    dots: tuple[tuple[float, float], ...] = ()


def page_text(page: PdfPage) -> PageText:
    """The lines of a page."""
    text = page.get_textpage()
    try:
        characters = text.count_chars()
        count = min(characters, _MOST_CHARACTERS)
        lines = tuple(line for runs in _lines(text, count) if (line := _line(runs)))
    finally:
        text.close()
    width, height = page.get_size()
    dots = tuple(_dots(page))
    dots = dots if len(dots) <= _MOST_DOTS else ()
    return PageText(lines, width, height, characters > count, dots)


def with_bullets(page: PageText) -> Iterator[tuple[int, Line]]:
    """The lines of a page and their numbers; a dot that is drawn before one is a character."""
    for number, line in enumerate(page.lines):
        size = line.size
        found = [
            x
            for x, y in page.dots
            if _DOT_NEAR * size < line.left - x < _DOT_FAR * size
            and 0 < y - line.baseline < 0.8 * size
        ]
        if found:
            first = line.runs[0]
            left = max(found)
            dot = replace(first, text="• ", left=left, right=left + size / 3)
            yield number, Line((dot, *line.runs))
        else:
            yield number, line


def _dots(page: PdfPage) -> Iterator[tuple[float, float]]:
    """The middles of small shapes that are as wide as they are high."""
    shapes = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    for shape in islice(shapes, _MOST_SHAPES):
        left, bottom, right, top = shape.get_bounds()
        width, height = right - left, top - bottom
        if _DOT[0] < width < _DOT[1] and abs(width - height) < 0.25 * width:
            yield (left + right) / 2, (bottom + top) / 2


def _lines(page: PdfTextPage, count: int) -> Iterator[list[Run]]:
    """The runs of each line: pdfium ends lines with characters that it adds."""
    reader = _Reader(page)
    runs: list[Run] = []
    ended = False
    for index in range(count):
        character = reader.character(index)
        if character in "\r\n":
            ended = bool(character)
        elif character:
            if ended and runs and not reader.goes_on(runs, index):
                yield runs
                runs = []
            reader.add(runs, index, character)
            ended = reader.is_divided(index)
    if runs:
        yield runs


class _Reader:
    """Reads a page's characters; what is the same for a whole text object is asked once."""

    def __init__(self, page: PdfTextPage) -> None:
        self._page = page.raw
        self._known: dict[int, tuple[Style, int]] = {}
        self._box = tuple(ctypes.c_double() for _ in range(4))
        self._origin = (ctypes.c_double(), ctypes.c_double())
        self._last: tuple[int, Style, int] | None = None

    def character(self, index: int) -> str:
        """A character, or "" when it is none that can be read."""
        code = pdfium.FPDFText_GetUnicode(self._page, index)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
            return self._pair(index, code)
        character = chr(code)
        if character == _HYPHEN:
            return "-"
        return character if character in "\r\n\t" else printable(character) or ""

    def is_divided(self, index: int) -> bool:
        """Whether a character is a hyphen that ends a line: pdfium adds no line end there."""
        return bool(pdfium.FPDFText_GetUnicode(self._page, index) == ord(_HYPHEN))

    def _pair(self, index: int, code: int) -> str:
        """A character of two UTF-16 units, which a build of pdfium may hand out one by one."""
        if not 0xD800 <= code <= 0xDBFF:
            return ""
        low = pdfium.FPDFText_GetUnicode(self._page, index + 1)
        if not 0xDC00 <= low <= 0xDFFF:
            return ""
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))

    def add(self, runs: list[Run], index: int, character: str) -> None:
        """Put a character to the last run when it looks the same, or begin another one."""
        if pdfium.FPDFText_IsGenerated(self._page, index) == 1 and runs:
            runs[-1] = replace(runs[-1], text=runs[-1].text + character)
            return
        style, mark = self._look(index)
        left, right, baseline = self._place(index)
        last = runs[-1] if runs else None
        if last and _is_same(last, style, mark, left, baseline):
            runs[-1] = replace(last, text=last.text + character, right=max(right, last.right))
        else:
            runs.append(Run(character, left, right, baseline, style, mark))

    def goes_on(self, runs: list[Run], index: int) -> bool:
        """Whether a character stands right behind a line: raised, such as a note's number."""
        left, _, baseline = self._place(index)
        last = runs[-1]
        near = abs(left - last.right) < _BESIDE * last.style.size
        return near and abs(baseline - last.baseline) < _RAISED * last.style.size

    def _place(self, index: int) -> tuple[float, float, float]:
        """Where a character begins, ends and stands."""
        left, right, bottom, top = self._box
        pdfium.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        across, up = self._origin
        pdfium.FPDFText_GetCharOrigin(self._page, index, across, up)
        return left.value, right.value, up.value

    def _look(self, index: int) -> tuple[Style, int]:
        """The style of a character, and the number of its marked content."""
        text = pdfium.FPDFText_GetTextObject(self._page, index)
        address = ctypes.addressof(text.contents) if text else 0
        if address not in self._known:
            mark = pdfium.FPDFPageObj_GetMarkedContentID(text) if text else UNMARKED
            self._known[address] = (self._style(index), mark)
        return self._known[address]

    def _style(self, index: int) -> Style:
        matrix = pdfium.FS_MATRIX()
        scaled = pdfium.FPDFText_GetMatrix(self._page, index, matrix)
        scale = hypot(matrix.c, matrix.d) if scaled else 1.0
        size = pdfium.FPDFText_GetFontSize(self._page, index) * (scale or 1.0)
        flags = ctypes.c_int()
        name = ctypes.create_string_buffer(256)
        pdfium.FPDFText_GetFontInfo(self._page, index, name, 256, flags)
        weight = pdfium.FPDFText_GetFontWeight(self._page, index)
        font = name.value.decode("utf-8", "replace").lower()
        return Style(
            round(size, 1),
            bold=weight >= _BOLD_WEIGHT or "bold" in font or bool(flags.value & _FORCE_BOLD),
            italic=bool(flags.value & _ITALIC) or "italic" in font or "oblique" in font,
            fixed=bool(flags.value & _FIXED) or _FIXED_NAME.search(font) is not None,
        )


def _is_same(run: Run, style: Style, mark: int, left: float, baseline: float) -> bool:
    """Whether a character goes on a run: no wide gap, no other line, nothing else in its look."""
    near = -style.size < left - run.right < style.size and abs(baseline - run.baseline) < 0.5
    return near and run.style == style and run.mark == mark and len(run.text) < _LONGEST_RUN


def _line(runs: list[Run]) -> Line | None:
    """A line of runs; what no tag covers in it goes with the run that it touches."""
    if not any(run.text.strip() for run in runs):
        return None
    return Line(tuple(_marked(runs)))


def _marked(runs: list[Run]) -> list[Run]:
    """Runs without a mark, such as quotation marks of a style sheet, take their neighbour's."""
    if all(run.mark == UNMARKED for run in runs):
        return runs
    marks = [run.mark for run in runs]
    for number, run in enumerate(runs):
        if marks[number] == UNMARKED:
            above = marks[number - 1] if number else UNMARKED
            below = next((m for m in marks[number + 1 :] if m != UNMARKED), UNMARKED)
            opens = run.text.strip()[-1:] in _OPENING
            marks[number] = below if below != UNMARKED and (opens or above == UNMARKED) else above
    return [replace(run, mark=mark) for run, mark in zip(runs, marks, strict=True)]
