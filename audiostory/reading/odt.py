"""ODT (OpenDocument 1.3, ISO/IEC 26300) becomes an Article."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading import odf
from audiostory.reading.archive import Archive
from audiostory.reading.document import About, broken, document_article, parse_xml
from audiostory.reading.document_page import put_right
from audiostory.reading.odf import FO, OFFICE, STYLE
from audiostory.reading.odf_page import write_page
from audiostory.reading.properties import about

_EDGES = {"header": "page header", "footer": "page footer"}


def read_odt(data: bytes, name: str) -> Article:
    """Read an OpenDocument text. Raises SourceError for what is none, encrypted or damaged."""
    archive = Archive(data, name)
    content = _root(archive, "content.xml")
    text = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
    if content is None or text is None:
        raise SourceError(
            f"{name} is no OpenDocument text.", "Open it where it was made, and save it as .odt."
        )
    common = _root(archive, "styles.xml")
    styles = odf.read_styles(root for root in (common, content) if root is not None)
    try:
        page = write_page(text, styles, lambda path: _formula(archive, path))
    except RecursionError as error:
        raise broken(name) from error
    omissions = () if common is None else tuple(_edges(common))
    return document_article(
        put_right(page), name, _about(archive, common), omissions, _warnings(archive)
    )


def _root(archive: Archive, path: str) -> Element | None:
    found = archive.find(path)
    if found is None:
        return None
    _refuse_encrypted(archive)
    return parse_xml(archive.read(found), archive.name)


def _refuse_encrypted(archive: Archive) -> None:
    """Parts are encrypted one by one, and the manifest says so (ODF 1.3 Part 2, 3.4)."""
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise SourceError(
            f"{archive.name} is encrypted.", "Save a copy without a password, and give that."
        )


def _formula(archive: Archive, path: str) -> str:
    """The text of an embedded formula (MathML), without its source in another notation."""
    root = _root(archive, f"{path.removeprefix('./')}/content.xml")
    if root is None:
        return ""
    for source in list(root.iter("{*}annotation")):
        source.clear()
    return " ".join(" ".join(str(text) for text in root.itertext()).split())


def _edges(styles: Element) -> Iterator[Omission]:
    """Headers and footers of the document's pages, each once."""
    for kind, reason in _EDGES.items():
        names = (f"{STYLE}{kind}{which}" for which in ("", "-left", "-first"))
        texts = dict.fromkeys(odf.text_of(element) for element in styles.iter(*names))
        yield from (Omission(text, reason) for text in texts if text)


def _about(archive: Archive, styles: Element | None) -> About:
    language = None if styles is None else _language(styles)
    root = _root(archive, "meta.xml")
    return About(language=language) if root is None else about(root, language)


def _language(styles: Element) -> str | None:
    """The language that paragraphs are in by default."""
    for default in styles.iter(f"{STYLE}default-style"):
        properties = default.find(f"{STYLE}text-properties")
        if default.get(f"{STYLE}family") == "paragraph" and properties is not None:
            return properties.get(f"{FO}language")
    return None


def _warnings(archive: Archive) -> tuple[str, ...]:
    macros = any(path.startswith(("Basic/", "Scripts/")) for path in archive.paths)
    return (f"{archive.name} holds macros: they were not run.",) if macros else ()
