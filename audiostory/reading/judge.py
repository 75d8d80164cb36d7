"""Which elements of a page are the article's, and why others are left out.

Trafilatura's choice counts most. What it left out is kept when it stands among what it chose
and nothing says that it is a box: captions, lists, tables and last paragraphs are lost otherwise.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from audiostory.reading import bylines
from audiostory.reading.boxes import (
    TEASER,
    element_reason,
    is_gallery,
    is_hidden,
    is_player,
    is_thin,
    named_reason,
    role_reason,
)
from audiostory.reading.classes import class_of
from audiostory.reading.editing import editing_reason
from audiostory.reading.furniture import (
    PageWords,
    essence,
    is_appeal,
    is_box_label,
    is_box_line,
    is_count,
    is_furniture,
    is_name,
)
from audiostory.reading.place import Place
from audiostory.reading.selection import Measure, leads_away
from audiostory.reading.tree import folded, visible_text
from audiostory.reading.vocabulary import DIVISIONS, RUNS_ON

_PULL_QUOTE = re.compile(r"pull-?quote", re.IGNORECASE)
_SENTENCE = re.compile(r"[^\W\d_]{2}[”\"»’)]?[.!?…。！？]+[”\"»’)]*(\s|$)")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_STRUCTURES = frozenset({"figure", "figcaption", "table", "pre", "blockquote", "dl", "img"})
_PARTS = frozenset({"li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"})
_LISTS = frozenset({"ul", "ol", "dl", "p"})
_LINES = _HEADINGS | {"p", "div", "section"}
_PICTURES = ("figure", "img", "picture")
_OWN = frozenset({"standfirst", "credits", "footnotes"}) | bylines.BOXES
_NOTE_ROLES = frozenset({"doc-endnotes", "doc-footnote", "doc-endnote", "doc-bibliography"})
_LITTLE = 0.15  # chosen of a box: a headline of another story that says the same
_LONGEST_LINE = 120  # words
_SMALL = 0.4  # of the article: what holds more of it is no box
_ALL_LINKED = 0.9
_LINKED = 0.6  # of a box's words: the rest are labels, bars and dates
_FEW_LINKED = 0.3
_HEADLINE_WORDS = 4
_FEW_WORDS = 12
_STORIES = 3
_ASKS = frozenset({"comments", "newsletter form", "consent box", "paywall notice", "form"})
_DELETED = frozenset({"del", "s", "strike"})
_CONTROLS = ("button", "form", "input", "select", "textarea", "img", "iframe", "video")


class PageJudge:
    """Judges the elements of a page, from the outside in."""

    def __init__(
        self, place: Place, words: PageWords, address: str | None, article: HtmlElement
    ) -> None:
        """words: what sites say around articles. address: the page's own."""
        self._place = place
        self._words = words
        self._address = address
        self._article = article
        self._above = frozenset(place.root.iterancestors())
        headline = place.headline
        self._title = folded("".join(headline.itertext())) if headline is not None else ""
        paragraphs = (n for e, n in place.order.items() if e.tag == "p" and self._is_long(e))
        self._prose = next(paragraphs, place.last)  # where the first paragraph is
        self._keep = {place.root}
        self._signed: set[HtmlElement] = set()  # a byline's box, and what is in it
        self._own: set[HtmlElement] = set()  # of these, what stands with the article
        self._taken: set[HtmlElement | None] = set()  # kept, though trafilatura left them out
        self._keep |= {headline, *headline.iterancestors()} if headline is not None else set()

    def judge(self, element: HtmlElement) -> str | None:
        """Why an element of the page is left out, or None when it is the article's."""
        if is_hidden(element):
            return "hidden on the page"
        if element.tag == "img":
            return self._rule(element)
        if element.tag in RUNS_ON and (unread := self._unread(element)):
            return unread
        signed = self._is_signed(element)
        if element in self._above or element in self._keep:
            return None
        if signed and (beside := bylines.beside_name(element, self._words)):
            return beside
        reason = element_reason(element) or named_reason(element)
        if element not in self._place.order:
            return reason or "outside the article"
        size = self._place.measure(element)
        if shown := self._shown(element, size):
            return shown
        if element in self._own:
            return None
        if self._is_own(element):
            (self._own if signed else self._keep).update(element.iterdescendants())
            return None
        if line := self._line(element, size) or self._item(element, size):
            return reason or line
        if element.tag == "a" and _stands_alone(element):
            text = folded("".join(element.itertext()))
            return "page furniture" if is_name(text, self._words) else None
        return self._block(element, size, reason)

    def _unread(self, element: HtmlElement) -> str | None:
        """Why a part of a line is not read, whatever is around it."""
        if element.tag in _DELETED and self._is_little(element):
            return "deleted text"
        return editing_reason(element, self._words)

    def _block(self, element: HtmlElement, size: Measure, reason: str | None) -> str | None:
        """Why a block is left out. reason: what its element and its names say that it is."""
        large = size.chosen > _SMALL * self._place.chosen
        if role_reason(element) and not large:
            return reason
        if self._place.is_chosen(element):
            return self._repetition(element)
        if large or (reason in (None, TEASER) and self._is_lead(element, size)):
            return None
        if reason and not self._is_content(element, size):
            asks = next(element.iter("form", "input", "textarea"), None) is not None
            if asks or not self._place.is_kin(element) or not _is_prose(element, size):
                return reason
            if self._is_between(element):
                return None
            if not self._is_section(element, reason):
                return reason
            self._keep.update(element.iterdescendants())  # trafilatura goes by its name
            return None
        if not size.words or element.tag in RUNS_ON or element in self._place.over:
            return None
        if element.tag == "footer" and class_of(element) == "attribution":
            return None
        if size.chosen > _LITTLE * size.words or size.chosen > _LONGEST_LINE:
            return None
        return self._unchosen(element, size)

    def _is_long(self, element: HtmlElement) -> bool:
        return self._place.measure(element).chosen >= _FEW_WORDS

    def _is_little(self, element: HtmlElement) -> bool:
        """Whether an element, which has no measure, is no large part of the article."""
        count = len("".join(element.itertext()).split())
        return count <= _FEW_WORDS or count <= _SMALL * self._place.chosen

    def _is_signed(self, element: HtmlElement) -> bool:
        """Whether an element is the box of a byline, or in one."""
        if element in self._signed:
            return True
        named = element.get("class") or element.get("itemprop")  # most elements have neither
        if not named or class_of(element) not in bylines.BOXES:
            return False
        self._signed.update(element.iter())
        return True

    def _is_own(self, element: HtmlElement) -> bool:
        """A standfirst, byline, kicker or note that stands with the headline or the text."""
        place, parent = self._place, element.getparent()
        number = place.order[element]
        if (element.get("role") or "") in _NOTE_ROLES:
            return True
        beside = place.headline is not None and parent is place.headline.getparent()
        if beside and number < place.first and not place.measure(element).linked:
            return True
        near = beside or place.begin < number < place.first or place.is_kin(element)
        return near and class_of(element) in _OWN

    def _line(self, element: HtmlElement, size: Measure) -> str | None:
        """Why a line is a site's and not the article's, whatever is around it."""
        if not 0 < size.words <= _LONGEST_LINE or element.tag not in _LINES:
            return None
        text = folded("".join(element.itertext()))
        if text == self._title and element.tag in _HEADINGS:
            return "headline repeated"
        if element.tag == "h1" and self._title and self._place.order[element] < self._place.begin:
            return "page header"
        if text == self._address:
            return "the page's address"
        if text.startswith("<img "):
            return "tracker's image"
        if size.linked and is_box_line(text, self._words):
            return "related story"
        if element.tag in _HEADINGS and not size.chosen and is_box_label(text, self._words):
            return "related story"
        if size.linked >= _ALL_LINKED * size.words and size.words >= _HEADLINE_WORDS:
            kept = element.tag in _HEADINGS or _has_picture(element) or _is_in_parts(element)
            return None if kept else "links to other pages"
        if element.tag not in _HEADINGS and essence(text) in self._words.sure:
            return "page furniture"
        is_theirs = is_appeal if size.chosen and not size.linked else is_furniture
        return "page furniture" if is_theirs(text, self._words) else None

    def _rule(self, image: HtmlElement) -> str | None:
        """A picture that only parts things."""
        described = essence((image.get("alt") or "")[:_LONGEST_LINE])
        return "line on the page" if is_thin(image) or described in self._words.rules else None

    def _item(self, element: HtmlElement, size: Measure) -> str | None:
        """An item above or below the text that counts something, or says where the page is."""
        if element.tag != "li" or not 0 < size.words <= _FEW_WORDS:
            return None
        if self._prose < self._place.order[element] < self._place.last:
            return None
        text = folded("".join(element.itertext()))
        return "page furniture" if is_count(text, self._words) else None

    def _unchosen(self, element: HtmlElement, size: Measure) -> str | None:
        """Why a block that trafilatura left out is no part of the article, or None if it is."""
        tag, place = str(element.tag), self._place
        if tag in _PARTS or (tag in _LISTS and _is_in_parts(element)):
            return None
        if size.linked >= _LINKED * size.words and tag not in _STRUCTURES:
            return "links to other pages"
        if self._is_content(element, size) or element.getparent() in self._taken:
            return None
        alike = place.holds_kin(element) and _is_prose(element, size)
        kin = place.is_kin(element)
        apart = element not in place.main and element not in place.over
        pictures = _has_picture(element) and not _is_card(element)
        if apart and not (kin or alike or pictures):
            return "beside the article"
        number = place.order[element]
        if number > place.last:
            plain = not size.linked or _is_prose(element, size)
            if not alike and not (kin and plain):
                return "below the article"
            self._taken.add(element)
            return None
        if number < place.first:
            head = tag in ("p", "time", "header") or _has_picture(element)
            return None if head and number > place.begin else "above the article"
        if kin or tag in _STRUCTURES or _is_prose(element, size) or pictures:
            return None
        if _is_card(element):
            return "related story"
        away = any(e.tag == "button" or leads_away(e) for e in element.iter("a", "button"))
        return "box beside the article" if away else None

    def _shown(self, element: HtmlElement, size: Measure) -> str | None:
        """A player's buttons, or pictures of other stories, each with its heading."""
        if is_player(element):
            return "video player"
        if element in self._place.over or not is_gallery(element):
            return None
        headings = sum(1 for _ in element.iter(*_HEADINGS))
        others = headings >= _STORIES and self._place.chosen - size.chosen >= _LONGEST_LINE
        return "picture gallery" if others else None

    def _is_lead(self, element: HtmlElement, size: Measure) -> bool:
        """Sentences between the headline and the text, which trafilatura often leaves out."""
        place, number = self._place, self._place.order[element]
        between = place.headline is not None and place.begin < number < place.first
        return between and not size.linked and _is_prose(element, size)

    def _is_between(self, element: HtmlElement) -> bool:
        return self._place.first < self._place.order[element] < self._place.last

    def _is_section(self, element: HtmlElement, reason: str) -> bool:
        """Whether a box that is called a site's is a heading and prose, below the article's own.

        "related-work" may be a chapter; what leads elsewhere, or asks for something, is none.
        """
        if reason in _ASKS or self._place.order[element] < self._place.first:
            return False
        headings = [folded("".join(heading.itertext())) for heading in element.iter(*_HEADINGS)]
        if not headings or any(is_box_label(text, self._words) for text in headings):
            return False
        if any(e.tag != "a" or leads_away(e) for e in element.iter("a", *_CONTROLS)):
            return False
        lines = (folded("".join(p.itertext())) for p in element.iter("p", *_HEADINGS))
        return not any(is_furniture(line, self._words) for line in lines)

    def _repetition(self, element: HtmlElement) -> str | None:
        """A pull quote says again what the article says anyway."""
        if not _PULL_QUOTE.search(element.get("class") or ""):
            return None
        text = visible_text(element).strip(" “”«»„\"'")
        again = visible_text(self._article).count(text) > 1
        return "pull quote that repeats the text" if again else None

    def _is_content(self, element: HtmlElement, size: Measure) -> bool:
        """A header or footer inside the article, with its byline, credits or a note in it."""
        if any(e.tag in ("blockquote", "figure") for e in element.iterancestors()):
            return True
        if element.tag == "header":
            marks = (*_HEADINGS, "time")
            return any(e.tag in marks or class_of(e) for e in element.iterdescendants("*"))
        if class_of(element) in _OWN:
            return True
        note = element.tag == "footer" and not size.linked and self._place.is_kin(element)
        return note and _is_prose(element, size) and "©" not in visible_text(element)


def _stands_alone(link: HtmlElement) -> bool:
    """Whether a link has no text beside it, though it is in no paragraph."""
    parent, above, below = link.getparent(), link.getprevious(), link.getnext()
    if parent is None or parent.tag not in DIVISIONS or (link.tail or "").strip():
        return False
    before = parent.text if above is None else above.tail
    beside = any(e is not None and e.tag in RUNS_ON for e in (above, below))
    return not (before or "").strip() and not beside


def _is_prose(element: HtmlElement, size: Measure) -> bool:
    """Whether an element holds sentences, and not many links."""
    if size.words < _FEW_WORDS or size.linked > _FEW_LINKED * size.words:
        return False
    return _SENTENCE.search("".join(element.itertext())) is not None


def _is_in_parts(element: HtmlElement) -> bool:
    """Whether an element is in a list or a table."""
    return any(ancestor.tag in _PARTS for ancestor in element.iterancestors())


def _is_card(element: HtmlElement) -> bool:
    """Whether an element shows other stories: pictures with headings."""
    return next(element.iter(*_HEADINGS), None) is not None and _has_picture(element)


def _has_picture(element: HtmlElement) -> bool:
    return next(element.iter(*_PICTURES), None) is not None
