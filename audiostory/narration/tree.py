"""What the narration needs to know of the article's tree: blocks, languages, inline text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

PASSAGES = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "figcaption", "caption", "dt", "dd", "li"}
    | {"tr", "img"}
)
BLOCKS = PASSAGES | frozenset(
    {"article", "section", "blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot"}
    | {"figure", "aside", "hr", "td", "th", "div", "header", "footer"}
)
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def words(text: str) -> int:
    """How many words a text has: unbroken runs of letters and digits."""
    return len(_WORD.findall(text))


def has_words(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return _WORD.search(text) is not None


def letters(text: str) -> int:
    """How many letters and digits a text has."""
    return sum(character.isalnum() for character in text)


def folded(text: str) -> str:
    """A text with white space folded."""
    return _SPACE.sub(" ", text).strip()


def printable(text: str) -> str:
    """A text without what XML 1.0 cannot carry (2.2), such as a stylesheet may bring."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def block_images(body: HtmlElement) -> frozenset[HtmlElement]:
    """The images that stand among blocks, not in a line of text."""
    images: dict[HtmlElement, list[HtmlElement]] = {}
    for image in body.iter("img"):
        if (parent := image.getparent()) is not None:
            images.setdefault(parent, []).append(image)
    apart = (found for p, found in images.items() if p.tag == "figure" or not holds_text(p))
    return frozenset(image for found in apart for image in found)


def holds_text(element: HtmlElement) -> bool:
    """Whether an element has text, or inline markup, directly in it."""
    if (element.text or "").strip():
        return True
    return any(
        (child.tail or "").strip() or (child.tag not in BLOCKS and child.tag != "br")
        for child in element
    )


def own_text(element: HtmlElement) -> str:
    """The text directly in an element, before its first child; an image's is its alt."""
    return (element.get("alt") if element.tag == "img" else element.text) or ""


def text_of(element: HtmlElement) -> str:
    """All text in an element, alt texts included, with spaces where blocks end."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        gap = " " if inner.tag in BLOCKS or inner.tag == "br" else ""
        if event == "start":
            parts += [gap, own_text(inner)]
        else:
            parts += [gap, (inner.tail or "") if inner is not element else ""]
    return "".join(parts)


def language_of(element: HtmlElement) -> str:
    """The BCP 47 language in force at an element: of its nearest lang attribute."""
    for ancestor in (element, *element.iterancestors()):
        if lang := ancestor.get("lang"):
            return str(lang)
    return "en"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of inline text. chain: the inline elements around it, the outermost first.

    atom: an element without text (br, img, a producer's break) that stands here; text is then ""
    or a space.
    """

    text: str
    chain: tuple[HtmlElement, ...]
    atom: HtmlElement | None = None


def pieces(block: HtmlElement) -> Iterator[Piece]:
    """The inline content of a block without block children, in order."""
    keep = block.tag == "pre"
    stack: list[tuple[HtmlElement, tuple[HtmlElement, ...], Iterator[HtmlElement]]] = []
    if block.text:
        yield Piece(_inline(block.text, keep), ())
    stack.append((block, (), iter(block)))
    while stack:
        _element, chain, children = stack[-1]
        child = next(children, None)
        if child is None:
            done, _chain, _ = stack.pop()
            if stack and done.tail:
                yield Piece(_inline(done.tail, keep), stack[-1][1])
            continue
        if child.tag in ("br", "img", "wbr") or _is_break(child):
            yield Piece(" " if child.tag == "br" else "", chain, child)
            if child.tail:
                yield Piece(_inline(child.tail, keep), chain)
            continue
        inner = (*chain, child)
        if child.text:
            yield Piece(_inline(child.text, keep), inner)
        stack.append((child, inner, iter(child)))


def _is_break(element: HtmlElement) -> bool:
    return bool(element.get("style")) and not element.text and not len(element)


def _inline(text: str, keep: bool) -> str:
    return text if keep else _SPACE.sub(" ", text)
