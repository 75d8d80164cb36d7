"""What the text of an element is, as the page's own classes say: standfirst, byline, credits …"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from audiostory.reading.boxes import CAPTION, spaced
from audiostory.reading.lines import is_name
from audiostory.reading.sentences import is_ended
from audiostory.reading.tree import folded, has_words
from audiostory.reading.vocabulary import META, RUNS_ON

_WORDS = (
    (
        r"standfirst|dek|deck|sub-?title|sub-?head(?:line)?|lede?|lead|intro(?:duction)?|strapline"
        r"|summary|excerpt|abstract|chapo|chapeau|teaser(?:-?text)?|(?:intro|lead)-?text|entradilla|bajada|vorspann|ingress",
        "standfirst",
    ),
    (
        r"dateline|posted-on|(?:pub|publish|published|post|entry|article)-?date|timestamp|pubdate|date",
        "dateline",
    ),
    (r"by-?lines?|authors?(?:-names?)?|contrib", "byline"),
    (r"meta", META),
    (r"credits?|contributors?|attribution|quote-author", "credits"),
    (r"footnotes?", "footnotes"),
)
_PATTERNS = tuple(
    (re.compile(rf"(?:^|\s)(?:[\w-]+[_-])?(?:{words})(?:$|\s)", re.IGNORECASE), class_)
    for words, class_ in _WORDS
)
_PICTURE_BOX = re.compile(r"(?:^|[\s_-])(?:image|photo|picture|figure)(?:$|[\s_-])", re.IGNORECASE)
_DASHES = "—–―- "
_LONGEST = 600
_NEAR = 4


def class_of(element: HtmlElement) -> str | None:
    """The class that the text of an element gets, or None."""
    if element.tag in ("cite", "footer") and _is_in_quotation(element):
        return "attribution" if element.tag == "footer" or _signs(element) else None
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if len(named) == 1:
        return "caption" if element.tag == "p" and _is_under_picture(element) else None
    class_ = _named(named)
    if class_ == "caption":
        return class_ if _is_by_picture(element) else None
    long = class_ is not None and len(folded("".join(element.itertext()))) > _LONGEST
    return None if long else class_


@lru_cache(maxsize=4096)
def _named(named: str) -> str | None:
    """What the words of a class and an itemprop name."""
    named = spaced(named)
    if class_ := next((class_ for pattern, class_ in _PATTERNS if pattern.search(named)), None):
        return class_
    return "caption" if CAPTION.search(named) else None


def _is_in_quotation(element: HtmlElement) -> bool:
    return any(ancestor.tag == "blockquote" for ancestor in element.iterancestors())


def _signs(cite: HtmlElement) -> bool:
    """Whether a <cite> is the end of its quotation, and its author: no title in a sentence."""
    parent = cite.getparent()
    if parent is None or _goes_on(cite):
        return False
    whole, text = folded("".join(parent.itertext())).rstrip(" ."), folded("".join(cite.itertext()))
    before = whole.removesuffix(text.rstrip(" .")).rstrip()
    above = cite.getprevious()
    on_own_line = above is not None and above.tag not in RUNS_ON and not (above.tail or "").strip()
    if not before.strip(_DASHES) or on_own_line or is_ended(before) or before[-1] in _DASHES:
        return True
    return parent.tag == "blockquote" and is_name(text)


def _goes_on(cite: HtmlElement) -> bool:
    """Whether there are more words in a quotation behind a <cite>."""
    element: HtmlElement | None = cite
    while element is not None and element.tag != "blockquote":
        behind = (element.tail, *("".join(e.itertext()) for e in element.itersiblings()))
        if any(has_words(text or "") for text in behind):
            return True
        element = element.getparent()
    return False


def _is_by_picture(element: HtmlElement) -> bool:
    """Whether a picture is near: in a box around, and not in the element itself."""
    if len(folded("".join(element.itertext()))) > _LONGEST or _has_image(element):
        return False
    around = islice(element.iterancestors(), _NEAR)
    return any(next(box.iter("img", "picture", "video"), None) is not None for box in around)


def _has_image(element: HtmlElement) -> bool:
    return next(element.iter("img"), None) is not None


def _is_under_picture(paragraph: HtmlElement) -> bool:
    """Whether a paragraph is all the text in a box that its class calls a picture's."""
    box = paragraph.getparent()
    if box is None or not _PICTURE_BOX.search(box.get("class") or "") or not _has_image(box):
        return False
    text = "".join(paragraph.itertext()).strip()
    return 0 < len(text) <= _LONGEST and len("".join(box.itertext()).strip()) <= 2 * len(text)
