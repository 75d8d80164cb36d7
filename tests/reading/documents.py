"""Documents for tests of the office formats: by pandoc out of Markdown, or written by hand."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from audiostory.model import Article
from audiostory.reading.tree import visible_text

_WORD = re.compile(r"\w+")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_RELATIONS}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_KINDS = ("styles", "numbering", "comments", "footnotes", "endnotes", "header1", "footer1")


def pandoc(source: str | Path, suffix: str, folder: Path, *options: str) -> bytes:
    """A document that pandoc makes of Markdown, or of a file."""
    result = folder / f"document.{suffix}"
    if isinstance(source, str):
        (folder / "source.md").write_text(source, "utf-8")
        source = folder / "source.md"
    command = ["pandoc", source, "--standalone", *options, f"--output={result}"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return result.read_bytes()


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of files."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word_files(body: str, links: str = "", **parts: str) -> dict[str, str | bytes]:
    """The files of a Word document. parts: what is in styles.xml, header1.xml and so on."""
    files: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>"
    }
    relations = links
    for kind in _KINDS:
        if kind in parts:
            tag = {"header1": "hdr", "footer1": "ftr"}.get(kind, kind)
            files[f"word/{kind}.xml"] = f"<w:{tag} {_NAMES}>{parts[kind]}</w:{tag}>"
            type_ = kind.rstrip("1")
            relations += (
                f'<Relationship Id="{kind}" Type="{_RELATIONS}/{type_}" Target="{kind}.xml"/>'
            )
    files["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relations}</Relationships>"
    )
    return files


def word(body: str, links: str = "", **parts: str) -> bytes:
    """A Word document."""
    return zipped(word_files(body, links, **parts))


def paragraph(text: str, style: str = "", runs: str = "") -> str:
    """A paragraph of a Word document, and further runs of it."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r>{runs}</w:p>"


def shape(article: Article) -> list[tuple[str, str]]:
    """The tags of an article's blocks that hold text, with their text."""
    tags = ("h1", "h2", "h3", "p", "li", "td", "th", "figcaption", "caption", "pre", "dt", "dd")
    found = [e for e in article.body.iter(*tags) if not any(c.tag in tags for c in e)]
    return [(str(e.tag), visible_text(e)) for e in found]


def said(article: Article) -> str:
    """All of an article's text."""
    return visible_text(article.body)


def left_out(article: Article) -> list[tuple[str, str]]:
    """An article's omissions: reasons and texts."""
    return [(omission.reason, omission.text) for omission in article.omissions]


def lost(text: str, article: Article) -> set[str]:
    """The words of a text that are neither in an article nor among its omissions."""
    known = " ".join((said(article), *(omission.text for omission in article.omissions)))
    return set(_WORD.findall(text)) - set(_WORD.findall(known))
