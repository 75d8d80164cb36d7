"""What the package of an EPUB says: its files in reading order, their names, what it is about.

EPUB 3.3: 4.2.6 (container), 5 (package document), 7 (navigation); OPF 2.0.1: 2.3 (guide, NCX).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree
from lxml.etree import _Element as Element

from audiostory.errors import SourceError
from audiostory.reading.archive import Archive
from audiostory.reading.document import About
from audiostory.reading.metadata import parse_date
from audiostory.reading.properties import about, said
from audiostory.reading.tree import folded

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "")


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the reading order. kinds: what guide and landmarks call it, such as "toc"."""

    path: str
    linear: bool = True
    kinds: frozenset[str] = frozenset()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """What an EPUB is about, its files in reading order, and which of them are missing."""

    about: About
    items: tuple[Item, ...]
    missing: tuple[str, ...] = ()


def read_package(archive: Archive) -> Package:
    """The package of an EPUB. Raises SourceError when there is none, or it is locked."""
    _refuse_locked(archive)
    path = _package_path(archive)
    root = _xml(archive.read(path))
    if root is None:
        raise _no_book(archive.name)
    folder = posixpath.dirname(path)
    manifest = {item.get("id"): item for item in root.iter("{*}item")}
    names = _Names(archive, folder, manifest)
    items, missing = [], []
    there: set[str] = set()
    for reference in root.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None or (item.get("media-type") or "") not in _PAGES:
            continue
        href = item.get("href") or ""
        found = archive.find(href, folder)
        if found is None:
            missing.append(href)
            continue
        if found in there:  # each is listed once (EPUB 3.3, 5.7.1)
            continue
        there.add(found)
        nav = {"toc"} if "nav" in (item.get("properties") or "").split() else set()
        linear = reference.get("linear") != "no"
        items.append(Item(found, linear, names.kinds(found) | nav, names.titles.get(found, "")))
    if not items:
        raise _no_book(archive.name)
    return Package(_about(root), tuple(items), tuple(missing))


def _about(root: Element) -> About:
    found = about(root, None)
    roles = {
        m.get("refines"): (m.text or "").strip()
        for m in root.iter("{*}meta")
        if m.get("property") == "role"
    }
    names = [
        folded("".join(creator.itertext()))
        for creator in root.iter("{*}creator")
        if roles.get(f"#{creator.get('id')}", creator.get("{*}role") or "aut") == "aut"
    ]
    published = next(
        (d for e in root.iter("{*}date") if (d := parse_date(folded(e.text or ""), "en"))), None
    )
    changed = (
        e.text or "" for e in root.iter("{*}meta") if e.get("property") == "dcterms:modified"
    )
    modified = next((d for text in changed if (d := parse_date(folded(text), "en"))), None)
    return replace(
        found,
        title=said(root, "title"),
        authors=tuple(dict.fromkeys(filter(None, names))),
        created=published,
        modified=modified,
        description=said(root, "description"),
    )


def _package_path(archive: Archive) -> str:
    container = archive.find(_CONTAINER)
    root = _xml(archive.read(container)) if container else None
    files = () if root is None else root.iter("{*}rootfile")
    named = (archive.find(file.get("full-path") or "") for file in files)
    others = (path for path in archive.paths if path.lower().endswith(".opf"))
    for path in (*named, *others):
        if path:
            return path
    raise _no_book(archive.name)


def _refuse_locked(archive: Archive) -> None:
    """Raises SourceError when more than fonts is encrypted (EPUB 3.3, 4.2.6.3.2)."""
    path = archive.find(_ENCRYPTION)
    root = _xml(archive.read(path)) if path else None
    if root is None:
        return
    methods = {e.get("Algorithm") for e in root.iter("{*}EncryptionMethod")}
    if methods - set(_FONTS):
        raise SourceError(
            f"{archive.name} is locked: its text is encrypted for one shop's readers (DRM).",
            "Ask the publisher or a library for a copy that is not locked.",
        )


class _Names:
    """What the navigation document, the NCX and the guide call the files."""

    def __init__(
        self, archive: Archive, folder: str, manifest: Mapping[str | None, Element]
    ) -> None:
        self.titles: dict[str, str] = {}
        self._kinds: dict[str, set[str]] = {}
        for item in manifest.values():
            properties = (item.get("properties") or "").split()
            is_ncx = item.get("media-type") == "application/x-dtbncx+xml"
            path = archive.find(item.get("href") or "", folder)
            if path and (is_ncx or "nav" in properties):
                self._read(archive, path)
        package = next(iter(manifest.values()), None)
        guide = () if package is None else package.getroottree().getroot().iter("{*}reference")
        for reference in guide:
            self._call(archive, folder, reference.get("href"), reference.get("type") or "")

    def kinds(self, path: str) -> frozenset[str]:
        """What a file is called: cover, toc, titlepage …"""
        return frozenset(self._kinds.get(path, ()))

    def _read(self, archive: Archive, path: str) -> None:
        root = _xml(archive.read(path))
        folder = posixpath.dirname(path)
        for link, title, kind in _links(root):
            found = archive.find(link, folder)
            if found and title and not kind:
                self.titles.setdefault(found, title)
            elif kind:
                self._call(archive, folder, link, kind)

    def _call(self, archive: Archive, folder: str, link: str | None, kind: str) -> None:
        if link and (found := archive.find(link, folder)) and "#" not in link:
            self._kinds.setdefault(found, set()).update(kind.lower().split())


def _links(root: Element | None) -> Iterator[tuple[str, str, str]]:
    """Each link of a navigation document or an NCX, its title, and its kind if a landmark."""
    if root is None:
        return
    for point in root.iter("{*}navPoint"):
        label, content = point.find("{*}navLabel"), point.find("{*}content")
        if label is not None and content is not None:
            yield content.get("src") or "", folded("".join(label.itertext())), ""
    for link in root.iter("{*}a"):
        kind = link.get("{http://www.idpf.org/2007/ops}type") or ""
        yield link.get("href") or "", folded("".join(link.itertext())), kind


def _xml(data: bytes) -> Element | None:
    """A file's tree, as far as it can be made out. Nothing is fetched, no entity resolved."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _no_book(name: str) -> SourceError:
    return SourceError(f"{name} is no EPUB: it does not say what to read.", "Download it again.")
