"""Trees of HTML: the text that is read in one, and new elements for one."""

from __future__ import annotations

import re

from lxml import etree, html
from lxml.html import HtmlElement, HTMLParser

from audiostory.reading import vocabulary as known

QUOTES = "“”"
_WORD = re.compile(r"[^\W_]")
_OPENING_MARKS = tuple("“„«»‘‚‹›「『\"'")
_OPENING = 80  # characters


def folded(text: str) -> str:
    """A text with white space folded."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """A text with each run of white space made one space, at its ends too."""
    inner = " ".join(text.split())
    before = " " if text[:1].isspace() else ""
    return before + inner + (" " if inner and text[-1].isspace() else "")


def html_parser() -> HTMLParser:
    """A parser of pages, comments left out. Its elements are all of one class: lxml asks Python
    for the class of each otherwise, and forms need none of their own here."""
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def new_element(tag: str, class_: str = "") -> HtmlElement:
    """An element without text."""
    element: HtmlElement = html.html_parser.makeelement(tag)
    if class_:
        element.set("class", class_)
    return element


def append_element(parent: HtmlElement, tag: str, class_: str = "") -> HtmlElement:
    """A new element, at the end of another."""
    element = new_element(tag, class_)
    parent.append(element)
    return element


def append_text(parent: HtmlElement, text: str) -> None:
    """Write text at the end of an element."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def opening(text: str) -> str:
    """The first words of a text, which stand for a title."""
    return text if len(text) <= _OPENING else text[:_OPENING].rsplit(" ", 1)[0] + "…"


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in a text."""
    return _WORD.search(text) is not None


def visible_text(element: HtmlElement) -> str:
    """All that is read in an element, alt texts included, with spaces between blocks."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        tag = inner.tag
        inline = tag in known.RUNS_ON
        if event == "start" and tag in known.SILENT and inner is not element:
            walk.skip_subtree()
        elif event == "start":
            parts += [_before(inner) if inline else " ", inner.text or ""]
            parts += [f" {inner.get('alt') or ''} "] if tag == "img" else []
        else:
            parts += [QUOTES[1]] if tag == "q" and not _has_marks(inner) else []
            parts += ["" if inline else " ", (inner.tail or "") if inner is not element else ""]
    return folded("".join(parts))


def is_readable(element: HtmlElement) -> bool:
    """Whether there is a word to be read in an element."""
    quick = any(has_words("".join(p.itertext())) for p in element.iter("p"))
    return quick or has_words(visible_text(element))


def _before(element: HtmlElement) -> str:
    """What parts inline elements from what is before: links side by side are two things."""
    if element.tag == "q":
        return "" if _has_marks(element) else QUOTES[0]
    previous = element.getprevious()
    beside = element.tag == "a" and previous is not None and not previous.tail
    return " " if beside else ""


def _has_marks(quotation: HtmlElement) -> bool:
    """Whether the marks of a <q> are in its text, as in a producer's script."""
    return (quotation.text or "").lstrip().startswith(_OPENING_MARKS)
