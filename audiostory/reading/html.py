"""Which part of a web page is the article, and what in it is furniture: HTML to an Article."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import language as languages
from audiostory.reading.classes import class_of
from audiostory.reading.clean import clean
from audiostory.reading.decode import decode
from audiostory.reading.furniture import page_words
from audiostory.reading.judge import PageJudge
from audiostory.reading.marks import mark_lines, signed, standfirst
from audiostory.reading.metadata import page_metadata
from audiostory.reading.place import find_place
from audiostory.reading.selection import choose
from audiostory.reading.tree import is_readable, visible_text

_HEAD_BLOCKS = 6
_LONGEST_DATELINE = 60
_SIGNED = ("byline", "dateline")


def read_html(data: bytes, name: str) -> Article:
    """Read a saved web page. Raises SourceError when there is no text in it."""
    decoded = decode(data, name)
    return html_article(decoded.text, name, decoded.warnings)


def html_article(text: str, name: str, warnings: tuple[str, ...] = ()) -> Article:
    """Read the text of a web page."""
    page = parse_page(text, name)
    body = page.find("body")
    if body is None or not is_readable(body):
        raise _nothing(name)
    declared = languages.tag(page.get("lang") or page.get("{*}lang") or _meta_language(page))
    language = declared or languages.detect(visible_text(body))
    metadata = page_metadata(page, language)
    place = find_place(body, choose(page, body), metadata.title)
    if place.headline is not None:
        place.headline.tag = "h1"
    judge = PageJudge(place, page_words(language), metadata.canonical_url, body)
    cleaned = clean(body, judge.judge, class_of, language)
    if not is_readable(cleaned.body):
        raise _nothing(name)
    headline = next((visible_text(h) for h in cleaned.body.iter("h1")), "")
    mark_lines(cleaned.body, metadata, language)
    authors, published = signed(cleaned.body, language)
    return Article(
        title=headline or metadata.title or _opening(cleaned.body),
        language=language,
        source=name,
        body=cleaned.body,
        authors=metadata.authors or authors,
        published=metadata.published or published,
        description=standfirst(cleaned.body) or metadata.description,
        canonical_url=metadata.canonical_url,
        modified=metadata.modified,
        section=metadata.section,
        site=metadata.site,
        licence=metadata.licence,
        image=metadata.image,
        omissions=cleaned.omissions,
        warnings=warnings,
    )


def parse_page(text: str, name: str) -> HtmlElement:
    """A page's tree, however broken its markup is. Raises SourceError when there is none."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        page = document_fromstring(text, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _nothing(name) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SourceError(
            f"{name} cannot be read to its end: its elements are nested thousands deep.",
            "Copy the article's text from a browser, and save that as a .txt file.",
        )
    return page


def _nothing(name: str) -> SourceError:
    return SourceError(
        f"There is no text in {name}.",
        "If the page shows text in a browser, save it from there once it is fully shown.",
    )


def _meta_language(page: HtmlElement) -> str | None:
    for element in page.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "content-language":
            return element.get("content")
        if (element.get("property") or "").lower() == "og:locale":
            return element.get("content")
    return None


def _opening(body: HtmlElement) -> str:
    text = visible_text(body)
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + "…"
