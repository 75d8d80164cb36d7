"""An article's body as sites keep it, in blocks of JSON, written as HTML.

Every editor has its own blocks (Draft.js, Editor.js, ProseMirror, Portable Text, Contentful,
Gutenberg, Arc …), and they are alike: a kind, a text or inner blocks, and marks. So they are
read by what they have in common, and by words in the names of their kinds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_DEEPEST = 60
_LONGEST_KIND = 80
_SEEN = 50  # of inner blocks, to tell what they are
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^<>]*>")
_NAMES = (
    "p|div|br|hr|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|figure|figcaption|pre|code|table|tr|td|th"
    "|em|strong|a|b|i|u|s|q|span|sup|sub|small|cite|mark|time|img|picture|video|audio|iframe|svg"
    "|math|ruby|section|article|aside|header|footer|main|nav|details|summary|script|style"
)
_MARKUP = re.compile(rf"</?(?:{_NAMES})\b[^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(rf"&lt;/?(?:{_NAMES})\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z]+\d*);", re.IGNORECASE)

_KINDS = ("style", "type", "nodeType", "_type", "__typename", "blockType", "tag", "component")
_TEXTS = ("html", "text", "value", "content", "rendered", "markup", "processed", "basic", "body")
_INNER = (
    *("content", "children", "blocks", "items", "model", "data", "attributes", "innerBlocks"),
    *("elements", "paragraphs", "components", "rows", "cells", "document", "body", "json"),
    *("columns", "listItems", "list_items", "fields", "content_elements", "contentElements"),
    *("nodes", "sections", "props", "bodyModel", "richText", "root", "text", "value"),
)
_CAPTIONS = ("caption", "captionText", "subtitle", "description")
_CREDITS = ("credit", "credits", "attribution", "citation", "cite")
_HOLDERS = ("attrs", "attributes", "data", "model", "fields", "props")
# Words in the name of a kind, and the element that it is; the first that fits.
_ELEMENTS = (
    (r"related|recirc|read-?more|recommend|interstitial|link_?list|teaser", "related-stories"),
    (r"newsletter|sign-?up|subscri", "newsletter"),
    (r"advert|^ads?$|promo|sponsor", "advertisement"),
    (r"pull-?_?quote|^pq$", "aside"),
    (r"quote|^bq$", "blockquote"),
    (r"list-?_?item|^[uo]?li$", "li"),
    (r"(?<!un)ordered-?_?list|^ol$|number(ed)?-?_?list", "ol"),
    (r"list$|^ul$|listblock", "ul"),
    (r"header-?_?cell|^th$", "th"),
    (r"table-?_?row|^tr$", "tr"),
    (r"table-?_?cell|^td$", "td"),
    (r"table", "table"),
    (r"image|photo|picture|figure|^img$", "figure"),
    (r"heading|sub-?_?head|crosshead|^header|^h[1-6]$", "h"),
    (r"^code|preformatted|^pre$", "pre"),
    (r"divider|delimiter|separator|horizontal-?_?rule|^hr$", "hr"),
    (r"link$|^a$|anchor", "a"),
    (r"paragraph|^p$|^text$|unstyled|text-?_?block|^normal$|raw-?_?html", "p"),
)
_ELEMENT_PATTERNS = tuple((re.compile(words), tag) for words, tag in _ELEMENTS)
_BOXES = ("related-stories", "newsletter", "advertisement")
_INLINE_ONLY = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "a", "figcaption")
_HOLD_TEXT = (*_INLINE_ONLY, "li", "td", "th")
_LEAVES = ("", "text", "span", "leaf", "textinline", "fragment", "string")
_MARKS = {"bold": "strong", "strong": "strong", "italic": "em", "em": "em", "emphasis": "em"}
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LEVEL = re.compile(rf"([1-6])$|({'|'.join(_LEVELS)})$")


@dataclass(slots=True)
class Effort:
    """How many values may still be looked at: a page's data may hold itself a thousandfold."""

    left: int = 300_000


