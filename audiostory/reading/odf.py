"""The styles of an OpenDocument text (OASIS ODF 1.3 Part 3, 16): what they say of its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from audiostory.reading.styles import role_of

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_OASIS}office:1.0}}"
STYLE = f"{{{_OASIS}style:1.0}}"
TEXT = f"{{{_OASIS}text:1.0}}"
TABLE = f"{{{_OASIS}table:1.0}}"
DRAW = f"{{{_OASIS}drawing:1.0}}"
SVG = f"{{{_OASIS}svg-compatible:1.0}}"
FO = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"
_MOST_PARENTS = 10
_BOLDEST = 600  # of fo:font-weight, from which on a text is bold
# What words stand apart at, and who made a comment or a change and when.
_APART = (
    *(f"{TEXT}{name}" for name in ("p", "h", "tab", "line-break", "s", "ruby-base", "ruby-text")),
    *(f"{SVG}title", f"{SVG}desc"),
)
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_UNREAD = (
    *(f"{_DUBLIN}creator", f"{_DUBLIN}date", f"{{{_OASIS}meta:1.0}}creator-initials"),
    f"{OFFICE}change-info",
)


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs or of text. marks: bold, italic, hidden; on or off."""

    name: str
    parent: str | None
    outline: str | None
    numbering: str | None
    marks: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Styles:
    """Paragraph and text styles by family and name; the levels of lists that are numbered."""

    by_name: Mapping[tuple[str, str], Style] = field(default_factory=dict)
    numbered: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def chain(self, family: str, name: str | None) -> list[Style]:
        """A style, and those that it is derived from, the nearest first."""
        found: list[Style] = []
        while name and (family, name) in self.by_name and len(found) < _MOST_PARENTS:
            found.append(self.by_name[family, name])
            name = found[-1].parent
        return found

    def role(self, name: str | None) -> str | None:
        """The role of a paragraph by its style's name, or by that of one it is derived from."""
        for style in self.chain("paragraph", name):
            if role := role_of(style.name):
                return role
        return role_of(name or "")

    def marks(self, family: str, name: str | None) -> dict[str, bool]:
        """What a style turns on, and off."""
        marks: dict[str, bool] = {}
        for style in reversed(self.chain(family, name)):
            marks |= style.marks
        return marks


def read_styles(roots: Iterable[Element]) -> Styles:
    """The styles in styles.xml and content.xml, the later ones winning."""
    by_name: dict[tuple[str, str], Style] = {}
    numbered: dict[str, frozenset[int]] = {}
    for root in roots:
        for element in root.iter(f"{STYLE}style"):
            key = element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", "")
            by_name[key] = _style(element)
        for element in root.iter(f"{TEXT}list-style"):
            numbered[element.get(f"{STYLE}name", "")] = _numbered(element)
    return Styles(by_name, numbered)


def _style(element: Element) -> Style:
    name = element.get(f"{STYLE}name", "")
    return Style(
        name=element.get(f"{STYLE}display-name") or name,
        parent=element.get(f"{STYLE}parent-style-name"),
        outline=element.get(f"{STYLE}default-outline-level"),
        numbering=element.get(f"{STYLE}list-style-name"),
        marks=_marks(element.find(f"{STYLE}text-properties")),
    )


def _marks(properties: Element | None) -> dict[str, bool]:
    if properties is None:
        return {}
    marks: dict[str, bool] = {}
    if weight := properties.get(f"{FO}font-weight"):
        marks["strong"] = weight == "bold" or (weight.isdecimal() and int(weight) >= _BOLDEST)
    if slope := properties.get(f"{FO}font-style"):
        marks["em"] = slope in ("italic", "oblique")
    if display := properties.get(f"{TEXT}display"):
        marks["hidden"] = display == "none"
    if position := properties.get(f"{STYLE}text-position"):
        marks["sup"] = position.startswith("super")
        marks["sub"] = position.startswith("sub")
    return marks


def _numbered(element: Element) -> frozenset[int]:
    """The levels of a list's style that have numbers, and no bullets or pictures."""
    levels = element.iterchildren(f"{TEXT}list-level-style-number")
    named = (level for level in levels if level.get(f"{STYLE}num-format"))
    return frozenset(int(level.get(f"{TEXT}level", "1")) for level in named)


def text_of(element: Element) -> str:
    """All text in an element, white space folded; paragraphs and breaks are parted."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        parts.append(" " if inner.tag in _APART else "")
        if event == "start" and inner.tag in _UNREAD:
            walk.skip_subtree()
        elif event == "start":
            parts.append(inner.text or "")
        else:
            parts.append(inner.tail or "" if inner is not element else "")
    return " ".join("".join(parts).split())
