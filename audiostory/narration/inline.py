"""The style attribute of an element in a producer's script: CSS Speech for that element alone.

CSS Style Attributes (W3C): its declarations go before those of rules, but not before important
ones. A sound can only be one of the voice profile's own, for a script may come from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import tinycss2
from lxml.html import HtmlElement
from tinycss2 import ast

from audiostory.narration import values
from audiostory.narration.style import Compute
from audiostory.narration.tokens import BadValueError, url_of

_LONGEST_STYLE = 2000
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class InlineStyle:
    """What a style attribute declares, and what of it cannot be used."""

    normal: Mapping[str, Compute]
    important: Mapping[str, Compute]
    problems: tuple[str, ...]
    silences: bool


@lru_cache(maxsize=1024)
def inline_style(css: str, base_urls: tuple[str, ...]) -> InlineStyle:
    """Read a style attribute. base_urls: where sounds are looked for, the first one first."""
    normal: dict[str, Compute] = {}
    important: dict[str, Compute] = {}
    problems: list[str] = []
    silences = False
    for node in _declarations(css, problems):
        try:
            found = _parsed(node, base_urls)
        except KeyError:
            problems.append(f"the property {node.lower_name} is not known; it is left out")
        except BadValueError as error:
            value = tinycss2.serialize(node.value).strip()[:_LONGEST_SHOWN]
            problems.append(f"{node.lower_name}: {value!r} cannot be used; it takes {error}")
        else:
            (important if node.important else normal).update(found)
            if node.lower_name == "speak":
                silences = _is_never(node)
    return InlineStyle(normal, important, tuple(problems), silences)


def problems_of(body: HtmlElement, base_urls: tuple[str, ...]) -> Iterator[str]:
    """What cannot be used of the style attributes in a tree, each with its place in the page."""
    for element in body.iter():
        if css := element.get("style"):
            for problem in inline_style(css, base_urls).problems:
                yield f"{element.get('data-place') or element.get('id')}: style: {problem}."


def _declarations(css: str, problems: list[str]) -> Iterator[ast.Declaration]:
    if len(css) > _LONGEST_STYLE:
        problems.append(f"it has more than {_LONGEST_STYLE} characters; it is left out")
        return
    try:
        nodes = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number too long for Python, brackets in brackets
        problems.append(f"it cannot be parsed ({error})")
        return
    for node in nodes:
        if node.type == "declaration":
            yield node
        else:
            problems.append(getattr(node, "message", "it takes declarations only").rstrip("."))


def _parsed(node: ast.Declaration, base_urls: tuple[str, ...]) -> Mapping[str, Compute]:
    names = [url for token in node.value if (url := url_of(token)) is not None]
    if not all(map(_is_inside, names)):
        raise BadValueError("a sound of the voice profile, such as cues/figure.wav")
    for base_url in base_urls[:-1] if names else ():
        try:
            return values.parse(node.lower_name, node.value, base_url)
        except BadValueError:
            continue  # it may be in the next place
    return values.parse(node.lower_name, node.value, base_urls[-1])


def _is_inside(url: str) -> bool:
    """Whether a relative address stays in the folder that it starts from."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = PurePosixPath(parts.path)
    outside = path.is_absolute() or ".." in path.parts or "\\" in url or "%" in url
    return not (parts.scheme or parts.netloc or outside)


def _is_never(node: ast.Declaration) -> bool:
    words = [token.lower_value for token in node.value if token.type == "ident"]
    return words in (["none"], ["never"])
