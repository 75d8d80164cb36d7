"""Who wrote an article, and when, as the lines below its headline say on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from audiostory.reading.furniture import PageWords, page_words
from audiostory.reading.lines import author_names, dated, is_byline, is_date_line, is_name
from audiostory.reading.tree import folded

_BLOCKS = 8
_LONGEST = 160
_DATE_WORDS = 9


def mark_head(body: HtmlElement, language: str) -> tuple[tuple[str, ...], datetime | None]:
    """Class lines with a name, or with a name and a date, as bylines; the names and the date.

    On paper the two stand side by side on one line: "Text: Ann Lee 3 March 2024".
    """
    words = page_words(language)
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    for paragraph in _head(body):
        text = folded("".join(paragraph.itertext()))
        before, moment = _parted(text, words, language)
        if not before.strip() or len(text) > _LONGEST:
            continue
        names = author_names(before, words)
        named = bool(names) or is_byline(before, words)
        if named or (moment is not None and before != text and is_name(before)):
            paragraph.set("class", "byline")
            authors = authors or names or (() if named else (before,))
            published = published or moment
    return authors, published


def _head(body: HtmlElement) -> Iterator[HtmlElement]:
    """The paragraphs below the headline, up to the text."""
    headline = next(body.iter("h1"), None)
    below = headline.itersiblings() if headline is not None else iter(body)
    for block in islice(below, _BLOCKS):
        if block.tag in ("h2", "h3", "ul", "ol", "table"):
            return
        if block.tag == "p" and block.get("class") in (None, "byline"):
            yield block


def _parted(text: str, words: PageWords, language: str) -> tuple[str, datetime | None]:
    """What stands before the date at the end of a line, and the date."""
    if len(text) > _LONGEST:
        return text, None
    parts = text.split()
    for start in range(max(1, len(parts) - _DATE_WORDS), len(parts)):
        end = " ".join(parts[start:])
        if is_date_line(end, words) and (moment := dated(end, words, language)):
            return " ".join(parts[:start]).rstrip(" ,·|–—"), moment
    return text, None
