"""What in the box of a byline is the byline, and what only stands beside it.

Sites put more than names in there: buttons to share, counts of comments, labels, a recipe's times.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from audiostory.reading import vocabulary as known
from audiostory.reading.boxes import named_reason, naming, role_reason
from audiostory.reading.furniture import LONGEST_NAME, PageWords, essence, is_appeal
from audiostory.reading.lines import (
    author_names,
    is_byline,
    is_date_line,
    is_name,
    without_date,
)
from audiostory.reading.tree import folded, has_words

BOXES = frozenset({"byline", "dateline", known.META})
_LONGEST = 200  # characters of a line that may be none of the byline
_MARKS = " \t\r\n\xa0|·•/–—-"
_FORMS = frozenset({"form", "select", "textarea", "search", "nav"})
_NOT_ITS = frozenset({"share buttons", "comments", "newsletter form", "related story"})
_PERSON = naming(r"authors?|by-?lines?|vcard|contributors?")
_COUNTED = naming(r"comments?|counts?|bycount|shares?|likes?|views?|duration|video-?meta")
_NUMBER = re.compile(r"\d[\d.,]*[km]?$|\d{1,2}:\d\d$", re.IGNORECASE)
_CLOCK = re.compile(
    r"\W*(?:at\s+)?\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?$", re.IGNORECASE
)
_STORY_WORDS = 5
_LABEL = re.compile(r"[^\W\d_][\w'’-]*(?:\s[\w'’-]+){0,2}\s?:\s*(?=\S)")
_PIECES = re.compile(r"\s*[·•|–—,;/&(]\s*|\s-\s|\s+(?:and|for|in|@)\s+")
_NUMERALS = re.compile(r"\d\S*")
_LINES = ("p", "li")


def beside_name(element: HtmlElement, words: PageWords) -> str | None:
    """Why an element in the box of a byline is none of it, or None."""
    if role_reason(element) or element.tag in _FORMS:
        return role_reason(element) or "form"
    text = folded("".join(element.itertext()))
    if not has_words(text) or len(text) > _LONGEST:
        return None
    if (reason := named_reason(element)) in _NOT_ITS and not _names_person(element, text, words):
        return reason
    if words.labelled.match(text.casefold()) and not words.has_by.search(text.casefold()):
        return "tags"
    if _is_button(element, text, words) and _stands_apart(element):
        return "page furniture"
    return "links to other pages" if _is_story(element, text, words) else None


def _is_button(element: HtmlElement, text: str, words: PageWords) -> bool:
    """ "Share on Facebook", "12 Comments", "Supported by", or names of buttons in a row."""
    line = essence(text)
    if words.ends_label.search(line):
        return True
    if len(text) > LONGEST_NAME or is_byline(text, words):
        return False
    if line in words.buttons or words.end.match(line) or words.counts.match(line):
        return True
    if _NUMBER.match(text):
        return _is_count(element, text)
    parts = line.split()
    if len(parts) > 1 and all(part in words.buttons for part in parts):
        return True
    whole = all(folded("".join(part.itertext())) in ("", text) for part in element)
    return whole and is_appeal(text, words) and not any(map(str.isdigit, text))


def _stands_apart(element: HtmlElement) -> bool:
    """Whether no sentence leads up to an element: a mark at most."""
    if element.tag not in known.RUNS_ON:
        return True
    above, parent = element.getprevious(), element.getparent()
    before = above.tail if above is not None else parent.text if parent is not None else ""
    return not (before or "").strip(_MARKS)


def _names_person(element: HtmlElement, text: str, words: PageWords) -> bool:
    if is_byline(text, words) or is_name(text):
        return True
    inside = element.iter("a", "span", "div", "p", "address")
    return any(e.get("rel") == "author" or _PERSON.search(e.get("class") or "") for e in inside)


def _is_count(element: HtmlElement, text: str) -> bool:
    """Whether a number stands alone, or is called a count: it may be a date's day otherwise."""
    parent = element.getparent()
    around = [element] if parent is None else [element, parent]
    if any(_COUNTED.search(e.get("class") or "") for e in around):
        return True
    return element.tag not in known.RUNS_ON and ":" not in text


def _is_story(element: HtmlElement, text: str, words: PageWords) -> bool:
    """Whether an item is but a link with another story's headline."""
    if element.tag != "li" or len(text.split()) < _STORY_WORDS or is_byline(text, words):
        return False
    links = " ".join("".join(link.itertext()) for link in element.iter("a"))
    return folded(links) == text and not is_name(text)


# --- once they are written ------------------------------------------------------------------


def settle_bylines(body: HtmlElement, words: PageWords) -> None:
    """Join a "By" to its name, and class each line of a byline's box by what it says."""
    for line in [p for p in body.iter("p") if p.get("class") in ("byline", known.META)]:
        _join(line, words)
    for line in body.iter(*_LINES):
        if line.get("class") in ("byline", known.META):
            _settle(line, words)
    for block in body.iter("ul", "ol", "aside"):
        inner = [line.get("class") for line in block.iter(*_LINES)]
        if block.get("class") == known.META or (
            block.get("class") == "byline" and "byline" not in inner
        ):
            _unclass(block)


def _join(line: HtmlElement, words: PageWords) -> None:
    """A "By" on a line of its own begins the next one."""
    text = folded("".join(line.itertext()))
    below, parent = line.getnext(), line.getparent()
    if len(text) > LONGEST_NAME or essence(text) not in words.by or parent is None:
        return
    if below is not None and below.tag == "p" and below.get("class") in BOXES:
        below.text = f"{text} {below.text or ''}"
        parent.remove(line)


def _settle(line: HtmlElement, words: PageWords) -> None:
    text = folded("".join(line.itertext()))
    if words.has_by.search(text.casefold()) or author_names(text, words):
        line.set("class", "byline")
    elif _is_dated(text, words):
        line.set("class", "dateline")
    elif line.get("class") == known.META:
        above = line.getprevious()
        follows = above is not None and above.get("class") == "byline" and not _LABEL.match(text)
        if names_somebody(text, words) or (follows and not any(map(str.isdigit, text))):
            line.set("class", "byline")
        else:
            _unclass(line)
    elif _says_otherwise(text, words):
        _unclass(line)


def _unclass(line: HtmlElement) -> None:
    del line.attrib["class"]


def _is_dated(text: str, words: PageWords) -> bool:
    """Whether a line is a date, or begins with one and names nobody, or is a time of day."""
    if is_date_line(text, words) or _CLOCK.match(text):
        return True
    first, *others = [piece for piece in _PIECES.split(text) if has_words(piece)] or [""]
    named = any(is_name(_NUMERALS.sub("", piece).strip()) for piece in others)
    return is_date_line(first, words) and not named


def names_somebody(text: str, words: PageWords) -> bool:
    """Whether a line holds a name: of people, of an agency, or what it signs with."""
    named = text.lstrip(_MARKS)
    if named.startswith("@") and len(named.split()) == 1:
        return True
    pieces = (*_PIECES.split(without_date(named, words)), " ".join(named.split()[:2]))
    return any(is_name(piece) for piece in pieces)


def _says_otherwise(text: str, words: PageWords) -> bool:
    """Whether a line is surely none of an author's: "Prep time: 15 mins"."""
    label = _LABEL.match(text)
    if label is None:
        return False
    said = label.group().strip(" :")
    named = {*words.by, *words.wrote, *words.credit, *words.photo, *words.dated}
    if said.casefold() in named or is_name(said):
        return False
    rest = text[label.end() :]
    return not names_somebody(rest, words) or any(map(str.isdigit, rest))
