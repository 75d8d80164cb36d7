"""What mammoth makes of our styles, and what is put right in its page."""

from __future__ import annotations

from lxml.html import HtmlElement, builder

from audiostory.reading.document import LEFT_OUT, PICTURE_NAME
from audiostory.reading.tree import folded, has_words

_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
STYLE_MAP = "\n".join(
    (
        "p.title => h1.title:fresh",
        "p.standfirst => p.standfirst:fresh",
        "p.byline => p.byline:fresh",
        "p.dateline => p.dateline:fresh",
        "p.quote => blockquote > p:fresh",
        "p.caption => p.figcaption:fresh",
        "p.tablecaption => p.tablecaption:fresh",
        "p.code => pre:separator('\\n')",
        "p.contents => p.contents:fresh",
        "p.comment => p.comment:fresh",
        "p.term => dl > dt:fresh",
        "p.definition => dl > dd:fresh",
        "p.box => aside > p:fresh",
        *(f"p.{heading} => {heading}:fresh" for heading in _HEADINGS),
        "r.picture => span.picture:fresh",
        "r.comment => span.comment:fresh",
        "r.name => span.name:fresh",
        "r.hidden => span.hidden",
        "r.deleted => span.deleted:fresh",
        "p.altchunk => p.altchunk:fresh",
    )
)
_LEFT_OUT = {
    "comment": "comment",
    "hidden": "hidden text",
    "contents": "table of contents",
    "name": PICTURE_NAME,
    "deleted": "deleted text",
    "altchunk": "inserted file",
}


def put_right(page: HtmlElement) -> HtmlElement:
    """A page with pictures, captions, notes and headings as HTML has them, in place."""
    for element in list(page.iter("p", "span")):
        class_ = element.get("class") or ""
        if class_ in _LEFT_OUT:
            element.set(LEFT_OUT, _LEFT_OUT[class_])
        elif class_ == "picture":
            _picture(element)
    _frame(page)
    _mark_notes(page)
    _head_tables(page)
    if page.find_class("title"):
        _lower_headings(page)
    return page


def _picture(span: HtmlElement) -> None:
    alt = folded("".join(span.itertext()).replace("\u2060", ""))
    image = builder.IMG(alt=alt)
    image.tail = span.tail
    parent = span.getparent()
    if parent is not None:
        parent.replace(span, image)


def _frame(page: HtmlElement) -> None:
    """A caption belongs to the picture or the table beside it."""
    for caption in page.find_class("tablecaption"):
        table = caption.getnext()
        if table is None or table.tag != "table":
            table = caption.getprevious()
        caption.tag = "p"
        if table is not None and table.tag == "table" and table.find("caption") is None:
            caption.tag = "caption"
            _move(caption, table)
    for caption in page.find_class("figcaption"):
        before, after = caption.getprevious(), caption.getnext()
        beside = next((e for e in (before, after) if e is not None and _is_picture(e)), None)
        table = next((e for e in (after, before) if e is not None and e.tag == "table"), None)
        if beside is not None:
            beside.tag = "figure"
            caption.tag = "figcaption"
            beside.append(caption)
        elif table is not None and table.find("caption") is None:
            caption.tag = "caption"
            _move(caption, table)
        else:
            caption.set("class", "caption")


def _move(caption: HtmlElement, table: HtmlElement) -> None:
    caption.tail = None
    table.insert(0, caption)


def _is_picture(element: HtmlElement) -> bool:
    """Whether a block is nothing but pictures."""
    read = element.xpath(f"descendant::text()[not(ancestor::*[@{LEFT_OUT}])]")
    return element.find(".//img") is not None and not has_words("".join(map(str, read)))


def _mark_notes(page: HtmlElement) -> None:
    for item in page.iter("li"):
        if (item.get("id") or "").startswith(("footnote-", "endnote-", "note-")):
            parent = item.getparent()
            if parent is not None:
                parent.set("class", "footnotes")


def _head_tables(page: HtmlElement) -> None:
    """A first row that alone is all in bold is a table's head."""
    for table in page.iter("table"):
        rows = list(table.iter("tr"))
        if len(rows) < 2 or next(table.iter("th"), None) is not None:
            continue
        if _is_bold(rows[0]) and not any(map(_is_bold, rows[1:])):
            for cell in rows[0].iter("td"):
                cell.tag = "th"


def _is_bold(row: HtmlElement) -> bool:
    text = folded(" ".join(row.itertext()))
    bold = folded(" ".join(t for strong in row.iter("strong") for t in strong.itertext()))
    return has_words(text) and text == bold


def _lower_headings(page: HtmlElement) -> None:
    """Below a title, headings of the first level are sections."""
    titles = page.find_class("title")
    if not any(h not in titles for h in page.iter("h1")):
        return
    for heading in page.iter(*_HEADINGS):
        if heading not in titles:
            heading.tag = f"h{min(6, int(str(heading.tag)[1]) + 1)}"
