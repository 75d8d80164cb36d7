"""The content of an OpenDocument text, written as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element
from lxml.html import HtmlElement

from audiostory.reading.document import LEFT_OUT, PICTURE_NAME
from audiostory.reading.odf import DRAW, OFFICE, SVG, TABLE, TEXT, XLINK, Styles, text_of
from audiostory.reading.tree import append_element, append_text, new_element

_MOST_SPACES = 100
# Blocks that are read through: what is in them stands where they do.
_THROUGH = frozenset(
    {f"{TEXT}section", f"{TEXT}index-body", f"{TEXT}index-title", f"{TEXT}bibliography"}
    | {f"{TEXT}numbered-paragraph", f"{DRAW}g", f"{DRAW}a", f"{OFFICE}text"}
)
_INDEXES = {
    f"{TEXT}table-of-content": "table of contents",
    f"{TEXT}illustration-index": "list of illustrations",
    f"{TEXT}table-index": "list of tables",
    f"{TEXT}alphabetical-index": "index",
    f"{TEXT}object-index": "list of objects",
    f"{TEXT}user-index": "index",
}
# What holds no text of the document: declarations, names of what a field shows.
_SILENT = frozenset(
    {f"{TEXT}sequence-decls", f"{TEXT}variable-decls"}
    | {f"{TEXT}user-field-decls", f"{OFFICE}forms", f"{OFFICE}event-listeners", f"{SVG}title"}
    | {f"{SVG}desc", f"{OFFICE}annotation-end", f"{TEXT}ruby-text", f"{TEXT}index-source"}
    | {f"{TEXT}table-of-content-source", f"{DRAW}image", f"{DRAW}object-ole", f"{DRAW}glue-point"}
)
_SHAPES = tuple(
    f"{DRAW}{name}"
    for name in (
        *("frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon"),
        *("regular-polygon", "path", "connector", "caption", "measure", "g"),
    )
)
_TAGS: Mapping[str, tuple[str, str, str]] = {  # by role: around, tag, class
    "title": ("", "h1", "title"),
    "standfirst": ("", "p", "standfirst"),
    "byline": ("", "p", "byline"),
    "dateline": ("", "p", "dateline"),
    "quote": ("blockquote", "p", ""),
    "caption": ("", "p", "figcaption"),
    "tablecaption": ("", "p", "tablecaption"),
    "code": ("", "pre", ""),
    "contents": ("", "p", "contents"),
    "term": ("dl", "dt", ""),
    "definition": ("dl", "dd", ""),
    "rule": ("", "p", ""),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What is being written. notes: their numbers' targets and content, in order."""

    styles: Styles
    formula: Callable[[str], str]  # the text of an object in the archive, by its path
    notes: list[tuple[str, Element]] = field(default_factory=list)


def write_page(text: Element, styles: Styles, formula: Callable[[str], str]) -> HtmlElement:
    """An <html> of an office:text. formula: the text of an embedded object, by its path."""
    page = Page(styles, formula)
    root = new_element("html")
    body = append_element(root, "body")
    _blocks(page, text, body)
    if page.notes:
        list_ = append_element(body, "ol", "footnotes")
        for name, note in page.notes:  # notes in notes are added as this goes on
            item = append_element(list_, "li")
            item.set("id", name)
            _blocks(page, note, item)
    return root


def _blocks(page: Page, source: Element, target: HtmlElement) -> None:
    for child in source:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            _block(page, child, target)


def _block(page: Page, source: Element, target: HtmlElement) -> None:
    tag = str(source.tag)
    if tag in (f"{TEXT}p", f"{TEXT}h"):
        _paragraph(page, source, target)
    elif tag in (f"{TEXT}list", f"{TEXT}list-item", f"{TEXT}list-header"):
        _list(page, source, target)
    elif tag == f"{TABLE}table":
        _table(page, source, target)
    elif tag in _INDEXES:
        _leave_out(target, "p", text_of(source), _INDEXES[tag])
    elif tag == f"{TEXT}section" and source.get(f"{TEXT}display") == "none":
        _leave_out(target, "p", text_of(source), "hidden text")
    elif tag == f"{TEXT}tracked-changes":
        for deletion in source.iter(f"{TEXT}deletion"):
            _leave_out(target, "p", text_of(deletion), "deleted text")
    elif tag in _THROUGH:
        _blocks(page, source, target)
    elif tag in _SHAPES:
        boxes: list[Element] = []
        _drawing(page, source, append_element(target, "p"), boxes)
        _boxes(page, boxes, target)
    else:
        _inline(page, source, append_element(target, "p"), [])


