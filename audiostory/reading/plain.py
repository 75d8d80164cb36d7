"""A text file, or a dump of a page, becomes an Article."""

from __future__ import annotations

from dataclasses import replace

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import language as languages
from audiostory.reading.clean import clean
from audiostory.reading.decode import Decoded, decode
from audiostory.reading.places import placed
from audiostory.reading.text import parse_text
from audiostory.reading.tree import has_words, opening, visible_text

_CLASSES = frozenset({"standfirst", "byline", "dateline", "credits"})
_WORDS = 8
_SAMPLE_CHARACTERS = 200
_CARRIED = {"\f": "\uf00c", "\u00ad": "\uf0ad"}  # of a private use: decode() keeps those


def read_text(data: bytes, name: str) -> Article:
    """Read a text file. Raises SourceError when there is no text in it."""
    decoded = _decoded(data, name)
    if not has_words(decoded.text):
        raise SourceError(f"There is no text in {name}.", "Save the article again.")
    language = languages.detect(_sentences(decoded.text))
    document = parse_text(decoded.text, language)
    cleaned = clean(document.root, lambda _: None, _class_of, language)
    if not has_words(visible_text(cleaned.body)):
        raise SourceError(
            f"{name} holds nothing but page furniture.", "Copy the article's text, and save that."
        )
    return Article(
        title=document.title or opening(visible_text(cleaned.body)),
        language=cleaned.language,
        source=name,
        body=cleaned.body,
        authors=document.authors,
        published=document.published,
        description=document.description,
        omissions=placed(decoded.text, cleaned.body, (*document.omissions, *cleaned.omissions)),
        warnings=decoded.warnings,
    )


def _decoded(data: bytes, name: str) -> Decoded:
    """A file's text, with its form feeds and soft hyphens: they tell how it was laid out."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data, name)
    for character, carried in _CARRIED.items():
        text = text.replace(character, carried)
    decoded = decode(text.encode("utf-8"), name)
    text = decoded.text
    for character, carried in _CARRIED.items():
        text = text.replace(carried, character)
    return replace(decoded, text=text)


def _sentences(text: str) -> str:
    """The longer lines of a text, which say more of its language than menus; or all of it."""
    lines = [line for line in text.split("\n") if len(line.split(None, _WORDS)) >= _WORDS]
    long = "\n".join(lines)
    return long if len(long) >= _SAMPLE_CHARACTERS else text


def _class_of(element: object) -> str | None:
    class_ = getattr(element, "get", lambda _: None)("class")
    return class_ if class_ in _CLASSES else None
