"""RTF (Rich Text Format 1.9.1) becomes an Article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from lxml.html import HtmlElement

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading.document import LEFT_OUT, About, document_article
from audiostory.reading.document_page import put_right
from audiostory.reading.rtf_quotes import INDENT, find_quotations
from audiostory.reading.rtf_text import State, Token, tokens
from audiostory.reading.styles import role_of
from audiostory.reading.tree import append_element, append_text, folded, new_element

COMMENT = "comment"
_COMMENT = State(COMMENT)  # of a comment's text where it stands in a paragraph
_OMITTED = ("page header", "page footer", COMMENT)
_ITEM = re.compile(r"\s*(?:(\d{1,3}|[a-z])[.)]|[•·▪◦–-])\t\s*")
_NUMBER = re.compile(r"\s*[(\[]?(\w{1,4})[.)\]]")
_TAGS = {"title": "h1", "quote": "p", "code": "pre"}
_BREAKS = ("par", "sect", "page", "cell", "nestcell", "row")
_CLASSES = ("standfirst", "byline", "dateline", "tablecaption", "contents")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that is being written. pieces: text, and the state that it is in.

    indent: from the left, in twips. is_hanging: less so in its first line. is_ragged: at the left,
    for it is centred, or set to the right.
    """

    pieces: list[tuple[str, State]] = field(default_factory=list)
    marker: str = ""
    style: int = 0
    outline: int = 9
    in_table: bool = False
    indent: int = 0
    is_hanging: bool = False
    is_ragged: bool = False

    @property
    def text(self) -> str:
        return _whole("".join(text for text, state in self.pieces if state is not _COMMENT))

    @property
    def has_comment(self) -> bool:
        return any(state is _COMMENT for _, state in self.pieces)


@dataclass(slots=True)
class _Document:
    """What has been read. open: the paragraph of each place; told: what it says of itself."""

    body: HtmlElement
    open: dict[str, _Paragraph] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    style: int = 0  # that is being declared
    notes: list[HtmlElement] = field(default_factory=list)
    in_note: bool = False
    waiting: list[HtmlElement] = field(default_factory=list)  # boxes of the open paragraph
    omissions: list[Omission] = field(default_factory=list)
    cells: list[HtmlElement] = field(default_factory=list)
    cell: HtmlElement | None = None
    is_head: bool = False
    property: str = ""


def read_rtf(data: bytes, name: str) -> Article:
    """Read an RTF file. Raises SourceError when it is none, or holds no text."""
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise SourceError(f"{name} is no RTF document.", "Save it again in a word processor.")
    document = _Document(new_element("body"))
    for token in tokens(data.lstrip(b"\xef\xbb\xbf \r\n\t")):
        _take(document, token)
    for place in [*filter(None, document.open), ""]:
        _paragraph(document, place)
        _end(document, place)
    _end_row(document)
    if document.notes:
        notes = new_element("ol", "footnotes")
        notes.extend(document.notes)
        document.body.append(notes)
    find_quotations(document.body)
    page = new_element("html")
    page.append(document.body)
    return document_article(put_right(page), name, _about(document), document.omissions)


def _take(document: _Document, token: Token) -> None:
    place = token.state.place or ""
    if token.word == "begin" or (place == "" and COMMENT in document.open):
        _begin(document, place or COMMENT)
    if place in ("stylesheet", "fonts"):
        _declare(document, token)
    elif place in ("title", "author", "subject", "description", "created", "modified", "sn", "sv"):
        _tell(document, token, place)
    elif place == "marker":
        _paragraph(document, "").marker += token.text
    elif token.text or token.word in ("tab", "line"):
        _write(document, token, place)
    elif token.word in _BREAKS:
        _break(document, token.word, place)
    else:
        _shape(document, token, place)


def _declare(document: _Document, token: Token) -> None:
    """A style of paragraphs: its number, and then its name with a semicolon."""
    if token.state.place == "fonts":
        return
    if token.word == "s":
        document.style = token.number or 0
    elif token.text and document.style not in document.styles:
        document.styles[document.style] = token.text.strip().rstrip(";")
        document.style = -1 - len(document.styles)