def _paragraph(page: Page, source: Element, target: HtmlElement) -> None:
    """A paragraph or heading, and after it the text boxes that are anchored in it."""
    style = source.get(f"{TEXT}style-name")
    role = page.styles.role(style)
    if source.tag == f"{TEXT}h" and role != "title":
        level = source.get(f"{TEXT}outline-level", "1")
        role = f"h{min(6, int(level)) if level.isdecimal() and int(level) else 1}"
    around, tag, class_ = _TAGS.get(role or "", ("", role or "p", ""))
    if role in ("box", None):
        tag = "p"
    last = target[-1] if len(target) else None
    if around:
        target = last if last is not None and last.tag == around else append_element(target, around)
    joins = tag == "pre" and last is not None and last.tag == "pre"
    element = last if joins and last is not None else append_element(target, tag, class_)
    if joins:
        append_text(element, "\n")
    if role == "rule":
        target.append(new_element("hr"))
    marks = page.styles.marks("paragraph", style)
    boxes: list[Element] = []
    if marks.get("hidden"):
        element.set(LEFT_OUT, "hidden text")
    inner = append_element(element, "strong") if marks.get("strong") and tag == "p" else element
    _content(page, source, inner, boxes)
    _boxes(page, boxes, target)


def _boxes(page: Page, boxes: list[Element], target: HtmlElement) -> None:
    """Text boxes: one with a picture is that picture and its caption, others stand aside."""
    for box in boxes:
        pictured = box.find(f".//{DRAW}image") is not None
        _blocks(page, box, target if pictured else append_element(target, "aside"))


# --- text -----------------------------------------------------------------------------------


def _content(page: Page, source: Element, target: HtmlElement, boxes: list[Element]) -> None:
    """The text and the markup in a paragraph or a span (ODF 1.3 Part 3, 6.1)."""
    append_text(target, source.text or "")
    for child in source:
        if isinstance(child.tag, str):
            _inline(page, child, target, boxes)
        append_text(target, child.tail or "")


