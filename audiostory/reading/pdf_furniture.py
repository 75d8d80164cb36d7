"""What a browser prints with an article and is none: menus, buttons, boxes, notices of a site.

It is looked for in a PDF only where a page's edge has an address, as a browser prints it, or a menu
is plain to see, and then by the same rules as in a page that was copied as text. Other PDFs are
left alone. A heading is left out only when a site's box stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from audiostory.model import Omission
from audiostory.reading.document import LEFT_OUT
from audiostory.reading.furniture import is_name, page_words
from audiostory.reading.paragraphs import Kind, Paragraph, is_ended
from audiostory.reading.sorting import HEAD, known_furniture
from audiostory.reading.tree import folded
from audiostory.reading.vocabulary import BLOCKS

_ADDRESS = re.compile(r"(?:https?|file)://|\bwww\.\w")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol")
_BOXES = frozenset({"html", "body", "div", "aside", "ul", "ol", "li"})
_SENTENCE_WORDS = 8  # of a sentence that is no box's
_MENU = 3  # names that prove one


def mark_furniture(root: HtmlElement, edges: Iterable[Omission], language: str) -> None:
    """Mark a site's blocks with LEFT_OUT and the reason. edges: what stands at pages' edges."""
    words = page_words(language)
    leaves = list(_leaves(root))
    texts = [folded("".join(leaf.itertext())) for leaf in leaves]
    names = sum(is_name(text, words) for text in texts)
    if names < _MENU and not any(_ADDRESS.search(edge.text) for edge in edges):
        return
    found = _paragraphs(leaves, texts)
    known = known_furniture(found, words) or {}
    for number, reason in known.items():
        is_heading = leaves[number].tag in _HEADINGS
        if not _is_apart(leaves[number]) and (not is_heading or number + 1 in known):
            leaves[number].set(LEFT_OUT, reason)
    _mark_menus(leaves)


def tidy(root: HtmlElement) -> None:
    """Take the way back off notes; a paragraph that says what a picture shows is its caption."""
    for leaf in root.iter("p", "li"):
        if len(leaf):
            leaf[-1].tail = _without_way_back(leaf[-1].tail or "")
        else:
            leaf.text = _without_way_back(leaf.text or "")
    for figure in root.iter("figure"):
        said = {_alike(image.get("alt") or "") for image in figure.iter("img")} - {""}
        for beside in (figure.getprevious(), figure.getnext()):
            if beside is not None and beside.tag == "p" and _alike(beside.text_content()) in said:
                beside.tag = "figcaption"
                figure.append(beside)
                break


def _without_way_back(text: str) -> str:
    bare = text.rstrip().rstrip("\ufe0e\ufe0f")
    return bare[:-1].rstrip() if bare.endswith(("↩", "⏎")) else text


def _alike(text: str) -> str:
    return folded(text).casefold().rstrip(".")


def _leaves(root: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks that hold text and no other blocks, in order."""
    for element in root.iter():
        if element.tag in BLOCKS and not any(e.tag in BLOCKS for e in element.iterdescendants()):
            yield element


def _paragraphs(leaves: Sequence[HtmlElement], texts: Sequence[str]) -> list[Paragraph]:
    """Leaves as the rules of texts take them: what a heading stands over is its block."""
    block = 0
    found: list[Paragraph] = []
    for leaf, text in zip(leaves, texts, strict=True):
        kind: Kind = "verse" if _is_apart(leaf) else "text"
        alone = kind == "verse" or (is_ended(text) and len(text.split()) >= _SENTENCE_WORDS)
        block += alone or leaf.tag in _HEADINGS
        kind = "heading" if leaf.tag in _HEADINGS else kind
        found.append(Paragraph(text, kind, block=block))
        block += alone
    return found


def _is_apart(leaf: HtmlElement) -> bool:
    """Whether a block is of a kind that no site's box has: a table, a caption, a quotation."""
    around = (e.tag for e in leaf.iterancestors())
    return leaf.tag not in ("p", "li", *_HEADINGS[1:]) or not all(tag in _BOXES for tag in around)


def _mark_menus(leaves: Sequence[HtmlElement]) -> None:
    """Above the headline a list with a site's name in it is a menu."""
    headline = next((n for n, leaf in enumerate(leaves) if leaf.tag == "h1"), 0)
    above = leaves[:headline]
    for list_ in {leaf.getparent() for leaf in above if leaf.tag == "li" and leaf.get(LEFT_OUT)}:
        for item in above:
            if list_ is not None and item.getparent() is list_:
                item.set(LEFT_OUT, HEAD)
