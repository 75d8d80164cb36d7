"""A news feed's entries (RSS, Atom, JSON Feed), and an article of one that has all its text.

feedparser's own cleaning is off: it drops words without a word. Entries go through the same
door as pages do.
"""

from __future__ import annotations

import calendar
import io
import json
import re
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from html import escape, unescape
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml.html import HtmlElement, tostring

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading import language as languages
from audiostory.reading.blocks import text_as_html, words_in
from audiostory.reading.decode import printable
from audiostory.reading.html import html_article, parse_page
from audiostory.reading.metadata import parse_date
from audiostory.reading.sentences import is_ended
from audiostory.reading.tree import folded, visible_text

_FEWEST_WORDS = 60  # an excerpt has up to 55 in WordPress
_FEWEST_WORDS_OF_SUMMARY = 120
_TEASER_WORDS = 200
_CLOSING = "closing line that the feed adds"
_ONLY_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_TAG = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>|<[^<>]*>", re.IGNORECASE)
_LINES = ("p", "div", "small", "em")
_HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")
_RELATIVE = re.compile(
    r"""(?:href|src|cite)\s*=\s*["']?(?!\s*(?:https?:|mailto:|tel:|data:|#))""", re.IGNORECASE
)
_TAIL_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article of a feed.

    html: what the feed has of it, links absolute, or empty. is_full: that is the article, and
    no excerpt; otherwise it is behind link. is_short: it may be the article nevertheless, for
    it is no summary and does not break off. standfirst: plain text; empty when it only says
    what html says. published, updated: aware, a day without a time is noon UTC. language: a
    BCP 47 tag, or empty. omissions: what was taken off html, and why.
    """

    title: str
    link: str
    html: str
    is_full: bool
    is_short: bool = False
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    standfirst: str = ""
    feed_title: str = ""
    omissions: tuple[Omission, ...] = ()
    warnings: tuple[str, ...] = ()


def read_feed(
    data: bytes, name: str, url: str = "", charset: str | None = None
) -> tuple[FeedEntry, ...]:
    """The entries of a feed, in its order.

    url: where it was got, for its relative links. charset: what the server said.
    Raises SourceError for what is no feed, and for one without entries.
    """
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    entries = _json_feed(data, name, url) if is_json else _xml_feed(data, name, url, charset)
    if not entries:
        raise SourceError(f"There are no entries in the feed {name}.", "Check the link.")
    return entries


def entry_article(entry: FeedEntry, name: str) -> Article:
    """The article that an entry holds. Raises SourceError when there is no text in it."""
    article = html_article(_page(entry), name, entry.warnings)
    last = next((e.get("id") for e in reversed(list(article.body.iter())) if e.get("id")), None)
    if not entry.is_full and not entry.is_short:
        warning = "The feed has only the beginning of this article."
        article = replace(article, warnings=(*article.warnings, warning))
    return replace(
        article,
        title=entry.title or article.title,
        authors=entry.authors or article.authors,
        published=entry.published or article.published or entry.updated,
        modified=entry.updated or article.modified,
        description=entry.standfirst or article.description,
        canonical_url=entry.link or article.canonical_url,
        omissions=(*article.omissions, *(replace(o, after=last) for o in entry.omissions)),
    )


def _page(entry: FeedEntry) -> str:
    """An entry as a small page: headline, standfirst, byline, text."""
    inside = parse_page(f"<body><article>{entry.html}</article></body>", entry.title or "entry")
    text = visible_text(inside)
    first = next((visible_text(h) for h in inside.iter("h1")), "")
    signed = all(author in text[:300] for author in entry.authors)
    title = "" if _essence(first) == _essence(entry.title) else entry.title
    language = f' lang="{escape(entry.language)}"' if entry.language else ""
    head = (
        _element("h1", title),
        _element('p class="standfirst"', entry.standfirst),
        _element('p class="byline"', "" if signed else ", ".join(entry.authors)),
    )
    article = f"<article>{''.join(head)}{entry.html}</article>"
    title = _element("title", entry.title)
    return f"<html{language}><head>{title}</head><body>{article}</body></html>"


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text, quote=False)}</{tag.split()[0]}>" if text else ""


# --- XML ------------------------------------------------------------------------------------


def _xml_feed(data: bytes, name: str, url: str, charset: str | None) -> tuple[FeedEntry, ...]:
    """RSS 0.9 to 2.0 and Atom. External entities are not read: feedparser has them off."""
    kind = "application/xml" + (f"; charset={charset}" if charset else "")
    headers = {"content-type": kind, "content-location": url}
    # A stream, for bytes that are a file's name would be opened as that file.
    found = feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.version and not found.entries:
        raise _no_feed(name)
    broken = found.get("bozo_exception")
    warned: tuple[str, ...] = ()
    if broken is not None and type(broken).__name__ not in _HARMLESS:
        warned = (f"{name} is broken XML: some of it may be missing ({broken}).",)
    feed = dict(found.feed)  # a plain one: feedparser's own makes up dates, and warns of it
    return tuple(_xml_entry(dict(e), feed, url, warned) for e in found.entries)


def _xml_entry(
    entry: Mapping[str, Any], feed: Mapping[str, Any], url: str, warned: tuple[str, ...]
) -> FeedEntry:
    contents = [c for c in entry.get("content") or [] if c.get("value")]
    content = max(contents, key=lambda c: len(c["value"]), default=None)
    summary = entry.get("summary_detail") or {}
    detail = content or summary
    base = detail.get("base") or url
    said = (detail.get("language"), entry.get("language"), feed.get("language"))
    return _entry(
        FeedEntry(
            title=_plain(entry.get("title_detail") or {"value": entry.get("title", "")}),
            link=_link(entry, url),
            html=_html(detail),
            is_full=content is not None,
            authors=_authors(entry.get("authors")) or _authors(feed.get("authors")),
            published=_moment(entry, "published"),
            updated=_moment(entry, "updated"),
            language=next((tag for text in said if (tag := languages.tag(text))), ""),
            standfirst=_plain(summary) if content else "",
            feed_title=_plain(feed.get("title_detail") or {}),
            warnings=warned,
        ),
        base,
    )


def _link(entry: Mapping[str, Any], url: str) -> str:
    """Where the article is: what the feed calls its link."""
    links = entry.get("links") or ()
    alternates = (link.get("href") for link in links if link.get("rel") == "alternate")
    return _web_link(entry.get("link") or next(alternates, ""), url)


def _web_link(link: object, url: str) -> str:
    """A link made absolute, or an empty string for none and for what is no web page."""
    text = str(link or "").strip()
    try:
        link = urljoin(url, text) if text else ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return link if link.startswith(("http://", "https://")) else ""


def _html(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value", ""))
    if detail.get("type") == "text/plain":
        return text_as_html(value) if "<" in value else text_as_html(escape(value, quote=False))
    return text_as_html(value)


def _plain(detail: Mapping[str, Any]) -> str:
    """A title or a summary as text: tags taken off, entities read."""
    value = str(detail.get("value", ""))
    if detail.get("type") == "text/plain" and not _TAG.search(value):
        return folded(unescape(value))
    return folded(unescape(_TAG.sub(" ", value)))


def _authors(people: Any) -> tuple[str, ...]:
    names = (folded(str(person.get("name") or "")) for person in people or ())
    return tuple(dict.fromkeys(name for name in names if name and "@" not in name))


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    parsed = entry.get(f"{name}_parsed")
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    only_day = _ONLY_DAY.match(str(entry.get(name, "")).strip())
    return moment.replace(hour=12) if only_day else moment


# --- JSON -----------------------------------------------------------------------------------


def _json_feed(data: bytes, name: str, url: str) -> tuple[FeedEntry, ...]:
    """JSON Feed 1 and 1.1 (jsonfeed.org)."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _no_feed(name) from error
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version", "")) or not isinstance(items, list):
        raise _no_feed(name)
    return tuple(_json_entry(i, feed, url) for i in items if isinstance(i, dict))


