"""EPUB 2 and 3 become an Article: all in one, or one a chapter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, islice, takewhile

from lxml.html import HtmlElement, builder

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading.archive import Archive
from audiostory.reading.decode import decode
from audiostory.reading.document import LEFT_OUT, document_article
from audiostory.reading.html import parse_page
from audiostory.reading.opf import Item, Package, read_package
from audiostory.reading.tree import folded, is_readable, visible_text

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What files, or elements in them, are left out as, by their epub:type or role (EPUB SSV 1.1).
_NOT_READ = {
    "toc": "table of contents",
    "landmarks": "table of contents",
    "page-list": "table of contents",
    "cover": "cover",
    "copyright-page": "copyright page",
    "pagebreak": "page number",
}
_NOTES = frozenset({"footnotes", "endnotes", "rearnotes", "footnote", "endnote", "notes"})
TITLE_PAGE = "title page"
_COVER_WORDS = 12
_TITLE_WORDS, _LONGEST_TITLE_PAGE = 40, 500
_KICKER = 6  # words
_NAMED_LINES = {"author": "byline", "date": "dateline", "subtitle": "standfirst"}


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A file of the reading order. item: what the package says of it."""

    item: Item
    body: HtmlElement
    language: str | None


def read_epub(data: bytes, name: str) -> Article:
    """Read a book as one article. Raises SourceError for what is none, locked or damaged."""
    archive = Archive(data, name)
    package = read_package(archive)
    chapters = list(_chapters(archive, package))
    headline = _headline(chapters, package.about.title)
    if _is_book(chapters, headline):
        _shift_headings(chapters, headline)
    page = builder.BODY()
    if headline and not any(_headings(c.body, headline) for c in chapters):
        page.append(builder.H1(headline))
    for chapter in chapters:
        page.append(_section(chapter, headline))
    _repeat_no_headline(page, headline)
    return document_article(page, name, package.about, (), _warnings(package))


def epub_chapters(data: bytes, name: str) -> tuple[Article, ...]:
    """Read a book as an article a chapter; what has no text of its own is in none."""
    archive = Archive(data, name)
    package = read_package(archive)
    found: list[Article] = []
    chapters = [c for c in _chapters(archive, package) if _is_chapter(c)]
    fronts = list(takewhile(lambda chapter: _is_title_page(chapter, package), chapters))
    if len(fronts) == len(chapters):
        fronts = []
    for chapter in (c for c in chapters if c not in fronts):
        title = chapter.item.title or _first_heading(chapter.body) or package.about.title
        about = replace(package.about, title=title)
        part = f"{name}#{posixpath.basename(chapter.item.path)}"
        article = document_article(_alone(chapter), part, about, (), _warnings(package))
        whole = f"{package.about.title}: {article.title}"
        found.append(replace(article, title=whole) if package.about.title else article)
    if not found:
        raise SourceError(f"There is no text in {name}.", "Give the book in another form.")
    return (_after_titles(found[0], fronts), *found[1:])


def _after_titles(first: Article, fronts: Iterable[_Chapter]) -> Article:
    """The first chapter, with the book's title pages among what is left out."""
    texts = (visible_text(front.body) for front in fronts)
    titles = [Omission(text, TITLE_PAGE) for text in texts]
    return replace(first, omissions=(*titles, *first.omissions))


def _is_chapter(chapter: _Chapter) -> bool:
    return chapter.body.get(LEFT_OUT) is None and _is_read(chapter.body)


def _is_title_page(chapter: _Chapter, package: Package) -> bool:
    """Whether a file has nothing but what the package says too: the title, the authors, a year."""
    text = visible_text(chapter.body)
    if len(text) > _LONGEST_TITLE_PAGE:
        return False
    about = package.about
    said = _words(" ".join((about.title, *about.authors)))
    own = _words(text)
    named = "titlepage" in chapter.item.kinds | _kinds(chapter.body)
    return own <= said or (named and len(own) < _TITLE_WORDS)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


def _warnings(package: Package) -> tuple[str, ...]:
    return tuple(f"A part of the book is missing: {path}." for path in package.missing)


# --- files ----------------------------------------------------------------------------------


def _chapters(archive: Archive, package: Package) -> Iterator[_Chapter]:
    for item in package.items:
        text = decode(archive.read(item.path), item.path).text
        if not text.strip():
            continue
        page = parse_page(text, item.path)
        body = page.find("body")
        if body is None:
            continue
        _put_right(body, posixpath.dirname(item.path))
        if reason := _file_reason(item, body):
            body.set(LEFT_OUT, reason)
        yield _Chapter(item, body, page.get("lang") or page.get("xml:lang"))


def _file_reason(item: Item, body: HtmlElement) -> str | None:
    """Why a file is not read: a table of contents, a cover, what is apart from the text."""
    kinds = item.kinds | _kinds(body)
    for kind, reason in _NOT_READ.items():
        if kind in kinds and (kind != "cover" or len(visible_text(body).split()) < _COVER_WORDS):
            return reason
    if not item.linear and not _NOTES & {k for e in body.iter() for k in _kinds(e)}:
        return "apart from the reading order"
    return None