def _tell(document: _Document, token: Token, place: str) -> None:
    text = token.text
    if token.word in ("yr", "mo", "dy", "hr", "min"):
        text = f" {token.number or 0}"
    document.told[place] = document.told.get(place, "") + text
    if place == "sn":
        document.property = document.told.pop("sn").strip()
    elif place == "sv":
        value = document.told.pop("sv")
        if document.property == "wzDescription" and value:
            image = new_element("img")
            image.set("alt", folded(_whole(value)))
            document.waiting.append(image)


def _begin(document: _Document, place: str) -> None:
    """A note, a comment or an edge of a page begins: the one before it is at its end."""
    if place == "footnote":
        document.in_note = False
    if place in ("footnote", "box", *_OMITTED):
        _end(document, place)
    if place == COMMENT:
        document.open.pop(COMMENT, None)


def _paragraph(document: _Document, place: str) -> _Paragraph:
    return document.open.setdefault(place, _Paragraph())


def _write(document: _Document, token: Token, place: str) -> None:
    if place == "footnote" and not document.in_note:
        document.in_note = True
        mark = f"[{len(document.notes) + 1}]"
        _paragraph(document, "").pieces.append((mark, State()))
        document.notes.append(new_element("li"))
    elif place == "" and document.in_note:
        _end(document, "footnote")
        document.in_note = False
    text = {"tab": "\t", "line": "\n"}.get(token.word, token.text)
    _paragraph(document, place).pieces.append((text, token.state))


def _shape(document: _Document, token: Token, place: str) -> None:
    """What a word says of the paragraph that it is in, or of the row."""
    paragraph = _paragraph(document, place)
    if token.word == "pard":
        paragraph.style, paragraph.outline, paragraph.in_table = 0, 9, False
        paragraph.indent, paragraph.is_hanging, paragraph.is_ragged = 0, False, False
    elif token.word in ("li", "lin"):
        paragraph.indent = max(0, token.number or 0)
    elif token.word == "fi":
        paragraph.is_hanging = (token.number or 0) < 0
    elif token.word in ("ql", "qj", "qc", "qr"):
        paragraph.is_ragged = token.word in ("qc", "qr")
    elif token.word == "s":
        paragraph.style = token.number or 0
    elif token.word == "outlinelevel":
        paragraph.outline = token.number if token.number is not None else 9
    elif token.word == "intbl":
        paragraph.in_table = True
    elif token.word == "trowd":
        document.is_head = False
    elif token.word == "trhdr":
        document.is_head = True


def _break(document: _Document, word: str, place: str) -> None:
    if place == "" and word in ("cell", "row"):
        _paragraph(document, "").in_table = True
    if word != "row" or folded(_paragraph(document, place).text):
        _end(document, place)
    if place == "" and word == "cell":
        _close_cell(document)
    elif place == "" and word == "row":
        _end_row(document)


# --- what is written ------------------------------------------------------------------------


def _end(document: _Document, place: str) -> None:
    """End the paragraph of a place, and write it. The next one looks the same, until \\pard."""
    done = document.open.pop(place, None)
    if done is None:
        return
    document.open[place] = replace(done, pieces=[], marker="")
    text = folded(done.text)
    if place == COMMENT:
        pieces = _paragraph(document, "").pieces
        pieces += [(f" {text} ", _COMMENT)] if text else []
        return
    if place in _OMITTED:
        omission = Omission(text, place)
        if text and omission not in document.omissions:
            document.omissions.append(omission)
        return
    target = _target(document, place, done)
    if text or done.has_comment:
        _add(document, target, done)
    if place == "":
        for box in document.waiting:
            target.append(_alone(box) if box.tag == "img" else box)
        document.waiting.clear()


def _alone(image: HtmlElement) -> HtmlElement:
    paragraph = new_element("p")
    paragraph.append(image)
    return paragraph