def _json_entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> FeedEntry:
    text, summary = _string(item, "content_text"), _string(item, "summary")
    content = _string(item, "content_html") or text_as_html(escape(text, quote=False))
    link = _web_link(_string(item, "url") or _string(item, "external_url"), url)
    link = link or _web_link(_string(item, "id"), "")  # which may be a link, or a number
    people = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author")
    listed = people if isinstance(people, list) else [people]
    return _entry(
        FeedEntry(
            title=_plain({"value": _string(item, "title"), "type": "text/plain"}),
            link=link,
            html=content or text_as_html(escape(summary, quote=False)),
            is_full=bool(content),
            authors=_authors([person for person in listed if isinstance(person, dict)]),
            published=parse_date(_string(item, "date_published"), "en"),
            updated=parse_date(_string(item, "date_modified"), "en"),
            language=languages.tag(_string(item, "language") or _string(feed, "language")) or "",
            standfirst=folded(summary) if content else "",
            feed_title=folded(_string(feed, "title")),
        ),
        link or url,
    )


def _string(thing: Mapping[str, Any], key: str) -> str:
    value = thing.get(key)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return printable(text)  # JSON can say half a character, and control characters


def _no_feed(name: str) -> SourceError:
    return SourceError(
        f"{name} is no feed: it is neither RSS nor Atom nor JSON Feed.",
        "Give the feed's own link, or that of an article.",
    )


