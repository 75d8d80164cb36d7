"""DOCX and DOCM (ECMA-376) become an Article: mammoth makes a page of the document."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree
from lxml.etree import _Element as Element

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading import word
from audiostory.reading.archive import Archive
from audiostory.reading.document import broken, document_article
from audiostory.reading.document_page import STYLE_MAP, put_right
from audiostory.reading.html import parse_page
from audiostory.reading.properties import core_properties
from audiostory.reading.word import Part, R, W
from audiostory.reading.word_chunks import mark_chunks
from audiostory.reading.word_text import make_plain

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file ([MS-CFB], 2.2)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_DAMAGE = (
    KeyError,
    ValueError,
    IndexError,
    AttributeError,
    TypeError,
    RecursionError,
    OSError,
    ExpatError,
)


def read_docx(data: bytes, name: str) -> Article:
    """Read a Word document. Raises SourceError for what is none, encrypted or damaged."""
    if data.startswith(_OLE):
        raise SourceError(
            f"{name} is a document of an old form, or it is encrypted.",
            "Open it in a word processor, and save it as .docx without a password.",
        )
    archive = Archive(data, name)
    path = word.main_path(archive)
    if path is None:
        raise SourceError(
            f"{name} is no Word document.", "Open it where it was made, and save it as .docx."
        )
    main = word.read_part(archive, path)
    styles = word.read_styles(_root(archive, main, "styles"))
    notes = {kind: _part(archive, main, f"{kind}s") for kind in ("footnote", "endnote")}
    omissions = [*_edges(archive, main), *_figures(archive)]
    for part in (main, *filter(None, notes.values())):
        make_plain(part.root, styles)
        _mend(part)
    unread = mark_chunks(archive, main)
    _place_comments(main, notes.values(), _root(archive, main, "comments"))
    omissions += _unplaced(main.root, notes)
    html = _converted(_package(main, notes, _root(archive, main, "numbering")), name)
    page = put_right(parse_page(f"<html><body>{html}</body></html>", name))
    about = core_properties(archive, _language(_root(archive, main, "styles")))
    return document_article(page, name, about, omissions, _warnings(archive, unread))


def _part(archive: Archive, main: Part, kind: str) -> Part | None:
    found = (archive.find(path) for path in main.linked(kind))
    path = next(filter(None, found), None)
    return word.read_part(archive, path) if path else None


def _root(archive: Archive, main: Part, kind: str) -> Element | None:
    part = _part(archive, main, kind)
    return None if part is None else part.root


def _language(styles: Element | None) -> str | None:
    """The language that the document's styles are written in by default."""
    if styles is None:
        return None
    language = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    return word.value(language)


def _warnings(archive: Archive, unread: Iterable[str]) -> tuple[str, ...]:
    name, warnings = archive.name, []
    if any(path.lower().endswith("vbaproject.bin") for path in archive.paths):
        warnings.append(f"{name} holds macros: they were not run.")
    embedded = (path for path in archive.paths if path.startswith("word/embeddings/"))
    if files := ", ".join(posixpath.basename(path) for path in (*embedded, *unread)):
        warnings.append(f"{name} holds other files, which were not read: {files}.")
    return tuple(warnings)


# --- what is not in the page ----------------------------------------------------------------


def _edges(archive: Archive, main: Part) -> Iterator[Omission]:
    """Headers and footers of the document's pages, each once."""
    for kind in ("header", "footer"):
        texts: dict[str, None] = {}
        for target in main.linked(kind):
            if path := archive.find(target):
                texts[word.text_of(word.read_part(archive, path).root)] = None
        yield from (Omission(text, f"page {kind}") for text in texts if text)


def _figures(archive: Archive) -> Iterator[Omission]:
    """The words in charts and diagrams, which are files of their own."""
    for path in archive.paths:
        folder, _, file = path.rpartition("/")
        kind = {"word/charts": "chart", "word/diagrams": "data"}.get(folder)
        if kind and file.startswith(kind) and file.endswith(".xml"):
            root = word.read_part(archive, path).root
            words = (e.text or "" for e in root.iter(f"{word.DRAWING}t", "{*}v"))
            if text := " ".join(" ".join(words).split()):
                yield Omission(text, "drawing" if kind == "data" else "chart")


def _place_comments(main: Part, notes: Iterable[Part | None], comments: Element | None) -> None:
    """Put each comment where it refers to: in a style of its own, which leaves it out."""
    found = {} if comments is None else {c.get(f"{W}id"): c for c in comments.iter(f"{W}comment")}
    for part in (main, *filter(None, notes)):
        for reference in list(part.root.iter(f"{W}commentReference")):
            comment = found.pop(reference.get(f"{W}id"), None)
            run = reference.getparent()
            if run is None:
                continue
            if comment is not None and (text := word.text_of(comment)):
                run.addnext(word.run(text, "comment"))
            run.remove(reference)
    body = main.root.find(f"{W}body")
    if body is not None:
        left = (word.text_of(comment) for comment in found.values())
        body.extend(word.paragraph(text, "comment") for text in left if text)


def _unplaced(root: Element, notes: Mapping[str, Part | None]) -> Iterator[Omission]:
    """Notes that nothing refers to; and references to notes that aren't there go."""
    for kind, part in notes.items():
        elements = [] if part is None else list(part.root.iter(f"{W}{kind}"))
        there = {e.get(f"{W}id"): e for e in elements if e.get(f"{W}type") in (None, "normal")}
        used = set()
        for reference in list(root.iter(f"{W}{kind}Reference")):
            used.add(reference.get(f"{W}id"))
            if reference.get(f"{W}id") not in there:
                word.replace_by(reference, [])
        unused = (word.text_of(e) for id_, e in there.items() if id_ not in used)
        yield from (Omission(text, "note that nothing refers to") for text in unused if text)


# --- mammoth --------------------------------------------------------------------------------


def _mend(part: Part) -> None:
    """Links that lead nowhere are text; widths that are no numbers are 1."""
    for link in part.root.iter(f"{W}hyperlink"):
        if link.get(f"{R}id") not in part.targets:
            link.attrib.pop(f"{R}id", None)
    for span in part.root.iter(f"{W}gridSpan"):
        width = word.value(span) or ""
        if not width.isdecimal() or not 0 < int(width) < 1000:
            span.set(f"{W}val", "1")


def _package(main: Part, notes: Mapping[str, Part | None], numbering: Element | None) -> bytes:
    """A new document of what mammoth is to read, and of nothing else."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as package:
        for name, part in (("document", main), *((f"{k}s", p) for k, p in notes.items())):
            if part is not None:
                package.writestr(f"word/{name}.xml", etree.tostring(part.root, encoding="utf-8"))
                package.writestr(f"word/_rels/{name}.xml.rels", _links(part))
        if numbering is not None:
            package.writestr("word/numbering.xml", etree.tostring(numbering, encoding="utf-8"))
    return result.getvalue()


def _links(part: Part) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships")
    for id_, (kind, target) in part.targets.items():
        if kind == "hyperlink":
            link = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
            link.attrib.update({"Id": id_, "Type": _LINK, "Target": target})
    return bytes(etree.tostring(root, encoding="utf-8"))


def _converted(package: bytes, name: str) -> str:
    try:
        result = mammoth.convert_to_html(
            BytesIO(package), style_map=STYLE_MAP, include_embedded_style_map=False
        )
    except _DAMAGE as error:
        raise broken(name) from error
    return str(result.value)
