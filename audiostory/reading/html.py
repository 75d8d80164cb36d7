"""Which part of a web page is the article, and what in it is furniture: HTML to an Article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import language as languages
from audiostory.reading.clean import clean
from audiostory.reading.decode import decode
from audiostory.reading.furniture import page_words
from audiostory.reading.lines import author_names, dated, is_byline
from audiostory.reading.metadata import page_metadata, parse_date
from audiostory.reading.tree import folded, has_words, visible_text

_TAG_REASONS = {
    "nav": "menu",
    "form": "form",
    "button": "button",
    "select": "form",
    "textarea": "form",
    "search": "form",
    "footer": "page footer",
    "header": "page header",
}
_ROLE_REASONS = {
    "navigation": "menu",
    "banner": "page header",
    "contentinfo": "page footer",
    "search": "form",
    "dialog": "box over the page",
    "alertdialog": "box over the page",
    "menu": "menu",
}
# Words in class and id that say what a box is for; the first that fits gives the reason.
_BOXES = (
    (
        r"related|recirc|more-(stories|from|on)|read-?(more|next|also)|recommend\w*|see-also",
        "related story",
    ),
    (r"newsletter|subscri\w+|signup|sign-up|mailing-list", "newsletter form"),
    (r"share|sharing|social|share-?bar", "share buttons"),
    (r"comments?|disqus|discussion", "comments"),
    (r"advert\w*|ads?|ad-\w+|sponsor\w*|promo\w*|teaser\w*|outbrain|taboola", "advertisement"),
    (r"cookies?|consent|gdpr|cmp", "consent box"),
    (r"breadcrumbs?", "menu"),
    (r"menu|navbar|nav|navigation|toolbar|skip-?link|pagination|pager", "menu"),
    (r"sidebar|widget|trending|most-?read|popular", "box beside the article"),
    (r"paywall|regwall", "paywall notice"),
    (r"footer|site-footer|colophon|imprint", "page footer"),
    (r"masthead|site-header|topbar", "page header"),
)


def _naming(words: str) -> re.Pattern[str]:
    """A class or an id that has one of these words in it."""
    return re.compile(rf"(^|[\s_-])({words})($|[\s_-])", re.IGNORECASE)


_BOX_PATTERNS = tuple((_naming(words), reason) for words, reason in _BOXES)
_PULL_QUOTE = re.compile(r"pull-?quote", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLASS_PATTERNS = (
    (_naming(r"standfirst|dek|deck|subtitle|sub-?head(line)?|lede|strapline"), "standfirst"),
    (_naming(r"by-?line|authors?|dateline|(article-|post-|entry-)?meta"), "byline"),
    (_naming(r"credits?|contributors?"), "credits"),
    (_naming(r"attribution|quote-author"), "attribution"),
    (_naming(r"footnotes?"), "footnotes"),
)
_LARGEST_BOX = 0.4  # of the article's text: what is more is no furniture
_LONGEST_BYLINE = 300
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "time"})
_HEAD_BLOCKS = 6
_LONGEST_DATELINE = 60
_SIGNED = ("byline", "dateline")
_FEWEST_LINKS = 2
_LINKED = 0.8  # of a menu's characters: the rest are bars and arrows


def read_html(data: bytes, name: str) -> Article:
    """Read a saved web page. Raises SourceError when there is no text in it."""
    decoded = decode(data, name)
    return html_article(decoded.text, name, decoded.warnings)


def html_article(text: str, name: str, warnings: tuple[str, ...] = ()) -> Article:
    """Read the text of a web page."""
    page = parse_page(text, name)
    body = page.find("body")
    if body is None or not has_words(visible_text(body)):
        raise _nothing(name)
    declared = languages.tag(page.get("lang") or page.get("{*}lang") or _meta_language(page))
    language = declared or languages.detect(visible_text(body))
    metadata = page_metadata(page, language)
    layout = _Layout(body)
    cleaned = clean(body, layout.judge, layout.class_of, language)
    if not has_words(visible_text(cleaned.body)):
        raise _nothing(name)
    headline = next((visible_text(h) for h in cleaned.body.iter("h1")), "")
    _mark_byline(cleaned.body, language)
    authors, published = _signed(cleaned.body, language)
    return Article(
        title=headline or metadata.title or _opening(cleaned.body),
        language=language,
        source=name,
        body=cleaned.body,
        authors=metadata.authors or authors,
        published=metadata.published or published,
        description=_standfirst(cleaned.body) or metadata.description,
        canonical_url=metadata.canonical_url,
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


def _mark_byline(body: HtmlElement, language: str) -> None:
    """Class the lines below the headline that are a byline or a date, though nothing says so."""
    words = page_words(language)
    headline = body.find("h1")
    below = headline.itersiblings() if headline is not None else iter(body)
    for paragraph in islice(below, _HEAD_BLOCKS):
        if paragraph.tag != "p" or paragraph.get("class"):
            continue
        text = folded("".join(paragraph.itertext()))
        if is_byline(text, words):
            paragraph.set("class", "byline")
        elif len(text) <= _LONGEST_DATELINE and dated(text, words, language):
            paragraph.set("class", "dateline")


def _signed(body: HtmlElement, language: str) -> tuple[tuple[str, ...], datetime | None]:
    """Who wrote the article, and when, as its own byline says."""
    words = page_words(language)
    lines = [folded("".join(p.itertext())) for p in body.iter("p") if p.get("class") in _SIGNED]
    authors = dict.fromkeys(name for line in lines for name in author_names(line, words))
    times = [parse_date(t.get("datetime") or "", language) for t in body.iter("time")]
    dates = (*times, *(dated(line, words, language) for line in lines))
    return tuple(authors), next((moment for moment in dates if moment), None)


def _standfirst(body: HtmlElement) -> str:
    return next(
        (folded("".join(p.itertext())) for p in body.iter("p") if p.get("class") == "standfirst"),
        "",
    )


def _opening(body: HtmlElement) -> str:
    text = visible_text(body)
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + "…"


class _Layout:
    """Where the article is in a page: what is in it, what is around it, what is furniture."""

    def __init__(self, body: HtmlElement) -> None:
        article = _article_of(body)
        headline = _headline_of(body, article)
        self._root = _common(article, headline) if headline is not None else article
        # Sets of elements, not of their ids: what nobody holds, lxml makes anew.
        self._above = set(self._root.iterancestors())
        self._inside = set(self._root.iterdescendants())
        self._keep = {article, *article.iterancestors()}
        self._keep |= set(headline.iterancestors()) if headline is not None else set()
        above = takewhile(lambda e: e is not headline, self._root.iter())
        self._before = set(above) if headline is not None else set()
        self._characters = max(1, len(visible_text(self._root)))
        self._text = visible_text(article)

    def judge(self, element: HtmlElement) -> str | None:
        """Why an element of the page is left out, or None when it is the article's."""
        if _is_hidden(element):
            return "hidden on the page"
        if element in self._above or element is self._root:
            return None
        reason = _box_reason(element)
        if element not in self._inside:
            return reason or "outside the article"
        if element in self._keep:
            return None
        if reason is None and element in self._before and _is_menu(element):
            return "menu"
        if reason is None:
            return self._repetition(element)
        return reason if self._is_small(element) and not self._is_content(element) else None

    def class_of(self, element: HtmlElement) -> str | None:
        """The class that the text of an element gets: standfirst, byline, credits …"""
        tag = str(element.tag)
        if tag in ("cite", "footer") and any(
            e.tag == "blockquote" for e in element.iterancestors()
        ):
            return "attribution" if tag == "footer" or _stands_alone(element) else None
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        for pattern, class_ in _CLASS_PATTERNS if named.strip() else ():
            if pattern.search(named):
                return class_ if len(visible_text(element)) <= 2 * _LONGEST_BYLINE else None
        return None

    def _repetition(self, element: HtmlElement) -> str | None:
        """A pull quote says again what the article says anyway."""
        if not _PULL_QUOTE.search(element.get("class") or ""):
            return None
        text = visible_text(element).strip(" “”«»„\"'")
        again = self._text.count(text) > 1
        return "pull quote that repeats the text" if again else None

    def _is_small(self, element: HtmlElement) -> bool:
        return len(visible_text(element)) <= self._characters * _LARGEST_BOX

    def _is_content(self, element: HtmlElement) -> bool:
        """A header or footer inside the article, with its byline or credits in it."""
        if any(e.tag in ("blockquote", "figure") for e in element.iterancestors()):
            return True
        if element.tag == "header":
            return any(e.tag in _HEADINGS or self.class_of(e) for e in element.iterdescendants("*"))
        return element.tag == "footer" and self.class_of(element) == "credits"