# --- what an entry's text is ----------------------------------------------------------------


def _entry(raw: FeedEntry, base: str) -> FeedEntry:
    """An entry as its text shows it. raw.is_full: the feed has a content besides a summary."""
    html, closing = _without_closing(_absolute(raw.html, base))
    text = _text(html)
    words = words_in(text)
    fewest = _FEWEST_WORDS if raw.is_full else _FEWEST_WORDS_OF_SUMMARY
    is_whole = words > 0 and not _is_teaser(text, words)
    is_full = words > 0 and (not raw.link or (words >= fewest and is_whole))
    return replace(
        raw,
        html=html,
        is_full=is_full,
        is_short=raw.is_full and is_whole and not is_full and is_ended(text),
        standfirst="" if _is_within(raw.standfirst, text) else raw.standfirst,
        omissions=tuple(Omission(line, _CLOSING) for line in closing),
    )


def _text(html: str) -> str:
    return folded(unescape(_TAG.sub(" ", html)))


def _is_teaser(text: str, words: int) -> bool:
    """Whether a text breaks off: "[…]", "Continue reading", or three dots after little."""
    if words >= _TEASER_WORDS:
        return text.endswith(("[…]", "[...]"))
    end = text[-_TAIL_CHARACTERS:].casefold().replace("’", "'")
    return end.endswith(("…", "...")) or any(p.search(end[-250:]) for p in _patterns("teaser"))


def _is_within(standfirst: str, text: str) -> bool:
    """Whether a standfirst is only the beginning of the text, perhaps cut off."""
    said = _essence(re.sub(r"(\[?(…|\.\.\.)\]?|\[&hellip;\])\s*$", "", standfirst))
    for pattern in _patterns("teaser"):
        said = said if len(said) < 100 else pattern.sub("", said)
    return said in _essence(text)


def _essence(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _absolute(html: str, base: str) -> str:
    """HTML with its links made absolute (RFC 3986, 5; base is xml:base or the feed's)."""
    if not base.startswith(("http://", "https://")) or not _RELATIVE.search(html):
        return html
    page = parse_page(f"<body><div>{html}</div></body>", "entry")
    page.make_links_absolute(base, resolve_base_href=False, handle_failures="ignore")
    return _inside(page)


def _without_closing(html: str) -> tuple[str, list[str]]:
    """HTML without the line that the feed puts after every article, and that line."""
    tail = _text(html[-_TAIL_CHARACTERS:]).casefold().replace("’", "'")
    if not any(re.search(p.pattern.lstrip("^"), tail) for p in _patterns("closing")):
        return html, []
    page = parse_page(f"<body><div>{html}</div></body>", "entry")
    lines: list[str] = []
    holders = [e for e in page.iter(*_LINES) if next(e.iterdescendants(*_LINES), None) is None]
    for element in holders[-4:]:
        line = visible_text(element)
        if any(p.search(line.casefold().replace("’", "'")) for p in _patterns("closing")):
            parent = element.getparent()
            around = parent is None or parent.tag == "body"
            if parent is not None and not around and not (element.tail or "").strip():
                parent.remove(element)
                lines.append(line)
    return (_inside(page), lines) if lines else (html, [])


def _inside(page: HtmlElement) -> str:
    division = next(page.iter("div"))
    parts = (str(tostring(child, encoding="unicode")) for child in division)
    return escape(division.text or "", quote=False) + "".join(parts)


@lru_cache(maxsize=2)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    text = files("audiostory.reading").joinpath("data/feed-words.toml").read_text("utf-8")
    return tuple(re.compile(pattern) for pattern in tomllib.loads(text)[name])
