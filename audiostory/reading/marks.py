"""What lines of an article are, though nothing in their markup says so: bylines, captions …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from audiostory.reading.furniture import PageWords, page_words
from audiostory.reading.lines import (
    author_names,
    dated,
    is_byline,
    is_credits,
    is_date_line,
    is_photo_line,
)
from audiostory.reading.metadata import Metadata, parse_date
from audiostory.reading.paragraphs import is_ended
from audiostory.reading.tree import folded

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_HEAD_BLOCKS = 8
_LONGEST_DATELINE = 90
_FEWEST_WORDS = 8  # of a sentence that stands below a headline
_TAIL_BLOCKS = 6
_LONGEST_CREDITS = 300
_LONGEST_BYLINE = 160
_DATE_WORDS = 7
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SIGNED = ("byline", "dateline")


def mark_lines(body: HtmlElement, metadata: Metadata, language: str) -> None:
    """Class the lines of a body that are a standfirst, a byline, a date, a caption, credits."""
    words = page_words(language)
    head = list(islice(_below_headline(body), _HEAD_BLOCKS))
    for block in head:
        if block.get("class"):
            continue
        if class_ := _head_class(block, metadata, words, language):
            block.set("class", class_)
            block.tag = "p"
        elif block.tag == "p" and len(block.text_content().split()) > 40:
            break
    if not any(block.get("class") == "standfirst" for block in head):
        _mark_standfirst(head)
    plain = [p for p in body.iter("p") if not p.get("class")]
    for paragraph in plain:
        text = folded("".join(paragraph.itertext()))
        if len(text) <= _LONGEST_CREDITS and is_photo_line(text, words):
            paragraph.set("class", "caption")
    for paragraph in plain[-_TAIL_BLOCKS:]:
        text = folded("".join(paragraph.itertext())).strip("()[] ")
        if len(text) <= _LONGEST_CREDITS and paragraph not in head and is_credits(text, words):
            paragraph.set("class", "credits")


def _below_headline(body: HtmlElement) -> Iterator[HtmlElement]:
    headline = body.find("h1")
    below = headline.itersiblings() if headline is not None else iter(body)
    return (block for block in below if block.tag in ("p", *_HEADINGS))


def _head_class(
    block: HtmlElement, metadata: Metadata, words: PageWords, language: str
) -> str | None:
    text = folded("".join(block.itertext()))
    if is_byline(text, words):
        return "byline"
    if len(text) <= _LONGEST_DATELINE and is_date_line(text, words):
        return "dateline"
    named, moment = _undated(text, language)
    if named and len(text) <= _LONGEST_BYLINE and _names(named, words):
        return "byline"
    if len(text) <= _LONGEST_DATELINE and (moment or dated(text, words, language)):
        return "dateline"
    if block.tag in _HEADINGS and text and text == folded(metadata.description):
        return "standfirst"
    return None


def _mark_standfirst(head: list[HtmlElement]) -> None:
    """A sentence that is marked up as a heading right below the headline is no heading."""
    first = next((block for block in head if not block.get("class")), None)
    if first is None or first.tag not in _HEADINGS:
        return
    text = folded("".join(first.itertext()))
    if len(text.split()) >= _FEWEST_WORDS and is_ended(text):
        first.tag = "p"
        first.set("class", "standfirst")


def signed(body: HtmlElement, language: str) -> tuple[tuple[str, ...], datetime | None]:
    """Who wrote the article, and when, as its own lines say."""
    words = page_words(language)
    lines = [folded("".join(p.itertext())) for p in body.iter("p") if p.get("class") in _SIGNED]
    undated = [_undated(line, language) for line in lines]
    authors = dict.fromkeys(name for line, _ in undated for name in author_names(line, words))
    times = [parse_date(t.get("datetime") or "", language) for t in body.iter("time")]
    dates = (*times, *(moment for _, moment in undated))
    dates = (*dates, *(dated(line, words, language) for line in lines))
    return tuple(authors), next((moment for moment in dates if moment), None)


def _names(text: str, words: PageWords) -> bool:
    """Whether a line says who wrote the article: "Text: Ann Lee"."""
    return is_byline(text, words) or (":" in text and bool(author_names(text, words)))


def _undated(text: str, language: str) -> tuple[str, datetime | None]:
    """A line without the date at its end, and that: "Words by Ann Lee 3 March 2024"."""
    parts = text.split()
    for count in range(3, min(len(parts), _DATE_WORDS) + 1):
        date = " ".join(parts[-count:])
        if _YEAR.search(date) and (moment := parse_date(date, language)):
            return " ".join(parts[:-count]).rstrip(" ,;·•|–—-"), moment
    return text, None


def standfirst(body: HtmlElement) -> str:
    """The text of the standfirst, or ""."""
    found = (p for p in body.iter("p") if p.get("class") == "standfirst")
    return next((folded("".join(paragraph.itertext())) for paragraph in found), "")
