"""A text file, or a dump of a page, becomes an Article."""

from __future__ import annotations

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import language as languages
from audiostory.reading.clean import clean
from audiostory.reading.decode import decode
from audiostory.reading.text import parse_text
from audiostory.reading.tree import has_words, visible_text

_CLASSES = frozenset({"standfirst", "byline", "dateline", "credits"})
_TITLE_CHARACTERS = 80


def read_text(data: bytes, name: str) -> Article:
    """Read a text file. Raises SourceError when there is no text in it."""
    decoded = decode(data, name)
    if not has_words(decoded.text):
        raise SourceError(f"There is no text in {name}.", "Save the article again.")
    language = languages.detect(decoded.text)
    document = parse_text(decoded.text, language)
    cleaned = clean(document.root, lambda _: None, _class_of)
    if not has_words(visible_text(cleaned.body)):
        raise SourceError(
            f"{name} holds nothing but page furniture.", "Copy the article's text, and save that."
        )
    return Article(
        title=document.title or _opening(visible_text(cleaned.body)),
        language=language,
        source=name,
        body=cleaned.body,
        authors=document.authors,
        published=document.published,
        description=document.description,
        omissions=(*document.omissions, *cleaned.omissions),
        warnings=decoded.warnings,
    )


def _class_of(element: object) -> str | None:
    class_ = getattr(element, "get", lambda _: None)("class")
    return class_ if class_ in _CLASSES else None


def _opening(text: str) -> str:
    if len(text) <= _TITLE_CHARACTERS:
        return text
    return text[:_TITLE_CHARACTERS].rsplit(" ", 1)[0] + "…"