def _inline(page: Page, source: Element, target: HtmlElement, boxes: list[Element]) -> None:
    tag = str(source.tag)
    if tag in _SILENT:
        return
    if tag == f"{TEXT}s":
        count = source.get(f"{TEXT}c", "1")
        append_text(target, " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
    elif tag == f"{TEXT}tab":
        append_text(target, "\t")
    elif tag == f"{TEXT}line-break":
        append_element(target, "br")
    elif tag == f"{TEXT}note":
        _note(page, source, target)
    elif tag == f"{OFFICE}annotation":
        _leave_out(target, "span", _comment(source), "comment")
    elif tag in _SHAPES:
        _drawing(page, source, target, boxes)
    elif tag == f"{TEXT}a":
        link = append_element(target, "a")
        link.set("href", source.get(f"{XLINK}href", ""))
        _content(page, source, link, boxes)
    elif tag == f"{TEXT}ruby":
        _ruby(page, source, target, boxes)
    elif tag == f"{TEXT}span":
        _content(page, source, _marked(page, source, target), boxes)
    else:
        _content(page, source, target, boxes)  # fields and bookmarks: their text


def _marked(page: Page, span: Element, target: HtmlElement) -> HtmlElement:
    """Where the text of a span goes: into what its style asks for."""
    marks = page.styles.marks("text", span.get(f"{TEXT}style-name"))
    if marks.get("hidden"):
        target = append_element(target, "span")
        target.set(LEFT_OUT, "hidden text")
    for tag in ("strong", "em", "sup", "sub"):
        target = append_element(target, tag) if marks.get(tag) else target
    return target


def _comment(annotation: Element) -> str:
    """A comment's text, without who wrote it and when."""
    paragraphs = (e for e in annotation if e.tag in (f"{TEXT}p", f"{TEXT}list"))
    return " ".join(map(text_of, paragraphs))


def _ruby(page: Page, source: Element, target: HtmlElement, boxes: list[Element]) -> None:
    """Text with how it is read, which comes after it, in brackets."""
    _content(page, source, target, boxes)
    if reading := " ".join(text_of(e) for e in source.iter(f"{TEXT}ruby-text")):
        append_text(target, f" ({reading})")


def _note(page: Page, note: Element, target: HtmlElement) -> None:
    body = note.find(f"{TEXT}note-body")
    if body is None:
        return
    name = f"note-{len(page.notes) + 1}"
    page.notes.append((name, body))
    link = append_element(append_element(target, "sup"), "a")
    link.set("href", f"#{name}")
    citation = note.find(f"{TEXT}note-citation")
    append_text(link, f"[{text_of(citation) if citation is not None else len(page.notes)}]")


def _drawing(page: Page, shape: Element, target: HtmlElement, boxes: list[Element]) -> None:
    """A picture by its description; a formula by its text; what is written in a shape is a box."""
    title, description = (shape.find(f"{SVG}{name}") for name in ("title", "desc"))
    said = [text_of(e) for e in (description, title) if e is not None and text_of(e)]
    object_ = shape.find(f"{DRAW}object")
    if object_ is not None:
        append_text(target, page.formula(object_.get(f"{XLINK}href", "")))
    if said or shape.find(f"{DRAW}image") is not None:
        append_element(target, "img").set("alt", said[0] if said else "")
        for name in said[1:]:
            _leave_out(target, "span", name, PICTURE_NAME)
    if shape.tag == f"{DRAW}g":
        for inner in shape.iterchildren(*_SHAPES):
            _drawing(page, inner, target, boxes)
    elif shape.tag == f"{DRAW}frame":
        boxes += list(shape.iterchildren(f"{DRAW}text-box", f"{TABLE}table"))
    else:
        boxes.append(shape)


# --- lists and tables -----------------------------------------------------------------------


def _list(
    page: Page, source: Element, target: HtmlElement, style: str = "", level: int = 1
) -> None:
    """A list and the lists in it (ODF 1.3 Part 3, 5.3); one of headings is only headings."""
    style = source.get(f"{TEXT}style-name") or style
    items = [e for e in source if e.tag in (f"{TEXT}list-item", f"{TEXT}list-header")]
    heads = any(e.tag == f"{TEXT}h" for item in items for e in item)
    tag = "ol" if level in page.styles.numbered.get(style, ()) else "ul"
    list_ = target if heads else append_element(target, tag)
    start = items[0].get(f"{TEXT}start-value") if items else None
    if start and start.isdecimal() and tag == "ol":
        list_.set("start", start)
    for item in items:
        place = list_ if heads else append_element(list_, "li")
        for child in item:
            if child.tag == f"{TEXT}list":
                _list(page, child, place, style, level + 1)
            elif isinstance(child.tag, str) and child.tag not in _SILENT:
                _block(page, child, place)


def _table(page: Page, source: Element, target: HtmlElement) -> None:
    """A table (ODF 1.3 Part 3, 9.1): rows among its heads have <th>."""
    table = append_element(target, "table")
    for row in source.iter(f"{TABLE}table-row"):
        if next(row.iterancestors(f"{TABLE}table")) is not source:
            continue
        heads = next(row.iterancestors(f"{TABLE}table-header-rows", f"{TABLE}table"))
        tag = "td" if heads is source else "th"
        line = append_element(table, "tr")
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            if cell.tag == f"{TABLE}covered-table-cell":
                _leave_out(line, "span", text_of(cell), "hidden by another cell")
                continue
            place = append_element(line, tag)
            for kind, name in (("columns", "colspan"), ("rows", "rowspan")):
                span = cell.get(f"{TABLE}number-{kind}-spanned", "1")
                if span.isdecimal() and 1 < int(span) < 1000:
                    place.set(name, span)
            _blocks(page, cell, place)


# --- elements -------------------------------------------------------------------------------


def _leave_out(target: HtmlElement, tag: str, text: str, reason: str) -> None:
    element = append_element(target, tag)
    element.text = f" {text} "
    element.set(LEFT_OUT, reason)
