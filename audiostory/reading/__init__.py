"""Source -> Article: one reader a format; clean.py is the one door into the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.decode import read_bytes

Reader = Callable[[bytes, str], Article]


def _html() -> Reader:
    from audiostory.reading.html import read_html

    return read_html


def _markdown() -> Reader:
    from audiostory.reading.markdown import read_markdown

    return read_markdown


def _text() -> Reader:
    from audiostory.reading.plain import read_text

    return read_text


def _pdf() -> Reader:
    from audiostory.reading.pdf import read_pdf

    return read_pdf


_READERS: dict[str, Callable[[], Reader]] = {
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _text,
    ".text": _text,
    ".pdf": _pdf,
}
SUFFIXES = tuple(_READERS)


def read(source: Path) -> Article:
    """Read a file into an article. Raises SourceError, which says what to do."""
    text = str(source)
    if text.startswith(("http:", "https:")):
        raise SourceError(
            f"{text.replace(':/', '://', 1) if '://' not in text else text} is a link.",
            "Save the page from a browser, and give the file.",
        )
    if source.is_dir():
        raise SourceError(f"{source} is a folder.", "Give one of the files in it.")
    suffix = source.suffix.lower()
    if suffix not in _READERS:
        if not source.exists():
            raise SourceError(f"There is no file {source}.", "Check the path.")
        raise SourceError(
            f"{source.name} has an extension that is not known here.",
            f"It reads files that end in {', '.join(SUFFIXES)}.",
        )
    return _READERS[suffix]()(read_bytes(source), source.name)
