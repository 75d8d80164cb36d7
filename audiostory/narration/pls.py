"""A file of the Pronunciation Lexicon Specification (PLS 1.0, W3C 2008) as lexemes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from audiostory.errors import LexiconError
from audiostory.narration.tree import folded

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LARGEST_BYTES = 16 * 2**20
_LONGEST_GRAPHEME = 200  # characters
_ADVICE = "Mend it, or take it out of the folder of lexicons."


@dataclass(frozen=True, slots=True)
class Lexeme:
    """How a text sounds: in IPA, or as another text would. place: file and line.

    language: BCP 47, and every language that is more specific.
    """

    grapheme: str
    language: str
    place: str
    ipa: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """What a file holds, and what is wrong with single entries of it."""

    lexemes: tuple[Lexeme, ...]
    warnings: tuple[str, ...] = ()


def read_pls(path: Path) -> LexiconFile:
    """The lexemes of a PLS file, in order. Raises LexiconError, with the line where it is known.

    Nothing outside the file is read: neither entities nor a document type are allowed.
    """
    root = _parsed(path)
    language = (root.get(_LANG) or "").strip().replace("_", "-").lower()
    if not language:
        raise LexiconError(
            f"{path}, line {root.sourceline}: the lexicon does not say its language.",
            'It takes xml:lang, such as xml:lang="en" (PLS 1.0, 4.1).',
        )
    lexemes: list[Lexeme] = []
    warnings: list[str] = []
    for element in root.iterchildren(f"{{{NAMESPACE}}}lexeme"):
        place = f"{path}, line {element.sourceline}"
        try:
            lexemes += _lexemes(element, language, root.get("alphabet", "ipa"), place)
        except _BadEntryError as error:
            warnings.append(f"{place}: {error}: the entry is passed over.")
    return LexiconFile(tuple(lexemes), tuple(warnings))


class _BadEntryError(ValueError):
    """An entry that cannot be used; the message says why."""


def _parsed(path: Path) -> etree._Element:
    try:
        if not path.is_file():
            raise LexiconError(f"The lexicon {path} is no file that can be read.", _ADVICE)
        data = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"The lexicon {path} cannot be read: {error.strerror}.") from error
    if len(data) > _LARGEST_BYTES:
        raise LexiconError(f"The lexicon {path} is too large.", "Divide it into several.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise LexiconError(f"{path} is not well-formed XML: {error.msg}.", _ADVICE) from error
    if root.getroottree().docinfo.doctype:
        raise LexiconError(f"{path} holds declarations (<!DOCTYPE>).", "Take them out.")
    if root.tag != f"{{{NAMESPACE}}}lexicon":
        raise LexiconError(
            f"{path}, line {root.sourceline}: this is no pronunciation lexicon.",
            f'It takes <lexicon version="1.0" xmlns="{NAMESPACE}"> (PLS 1.0, 4.1).',
        )
    return root


def _lexemes(lexeme: etree._Element, language: str, alphabet: str, place: str) -> Iterator[Lexeme]:
    graphemes = [_grapheme(child) for child in lexeme.iterchildren(f"{{{NAMESPACE}}}grapheme")]
    if not graphemes:
        raise _BadEntryError("it has no <grapheme>")
    ipa, alias = _pronunciation(lexeme, alphabet)
    for grapheme in graphemes:
        yield Lexeme(grapheme, language, place, ipa, alias)


def _grapheme(element: etree._Element) -> str:
    text = unicodedata.normalize("NFC", folded(_text(element)))
    if not text:
        raise _BadEntryError("a <grapheme> is empty")
    if len(text) > _LONGEST_GRAPHEME:
        raise _BadEntryError(f"a <grapheme> is longer than {_LONGEST_GRAPHEME} characters")
    return text


def _pronunciation(lexeme: etree._Element, alphabet: str) -> tuple[str | None, str | None]:
    """IPA or an alias: the first that is preferred, else the first (PLS 1.0, 4.6 and 4.7)."""
    found: list[tuple[bool, str | None, str | None]] = []
    foreign = ""
    for child in lexeme.iterchildren(f"{{{NAMESPACE}}}phoneme", f"{{{NAMESPACE}}}alias"):
        preferred = child.get("prefer", "false").strip().lower() == "true"
        text = folded(_text(child))
        if etree.QName(child).localname == "alias":
            found.append((preferred, None, text))
        elif (name := child.get("alphabet", alphabet)).lower() == "ipa":
            found.append((preferred, text, None))
        else:
            foreign = name
    if not found:
        wrong = f'its alphabet is "{foreign}", not "ipa"' if foreign else "it has no <phoneme>"
        raise _BadEntryError(wrong)
    _, ipa, alias = next((one for one in found if one[0]), found[0])
    if alias == "":
        raise _BadEntryError("its <alias> is empty")
    if ipa is not None and not any(map(_is_sound, ipa)):
        raise _BadEntryError("its <phoneme> is empty")
    return ipa, alias


def _is_sound(sign: str) -> bool:
    """Whether an IPA symbol is a letter, and no mark of stress or length."""
    return sign.isalpha() and unicodedata.category(sign) != "Lm"


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())
