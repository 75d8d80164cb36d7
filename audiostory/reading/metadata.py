"""What a page says of itself: JSON-LD (schema.org), OpenGraph, meta and link elements."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from audiostory.model import Picture
from audiostory.reading.scripts import json_ld, things_of
from audiostory.reading.tree import folded

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?$")
_ARTICLES = re.compile(r"(Article|Posting|Report|Recipe|Review)$")
_PAGES = re.compile(r"WebPage$")
_LONGEST_DATE = 100


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its text; empty or None where nothing is."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    canonical_url: str | None = None
    section: str = ""
    site: str = ""
    licence: str = ""
    image: Picture | None = None


def page_metadata(page: HtmlElement, language: str) -> Metadata:
    """What a page says of itself, the most explicit first.

    JSON-LD and microdata (schema.org Article), OpenGraph, Dublin Core and meta elements.
    """
    data = _json_ld(page)
    meta = {**_microdata(page), **_meta(page)}

    def said(key: str, *names: str) -> str:
        """What JSON-LD has under a key, or else the first of these meta elements."""
        return _text(data.get(key)) or next((meta[name] for name in names if name in meta), "")

    def date(key: str, *names: str) -> datetime | None:
        texts = (_text(data.get(key)), *(meta.get(name, "") for name in names))
        return next((found for text in texts if (found := parse_date(text, language))), None)

    return Metadata(
        title=said("headline", "og:title", "headline", "dc.title", "dcterms.title")
        or _title_element(page),
        description=said("description", "og:description", "description", "dc.description"),
        authors=tuple(_names(data.get("author"))) or _meta_authors(meta) or _linked_authors(page),
        published=date("datePublished", *_PUBLISHED),
        modified=date("dateModified", *_MODIFIED),
        canonical_url=_canonical(page, meta),
        section=said("articleSection", "article:section", "articlesection"),
        site=next(_names(data.get("publisher")), "") or meta.get("og:site_name", ""),
        licence=said("license", "dc.rights", "dcterms.license") or _licence(page),
        image=_image(data.get("image"), meta),
    )


_PUBLISHED = (
    *("article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date"),
    *("dcterms.created", "parsely-pub-date", "sailthru.date", "publish-date", "pubdate", "date"),
)
_MODIFIED = ("article:modified_time", "datemodified", "dcterms.modified", "og:updated_time")
_ITEMPROPS = ("datePublished", "dateModified", "headline", "articleSection")
_BY = re.compile(r"^(by|von|par|por)\s+", re.IGNORECASE)
_MARKS = " \t—–-|·•,;:"
_PARTED = re.compile(r"\s[|·•—–]\s")
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_LONGEST_NAME = 60


# A date in words has the number of a day beside that of a year. dateparser is slow to say no.
_DAY = r"(?<![\d:])(?:0?[1-9]|[12]\d|3[01])(?![\d:])"
_DAY_AND_YEAR = re.compile(rf"(?=.*\d{{4}})(?=.*{_DAY})", re.DOTALL)
_NO_MONTH = re.compile(
    r"\d{4}(?:$|,|\s+(?:\w{1,2}\s+)?(?:\d{1,2}:|[^\w\s]))|\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
)


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
    if not _DAY_AND_YEAR.search(text) or _NO_MONTH.match(text):
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
    from dateparser.data.languages_info import language_order
    from dateparser.date import DateDataParser

    language = {"no": "nb"}.get(language, language)  # of the two Norwegian languages, the usual
    if language not in language_order:
        return None
    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    return DateDataParser(languages=[language], settings=settings)


def _meta(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = folded(element.get("content") or "")
        if name and content:
            name = name.lower()
            more = name in _AUTHORS and name in found and content not in found[name]
            found[name] = f"{found[name]}; {content}" if more else found.get(name, content)
    return found


def _microdata(page: HtmlElement) -> dict[str, str]:
    """Dates and names that microdata give (HTML, 5.2), by their names in small letters."""
    found: dict[str, str] = {}
    for element in page.iter("time", "span", "div", "p", "h1", "h2", "a"):
        name = element.get("itemprop")
        if name in _ITEMPROPS:
            text = element.get("content") or element.get("datetime") or element.text_content()
            found.setdefault(str(name).lower(), folded(text))
    return found


def _linked_authors(page: HtmlElement) -> tuple[str, ...]:
    """The names that link to their author's page, or that microdata say are authors'."""
    marked = (
        element
        for element in page.iter("a", "span", "div", "address", "p")
        if "author" in (element.get("rel") or "").lower().split()
        or (element.get("itemprop") or "") == "author"
    )
    names = dict.fromkeys(_marked_name(element) for element in islice(marked, 8))
    return tuple(name for name in names if 0 < len(name) <= _LONGEST_NAME and len(name.split()) > 1)


def _marked_name(element: HtmlElement) -> str:
    """The name in an element that is an author's, without what parts it from what is beside it."""
    named = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
    return _BY.sub("", _PARTED.split(folded(named.text_content()))[0].strip(_MARKS))


def _licence(page: HtmlElement) -> str:
    for element in page.iter("link", "a"):
        if "license" in (element.get("rel") or "").lower().split():
            return folded(element.get("href") or "")
    return ""


def _image(value: object, meta: Mapping[str, str]) -> Picture | None:
    """The leading image, by OpenGraph or JSON-LD."""
    if src := meta.get("og:image") or meta.get("twitter:image"):
        return Picture(src, meta.get("og:image:alt") or meta.get("twitter:image:alt") or "")
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        return Picture(_text(first["url"]), _text(first.get("caption"))) if "url" in first else None
    return Picture(folded(first)) if isinstance(first, str) and first.strip() else None


def _title_element(page: HtmlElement) -> str:
    title = next(page.iter("title"), None)
    return folded(title.text or "") if title is not None else ""


def _meta_authors(meta: Mapping[str, str]) -> tuple[str, ...]:
    author = next((meta[name] for name in _AUTHORS if "://" not in meta.get(name, "://")), "")
    author = _BY.sub("", author)
    return tuple(
        filter(None, (name.strip() for name in re.split(r";|,| and | und | et | y ", author)))
    )


def _canonical(page: HtmlElement, meta: Mapping[str, str]) -> str | None:
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            url = (link.get("href") or "").strip()
            if url.startswith(("http://", "https://")):
                return url
    url = meta.get("og:url", "")
    return url if url.startswith(("http://", "https://")) else None


def _json_ld(page: HtmlElement) -> Mapping[str, Any]:
    """The first thing of JSON-LD that is an article, or else what is said of the page.

    Things in lists are left aside: they are other stories.
    """
    things = tuple(json_ld(page, ("@graph", "mainEntity")))
    for kind in (_ARTICLES, _PAGES):
        if thing := next(things_of(things, kind), None):
            return thing
    return {}


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return folded(html.unescape(value)) if isinstance(value, str) else ""


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if (name := _text(name)) and "://" not in name:
            yield name
