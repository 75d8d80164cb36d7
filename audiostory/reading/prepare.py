"""What is put right in a page before its text is read: what its markup means but does not say."""

from __future__ import annotations

from lxml.html import HtmlElement

from audiostory.reading import vocabulary as known
from audiostory.reading.boxes import CAPTION
from audiostory.reading.classes import class_of
from audiostory.reading.editing import bracket_links
from audiostory.reading.tree import has_words

# libxml2 does not know that these are void (HTML, 13.1.2): what follows becomes their content.
_VOID = ("wbr", "source", "track", "embed")
_COLUMN = 800
_PARTS = ("tr", "td", "th", "tbody", "thead", "tfoot", "caption", "colgroup")
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "ul", "ol", "dl", "blockquote", "pre", "figure", "table"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "form", "aside", "header", "footer", "nav", "center"}
)
_FEW_BLOCKS = 3
_BESIDE = 3  # words beside a caption, such as "1 of 5"


def prepare(body: HtmlElement) -> None:
    """Put a page's markup right, in place."""
    _unwrap_voids(body)
    _drop_markup(body)
    _show_formulas(body)
    _undo_layout_tables(body)
    _name_captions(body)
    _show_galleries(body)
    _undo_headings(body)
    bracket_links(body)


def _unwrap_voids(body: HtmlElement) -> None:
    for element in list(body.iter(*_VOID)):
        element.drop_tag()


def _drop_markup(body: HtmlElement) -> None:
    """Markup that shows as text: what a page without scripts is given, escaped once too often."""
    for element in [e for e in body.iter("noscript") if (e.text or "").lstrip().startswith("<")]:
        element.text = None


def _show_formulas(body: HtmlElement) -> None:
    """MediaWiki shows a picture of a formula, described by its TeX, and hides its MathML.

    MathML is what can be spoken; the TeX stays as the picture's description, and is not.
    """
    for image in list(body.iter("img")):
        around = image.getparent()
        if "mwe-math-fallback-image" not in (image.get("class") or "") or around is None:
            continue
        source = around.find(".//math//annotation")
        if source is not None:
            for element in source.iterancestors():
                if element is around:
                    break
                element.attrib.pop("style", None)
            source.drop_tree()
            image.set("class", known.FORMULA)


def _undo_layout_tables(body: HtmlElement) -> None:
    """A table that only places things on the page is no table of data, but boxes."""
    for table in list(body.iter("table"))[::-1]:
        if _is_layout(table):
            for part in [e for e in table.iter(*_PARTS) if _table_of(e) is table]:
                part.tag = "div"
            table.tag = "div"


def _table_of(part: HtmlElement) -> HtmlElement | None:
    return next((e for e in part.iterancestors() if e.tag == "table"), None)


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table has no heads and holds blocks, another table, or a single row or column."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    own = [e for e in table.iter("tr", "td", "th", "caption", "thead") if _table_of(e) is table]
    if table.get("summary") or any(e.tag in ("th", "caption", "thead") for e in own):
        return False
    cells = [e for e in own if e.tag == "td"]
    if len(cells) < 2:
        return True
    if any(e.tag == "pre" for e in table.iterdescendants()):
        return True
    return any(_holds_most(cell, table) for cell in cells)


def _holds_most(cell: HtmlElement, table: HtmlElement) -> bool:
    """Whether a cell is a page's column rather than a datum."""
    blocks = sum(1 for element in cell if element.tag in _BLOCKS)
    size = len("".join(cell.itertext()))
    if blocks < _FEW_BLOCKS and size < _COLUMN:
        return False
    return 2 * size > len("".join(table.itertext()))


def _name_captions(body: HtmlElement) -> None:
    """What a class calls a caption is one, in a figure that has no other."""
    for figure in [f for f in body.iter("figure") if next(f.iter("figcaption"), None) is None]:
        for element in figure.iter("p", "div", "span"):
            if _is_caption(element):
                element.tag = "figcaption"
                break


def _show_galleries(body: HtmlElement) -> None:
    """A list of nothing but pictures and their captions is no list, but figures."""
    for gallery in list(body.iter("ul", "ol")):
        captions = [caption for item in gallery if (caption := _caption_in(item)) is not None]
        alone = not any(e.tag == "li" for e in gallery.iterancestors())
        if (alone or len(captions) > 1) and len(captions) == len(gallery):
            for item, caption in zip(gallery, captions, strict=True):
                item.tag, caption.tag = "figure", "figcaption"
            gallery.tag = "div"


def _caption_in(item: HtmlElement) -> HtmlElement | None:
    """The caption in an item that has a picture, and no words beside it."""
    caption = next(filter(_is_caption, item.iter("p", "div", "span")), None)
    if caption is None or next(item.iter("img"), None) is None:
        return None
    text = "".join(caption.itertext()).split()
    return caption if len("".join(item.itertext()).split()) <= len(text) + _BESIDE else None


def _is_caption(element: HtmlElement) -> bool:
    named = CAPTION.search(element.get("class") or "")
    return named is not None and has_words("".join(element.itertext()))


def _undo_headings(body: HtmlElement) -> None:
    """A line that its class calls a standfirst or a byline is no heading."""
    for element in list(body.iter("h2", "h3", "h4", "h5", "h6")):
        if class_of(element) in ("standfirst", "byline", "dateline", known.META):
            element.tag = "p"
