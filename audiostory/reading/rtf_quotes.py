"""Block quotations of an RTF file: paragraphs that are set in, though no style says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from lxml.html import HtmlElement

from audiostory.reading.sentences import is_ended
from audiostory.reading.tree import folded, new_element

INDENT = "data-indent"  # of a paragraph or a list, from the left, in twips (twentieths of a point)
_LEAST, _MOST = 500, 2200  # twips beyond the other paragraphs: letters set addresses in further
_SHARE = 0.25  # of the letters
_FEWEST_WORDS = 5


def find_quotations(body: HtmlElement) -> None:
    """Put paragraphs that are set in together into a <blockquote>, in place."""
    paragraphs = [child for child in body if child.tag == "p" and child.get(INDENT)]
    quoted = _set_in(body, _margin(paragraphs))
    for is_quoted, run in groupby(list(body), key=quoted.__contains__):
        lines = list(run)
        if is_quoted and any(map(_is_sentence, lines)):
            quotation = new_element("blockquote")
            lines[0].addprevious(quotation)
            quotation.extend(lines)


def _margin(paragraphs: Iterable[HtmlElement]) -> int:
    """Where text begins: the least indent that much of it has."""
    letters: Counter[int] = Counter()
    for paragraph in paragraphs:
        letters[_indent(paragraph)] += len("".join(paragraph.itertext()))
    least = _SHARE * letters.total()
    return min((indent for indent, count in letters.items() if count >= least), default=0)


def _set_in(blocks: Iterable[HtmlElement], margin: int) -> set[HtmlElement]:
    """The paragraphs that are set in, and do not go on with the item of a list above."""
    found: set[HtmlElement] = set()
    item = -1
    for block in blocks:
        if block.tag in ("ul", "ol"):
            item = _indent(block)
        elif block.tag != "p" or not margin < _indent(block) <= item:
            item = -1
            inside = _LEAST <= _indent(block) - margin <= _MOST
            found |= {block} if inside and block.tag == "p" else set()
    return found


def _indent(block: HtmlElement) -> int:
    return int(block.get(INDENT) or 0)


def _is_sentence(paragraph: HtmlElement) -> bool:
    text = folded("".join(paragraph.itertext()))
    return is_ended(text) and len(text.split(None, _FEWEST_WORDS)) >= _FEWEST_WORDS
