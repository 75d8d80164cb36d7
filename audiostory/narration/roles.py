"""What a part of the article is to a listener: its role, whose words it holds."""

from __future__ import annotations

from lxml.html import HtmlElement

from audiostory.model import Quote

_ROLES = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "p": "paragraph",
    "li": "listitem",
    "dt": "term",
    "dd": "definition",
    "figcaption": "caption",
    "caption": "caption",
    "img": "image",
    "tr": "row",
    "pre": "code",
    "hr": "separator",
}
_QUOTES: tuple[Quote, ...] = ("direct", "title", "nested")
_CLASS_ROLES = ("standfirst", "byline", "dateline", "credits", "attribution", "footnote")
_ANCESTOR_ROLES = {
    "blockquote": "blockquote",
    "li": "listitem",
    "dd": "definition",
    "aside": "note",
}


def role_of(element: HtmlElement) -> str:
    """The block's ARIA role, or the class that a reader gave it."""
    for ancestor in (element, *element.iterancestors()):
        classes = (ancestor.get("class") or "").split()
        for name in _CLASS_ROLES:
            if name in classes:
                return name
        if ancestor.tag == "q" and "direct" in classes:
            return "quotation"
        if ancestor.tag == "p":
            continue
        if ancestor.tag in _ANCESTOR_ROLES:
            return _ANCESTOR_ROLES[ancestor.tag]
        if ancestor.tag in _ROLES:
            return _ROLES[ancestor.tag]
    return "paragraph"


def quote_of(element: HtmlElement) -> Quote | None:
    """Which kind of quotation an element is in; a quotation's attribution is in none."""
    found: Quote | None = None
    for ancestor in (element, *element.iterancestors()):
        classes = (ancestor.get("class") or "").split()
        if "attribution" in classes:
            return None
        if ancestor.tag == "blockquote":
            return "nested" if found == "nested" else "block"
        if ancestor.tag == "q" and found is None:
            found = next((kind for kind in _QUOTES if kind in classes), "fragment")
    return found


def speaker_of(element: HtmlElement) -> str | None:
    """Who says what is in an element, where a quotation says so."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("q", "blockquote"):
            return ancestor.get("data-speaker")
    return None
