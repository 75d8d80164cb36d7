"""Which text of a page is the article: what trafilatura says, measured on the page's own tree.

Trafilatura hands back text, and loses captions, alt texts and some lists and tables with it. So
its text is not used: it only says which blocks of the original tree are the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from audiostory.reading import vocabulary as known
from audiostory.reading.boxes import element_reason, is_hidden, named_reason
from audiostory.reading.prepare import prepare

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(r"\w+")
_CJK_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")  # each character counts: nothing parts words
_HAS_CJK = re.compile(rf"[{_CJK}]")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_GRAM = 4
_FEWEST = 100  # words: when fewer are chosen, and far more were not, the choice has failed
_OVERLOOKED = 3
_ONE_LINK = 0.95
_NOTHING = 40
# What is never the article's, and costs time: without it trafilatura says the same, sooner.
_NEVER = (
    "//head/*[not(self::script)] | //script[not(contains(@type, 'ld+json'))] | //style | //svg"
    " | //noscript | //iframe | //comment() | //nav | //footer | //button | //select"
)
_STAYS = ("#", "javascript:")


@dataclass(slots=True)
class Measure:
    """Words in an element: all, those in links, and those that are the article's."""

    words: int = 0
    linked: int = 0
    chosen: int = 0

    def add(self, inner: Measure) -> None:
        """Count what is in an element in."""
        self.words += inner.words
        self.linked += inner.linked
        self.chosen += inner.chosen


Measures = dict[HtmlElement, Measure]


def choose(page: HtmlElement, body: HtmlElement) -> Measures:
    """Measure the blocks of a page, and say which words of each are the article's."""
    text = _extract(page, fast=True, favor_precision=False)
    prepare(body)
    found = measure(body, text)
    whole = found.get(body, Measure())
    if whole.words - whole.linked < _FEWEST:
        return measure(body, None)
    if whole.chosen < _FEWEST and whole.words - whole.linked > _OVERLOOKED * whole.chosen:
        found = measure(body, _extract(page, fast=False, favor_precision=True))
        if found.get(body, Measure()).chosen < _NOTHING:
            return measure(body, None)
    return found


def _extract(page: HtmlElement, *, fast: bool, favor_precision: bool) -> HtmlElement | None:
    document: Any = bare_extraction(
        page,
        include_comments=False,
        fast=fast,
        favor_precision=favor_precision,
        prune_xpath=_NEVER,
    )
    return document.body if document else None


def measure(body: HtmlElement, chosen: HtmlElement | None) -> Measures:
    """Measure every block of a page.

    chosen: the text of the article, as another tree, or None when all but links is taken for it.
    """
    texts = _Texts(chosen) if chosen is not None else None
    likely = _likely(body) if texts is None else body
    found: Measures = {}
    around = [Measure()]
    for event, block, run, linked in _runs(body):
        if run:
            words, total = _words(run), around[-1]
            total.words += len(words)
            total.linked += linked
            if texts is not None:
                total.chosen += texts.count(words)
            elif _is_ours(block if event == "end" else block.getparent(), likely):
                total.chosen += max(0, len(words) - linked)
        if event == "start":
            around.append(found.setdefault(block, Measure()))
        elif event == "end":
            inner = around.pop()
            around[-1].add(inner)
    whole = found.get(body, Measure())
    if whole.linked > _ONE_LINK * whole.words:  # a link that was never closed
        for total in found.values():
            total.linked = 0
    return found


class _Texts:
    """The article's text, to look words up in."""

    def __init__(self, chosen: HtmlElement) -> None:
        words = [_words(text) for text in _blocks(chosen)]
        self._short = {tuple(w) for w in words if w}
        every = [word for some in words for word in some]
        self._grams = set(zip(*(every[at:] for at in range(_GRAM)), strict=False))

    def count(self, words: list[str]) -> int:
        """How many of a block's words are the article's."""
        if len(words) < _GRAM:
            return len(words) if tuple(words) in self._short else 0
        grams = list(zip(*(words[at:] for at in range(_GRAM)), strict=False))
        share = sum(map(self._grams.__contains__, grams)) / len(grams)
        return round(len(words) * share) if share > 0.2 else 0


def _blocks(tree: HtmlElement) -> Iterator[str]:
    """The texts of the elements of trafilatura's tree, and what each consists of."""
    for element in tree.iter("p", "head", "item", "cell", "quote", "code", "list", "div"):
        yield "".join(element.itertext())


def _runs(body: HtmlElement) -> Iterator[tuple[str, HtmlElement, str, int]]:
    """Start and end of each block, with the run of text before it, and its words in links."""
    parts: list[str] = []
    has_text = False
    linked = links = 0  # words in links, and the links open around the text
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag not in known.RUNS_ON:
            yield event, element, "".join(parts) if has_text else "", linked
            parts, linked, has_text = [], 0, False
        if tag == "a" and leads_away(element):
            links += 1 if event == "start" else -1
        if event == "end":
            text = element.tail if element is not body else None
        elif tag in known.SILENT:
            walk.skip_subtree()
            continue
        else:
            text = element.text
        if text:
            parts.append(text)
            has_text = has_text or not text.isspace()
            linked += len(_words(text)) if links else 0


def _words(text: str) -> list[str]:
    pattern = _CJK_WORD if not text.isascii() and _HAS_CJK.search(text) else _WORD
    return pattern.findall(text)


def leads_away(element: HtmlElement) -> bool:
    """A link to another page: one within the page is to a note, or in a table of contents."""
    return element.tag == "a" and not (element.get("href") or "").startswith(_STAYS)


# --- when trafilatura says nothing ----------------------------------------------------------


def _likely(body: HtmlElement) -> HtmlElement:
    """The smallest element that says that it is the article, and holds most of the text."""
    whole = _paragraph_characters(body)
    best = body
    for element in body.iter("article", "main", "div", "section"):
        named = f"{element.get('role') or ''} {element.get('itemprop') or ''}".lower().split()
        said = element.tag in ("article", "main") or {"main", "articlebody"} & set(named)
        if said and _paragraph_characters(element) >= whole / 2 and not is_hidden(element):
            best = element
    return best


def _paragraph_characters(element: HtmlElement) -> int:
    return sum(len("".join(p.itertext())) for p in element.iter("p", "li", "blockquote"))


def _is_ours(block: HtmlElement | None, likely: HtmlElement) -> bool:
    """Whether a block is in the element that is likely the article, and in no box there."""
    for element in () if block is None else (block, *block.iterancestors()):
        if element is likely:
            return True
        titled = element.tag == "header" and next(element.iter(*_HEADINGS), None) is not None
        reason = None if titled else element_reason(element)
        if reason or named_reason(element) or is_hidden(element):
            return False
    return False
