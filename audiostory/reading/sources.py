"""From a source, a file or a link, to its articles: one, or a feed's, or a book's chapters."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiostory.errors import SourceError
from audiostory.model import Article, ReadingOptions, Rules
from audiostory.reading.decode import read_bytes
from audiostory.reading.formats import EPUB, FEEDS, HTML, MHTML, kind_of, reader_of

if TYPE_CHECKING:
    from audiostory.reading.feed import FeedEntry
    from audiostory.reading.fetch import Fetched

Found = Article | SourceError
_PAGES = (HTML, "application/xhtml+xml")
_MOST_ENTRIES = 10_000
_MOST_FETCHED = 300
_LONGEST_S = 150.0  # of a feed's articles: what was read until then is not lost
_UNREAD = SourceError("This article of the feed was not asked for.", "Ask for it with --part.")


def is_link(source: str) -> bool:
    """Whether a source is to be fetched."""
    return source.lower().startswith(("http:", "https:"))


def read_all(source: str, options: ReadingOptions) -> tuple[Found, ...]:
    """The articles of a source; of one in a feed that cannot be read, why.

    Raises SourceError when nothing of the source can be read.
    """
    if is_link(source):
        from audiostory.reading.fetch import fetch

        return _fetched(fetch(source), options)
    if source.lower().startswith("file:"):
        raise SourceError(
            f"{source} is the link of a file on this computer.",
            f"Give its path: {_path_of(source)}",
        )
    path = Path(source)
    data = read_bytes(path)
    return _read(_Document(data, path.name, kind_of(data, path.name)), options)


def _path_of(link: str) -> str:
    """The path in a link to a file (RFC 8089)."""
    try:
        path = unquote(urlsplit(link).path)
    except ValueError:  # of brackets that don't close
        return link.partition(":")[2]
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


@dataclass(frozen=True, slots=True)
class _Document:
    """What is to be read. name: of the file, or the link. charset: as a server said.

    is_open: it came from the open net, and may lead to no private network.
    """

    data: bytes
    name: str
    kind: str
    charset: str | None = None
    warnings: tuple[str, ...] = ()
    is_open: bool = False


def _read(document: _Document, options: ReadingOptions) -> tuple[Found, ...]:
    if document.kind in FEEDS:
        return tuple(_entries(document, options))
    if document.kind == EPUB and options.chapters:
        from audiostory.reading.epub import epub_chapters

        chapters = epub_chapters(document.data, document.name)
        return tuple(_chapter(chapter, document, options) for chapter in chapters)
    if document.kind == MHTML:
        return (_saved(document, options),)
    if document.kind in _PAGES:
        return (_page(document, options),)
    article = reader_of(document.kind, document.name)(document.data, document.name)
    article = replace(article, warnings=(*document.warnings, *article.warnings))
    return (_ruled(article, _rules(document.name, options)),)


def _chapter(chapter: Article, document: _Document, options: ReadingOptions) -> Found:
    try:
        return _ruled(chapter, _rules(document.name, options))
    except SourceError as error:
        return error


def _ruled(article: Article, rules: Rules) -> Article:
    """What was read of anything but a web page, without what the rules drop."""
    if rules == Rules():
        return article
    from audiostory.reading.rules import without_dropped

    return without_dropped(article, rules)


def _rules(name: str, options: ReadingOptions) -> Rules:
    """The producer's rules for a page: those for all, and those of its site."""
    host = urlsplit(name).hostname or "" if is_link(name) else ""
    own = [rules for site, rules in options.sites if host == site or host.endswith(f".{site}")]
    every = (options.rules, *own)
    return Rules(
        tuple(selector for rules in every for selector in rules.keep),
        tuple(selector for rules in every for selector in rules.drop),
    )


