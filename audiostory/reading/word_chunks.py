"""Files that are inserted in a Word document whole (w:altChunk): their words, and no more."""

from __future__ import annotations

from audiostory.errors import SourceError
from audiostory.reading import word
from audiostory.reading.archive import Archive
from audiostory.reading.decode import decode
from audiostory.reading.formats import HTML, MHTML, TEXT, kind_of, reader_of
from audiostory.reading.html import parse_page
from audiostory.reading.mhtml import saved_page
from audiostory.reading.tree import visible_text
from audiostory.reading.word import Part, R, W

_RTF = "application/rtf"


def mark_chunks(archive: Archive, part: Part) -> list[str]:
    """Put each inserted file's words where it stands, in a style that leaves them out.

    What comes back is the names of those that cannot be read (ECMA-376 Part 1, 17.17.2.1).
    """
    unread = []
    for chunk in list(part.root.iter(f"{W}altChunk")):
        target = part.target(chunk.get(f"{R}id"))
        path = archive.find(target) if target else None
        try:
            text = _text(archive.read(path), path) if path else ""
        except SourceError:
            text = ""
        if not text:
            unread.append(path or target or "?")
        word.replace_by(chunk, [word.paragraph(text, "altchunk")] if text else [])
    return unread


def _text(data: bytes, path: str) -> str:
    """The words of a file. A document's own inserted files are not looked into."""
    kind = _kind(data, path)
    if kind == HTML:
        return visible_text(parse_page(decode(data, path).text, path))
    if kind == MHTML:
        return _text(saved_page(data, path).data, "page.html")
    if kind == TEXT:
        return " ".join(decode(data, path).text.split())
    if kind == _RTF:
        article = reader_of(kind, path)(data, path)
        return " ".join((visible_text(article.body), *(o.text for o in article.omissions)))
    inner = Archive(data, path)
    main = word.main_path(inner)
    return word.text_of(word.read_part(inner, main).root) if main else ""


def _kind(data: bytes, path: str) -> str:
    try:
        return kind_of(data, path)
    except SourceError:  # of no known name: .dat
        return TEXT
