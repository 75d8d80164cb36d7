"""A word processor's document, once it is HTML, becomes an Article: all of it is article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading.boxes import is_hidden
from audiostory.reading.classes import class_of
from audiostory.reading.clean import clean, in_order
from audiostory.reading.marks import mark_lines, signed, standfirst
from audiostory.reading.metadata import Metadata
from audiostory.reading.prepare import prepare
from audiostory.reading.styles import language_of
from audiostory.reading.tree import folded, has_words, is_readable, opening, visible_text

LEFT_OUT = "data-left-out"  # an attribute: why the text of an element is not read
PICTURE_NAME = "title of a picture that is described"
_LONGEST_HEADLINE = 255


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself; empty or None where it says nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    description: str = ""
    section: str = ""


def document_article(
    page: HtmlElement,
    name: str,
    about: About,
    omissions: Iterable[Omission] = (),
    warnings: tuple[str, ...] = (),
) -> Article:
    """Read a page that is a document's. Raises SourceError when there is no text in it.

    page: elements with the attribute LEFT_OUT become omissions, and the rest the body.
    omissions: what is not in the page.
    """
    body = page.find("body") if page.tag == "html" else page
    if body is None or not is_readable(body):
        raise nothing(name)
    language = language_of(about.language, visible_text(body))
    _find_headline(body, about.title)
    prepare(body)
    cleaned = clean(body, _judge, class_of, language)
    language = cleaned.language
    if not is_readable(cleaned.body):
        raise nothing(name)
    mark_lines(cleaned.body, Metadata(title=about.title, authors=about.authors), language)
    authors, published = signed(cleaned.body, language)
    headline = next((visible_text(h) for h in cleaned.body.iter("h1")), "")
    return Article(
        title=headline or about.title or opening(visible_text(cleaned.body)),
        language=language,
        source=name,
        body=cleaned.body,
        authors=authors or about.authors,
        published=published or about.created,
        description=standfirst(cleaned.body) or about.description,
        modified=about.modified,
        section=about.section,
        omissions=in_order(cleaned.body, (*cleaned.omissions, *omissions)),
        warnings=warnings,
    )


def _judge(element: HtmlElement) -> str | None:
    return element.get(LEFT_OUT) or ("hidden on the page" if is_hidden(element) else None)


def nothing(name: str) -> SourceError:
    """What is said of a document without text."""
    return SourceError(
        f"There is no text in {name}.",
        "If it shows text where it was written, save it again, or as a .txt file.",
    )


def parse_xml(data: bytes, name: str) -> etree._Element:
    """A part of a document. Raises SourceError when it is broken or declares entities.

    Nothing outside is fetched: no office format has a document type declaration.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(name) from error
    if root.getroottree().docinfo.doctype:
        raise SourceError(
            f"{name} holds declarations that no document has.",
            "Save it again with a word processor, and give that.",
        )
    return root


def broken(name: str) -> SourceError:
    """What is said of a document that cannot be made out."""
    return SourceError(
        f"{name} is damaged: what is in it is not a document.",
        "Open it in a word processor, save it again, and give that.",
    )


def _find_headline(body: HtmlElement, title: str) -> None:
    """Where no heading is the headline: the first line, if it is the title or all in bold."""
    if next(body.iter("h1"), None) is not None:
        return
    read = (e for e in body.iter("p", "h2", "h3", "h4", "h5", "h6") if not e.get(LEFT_OUT))
    first = next((e for e in read if has_words(visible_text(e))), None)
    if first is None or first.getparent() is not body:
        return
    text = visible_text(first)
    is_title = bool(title) and text.casefold() == folded(title).casefold()
    is_line = len(text) <= _LONGEST_HEADLINE and not text.endswith((".", ":", ",", ";"))
    bold = folded("".join("".join(e.itertext()) for e in first.iter("strong"))) == text
    if is_title or first.tag == "h2" or (is_line and bold):
        first.tag = "h1"