def words_in(text: str) -> int:
    """How many words there are in a text or in HTML, tags not counted."""
    return len(_WORD.findall(_TAG.sub(" ", text)))


def html_of(body: Any, effort: Effort) -> str:
    """A body, whether HTML, text with line breaks, or blocks, as HTML."""
    return _html(body, "", 0, effort)


def text_as_html(text: str) -> str:
    """HTML as it is (even when escaped as a whole); of plain text its lines as paragraphs."""
    if _ESCAPED.search(text) and not _MARKUP.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        return text
    lines = (_inline(line.strip()) for line in text.splitlines())
    return "".join(f"<p>{line}</p>" for line in lines if line)


def _html(value: Any, inside: str, depth: int, effort: Effort) -> str:
    """A value as HTML. inside: the element that it will be in."""
    effort.left -= 1
    if depth > _DEEPEST or effort.left < 0:
        return ""
    if isinstance(value, str):
        if inside in ("ul", "ol"):
            return f"<li>{_inline(value)}</li>"
        return _inline(value) if inside in _HOLD_TEXT else text_as_html(value)
    if isinstance(value, list):
        return "".join(_listed([_html(v, inside, depth + 1, effort) for v in value], inside))
    return _block(value, inside, depth + 1, effort) if isinstance(value, dict) else ""


def _listed(parts: list[str], inside: str) -> Iterator[str]:
    """Parts of a body; items of a list that stand alone get a list around them."""
    within = inside in ("ul", "ol")
    for number, part in enumerate(parts):
        is_item = part.startswith("<li>") and not within
        if is_item and not (number and parts[number - 1].startswith("<li>")):
            yield "<ul>"
        yield part
        if is_item and not (parts[number + 1 : number + 2] or [""])[0].startswith("<li>"):
            yield "</ul>"


def _block(block: dict[str, Any], inside: str, depth: int, effort: Effort) -> str:
    kind, tag = _kind(block)
    is_leaf = kind in _LEAVES
    if tag in ("figure", "hr"):
        return _figure(block, depth, effort) if tag == "figure" else "<hr>"
    if inside in ("ul", "ol") and tag not in ("li", "ul", "ol"):
        return _element("li", _content(block, "li", depth, effort))
    if inside in _INLINE_ONLY or (inside in _HOLD_TEXT and is_leaf):
        return _run(block, tag, inside, depth, effort)
    if tag == "" or (tag == "p" and _holds_blocks(block)):
        if is_leaf and isinstance(block.get("text"), str) and not _holds_blocks(block):
            return _element("p", _content(block, "p", depth, effort))
        return _content(block, inside, depth, effort)
    if tag in _BOXES:
        return f'<div class="{tag}">{_content(block, "", depth, effort)}</div>'
    if tag == "blockquote":
        credit = _text_of(block, _CREDITS, depth, effort)
        words = _content(block, "", depth, effort)
        return _element(tag, words + (f"<footer>{credit}</footer>" if credit else ""))
    if tag == "aside":
        return f'<aside class="pullquote">{_content(block, "", depth, effort)}</aside>'
    if tag == "ul" and _attribute(block, "style") == "ordered":
        tag = "ol"
    return _element(tag, _content(block, tag, depth, effort))