def _stands_alone(cite: HtmlElement) -> bool:
    """A <cite> that is a line of its own: its quotation's author."""
    parent = cite.getparent()
    if parent is None:
        return False
    alone = folded("".join(parent.itertext())).strip("—–- ") == folded("".join(cite.itertext()))
    return parent.tag == "blockquote" or alone


def _is_menu(element: HtmlElement) -> bool:
    """Whether all the words in an element are links, and there are several."""
    links = list(element.iter("a"))
    if len(links) < _FEWEST_LINKS:
        return False
    linked = sum(len(visible_text(link)) for link in links)
    return linked >= _LINKED * len(visible_text(element))


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _box_reason(element: HtmlElement) -> str | None:
    role = (element.get("role") or "").lower()
    if role in _ROLE_REASONS:
        return _ROLE_REASONS[role]
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if named.strip() and element.tag not in ("body", "html", "a", "em", "strong", "p"):
        for pattern, reason in _BOX_PATTERNS:
            if pattern.search(named):
                return reason
    return _TAG_REASONS.get(str(element.tag))


# --- finding the article --------------------------------------------------------------------


def _article_of(body: HtmlElement) -> HtmlElement:
    """The smallest likely element that holds most of the page's paragraphs."""
    whole = _paragraph_characters(body)
    best = body
    for candidate in _candidates(body):
        if _paragraph_characters(candidate) >= 0.5 * whole and not _is_hidden(candidate):
            best = candidate
    return best


def _candidates(body: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that say that they are the article, the outer before the inner."""
    for element in body.iter("article", "main", "div", "section"):
        named = f"{element.get('role') or ''} {element.get('itemprop') or ''}".lower().split()
        if element.tag in ("article", "main") or {"main", "articlebody"} & set(named):
            yield element


def _paragraph_characters(element: HtmlElement) -> int:
    return sum(len("".join(p.itertext())) for p in element.iter("p", "li", "blockquote"))


def _headline_of(body: HtmlElement, article: HtmlElement) -> HtmlElement | None:
    """The article's h1: in it, or else the last one before it."""
    headlines = [h for h in body.iter("h1") if has_words("".join(h.itertext()))]
    inside = [h for h in headlines if article in h.iterancestors()]
    if inside:
        return inside[0]
    order = {element: number for number, element in enumerate(body.iter())}
    before = [h for h in headlines if order[h] < order[article]]
    return before[-1] if before else None


def _common(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    """The smallest element that holds both."""
    above = {one, *one.iterancestors()}
    for element in (other, *other.iterancestors()):
        if element in above:
            return element
    return one
