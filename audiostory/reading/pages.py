"""An article over several pages: where its next one is, and where all of it is in one.

The danger is the other article: rel=next is on many sites the next story, or the next page of
a list. So a next page is believed only when its address is this one's with the next number.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from audiostory.reading.scripts import json_ld, type_names
from audiostory.reading.tree import folded

_EDGES = " \t\n.,:;!?…·•|–—-→›»«>[]()"
_LONGEST_LABEL = 80
_LISTS = re.compile(r"^(CollectionPage|SearchResultsPage|ItemList|Blog|ProfilePage|WebSite)$")
_ARTICLES = re.compile(r"(Article|Posting|Report|Review|Recipe)$")
_LIST_CLASSES = re.compile(r"\b(archive|category|tag|home|blog|search|search-results|author)\b")
_MOST_TEASERS = 4
# A page's number in a path: …/page/2, …/seite-2, …-page-2, …/2, …-2.html, …,2.html. But not …-2,
# which is how WordPress names a second article with the same headline.
_WORDED = re.compile(
    r"(?P<before>.+?)[/,_-](?:page|pagina|seite|p)[/_-]?(?P<number>\d{1,3})(?P<after>(?:\.\w{2,5})?/?)$",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"(?P<before>.+?)(?:/(?P<number>\d{1,2})(?P<after>/?)|[,_-](?P<second>\d{1,2})(?P<end>\.\w{2,5}))$"
)
_QUERY_NUMBERS = ("page", "p", "pg", "seite", "pagina", "pageno", "pagenum", "page_no", "paged")
_PAGE = re.compile(r"[1-9]\d{0,2}$")
_COMMENTS = re.compile(r"comment|cpage|kommentar|komment", re.IGNORECASE)
_PRINT_PATH = re.compile(
    r"[/.](print|printer|printable|drucken|druckversion|imprimer|imprimir|print-version)([/.]|$)",
    re.IGNORECASE,
)
_PRINT_QUERY = frozenset({"print", "printable", "printview", "view", "output", "format", "mode"})
_PRINT_VALUES = re.compile(r"^(1|true|yes|y|print(er)?|printable|drucken|imprimer)$", re.IGNORECASE)


def next_page(page: HtmlElement, url: str, first: str | None = None) -> str | None:
    """The address of the article's next page, or None.

    url: of this page. first: of the article's first page, where this is a later one: else
    …/12 and …/13 are two articles, and not two pages. Believed are link and a elements with
    rel=next, and anchors that say so (in six languages), if they lead to this site, to this
    path with the next number.
    """
    if _is_list(page):
        return None
    for address in _candidates(page, url):
        if _follows(url, address, first or url):
            return address
    return None


def full_version(page: HtmlElement, url: str) -> str | None:
    """Where all of the article is, if this page is AMP, a print version, or one of several.

    From AMP (the attribute amp or ⚡ on html) and print versions it is the canonical link;
    from one of several pages the anchor to all of them on one, on this site.
    """
    if _is_amp(page) or _is_print(url):
        canonical = _canonical(page, url)
        if canonical is not None and _stripped(canonical) != _stripped(url):
            return canonical
        return None
    return _on_one_page(page, url)


# --- the next page --------------------------------------------------------------------------


def _candidates(page: HtmlElement, url: str) -> Iterator[str]:
    for element in page.iter("link", "a"):
        rel = (element.get("rel") or "").lower().split()
        says_so = element.tag == "a" and _label(element) in _words()["next"]
        address = _joined(url, element.get("href")) if "next" in rel or says_so else None
        if address is not None:
            yield address


def _follows(url: str, address: str, first: str) -> bool:
    """Whether an address is another's with the next page's number."""
    here, there = urlsplit(url), urlsplit(address)
    if _site(here.hostname) != _site(there.hostname) or _COMMENTS.search(there.path + there.query):
        return False
    base = _numbered(first)[0] if first != url else _numbered(url, trust_bare=False)[0]
    return any(
        (base, number + 1) == _numbered(address)
        for this, number in (_numbered(url), _numbered(url, trust_bare=False))
        if this == base
    )


def _numbered(url: str, *, trust_bare: bool = True) -> tuple[str, int]:
    """An address without its page's number, and that number; 1 where there is none.

    trust_bare: whether a number with no word for page beside it is one.
    """
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if _counts(pair[0])]
    paged = [pair for pair in query if pair[0].lower() in _QUERY_NUMBERS and _PAGE.match(pair[1])]
    rest = urlencode(sorted(pair for pair in query if pair not in paged[:1]))
    if paged:
        return f"{_bare(parts.path)}?{rest}", int(paged[0][1])
    found = _WORDED.match(parts.path) or (_BARE_NUMBER.match(parts.path) if trust_bare else None)
    if found is None:
        return f"{_bare(parts.path)}?{rest}", 1
    groups = found.groupdict()
    path = groups["before"] + (groups["after"] or groups.get("end") or "")
    return f"{_bare(path)}?{rest}", int(groups["number"] or groups["second"])


def _bare(path: str) -> str:
    """A path without what its first page may have and the others not: a slash, an index."""
    return re.sub(r"(/index\.\w{2,5})?/*$", "", path)


def _counts(name: str) -> bool:
    """Whether a name in a query says what page it is, and not where the reader came from."""
    return not name.lower().startswith(("utm_", "fbclid", "gclid", "mc_"))


def _is_list(page: HtmlElement) -> bool:
    """Whether a page lists articles, and is none."""
    names = {name for thing in json_ld(page) for name in type_names(thing)}
    if any(_ARTICLES.search(name) for name in names) or _og_type(page) == "article":
        return False
    if any(_LISTS.match(name) for name in names - {"WebSite", "ItemList"}):
        return True
    body = page.find("body")
    classes = (body.get("class") or "").lower() if body is not None else ""
    if _LIST_CLASSES.search(classes) and "single" not in classes:
        return True
    return sum(1 for _ in page.iter("article")) > _MOST_TEASERS


def _og_type(page: HtmlElement) -> str:
    metas = (m for m in page.iter("meta") if m.get("property") == "og:type")
    return next(((m.get("content") or "").lower() for m in metas), "")


# --- all of it ------------------------------------------------------------------------------


def _on_one_page(page: HtmlElement, url: str) -> str | None:
    """An anchor that says that it leads to all pages in one, of the same article."""
    base, _ = _numbered(url)
    path = base.partition("?")[0]
    for anchor in page.iter("a"):
        if _label(anchor) not in _words()["whole"]:
            continue
        address = _joined(url, anchor.get("href"))
        if address is None or _site(urlsplit(address).hostname) != _site(urlsplit(url).hostname):
            continue
        if _stripped(address) != _stripped(url) and _bare(urlsplit(address).path).startswith(path):
            return address
    return None


def _is_amp(page: HtmlElement) -> bool:
    """The mark of AMP (AMP HTML specification, required markup)."""
    return any(name.lower() in ("amp", "⚡", "amp4ads") for name in page.attrib)


def _is_print(url: str) -> bool:
    parts = urlsplit(url)
    if _PRINT_PATH.search(parts.path):
        return True
    return any(
        (name.lower() in _PRINT_QUERY and _PRINT_VALUES.match(value))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not (name.lower() in ("view", "mode", "format", "output") and value == "1")
    )


def _canonical(page: HtmlElement, url: str) -> str | None:
    """The canonical link (RFC 6596); one to a site's front page is a mistake."""
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            address = _joined(url, link.get("href"))
            if address is not None and (
                urlsplit(address).path.strip("/") or urlsplit(address).query
            ):
                return address
    return None


# --- addresses and labels -------------------------------------------------------------------


def _joined(url: str, href: str | None) -> str | None:
    """A link of the page as an address without a fragment, or None for none to a page."""
    if not (href or "").strip() or (href or "").startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(url, (href or "").strip()))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return urlunsplit(parts._replace(fragment=""))


def _stripped(url: str) -> str:
    """What two addresses of one page have in common."""
    parts = urlsplit(url)
    return f"{_site(parts.hostname)}{_bare(parts.path)}?{parts.query}"


def _site(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.").removeprefix("m.")


def _label(anchor: HtmlElement) -> str:
    """What an anchor says, without arrows; its aria-label or title where it says nothing."""
    text = "".join(anchor.itertext())
    if len(text) > _LONGEST_LABEL:
        return ""
    label = folded(text).casefold().strip(_EDGES)
    said = anchor.get("aria-label") or anchor.get("title") or ""
    return label or folded(said).casefold().strip(_EDGES)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, list[str]]:
    text = files("audiostory.reading").joinpath("data/next-page-words.toml").read_text("utf-8")
    return tomllib.loads(text)