def _fetched(fetched: Fetched, options: ReadingOptions) -> tuple[Found, ...]:
    """What a link led to; a page's other pages are read with it."""
    if fetched.media_type not in _PAGES:
        found = _read(_document(fetched), options)
    else:
        from audiostory.reading.link import read_pages

        found = (read_pages(fetched, lambda page: _page(_document(page), options)),)
    return tuple(_addressed(article, fetched.url) for article in found)


def _document(fetched: Fetched) -> _Document:
    return _Document(
        fetched.data,
        fetched.url,
        fetched.media_type,
        fetched.charset,
        fetched.warnings,
        fetched.is_open,
    )


def _page(document: _Document, options: ReadingOptions) -> Article:
    from audiostory.reading.html import read_html

    rules = _rules(document.name, options)
    article = read_html(document.data, document.name, rules, document.charset)
    return replace(article, warnings=(*document.warnings, *article.warnings))


def _saved(document: _Document, options: ReadingOptions) -> Article:
    """A page that was saved as a single file: its site's rules hold as for a link."""
    from audiostory.reading.html import read_html
    from audiostory.reading.mhtml import saved_page

    page = saved_page(document.data, document.name)
    rules = _rules(page.url or document.name, options)
    article = read_html(page.data, document.name, rules, page.charset)
    return replace(
        article,
        canonical_url=article.canonical_url or page.url or None,
        warnings=(*document.warnings, *article.warnings),
    )


def _addressed(found: Found, url: str) -> Found:
    if isinstance(found, SourceError) or found.canonical_url or found.source != url:
        return found
    return replace(found, canonical_url=url)


# --- feeds ----------------------------------------------------------------------------------


def _entries(document: _Document, options: ReadingOptions) -> Iterator[Found]:
    """A feed's entries: those with their whole text, and those that only link to it.

    Of very many the first are read, and an error says how many are not.
    """
    from audiostory.reading.feed import read_feed

    url = document.name if is_link(document.name) else ""
    entries = read_feed(document.data, document.name, url, document.charset)
    ends = time.monotonic() + _LONGEST_S
    fetched = 0
    for number, entry in enumerate(entries, 1):
        fetched += _is_behind_link(entry)
        if options.part is not None:
            yield _entry(entry, document, options) if number == options.part else _UNREAD
        elif number > _MOST_ENTRIES or fetched > _MOST_FETCHED or time.monotonic() > ends:
            yield SourceError(
                f"{document.name} holds {len(entries)} articles: those after number "
                f"{number - 1} were not read.",
                "Give the links of those that you want.",
            )
            return
        else:
            yield _entry(entry, document, options)


def _is_behind_link(entry: FeedEntry) -> bool:
    return bool(entry.link) and not entry.is_full


def _entry(entry: FeedEntry, document: _Document, options: ReadingOptions) -> Found:

    try:
        if not _is_behind_link(entry):
            return _of_feed(entry, document, options)
        try:
            return _behind_link(entry, document, options)
        except SourceError as error:
            if not entry.is_short:
                raise
            why = error.what.rstrip(".")
            warning = (
                f"{entry.title or entry.link}: its link could not be read ({why}); "
                "what the feed has of it is read, which may not be all."
            )
            entry = replace(entry, warnings=(*entry.warnings, warning))
            return _of_feed(entry, document, options)
    except SourceError as error:
        return SourceError(f"{entry.title or entry.link}: {error.what}", error.advice)


def _of_feed(entry: FeedEntry, document: _Document, options: ReadingOptions) -> Article:
    from audiostory.reading.feed import entry_article

    rules = _rules(entry.link or document.name, options)
    return _ruled(entry_article(entry, document.name), rules)


def _behind_link(entry: FeedEntry, document: _Document, options: ReadingOptions) -> Found:
    """The article that an entry links to. Raises SourceError."""
    from audiostory.reading.fetch import fetch

    fetched = fetch(entry.link, allow_private=not document.is_open)
    if fetched.media_type in FEEDS:
        raise SourceError("The link leads to a feed.", "Give that feed itself.")
    return _fetched(fetched, replace(options, chapters=False))[0]
