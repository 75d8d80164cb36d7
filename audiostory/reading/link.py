"""A link to a page: all of the article, though it is over several pages or on a shorter one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading.decode import decode
from audiostory.reading.fetch import Fetched, fetch
from audiostory.reading.finish import give_ids
from audiostory.reading.html import parse_page
from audiostory.reading.pages import full_version, next_page
from audiostory.reading.tree import visible_text

_MOST_PAGES = 30
_LONGEST_S = 90.0
Reader = Callable[[Fetched], Article]


@dataclass(frozen=True, slots=True)
class _Page:
    fetched: Fetched
    tree: HtmlElement


def read_pages(fetched: Fetched, read: Reader) -> Article:
    """The article that a page belongs to, with its other pages. read: one page to an article.

    Raises SourceError.
    """
    warnings: list[str] = []
    first = _page(fetched)
    if full := full_version(first.tree, fetched.url):
        try:
            first = _page(_led_to(full, fetched))
        except SourceError as error:
            warnings.append(f"The whole article could not be read, but a shorter one: {error.what}")
    articles = []
    for page in _following(first, warnings):
        try:
            articles.append(read(page.fetched))
        except SourceError as error:
            if not articles:
                raise
            warnings.append(_broken_off(page.fetched.url, error))
            break
    article = articles[0] if len(articles) == 1 else _joined(articles)
    return replace(article, warnings=(*article.warnings, *warnings))


def _led_to(address: str, fetched: Fetched) -> Fetched:
    """What a page leads to; a page of the open net leads to no private network."""
    return fetch(address, allow_private=not fetched.is_open)


def _broken_off(address: str, error: SourceError) -> str:
    return f"The article goes on at {address}, which could not be read: {error.what}"


def _page(fetched: Fetched) -> _Page:
    decoded = decode(fetched.data, fetched.url, fetched.charset)
    return _Page(fetched, parse_page(decoded.text, fetched.url))


def _following(first: _Page, warnings: list[str]) -> Iterator[_Page]:
    """A page and those after it, each once; warnings are told why not all of them."""
    ends = time.monotonic() + _LONGEST_S
    seen = {first.fetched.url}
    page = first
    yield page
    while True:
        address = next_page(page.tree, page.fetched.url, first.fetched.url)
        if address is None or address in seen:
            return
        if len(seen) >= _MOST_PAGES or time.monotonic() > ends:
            warnings.append(f"The article has too many pages: it was read as far as {address}.")
            return
        seen.add(address)
        try:
            page = _page(_led_to(address, page.fetched))
        except SourceError as error:
            warnings.append(_broken_off(address, error))
            return
        yield page


def _joined(articles: Sequence[Article]) -> Article:
    """Several pages as one article: its headline is said once."""
    first = articles[0]
    body = deepcopy(first.body)
    omissions = list(first.omissions)
    for article in articles[1:]:
        blocks = [deepcopy(block) for block in article.body]
        repeated = [b for b in blocks if b.tag == "h1" and visible_text(b) == first.title]
        omissions += [Omission(visible_text(b), "headline repeated") for b in repeated]
        body.extend(block for block in blocks if block not in repeated)
        omissions += [replace(omission, after=None) for omission in article.omissions]
    give_ids(body)
    warnings = dict.fromkeys(warning for article in articles for warning in article.warnings)
    return replace(first, body=body, omissions=tuple(omissions), warnings=tuple(warnings))
