"""A PDF becomes an Article: by its tags where it has them, else by where its lines stand."""

from __future__ import annotations

import ctypes
import re
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

import pypdfium2.raw as pdfium
from lxml.html import HtmlElement
from pypdfium2 import PdfDocument, PdfiumError

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading import language as languages
from audiostory.reading.clean import clean
from audiostory.reading.document import LEFT_OUT
from audiostory.reading.lines import is_name
from audiostory.reading.marks import mark_lines, signed, standfirst
from audiostory.reading.metadata import Metadata
from audiostory.reading.paragraphs import words_of
from audiostory.reading.pdf_edges import edge_lines
from audiostory.reading.pdf_furniture import mark_furniture, tidy
from audiostory.reading.pdf_head import mark_head
from audiostory.reading.pdf_kinds import untagged_body
from audiostory.reading.pdf_lines import PageText, page_text
from audiostory.reading.pdf_notes import page_notes
from audiostory.reading.pdf_tagged import tagged_body
from audiostory.reading.pdf_tags import Tag, add_tags
from audiostory.reading.pdf_text import finish_lines
from audiostory.reading.places import placed
from audiostory.reading.tree import folded, has_words, visible_text

MOST_PAGES = 2000
MOST_CHARACTERS = 3_000_000  # some sixty hours of speech
_FEWEST_TAGGED = 0.5  # of the characters: with fewer the tags are of no use
_SCANNED = 40  # characters: a page of a scan has no more than a stamp
_TITLE_CHARACTERS = 80
_NO_TITLE = re.compile(
    r"^microsoft word|^untitled|^about:blank|^slide \d|^powerpoint|\.(?:docx?|pdf|html?|odt|tex"
    r"|rtf|indd|qxd|pages|txt)\"?$|^https?:|^data:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Pages:
    """What was read of a document's pages. notes: what is laid over each of them."""

    texts: tuple[PageText, ...]
    tags: Tag
    scanned: tuple[int, ...]
    notes: tuple[tuple[Omission, ...], ...]
    warnings: tuple[str, ...]


def read_pdf(data: bytes, name: str) -> Article:
    """Read a PDF (ISO 32000). Raises SourceError for scans, locked and damaged files."""
    with closing(_opened(data, name)) as document:
        pages = _read(document, name)
        said = _said(document)
    if not any(page.lines for page in pages.texts):
        raise _without_text(pages, name)
    plain = "\n".join(line.text for page in pages.texts for line in page.lines)
    language = _language(said["language"], plain)
    root, omissions = _body(pages)
    _name_headline(root, said["title"])
    finish_lines(root, words_of(plain))
    tidy(root)
    mark_furniture(root, omissions, language)
    cleaned = clean(root, lambda element: element.get(LEFT_OUT), _class_of, language)
    language = cleaned.language
    if not has_words(visible_text(cleaned.body)):
        raise _without_text(pages, name)
    headline = next((visible_text(h) for h in cleaned.body.iter("h1")), "")
    title = headline or said["title"] or _biggest(pages.texts[0])
    mark_lines(cleaned.body, Metadata(title=title), language)
    named, moment = mark_head(cleaned.body, language)
    authors, published = signed(cleaned.body, language)
    return Article(
        title=title,
        language=language,
        source=name,
        body=cleaned.body,
        authors=named or authors or ((said["author"],) if is_name(said["author"]) else ()),
        published=moment or published,
        description=standfirst(cleaned.body) or said["subject"],
        omissions=placed(
            _in_order(pages), cleaned.body, (*cleaned.omissions, *omissions, *chain(*pages.notes))
        ),
        warnings=pages.warnings,
    )


def _opened(data: bytes, name: str) -> PdfDocument:
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise SourceError(
                f"{name} is locked with a password.",
                "Open it in a reader, print it to a PDF without one, and give that.",
            ) from error
        raise SourceError(
            f"{name} is damaged, or no PDF: it cannot be opened.",
            "Get the file again, or open it in a browser and print it to a new PDF.",
        ) from error


def _read(document: PdfDocument, name: str) -> _Pages:
    """The text and the tags of all pages; a page that cannot be read is named."""
    texts: list[PageText] = []
    tags = Tag("Document")
    scanned: list[int] = []
    bad: list[int] = []
    notes: list[tuple[Omission, ...]] = []
    count = len(document)
    characters = 0
    for number in range(min(count, MOST_PAGES)):
        try:
            with closing(document[number]) as page:
                text = page_text(page)
                add_tags(tags, page, number)
                over = tuple(page_notes(page))
                if _characters(text) < _SCANNED and _has_picture(page):
                    scanned.append(number + 1)
        except PdfiumError:
            bad.append(number + 1)
            text, over = PageText((), 0.0, 0.0), ()
        texts.append(text)
        notes.append(over)
        characters += _characters(text)
        if characters > MOST_CHARACTERS:
            break
    warnings = _warnings(name, texts, bad, scanned, count)
    return _Pages(tuple(texts), tags, tuple(scanned), tuple(notes), warnings)


def _warnings(
    name: str, texts: list[PageText], bad: list[int], scanned: list[int], count: int
) -> tuple[str, ...]:
    """What a listener should know of pages that were not read. count: how many there are."""
    warnings = []
    if bad:
        warnings.append(f"{name}: {_pages(bad)} cannot be read.")
    if scanned and len(scanned) < len(texts):
        what = "is a picture" if len(scanned) == 1 else "are pictures"
        warnings.append(f"{name}: {_pages(scanned)} {what} without text; OCR it (ocrmypdf) first.")
    if len(texts) < count:
        warnings.append(
            f"{name} is too long: it was read as far as page {len(texts)} of {count}. Divide it."
        )
    if cut := [number for number, text in enumerate(texts, 1) if text.cut]:
        warnings.append(f"{name}: {_pages(cut)} hold too much text: not all of it was read.")
    return tuple(warnings)


def _has_picture(page: object) -> bool:
    objects = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2)  # type: ignore[attr-defined]
    return next(iter(objects), None) is not None


