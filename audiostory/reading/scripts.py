"""JSON in a page's script elements: read as data, never run, and bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_LARGEST = 8 * 1024 * 1024  # characters of one script
_MOST_THINGS = 2000
_PARTS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_WRAPPED = re.compile(r"^(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)\s*")
_WRAPPED_END = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)?\s*;?$")
_ENDS = ("}", "]")
_LINE_BREAKS = re.compile(r"[\x00-\x1f]+")


def json_ld(page: HtmlElement, parts: tuple[str, ...] = _PARTS) -> Iterator[dict[str, Any]]:
    """Every thing that a page declares in JSON-LD, the outer before the inner.

    parts: the properties that inner things are looked for in. Broken JSON is passed over, but
    for line breaks in its strings, which are common.
    """
    for script in page.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield from _things(json_value(script.text or ""), parts)


def json_value(text: str) -> Any:
    """The value of a text that is JSON, or None."""
    if len(text) > _LARGEST:
        return None
    text = _WRAPPED.sub("", text.strip(), count=1)
    text = text if text.endswith(_ENDS) else _WRAPPED_END.sub("", text, count=1).rstrip()
    for attempt in (text, _LINE_BREAKS.sub(" ", text)):
        try:
            return json.loads(attempt, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            continue
    return None


def leading_json(text: str) -> Any:
    """The JSON value that a text begins with, or None; JavaScript's undefined is null."""
    text = text[:_LARGEST].lstrip()
    if text.startswith("JSON.parse("):
        quoted = leading_json(text[len("JSON.parse(") :])
        return json_value(quoted) if isinstance(quoted, str) else None
    for attempt in (text, _defined(text)):
        try:
            return json.JSONDecoder(parse_constant=lambda _: None).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def things_of(value: Any, kind: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    """Of JSON-LD things those whose @type fits."""
    for thing in value:
        if any(kind.search(name) for name in type_names(thing)):
            yield thing


def type_names(thing: dict[str, Any]) -> list[str]:
    """The names in a thing's @type, which is one or a list."""
    declared = thing.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return [name for name in names if isinstance(name, str)]


def _things(value: Any, parts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    queue = [value]
    for item in queue:
        if len(queue) > _MOST_THINGS:
            return
        if isinstance(item, list):
            queue.extend(item[:_MOST_THINGS])
        elif isinstance(item, dict):
            yield item
            queue.extend(item[key] for key in parts if isinstance(item.get(key), list | dict))


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\bundefined\b|\bNaN\b')


def _defined(text: str) -> str:
    """JavaScript's undefined as null, but not in strings."""
    return _TOKEN.sub(lambda m: m.group() if m.group().startswith('"') else "null", text)
