"""The parts of a WordprocessingML document (ECMA-376), put in the form that mammoth reads whole.

Mammoth leaves out what it does not know: text boxes without a fallback, simple fields, formulas.
Here that becomes plain paragraphs and runs; what is not article gets a style of its own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from audiostory.reading.archive import Archive
from audiostory.reading.document import parse_xml
from audiostory.reading.styles import role_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
VML = "{urn:schemas-microsoft-com:vml}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": MATH[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": DRAWING[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": PLACED[1:-1].encode(),
}
_MOST_BASES = 10
_APART = (*(f"{W}{name}" for name in ("p", "tab", "ptab", "br", "cr")), f"{DRAWING}p")
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of text. hidden, bold, italic: None where it says nothing."""

    name: str = ""
    based_on: str | None = None
    outline: int | None = None
    numbering: Element | None = None
    marks: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One XML file of the document, and what its relationships lead to, by their ids."""

    path: str
    root: Element
    targets: Mapping[str, tuple[str, str]]  # the type's last word, and the target

    def linked(self, kind: str) -> list[str]:
        """The targets of a type, such as "header", as paths in the archive."""
        folder = posixpath.dirname(self.path)
        found = (target for type_, target in self.targets.values() if type_ == kind)
        return list(dict.fromkeys(_path(folder, target) for target in found))

    def target(self, id_: str | None) -> str | None:
        """The path in the archive that an id leads to."""
        found = self.targets.get(id_ or "")
        return None if found is None else _path(posixpath.dirname(self.path), found[1])


def read_part(archive: Archive, path: str) -> Part:
    """A part and its relationships. Raises SourceError for broken XML."""
    data = archive.read(path)
    if _STRICT in data:  # ISO/IEC 29500 Strict: the same words under other names
        for strict, transitional in _TRANSITIONAL.items():
            data = data.replace(strict, transitional)
    folder, name = posixpath.split(path)
    return Part(
        path, parse_xml(data, archive.name), _targets(archive, f"{folder}/_rels/{name}.rels")
    )


def main_path(archive: Archive) -> str | None:
    """Where the document itself is in an archive, or None when there is none."""
    root = _targets(archive, "_rels/.rels").values()
    named = (_path("", target) for kind, target in root if kind == "officeDocument")
    paths = (*named, "word/document.xml")
    return next((found for path in paths if (found := archive.find(path))), None)


def _targets(archive: Archive, path: str) -> dict[str, tuple[str, str]]:
    found = archive.find(path)
    if found is None:
        return {}
    relations = parse_xml(archive.read(found), archive.name)
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rsplit("/", 1)[-1],
            relation.get("Target", ""),
        )
        for relation in relations
        if isinstance(relation.tag, str)
    }


def _path(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


# --- styles ---------------------------------------------------------------------------------


def read_styles(root: Element | None) -> dict[str, Style]:
    """Styles by their ids (ECMA-376 Part 1, 17.7.4)."""
    if root is None:
        return {}
    return {style.get(f"{W}styleId", ""): _style(style) for style in root.iter(f"{W}style")}


def _style(element: Element) -> Style:
    outline = value(element.find(f"{W}pPr/{W}outlineLvl"))
    run = element.find(f"{W}rPr")
    return Style(
        name=value(element.find(f"{W}name")) or "",
        based_on=value(element.find(f"{W}basedOn")),
        outline=int(outline) if outline and outline.isdecimal() else None,
        numbering=element.find(f"{W}pPr/{W}numPr"),
        marks={} if run is None else marks_of(run),
    )


def marks_of(properties: Element) -> dict[str, bool]:
    """Which of hidden, bold and italic the properties of a run turn on and off."""
    found = {tag: properties.find(f"{W}{tag}") for tag in ("vanish", "b", "i")}
    return {tag: is_on(element) for tag, element in found.items() if element is not None}


def is_on(element: Element) -> bool:
    """Whether a property is on: it is, unless its value says no (17.17.4)."""
    return (value(element) or "1").lower() not in _OFF


def value(element: Element | None) -> str | None:
    """The w:val of an element."""
    return None if element is None else element.get(f"{W}val")


def chain(styles: Mapping[str, Style], style_id: str | None) -> Iterator[Style]:
    """A style, and those that it is based on."""
    for _ in range(_MOST_BASES):
        if style_id is None or style_id not in styles:
            return
        style = styles[style_id]
        yield style
        style_id = style.based_on


def paragraph_role(styles: Mapping[str, Style], paragraph: Element) -> str | None:
    """The role of a paragraph by its style, or by the level that it has in the outline."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return None
    style_id = value(properties.find(f"{W}pStyle"))
    outline = value(properties.find(f"{W}outlineLvl"))
    for style in chain(styles, style_id):
        if role := role_of(style.name):
            return role
        if style.outline is not None and style.outline < 6:
            return f"h{style.outline + 1}"
    if style_id is not None and style_id not in styles and (role := role_of(style_id)):
        return role
    return f"h{int(outline) + 1}" if outline and outline in "012345" else None


# --- making ---------------------------------------------------------------------------------


def run(text: str, style: str = "") -> Element:
    """A run of text; style is what mammoth maps to markup."""
    element = etree.Element(f"{W}r")
    if style:
        properties = etree.SubElement(element, f"{W}rPr")
        etree.SubElement(properties, f"{W}rStyle").set(f"{W}val", style)
    etree.SubElement(element, f"{W}t").text = text
    return element


def paragraph(text: str, style: str) -> Element:
    """A paragraph of a style."""
    element = etree.Element(f"{W}p")
    set_style(element, style)
    element.append(run(text))
    return element


def set_style(paragraph: Element, style: str) -> None:
    """Give a paragraph a style that mammoth maps to markup."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}pStyle"):
        properties.remove(old)
    new = etree.Element(f"{W}pStyle")
    new.set(f"{W}val", style)
    properties.insert(0, new)


def text_of(element: Element) -> str:
    """The text of an element: paragraphs, tabs and breaks are parted by spaces."""
    parts: list[str] = []
    for inner in element.iter():
        if inner.tag in (f"{W}t", f"{W}delText", f"{MATH}t", f"{DRAWING}t"):
            parts.append(inner.text or "")
        elif inner.tag in _APART:
            parts.append(" ")
    return " ".join("".join(parts).split())


def replace_by(element: Element, others: Iterable[Element]) -> None:
    """Put elements in the place of one."""
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        parent[place : place + 1] = list(others)
