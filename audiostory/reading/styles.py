"""What a style of a word processor is for, as its name says, in several languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from audiostory.reading import language as languages
from audiostory.reading.tree import folded

_NUMBERED = re.compile(r"(.+?)\s*(\d)$")
_DEEPEST_HEADING = 6
_ENOUGH_CHARACTERS = 200  # to overrule what a document declares


def role_of(name: str) -> str | None:
    """A style's role ("quote", "caption", "h2" …) by its name, or None for a style of no role."""
    name = folded(name.replace("_20_", " ").replace("_", " ")).casefold()
    data = _data()
    if name in data["roles"]:
        return str(data["roles"][name])
    if not (match := _NUMBERED.match(name)) or match[1] not in data["numbered"]:
        return None
    role = data["numbered"][match[1]]
    return f"h{min(int(match[2]), _DEEPEST_HEADING)}" if role == "heading" else str(role)


def language_of(declared: str | None, text: str) -> str:
    """The language of a document: what it declares, unless its text is plainly in another one.

    Programs declare the language that they are set to, whatever is written with them.
    """
    tag = languages.tag(declared)
    if tag and len(text) < _ENOUGH_CHARACTERS:
        return tag
    found = languages.detect(text)
    if not tag:
        return found
    primary = tag.split("-")[0].lower()
    alike = any({primary, found} <= group for group in _data()["alike"])
    return tag if primary == found or alike else found


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    """Roles by the names of styles, and groups of languages."""
    file = resources.files("audiostory.reading") / "data" / "office-styles.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    turned = {
        kind: {name: role for role, names in data[kind].items() for name in names}
        for kind in ("roles", "numbered")
    }
    return {**turned, "alike": [frozenset(group) for group in data["alike"]["groups"]]}
