"""What is laid over a PDF's page and not part of its text: comments, text boxes, forms' fields."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from audiostory.model import Omission
from audiostory.reading.tree import folded, has_words

_MOST = 1000  # of a page
_LONGEST_BYTES = 1 << 20
_COMMENT, _FIELD = "comment", "field of a form"
# What of an annotation is shown (ISO 32000-1, 12.5.2, 12.7.3.1); links show none.
_SHOWN = {
    pdfium.FPDF_ANNOT_TEXT: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_FREETEXT: (b"Contents", "text box over the page"),
    pdfium.FPDF_ANNOT_HIGHLIGHT: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_UNDERLINE: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_SQUIGGLY: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_STRIKEOUT: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_CARET: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_STAMP: (b"Contents", _COMMENT),
    pdfium.FPDF_ANNOT_WIDGET: (b"V", _FIELD),
}


def page_notes(page: PdfPage) -> Iterator[Omission]:
    """The words in a page's annotations, which are not read, in their order."""
    count = pdfium.FPDFPage_GetAnnotCount(page)
    for number in range(min(count, _MOST)):
        with _annotation(page, number) as annotation:
            shown = _SHOWN.get(pdfium.FPDFAnnot_GetSubtype(annotation)) if annotation else None
            text = folded(_string(annotation, shown[0])) if shown else ""
        if shown and has_words(text):
            yield Omission(text, shown[1])


@contextmanager
def _annotation(page: PdfPage, number: int) -> Iterator[object]:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    try:
        yield annotation
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _string(annotation: object, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= _LONGEST_BYTES:
        return ""
    buffer = (pdfium.FPDF_WCHAR * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return ctypes.string_at(buffer, size - 2).decode("utf-16-le", "replace")
