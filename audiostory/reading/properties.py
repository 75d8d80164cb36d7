"""What an office document says of itself: Dublin Core, as DOCX and ODT have it."""

from __future__ import annotations

from datetime import datetime

from lxml.etree import _Element as Element

from audiostory.reading.archive import Archive
from audiostory.reading.document import About, parse_xml
from audiostory.reading.metadata import parse_date
from audiostory.reading.tree import folded

_PROGRAMS = ("microsoft word", "untitled", "document1", "normal.dotm", "python-docx")


def core_properties(archive: Archive, language: str | None) -> About:
    """The properties in docProps/core.xml (ECMA-376 Part 2, 11)."""
    path = archive.find("docProps/core.xml")
    if path is None:
        return About(language=language)
    return about(parse_xml(archive.read(path), archive.name), language)


def about(root: Element, language: str | None) -> About:
    """What Dublin Core elements say. language: where they say nothing of it."""
    title = said(root, "title")
    return About(
        title="" if title.casefold().startswith(_PROGRAMS) else title,
        authors=_names(said(root, "initial-creator", "creator")),
        created=_moment(said(root, "creation-date", "created")),
        modified=_moment(said(root, "modified", "date")),
        language=said(root, "language") or language,
        description=said(root, "description", "subject"),
        section=said(root, "category"),
    )


def said(root: Element, *names: str) -> str:
    """The text of the first of these elements that has one."""
    for name in names:
        for element in root.iter(f"{{*}}{name}"):
            if text := folded("".join(element.itertext())):
                return text
    return ""


def _names(text: str) -> tuple[str, ...]:
    names = (folded(name) for name in text.split(";"))
    return tuple(name for name in names if name and not name.casefold().startswith(_PROGRAMS))


def _moment(text: str) -> datetime | None:
    """A time as W3CDTF has it, to the second."""
    whole, point, _fraction = text.partition(".")
    return parse_date(f"{whole}Z" if point and len(whole) == 19 else whole, "en")