def _put_right(body: HtmlElement, folder: str) -> None:
    """Say in HTML what a book's own attributes say."""
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            continue
        kinds = _kinds(element)
        if reason := next((_NOT_READ[kind] for kind in kinds if kind in _NOT_READ), None):
            element.set(LEFT_OUT, reason)
        if element.tag == "epub:case":  # its epub:default is what every reader can show
            element.set(LEFT_OUT, "another form of what is read")
        for name, class_ in _NAMED_LINES.items():
            if element.tag == "p" and name in (element.get("class") or "").split():
                element.set("class", class_)
        href = element.get("href") or ""
        if element.tag == "a" and "#" in href and "://" not in href:
            element.set("href", f"#{href.partition('#')[2]}")
            if "noteref" in kinds and not _is_raised(element):
                _raise(element)


def _kinds(element: HtmlElement) -> set[str]:
    """The semantics of an element: its epub:type and its role without "doc-"."""
    named = f"{element.get('epub:type') or ''} {(element.get('role') or '')}"
    return {word.removeprefix("doc-") for word in named.lower().split()}


def _is_raised(link: HtmlElement) -> bool:
    parent = link.getparent()
    return link.find("sup") is not None or (parent is not None and parent.tag == "sup")


def _raise(link: HtmlElement) -> None:
    """A note's number is raised, so that it isn't taken for a number in the sentence."""
    raised = builder.SUP(link.text or "", *list(link))
    link.text = None
    link.append(raised)


# --- headings -------------------------------------------------------------------------------


def _headline(chapters: Iterable[_Chapter], title: str) -> str:
    """What the book or article is called; a title page that only says it again is left out."""
    fronts: list[HtmlElement] = []
    texts: list[HtmlElement] = []
    for chapter in chapters:
        if not chapter.body.get(LEFT_OUT):
            is_front = "titlepage" in chapter.item.kinds | _kinds(chapter.body)
            (fronts if is_front else texts).append(chapter.body)
    own = next((text for body in texts if (text := _first_heading(body))), "")
    if own and (not title or own in title or title in own):
        for front in fronts:
            front.set(LEFT_OUT, TITLE_PAGE)
        return own
    return title or next((text for page in fronts if (text := _first_heading(page))), "")


def _is_book(chapters: Iterable[_Chapter], headline: str) -> bool:
    """Whether there are several chapters with headings of the first level, not the title."""
    own = [c for c in chapters if any(not _is_same(h, headline) for h in c.body.iter("h1"))]
    return len(own) > 1


def _shift_headings(chapters: Iterable[_Chapter], headline: str) -> None:
    """The chapters of a book stand below its title."""
    for chapter in chapters:
        for heading in list(chapter.body.iter(*_HEADINGS)):
            if not _is_same(heading, headline):
                heading.tag = f"h{min(6, int(str(heading.tag)[1]) + 1)}"


def _repeat_no_headline(page: HtmlElement, headline: str) -> None:
    same = [h for h in page.iter(*_HEADINGS) if _is_same(h, headline)]
    read = [h for h in same if not any(e.get(LEFT_OUT) for e in (h, *h.iterancestors()))]
    kept = 0
    while kept + 1 < len(read) and _words_between(page, read[kept], read[kept + 1]) <= _KICKER:
        kept += 1  # a label stands above the headline
    for number, heading in enumerate(read):
        heading.tag = "h1"
        if number != kept:
            heading.set(LEFT_OUT, "headline repeated")


def _words_between(page: HtmlElement, one: HtmlElement, other: HtmlElement) -> int:
    """Words of the text after one element and before another."""
    walk = dropwhile(lambda element: element is not one, page.iter())
    between = takewhile(lambda element: element is not other, islice(walk, 1, None))
    return len((one.tail or "").split()) + sum(
        len(f"{element.text or ''} {element.tail or ''}".split()) for element in between
    )


def _headings(body: HtmlElement, headline: str) -> list[HtmlElement]:
    left_out = body.get(LEFT_OUT) is not None
    return [] if left_out else [h for h in body.iter(*_HEADINGS) if _is_same(h, headline)]


def _is_same(heading: HtmlElement, headline: str) -> bool:
    text = folded("".join(heading.itertext()))
    return bool(text) and text.casefold() == folded(headline).casefold()


def _first_heading(body: HtmlElement) -> str:
    texts = (folded("".join(heading.itertext())) for heading in body.iter(*_HEADINGS))
    return next(filter(None, texts), "")


# --- pages ----------------------------------------------------------------------------------


def _section(chapter: _Chapter, headline: str) -> HtmlElement:
    """A file's body as a part of a page, under the title that the navigation gives it."""
    section = chapter.body
    section.tag = "section"
    if chapter.language:
        section.set("lang", chapter.language)
    title = chapter.item.title
    if headline and (title in headline or headline in title):
        title = ""
    if title and not section.get(LEFT_OUT) and _is_read(section) and not _first_heading(section):
        section.insert(0, builder.H2(title))
        section[0].tail, section.text = section.text, None
    return section


def _alone(chapter: _Chapter) -> HtmlElement:
    page = builder.BODY(_section(chapter, ""))
    first = next(page.iter(*_HEADINGS), None)
    if first is not None:
        first.tag = "h1"
    return page


def _is_read(body: HtmlElement) -> bool:
    return is_readable(body)
