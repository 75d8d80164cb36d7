"""Which reader reads what: by media type, and a file's media type by its content and its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.media import media_type, not_an_article

Reader = Callable[[bytes, str], Article]

HTML, TEXT, MARKDOWN = "text/html", "text/plain", "text/markdown"
MHTML = "multipart/related"
EPUB, PDF = "application/epub+zip", "application/pdf"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})

_OF_SUFFIX = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".mhtml": MHTML,
    ".mht": MHTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": TEXT,
    ".text": TEXT,
    ".pdf": PDF,
    ".epub": EPUB,
    ".docx": _WORD,
    ".docm": _WORD,
    ".odt": _ODT,
    ".rtf": "application/rtf",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}
SUFFIXES = tuple(_OF_SUFFIX)
# Modules of this room, loaded when they are needed: each brings its own library.
_READERS = {
    HTML: ("html", "read_html"),
    "application/xhtml+xml": ("html", "read_html"),
    MARKDOWN: ("markdown", "read_markdown"),
    "text/x-markdown": ("markdown", "read_markdown"),
    TEXT: ("plain", "read_text"),
    PDF: ("pdf", "read_pdf"),
    EPUB: ("epub", "read_epub"),
    _WORD: ("docx", "read_docx"),
    "application/msword": ("docx", "read_docx"),
    _ODT: ("odt", "read_odt"),
    "application/rtf": ("rtf", "read_rtf"),
    "text/rtf": ("rtf", "read_rtf"),
}
_HEAD = 4096  # bytes
_DECLARES = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(?:\?xml\b|!DOCTYPE\b).*?<!ENTITY\s", re.DOTALL)
_ARCHIVES = frozenset({EPUB, _WORD, _ODT})
_PAGES = frozenset({HTML, "application/xhtml+xml"})


def reader_of(kind: str, name: str) -> Reader:
    """The reader of a media type. Raises SourceError when there is none."""
    if kind not in _READERS:
        what = not_an_article(kind) or f"of a kind that is not known here ({kind})"
        raise SourceError(
            f"{name} is {what}.", f"audiostory reads files that end in {', '.join(SUFFIXES)}."
        )
    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"audiostory.reading.{module}"), function)
    return reader


def kind_of(data: bytes, name: str) -> str:
    """The media type of a file: what its content clearly is, or else what its name says.

    Raises SourceError for a name that says nothing, when the content doesn't either.
    """
    found = media_type("", data)
    suffix = PurePath(name).suffix.lower()
    named = _OF_SUFFIX.get(suffix)
    if found in (TEXT, "application/xml", "text/xml", ""):
        found = named or ""
    elif found in _PAGES and named in (MARKDOWN, HTML):
        found = named
    elif found == "application/zip" and named in _ARCHIVES:
        found = named  # packed anew: what it is does not stand at its beginning
    if not found:
        shown = name if len(name) <= 80 else f"{name[:40]}…{name[-20:]}"
        if _DECLARES.match(data[:_HEAD]):
            raise SourceError(
                f"{shown} declares entities, as no feed or page does: it is not read.",
                "Save it without its <!DOCTYPE …[…]>, or give another copy.",
            )
        raise SourceError(
            f"{shown} has an extension that is not known here.",
            f"audiostory reads files that end in {', '.join(SUFFIXES)}, and links.",
        )
    return found


def may_be_article(name: str) -> bool:
    """Whether a file in a folder looks like an article by its name."""
    return PurePath(name).suffix.lower() in _OF_SUFFIX