def _pages(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"page {numbers[0]}"
    return f"pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _without_text(pages: _Pages, name: str) -> SourceError:
    if pages.scanned:
        return SourceError(
            f"{name} is a scan: its pages are pictures, without text.",
            f"Make text of it first, such as with: ocrmypdf {name} with-text.pdf",
        )
    return SourceError(
        f"There is no text in {name}.",
        "Its letters may be drawn as shapes: OCR it first, such as with ocrmypdf.",
    )


def _body(pages: _Pages) -> tuple[HtmlElement, tuple[Omission, ...]]:
    """The document as HTML, and what was left out."""
    covered = {(page, mark) for page, mark in pages.tags.marks()}
    whole = sum(_characters(text) for text in pages.texts)
    tagged = sum(
        len(run.text.strip())
        for number, text in enumerate(pages.texts)
        for line in text.lines
        for run in line.runs
        if (number, run.mark) in covered
    )
    if tagged >= _FEWEST_TAGGED * whole:
        return tagged_body(pages.tags, pages.texts)
    return untagged_body(pages.texts)


def _in_order(pages: _Pages) -> str:
    """All text, the lines at the upper edge of each page first and those at the lower last."""
    edges = edge_lines(pages.texts)
    parts: list[str] = []
    for number, page in enumerate(pages.texts):
        ranks = [
            0 if (number, index) not in edges else 1 if line.baseline < page.height / 2 else -1
            for index, line in enumerate(page.lines)
        ]
        order = sorted(range(len(page.lines)), key=lambda index: ranks[index])
        parts += [page.lines[index].text for index in order]
        parts += [note.text for note in pages.notes[number]]
    return "\n".join(parts)


def _characters(text: PageText) -> int:
    return sum(len(run.text.strip()) for line in text.lines for run in line.runs)


def _said(document: PdfDocument) -> dict[str, str]:
    """What a document says of itself: title, author, subject and language, as far as they tell."""
    found = document.get_metadata_dict(skip_empty=True)
    title = folded(found.get("Title", ""))
    return {
        "title": "" if _NO_TITLE.search(title) else title,
        "author": folded(found.get("Author", "")),
        "subject": folded(found.get("Subject", "")),
        "language": _catalog_language(document),
    }


def _catalog_language(document: PdfDocument) -> str:
    """The document's /Lang (ISO 32000-1, 14.9.2)."""
    length = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    if not 2 < length < 200:
        return ""
    buffer = (pdfium.FPDF_WCHAR * (length // 2))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    return ctypes.string_at(buffer, length - 2).decode("utf-16-le", "replace")


def _language(declared: str, text: str) -> str:
    """The language that is declared, unless the text is evidently in another one."""
    said = languages.tag(declared)
    found = languages.detect(text)
    if said is None or (len(text) > 400 and said.split("-")[0].lower() != found):
        return found
    return said


def _class_of(element: HtmlElement) -> str | None:
    return element.get("class")


def _name_headline(root: HtmlElement, title: str) -> None:
    """Where no heading is the first one, the paragraph that says the document's title is it."""
    if not title or next(root.iter("h1"), None) is not None:
        return
    for block in root.iter("p", "h2", "h3"):
        if folded("".join(block.itertext())).casefold() == title.casefold():
            block.tag = "h1"
            return


def _biggest(page: PageText) -> str:
    """The largest line on a page, or its first one."""
    lines = [line for line in page.lines if has_words(line.text)]
    text = folded(max(lines, key=lambda line: line.size).text) if lines else ""
    if len(text) <= _TITLE_CHARACTERS:
        return text
    return text[:_TITLE_CHARACTERS].rsplit(" ", 1)[0] + "…"
