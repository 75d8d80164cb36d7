"""Rich Text Format (RTF 1.9.1) taken apart: its text, and what the words of control around it say.

striprtf's tables say which groups hold no text and which code page a character set is of. Its
converter loses footnotes, text boxes and all structure, and is slow on hostile input.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from striprtf.striprtf import charset_map, destinations, specialchars

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+|(\\)",
    re.DOTALL,
)
_SET_BY_DOCUMENT = (0, 1)  # of \fcharset: ANSI and default
_RENAMED = {"cp10000": "mac_roman"}  # the name that Python has for it
_LARGEST_UNIT = 0xFFFF
# Groups that hold text, by what becomes of it; "" is the article.
_READ = {
    "footnote": "footnote",
    "header": "page header", "headerl": "page header",
    "headerr": "page header", "headerf": "page header",
    "footer": "page footer", "footerl": "page footer",
    "footerr": "page footer", "footerf": "page footer",
    "annotation": "comment",
    "shptxt": "box", "dptxbxtext": "box",
    "listtext": "marker", "pntext": "marker",
    "result": "", "fldrslt": "", "ud": "",
    "title": "title", "author": "author", "subject": "subject", "doccomm": "description",
    "creatim": "created", "revtim": "modified",
    "stylesheet": "stylesheet", "fonttbl": "fonts", "sn": "sn", "sv": "sv",
}  # fmt: skip
# Of these groups, only those in them that hold text by themselves.
_INNER = (
    *("info", "shpinst", "do", "shp", "picprop", "sp", "pict", "shppict", "object", "field", "upr"),
)


@dataclass(frozen=True, slots=True)
class State:
    """What holds for the text in a group. place: what becomes of it; None: it is not read."""

    place: str | None = ""
    font: int = -1
    skip: int = 1  # characters after each \\u that stand for it
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, or a word of control with its number, and the state that it is in."""

    state: State
    text: str = ""
    word: str = ""
    number: int | None = None


@dataclass(slots=True)
class _Reading:
    """Where the reading is. code_page: of the document. fonts: encodings by their numbers."""

    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    code_page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    default_font: int = -1
    font: int = -1  # that is being declared
    to_skip: int = 0
    starred: bool = False
    raw: bytearray = field(default_factory=bytearray)


def tokens(data: bytes) -> Iterator[Token]:
    """The text of a document and its words of control, in order."""
    reading = _Reading()
    position = 0
    while match := _TOKEN.match(data, position):
        position = match.end()
        word, number, hexed, symbol, brace, text, _ = match.groups()
        if hexed or text:
            _bytes(reading, bytes.fromhex(hexed.decode()) if hexed else text)
            continue
        if reading.raw and (word or symbol or brace):
            yield from _flushed(reading)
        if brace:
            if not _brace(reading, brace):
                return
        elif symbol:
            yield from _symbol(reading, symbol.decode("latin-1"))
        elif word:
            name, value = word.decode(), int(number) if number else None
            if name == "bin":
                position += max(0, value or 0)
            yield from _word(reading, name, value)
    yield from _flushed(reading)


def _bytes(reading: _Reading, data: bytes) -> None:
    """Text in a code page, without what stands for a character that was given by \\u."""
    skipped = min(reading.to_skip, len(data))
    reading.to_skip -= skipped
    if reading.state.place is not None:
        reading.raw += data[skipped:]


def _flushed(reading: _Reading) -> Iterator[Token]:
    if reading.raw:
        encoding = reading.fonts.get(reading.state.font, reading.code_page)
        text = bytes(reading.raw).decode(encoding, "replace")
        reading.raw.clear()
        if reading.state.place is not None:
            yield Token(reading.state, text)


def _brace(reading: _Reading, brace: bytes) -> bool:
    """Open or close a group; False at the end of the document."""
    reading.to_skip = 0
    reading.starred = False
    if brace == b"{":
        reading.stack.append(reading.state)
        return True
    if reading.stack:
        reading.state = reading.stack.pop()
    return bool(reading.stack)


def _symbol(reading: _Reading, symbol: str) -> Iterator[Token]:
    if symbol == "*":
        reading.starred = True
    elif symbol in "\r\n":
        yield from _word(reading, "par", None)
    elif symbol in specialchars and reading.state.place is not None:
        if reading.to_skip:
            reading.to_skip -= 1
        else:
            yield Token(reading.state, specialchars[symbol])


def _word(reading: _Reading, name: str, number: int | None) -> Iterator[Token]:
    starred, reading.starred = reading.starred, False
    if name == "u":
        reading.to_skip = reading.state.skip
        unit = (number or 0) & _LARGEST_UNIT
        if reading.state.place is not None:
            yield Token(reading.state, chr(unit))
        return
    if reading.to_skip:
        reading.to_skip -= 1
        return
    if name in _READ:
        _enter(reading, name)
        yield Token(reading.state, word="begin")
    elif name in _INNER or name in destinations or (starred and name not in ("cs", "ts")):
        reading.state = replace(reading.state, place=None)
    elif name in ("tab", "cell", "nestcell", "row", "line", "par", "column"):
        word = "tab" if name == "column" else name
        yield from _seen(reading, Token(reading.state, word=word))
    elif name in specialchars and name not in ("sect", "page"):
        yield from _seen(reading, Token(reading.state, specialchars[name]))
    elif not _set(reading, name, number):
        yield from _seen(reading, Token(reading.state, word=name, number=number))


def _seen(reading: _Reading, token: Token) -> Iterator[Token]:
    if reading.state.place is not None:
        yield token


def _enter(reading: _Reading, name: str) -> None:
    """A group begins that holds text. What a field or an object shows is read where that is."""
    place = _READ[name]
    if name in ("result", "fldrslt", "ud"):
        place_around = next((s.place for s in reversed(reading.stack) if s.place is not None), None)
        reading.state = replace(reading.state, place=place_around)
        return
    reading.state = replace(reading.state, place=place)


def _set(reading: _Reading, name: str, number: int | None) -> bool:
    """Take in a word that changes how text is read or looks; whether it was one."""
    state, on = reading.state, number != 0
    if name in ("ansicpg", "mac", "pc", "pca"):
        pages = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
        reading.code_page = _known(pages.get(name, f"cp{number}"), reading.code_page)
    elif name == "deff":
        reading.default_font = number or 0
        reading.state = replace(state, font=reading.default_font)
    elif name == "f":
        reading.font = number or 0
        reading.state = replace(state, font=reading.font) if state.place != "fonts" else state
    elif name == "fcharset" and number not in _SET_BY_DOCUMENT:
        reading.fonts[reading.font] = _known(charset_map.get(number or 0, ""), reading.code_page)
    elif name == "cpg" and number:
        reading.fonts[reading.font] = _known(f"cp{number}", reading.code_page)
    elif name == "uc":
        reading.state = replace(state, skip=max(0, number if number is not None else 1))
    elif name == "plain":
        reading.state = State(state.place, reading.default_font, state.skip)
    elif name in ("b", "i", "v", "deleted"):
        reading.state = _marked(state, name, on)
    else:
        return name == "fcharset"
    return True


def _marked(state: State, name: str, on: bool) -> State:
    if name == "b":
        return replace(state, bold=on)
    if name == "i":
        return replace(state, italic=on)
    return replace(state, hidden=on) if name == "v" else replace(state, deleted=on)


def _known(encoding: str, default: str) -> str:
    """An encoding, if it is one that Python has."""
    try:
        return codecs.lookup(_RENAMED.get(encoding, encoding)).name
    except LookupError:
        return default
