"""The structure tree of a PDF's page: ISO 32000-1, 14.7 and 14.8.

Browsers and word processors write it for reading machines: headings, lists, tables, quotations.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

_DEEPEST = 64
_MOST = 100_000  # elements of one page
_LONGEST_BYTES = 1 << 16  # of a name or a description


Mark = tuple[int, int]  # the number of a page, and that of marked content on it


@dataclass(slots=True)
class Tag:
    """An element of the structure tree, of all pages that it is on.

    role: "H1", "P", "LI" … parts: by place, elements in it and marks of its text. alt: what a
    picture shows. text: what stands for its content. language: as declared, or "".
    """

    role: str
    alt: str = ""
    text: str = ""
    language: str = ""
    parts: dict[int, Tag | Mark] = field(default_factory=dict)

    def inner(self) -> list[Tag | Mark]:
        """Its parts in reading order."""
        return [part for _, part in sorted(self.parts.items())]

    def marks(self) -> Iterator[Mark]:
        """All marks in it, in reading order."""
        for part in self.inner():
            if isinstance(part, Tag):
                yield from part.marks()
            else:
                yield part


def add_tags(root: Tag, page: PdfPage, number: int) -> None:
    """Add the structure of a page: an element that is on two pages is one.

    pdfium gives a tree a page, in which what is on other pages is empty: so an element's place
    in the tree says which one it is.
    """
    with _tree(page) as tree:
        if tree:
            count = min(pdfium.FPDF_StructTree_CountChildren(tree), _MOST)
            reader = _Reader(number)
            for place in range(count):
                if child := pdfium.FPDF_StructTree_GetChildAtIndex(tree, place):
                    reader.add(root, place, child, 0)


@contextmanager
def _tree(page: PdfPage) -> Iterator[Any]:
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        yield tree
    finally:
        if tree:
            pdfium.FPDF_StructTree_Close(tree)


class _Reader:
    """Reads elements of a page, but no more of them than a page can hold."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._left = _MOST

    def add(self, above: Tag, place: int, element: Any, depth: int) -> None:
        """Add an element, and all that is in it, at its place."""
        role = _said(pdfium.FPDF_StructElement_GetType, element)
        tag = above.parts.get(place)
        if not isinstance(tag, Tag) or tag.role != role:
            tag = Tag(
                role,
                _said(pdfium.FPDF_StructElement_GetAltText, element),
                _said(pdfium.FPDF_StructElement_GetActualText, element),
                _said(pdfium.FPDF_StructElement_GetLang, element),
            )
            _put(above, place, tag)
        for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
            self._left -= 1
            if self._left < 0 or depth > _DEEPEST:
                return
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
            if child:
                self.add(tag, number, child, depth + 1)
                continue
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number)
            if mark >= 0:
                _put(tag, number, (self._page, mark))


def _put(above: Tag, place: int, part: Tag | Mark) -> None:
    """Put a part at its place, or at the end where something else is there already."""
    if place in above.parts and above.parts[place] != part:
        place = max(above.parts) + 1
    above.parts[place] = part


def _said(ask: Callable[..., int], element: Any) -> str:
    """What pdfium says of an element, in words; "" when it says nothing."""
    length = min(ask(element, None, 0), _LONGEST_BYTES)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    if ask(element, buffer, length) > length:
        return ""
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