def _target(document: _Document, place: str, done: _Paragraph) -> HtmlElement:
    if place == "footnote":
        return document.notes[-1] if document.notes else document.body
    if place == "box":
        document.waiting.append(new_element("aside"))
        return document.waiting[-1]
    if not done.in_table:
        _end_row(document)
        return document.body
    if document.cell is None:
        document.cell = new_element("td")
    return document.cell


def _close_cell(document: _Document) -> None:
    cell = document.cell if document.cell is not None else new_element("td")
    cell.tag = "th" if document.is_head else "td"
    document.cells.append(cell)
    document.cell = None


def _end_row(document: _Document) -> None:
    """Write the cells so far as a row, of the table above or of a new one."""
    if document.cell is not None:
        _close_cell(document)
    if not document.cells:
        return
    table = document.body[-1] if len(document.body) else None
    if table is None or table.tag != "table":
        table = new_element("table")
        document.body.append(table)
    row = new_element("tr")
    row.extend(document.cells)
    table.append(row)
    document.cells.clear()


def _add(document: _Document, target: HtmlElement, done: _Paragraph) -> None:
    """Write a paragraph as what its style or its place in the outline says."""
    role = role_of(document.styles.get(done.style, "")) if done.style else None
    role = role or (f"h{done.outline + 1}" if 0 <= done.outline < 6 else None)
    item = _ITEM.match(done.text) if role is None else None
    if (item or done.marker.strip()) and role is None:
        number = (item and item[1]) or _NUMBER.match(done.marker)
        list_ = _last(target, "ol" if number else "ul")
        list_.set(INDENT, str(done.indent))
        _fill(append_element(list_, "li"), done, item.end() if item else 0)
        return
    if role == "quote":
        target = _last(target, "blockquote")
    tag = _TAGS.get(role or "", role if role and re.match(r"h\d$", role) else "p")
    is_plain = role is None and not (done.is_hanging or done.is_ragged)
    classes = {"title": "title", "caption": "figcaption"}
    class_ = classes.get(role or "", role if role in _CLASSES else "")
    element = append_element(target, tag, class_ or "")
    if is_plain:
        element.set(INDENT, str(done.indent))
    _fill(element, done, 0)


def _last(target: HtmlElement, tag: str) -> HtmlElement:
    """The last block, if it is one of these, or a new one."""
    if len(target) and target[-1].tag == tag:
        return target[-1]
    return append_element(target, tag)


def _fill(element: HtmlElement, done: _Paragraph, start: int) -> None:
    """Write a paragraph's text, marked up; from a number of characters on."""
    for state, pieces in groupby(done.pieces, itemgetter(1)):
        text = "".join(piece for piece, _ in pieces)
        skipped = 0 if state is _COMMENT else min(start, len(text))
        start -= skipped
        place = element
        if state.hidden or state.deleted or state is _COMMENT:
            why = "deleted text" if state.deleted else "hidden text" if state.hidden else COMMENT
            place = append_element(place, "span")
            place.set(LEFT_OUT, why)
        for tag, on in (("strong", state.bold), ("em", state.italic)):
            if on and text.strip() and not str(element.tag).startswith("h"):
                place = append_element(place, tag)
        for number, line in enumerate(text[skipped:].split("\n")):
            if number:
                append_element(place, "br")
            _put(place, line)


def _whole(text: str) -> str:
    """A text whose characters beyond the first 65,536 were given as two (UTF-16)."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _put(element: HtmlElement, text: str) -> None:
    append_text(element, "".join(c for c in _whole(text) if c >= " " or c == "\t"))


# --- what it says of itself -----------------------------------------------------------------


def _about(document: _Document) -> About:
    told = {place: folded(_whole(text)) for place, text in document.told.items()}
    names = (folded(name) for name in told.get("author", "").split(";"))
    return About(
        title=told.get("title", ""),
        authors=tuple(filter(None, names)),
        created=_moment(told.get("created", "").split()),
        modified=_moment(told.get("modified", "").split()),
        description=told.get("description", "") or told.get("subject", ""),
    )


def _moment(parts: Iterable[str]) -> datetime | None:
    """A time out of year, month, day, hour, minute."""
    try:
        year, month, day, hour, minute, *_ = (*map(int, parts), 0, 0)
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