def _element(tag: str, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if content else ""


def _run(block: dict[str, Any], tag: str, inside: str, depth: int, effort: Effort) -> str:
    """What is within a line: text with its marks, a link."""
    content = _content(block, inside, depth, effort)
    if tag == "a":
        address = _attribute(block, "href") or _attribute(block, "uri") or _attribute(block, "url")
        return f'<a href="{html.escape(str(address or ""))}">{content}</a>'
    marks = block.get("marks")
    for mark in marks if isinstance(marks, list) else []:
        name = mark.get("type") if isinstance(mark, dict) else mark
        if isinstance(name, str) and name.lower() in _MARKS:
            content = _element(_MARKS[name.lower()], content)
    return content


def _content(block: dict[str, Any], inside: str, depth: int, effort: Effort) -> str:
    """The text of a block or what is in its inner blocks, whichever says more."""
    effort.left -= 1
    if depth > _DEEPEST or effort.left < 0:
        return ""
    inner = "".join(
        _content(value, inside, depth + 1, effort) if own else _html(value, inside, depth, effort)
        for own, value in _inner(block)
    )
    text = next((block[key] for key in _TEXTS if isinstance(block.get(key), str)), "")
    written = _html(text, inside, depth, effort) if text else ""
    return inner if words_in(inner) >= words_in(written) else written


def _inner(block: dict[str, Any]) -> Iterator[tuple[bool, Any]]:
    """What is in a block, and whether that is its own content; words among attributes are not."""
    for key in _INNER:
        value = block.get(key)
        if isinstance(value, dict):
            yield key in _HOLDERS, value
        elif isinstance(value, list) and (key not in _HOLDERS or _has_dicts(value)):
            yield False, value


def _has_dicts(values: list[Any]) -> bool:
    return any(isinstance(value, dict) for value in values)


def _figure(block: dict[str, Any], depth: int, effort: Effort) -> str:
    """A picture's words: its alt text, its caption, its credit."""
    alt = _attribute(block, "alt") or _attribute(block, "altText")
    caption = _text_of(block, _CAPTIONS, depth, effort)
    credit = _text_of(block, _CREDITS, depth, effort)
    image = f'<img alt="{html.escape(alt)}">' if isinstance(alt, str) and alt else ""
    under = " ".join(part for part in (caption, credit) if part)
    return _element("figure", image + _element("figcaption", under))


def _text_of(block: dict[str, Any], keys: tuple[str, ...], depth: int, effort: Effort) -> str:
    """The text that one of several keys has, in the block or what holds its attributes."""
    values = (_attribute(block, key) for key in keys)
    written = (_html(value, "figcaption", depth, effort) for value in values if value)
    return next((text for text in written if words_in(text)), "")


def _attribute(block: dict[str, Any], name: str) -> Any:
    held = (block[holder] for holder in _HOLDERS if isinstance(block.get(holder), dict))
    return next((d[name] for d in (block, *held) if d.get(name)), None)


def _kind(block: dict[str, Any]) -> tuple[str, str]:
    """What a block calls itself, and the element that it is, or an empty string."""
    if isinstance(block.get("listItem"), str):
        return "list-item", "li"
    name = block.get("name")
    named = name[5:] if isinstance(name, str) and name.startswith("core/") else None
    kinds = [named, *(block.get(key) for key in _KINDS)]
    texts = [kind[:_LONGEST_KIND].lower() for kind in kinds if isinstance(kind, str)]
    for kind in texts:
        if tag := _tag_of(kind):
            return kind, f"h{_level(kind, block)}" if tag == "h" else tag
    return (texts[0] if texts else ""), ""


@lru_cache(maxsize=4096)
def _tag_of(kind: str) -> str:
    return next((tag for pattern, tag in _ELEMENT_PATTERNS if pattern.search(kind)), "")


def _level(kind: str, block: dict[str, Any]) -> int:
    if found := _LEVEL.search(kind):
        return int(found.group(1) or _LEVELS[found.group(2)])
    level = _attribute(block, "level")
    return level if isinstance(level, int) and 1 <= level <= 6 else 2


def _holds_blocks(block: dict[str, Any]) -> bool:
    """Whether what is in a block are blocks of their own, and not runs of its line."""
    level = [value for _, value in _inner(block)]
    for _ in range(4):
        found = [v for item in level for v in (item if isinstance(item, list) else [item])]
        children = [child for child in found[:_SEEN] if isinstance(child, dict)]
        kinds = [_kind(child) for child in children]
        if any(tag not in ("", "a") and kind not in _LEAVES for kind, tag in kinds):
            return True
        level = [value for child in children for _, value in _inner(child)][:_SEEN]
    return False


def _inline(text: str) -> str:
    """Text within a line; what has tags or entities is HTML already."""
    if _MARKUP.search(text) or _ENTITY.search(text):
        return text
    return html.escape(text, quote=False)
