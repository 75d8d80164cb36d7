"""What an encyclopedia says to those who write it: links to edit, claims without a source."""

from __future__ import annotations

from lxml.html import HtmlElement

from audiostory.reading.furniture import PageWords
from audiostory.reading.tree import folded

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LONGEST = 60  # characters
_BRACKETS = " []()|"


def editing_reason(element: HtmlElement, words: PageWords) -> str | None:
    """Why an element is for a page's editors rather than its readers, or None."""
    named = element.get("class") or ""
    if "mw-editsection" in named:
        return "link to edit"
    if element.tag == "sup":
        if "noprint" in named.split() or _says(element, words.unsourced):
            return "note to editors"
        return None
    parent = element.getparent()
    if element.tag not in ("a", "span", "small") or parent is None or parent.tag not in _HEADINGS:
        return None
    is_edit = _says(element, words.edit) and not (element.tail or "").strip()
    return "link to edit" if is_edit else None


def bracket_links(body: HtmlElement) -> None:
    """Put the brackets around a link in a heading, "[edit]", into one element with it, in place."""
    for link in [a for a in body.iter("a") if (a.tail or "").startswith("]")]:
        parent = link.getparent()
        if parent is None or parent.tag not in _HEADINGS:
            continue
        above = link.getprevious()
        before = (parent.text if above is None else above.tail) or ""
        if not before.endswith("["):
            continue
        if above is None:
            parent.text = before[:-1]
        else:
            above.tail = before[:-1]
        around: HtmlElement = link.makeelement("span")
        parent.replace(link, around)
        around.text, around.tail = "[", (link.tail or "")[1:]
        around.append(link)
        link.tail = "]"


def _says(element: HtmlElement, phrases: tuple[str, ...]) -> bool:
    text = "".join(element.itertext())
    return len(text) <= _LONGEST and folded(text).strip(_BRACKETS).casefold() in phrases
