"""What a page says of itself: JSON-LD (schema.org), OpenGraph, meta and link elements."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from audiostory.reading.tree import folded

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?$")
_ARTICLE_TYPES = ("Article", "Posting", "Report", "Recipe", "Review", "WebPage")
_LONGEST_DATE = 100


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its text; empty or None where nothing is."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    canonical_url: str | None = None


def page_metadata(page: HtmlElement, language: str) -> Metadata:
    """The metadata in a page's head, the most explicit first."""
    data = _json_ld(page)
    meta = _meta(page)
    title = _text(data.get("headline")) or meta.get("og:title") or _title_element(page)
    authors = tuple(_names(data.get("author"))) or _meta_authors(meta)
    dates = (_text(data.get("datePublished")), *(meta.get(name, "") for name in _DATE_METAS))
    return Metadata(
        title=title,
        description=_text(data.get("description"))
        or meta.get("og:description")
        or meta.get("description", ""),
        authors=authors,
        published=next((d for d in (parse_date(text, language) for text in dates) if d), None),
        canonical_url=_canonical(page, meta),
    )


_DATE_METAS = ("article:published_time", "datepublished", "dc.date", "dcterms.created", "date")


@lru_cache(maxsize=256)
def parse_date(text: str, language: str) -> datetime | None:
    """A date in words or ISO 8601, aware; a day without a time is noon UTC."""
    text = folded(text)
    if not text or len(text) > _LONGEST_DATE:
        return None
    if _ISO.match(text):
        return _iso(text)
    return _in_words(text, language)


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2022-10-14"):
        return datetime.combine(moment.date(), time(12), UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_words(text: str, language: str) -> datetime | None:
    if not re.search(r"\d{4}", text):
        return None
    parser = _date_parser(language.split("-")[0].lower())
    if parser is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        moment: datetime | None = parser.get_date_data(text).date_obj
    if moment is None:
        return None
    if (moment.hour, moment.minute) == (0, 0):
        return datetime.combine(moment.date(), time(12), UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=16)
def _date_parser(language: str) -> Any:
    """A parser of dates in words, or None for a language that dateparser doesn't know."""
    from dateparser.date import DateDataParser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"]}
    try:
        return DateDataParser(languages=[language], settings=settings)
    except ValueError:
        return None


def _meta(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = folded(element.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _title_element(page: HtmlElement) -> str:
    title = next(page.iter("title"), None)
    return folded(title.text or "") if title is not None else ""


def _meta_authors(meta: Mapping[str, str]) -> tuple[str, ...]:
    author = meta.get("author") or meta.get("article:author") or meta.get("dc.creator") or ""
    return (author,) if author and "://" not in author else ()


def _canonical(page: HtmlElement, meta: Mapping[str, str]) -> str | None:
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            url = (link.get("href") or "").strip()
            if url.startswith(("http://", "https://")):
                return url
    url = meta.get("og:url", "")
    return url if url.startswith(("http://", "https://")) else None


def _json_ld(page: HtmlElement) -> Mapping[str, Any]:
    """The first thing of JSON-LD that is an article."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            if any(_text(thing.get("@type")).endswith(kind) for kind in _ARTICLE_TYPES):
                return thing
    return {}


def _things(data: object) -> Iterator[Mapping[str, Any]]:
    queue = [data]
    for item in queue:
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            yield item
            queue.append(item.get("@graph"))


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return folded(value) if isinstance(value, str) else ""


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and folded(name) and "://" not in name:
            yield folded(name)
