"""Where the article is in a page: the elements that hold it, and where it begins and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from audiostory.reading import vocabulary as known
from audiostory.reading.boxes import naming
from audiostory.reading.selection import Measure, Measures
from audiostory.reading.tree import folded, has_words

_WHOLE = 0.95  # of the article's words are in the element that holds it
_MAIN = 0.8  # and these in the one that holds little else
_MOSTLY = 0.5
_AROUND = 0.3
_FEW_WORDS = 12
_BLOCK_WORDS = 400  # more hold several blocks, and say nothing of where they are
_OF_TITLE = 0.6
_ALIKE = 0.5
_TITLE = 12  # characters, at least
_HEADLINE = 180  # at most
_MARKS = tuple("|–—-:·•@«»_(")
_WORD = re.compile(r"\w+")
_SITE = naming(r"site-?(title|name)|logo|brand(ing)?|masthead")
_NONE = Measure()
_HOME = re.compile(r"\s*(/|(https?:)?//[^/?#]+/?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the article is in a page.

    root holds it and its headline. main holds most of it, over are the elements around main.
    order: of root's elements. begin: of the headline; first, last: of the article's own blocks.
    holders: tag and class of what holds its paragraphs.
    """

    root: HtmlElement
    headline: HtmlElement | None
    main: frozenset[HtmlElement]
    over: frozenset[HtmlElement]
    order: dict[HtmlElement, int]
    begin: int
    first: int
    last: int
    holders: frozenset[tuple[str, str]]
    measures: Measures

    @property
    def chosen(self) -> int:
        """Words of the article."""
        return self.measure(self.root).chosen

    def measure(self, element: HtmlElement) -> Measure:
        """The words of an element."""
        return self.measures.get(element, _NONE)

    def is_chosen(self, element: HtmlElement) -> bool:
        """Whether most of an element's words are the article's."""
        size = self.measure(element)
        return size.words > 0 and size.chosen >= _MOSTLY * size.words

    def is_kin(self, element: HtmlElement) -> bool:
        """Whether an element stands among blocks that are the article's."""
        parent = element.getparent()
        if parent is None:
            return False
        around = self.measure(parent)
        return signature(parent) in self.holders or around.chosen >= _AROUND * around.words > 0

    def holds_kin(self, element: HtmlElement) -> bool:
        """Whether there are boxes in an element such as those that hold the article's text."""
        tags = {tag for tag, _ in self.holders}
        return bool(tags) and any(signature(e) in self.holders for e in element.iter(*tags))


def find_place(body: HtmlElement, measures: Measures, title: str) -> Place:
    """Find the article in a page. title: what the page's metadata say."""
    article = _smallest_with(body, measures, _WHOLE)
    main = _smallest_with(article, measures, _MAIN)
    headline = _headline_of(body, article, title, measures)
    root = _common(article, headline) if headline is not None else article
    order = {element: number for number, element in enumerate(root.iter())}
    chosen = [number for element, number in order.items() if _is_block(measures.get(element))]
    inside = frozenset(main.iter())
    return Place(
        root=root,
        headline=headline,
        main=inside,
        over=frozenset(main.iterancestors()),
        order=order,
        begin=order[headline] if headline is not None else 0,
        first=min(chosen, default=0),
        last=max(chosen, default=len(order)),
        holders=_holders(inside, measures),
        measures=measures,
    )


def signature(element: HtmlElement) -> tuple[str, str]:
    """What an element is called: alike boxes have the same."""
    return str(element.tag), element.get("class") or ""


def _is_block(size: Measure | None) -> bool:
    if size is None or not 0 < size.words < _BLOCK_WORDS:
        return False
    return size.chosen >= _MOSTLY * size.words


def _smallest_with(body: HtmlElement, measures: Measures, share: float) -> HtmlElement:
    """The smallest element that holds this share of the article's words."""
    whole = measures.get(body, _NONE).chosen
    best = body
    while whole:
        boxes = [e for e in best if known.RENAMED.get(str(e.tag), e.tag) not in known.LEAVES]
        inner = [e for e in boxes if measures.get(e, _NONE).chosen >= share * whole]
        if not inner:
            break
        best = inner[0]
    return best


def _holders(main: frozenset[HtmlElement], measures: Measures) -> frozenset[tuple[str, str]]:
    found = set()
    for element in main:
        if element.tag == "p" and measures.get(element, _NONE).chosen >= _FEW_WORDS:
            parent = element.getparent()
            if parent is not None and parent.get("class"):
                found.add(signature(parent))
    return frozenset(found)


def _headline_of(
    body: HtmlElement, article: HtmlElement, title: str, measures: Measures
) -> HtmlElement | None:
    """The heading that the page calls its headline, or that says its title, or the likeliest h1.

    That one is in the article and above its text, or the last one before the article.
    """
    named = [h for h in body.iter("h1") if "headline" in (h.get("itemprop") or "").lower().split()]
    if len(named) == 1 and 0 < len(_text(named[0])) <= _HEADLINE:
        return named[0]
    wanted = folded(title).casefold()
    titled = [h for h in body.iter("h1", "h2", "h3") if wanted and _says(h, wanted)]
    if titled:
        return min(titled, key=lambda heading: (-len(_text(heading)), str(heading.tag)))
    headlines = [h for h in body.iter("h1") if has_words(_text(h)) and not _names_site(h)]
    alike = max(headlines, key=lambda heading: _likeness(_text(heading), wanted), default=None)
    if alike is not None and _likeness(_text(alike), wanted) >= _ALIKE:
        return alike
    inside = [h for h in headlines if article in h.iterancestors()]
    if inside and _is_above(inside[0], article, measures):
        return inside[0]
    order = {element: number for number, element in enumerate(body.iter())}
    before = [h for h in headlines if order[h] < order[article]]
    return before[-1] if before else None


def _text(heading: HtmlElement) -> str:
    return folded("".join(heading.itertext())).casefold()


def _says(heading: HtmlElement, title: str) -> bool:
    """Whether a heading is a page's title: either may have some words more than the other."""
    text = _text(heading)
    short, long = sorted((text, title), key=len)
    if len(short) >= _OF_TITLE * len(long) and short in long:
        return True
    rest = title[len(text) :].lstrip()
    return title.startswith(text) and len(text) >= _TITLE and rest[:1] in _MARKS


def _likeness(one: str, other: str) -> float:
    """How many words of two texts are the same, 0…1."""
    words, others = set(_WORD.findall(one)), set(_WORD.findall(other))
    return 2 * len(words & others) / max(1, len(words) + len(others))


def _names_site(heading: HtmlElement) -> bool:
    """Whether a heading is called a site's name, or leads to its first page."""
    if any(_HOME.match(link.get("href") or "") for link in heading.iter("a")):
        return True
    around = (heading, *islice(heading.iterancestors(), 2))
    return any(_SITE.search(f"{e.get('class') or ''} {e.get('id') or ''}") for e in around)


def _is_above(heading: HtmlElement, article: HtmlElement, measures: Measures) -> bool:
    """Whether most of an article's paragraphs come after a heading."""
    above = below = 0
    for element in article.iter("p", str(heading.tag)):
        if element is heading:
            above, below = below, 0
        below += measures.get(element, _NONE).chosen if element.tag == "p" else 0
    return below >= above


def _common(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    """The smallest element that holds both."""
    above = {one, *one.iterancestors()}
    return next(e for e in (other, *other.iterancestors()) if e in above)
