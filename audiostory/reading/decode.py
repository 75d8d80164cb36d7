"""Bytes become text, once: what charset they are in, and whether they are text at all."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

import webencodings
from charset_normalizer import from_bytes

from audiostory.errors import SourceError
from audiostory.reading.media import is_packed

LARGEST_TEXT_BYTES = 32 * 2**20
LARGEST_BYTES = 256 * 2**20  # of a document that may be full of pictures

HEAD_BYTES = 4096
_DOCUMENTS = (
    "application/pdf",
    "application/epub",
    "application/vnd.oasis",
    "application/vnd.openxmlformats",
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (a DOCX, an EPUB?)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"ID3", "audio"),
    (b"RIFF", "audio or video"),
    (b"OggS", "audio"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CONTROLS = bytes(byte for byte in range(32) if byte < 9 or 13 < byte < 27 or byte > 27)
_MULTIBYTE = re.compile(
    b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_MULTIBYTE_OR_BYTE = re.compile(b"(" + _MULTIBYTE.pattern + b")|([\x80-\xff])")
_LONE_BYTE = re.compile(rb"(?<![\x80-\xff])[\x80-\x9f](?![\x80-\xff])")
_OF_LINES = 0.25
_MOSTLY_UTF8 = 3  # characters of UTF-8 to one byte that is none: the file is of two encodings
_FEW_NULLS = 0.1
_FEW_HIGH_NULLS = 0.02  # of UTF-16's bytes: Chinese has them in line ends and digits only
_SAMPLE_BYTES = 65536
_FEW_BROKEN = 0.02  # of the bytes beyond ASCII

_WIDE = ("utf-16-le", "utf-16-be")
_SEVEN_BIT = ("iso2022_jp",)  # all ASCII, though it means something else
# Browsers mean more by these labels than Python does (WHATWG Encoding, 10.1, 12, 14.1, 15.1).
_WIDER = {"gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}
_NO_TEXT = ("replacement", "x-user-defined")

# Control characters but tab and line breaks, lone surrogates, and what has no width.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, line ends as \\n, and warnings about how it was got."""

    text: str
    warnings: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises SourceError when it cannot be read, is empty or is too large."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder.", "Give a file.")
        if path.exists() and not path.is_file():
            raise SourceError(f"{path} is no file that can be read.", "Give a file of text.")
        with path.open("rb") as file:
            limit = largest(file.read(HEAD_BYTES))
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            data = file.read() if size <= limit else b""
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.", "Check the path.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}.", "Check the path.") from error
    if size > limit:
        what = "text" if limit == LARGEST_TEXT_BYTES else "a document"
        raise SourceError(
            f"{path.name} is too large: {size / 2**20:.0f} MB.",
            f"Divide it: up to {limit // 2**20} MB of {what} are read.",
        )
    if not data.strip(b"\x00 \t\r\n\x0c"):
        raise SourceError(f"{path.name} is empty.", "Save the article again.")
    return data


def largest(head: bytes, kind: str = "") -> int:
    """How many bytes a source may have: a document with pictures has more than a text.

    head: its first HEAD_BYTES. kind: the media type that it is said to be of, if any.
    """
    is_document = is_packed(head) or kind.startswith(_DOCUMENTS)
    return LARGEST_BYTES if is_document else LARGEST_TEXT_BYTES


def decode(data: bytes, name: str, charset: str | None = None) -> Decoded:
    """The text of a file: its byte order mark, declaration or content says how it is encoded.

    charset: what the server's header says; it goes before the page's own declaration, and
    labels mean what they mean to browsers (WHATWG Encoding, 4.2: latin1 is windows-1252).
    But what is UTF-8 is read as UTF-8, whatever it is called: servers are often set up wrong.
    A few broken bytes are replaced, with a warning. Raises SourceError for what is no text.
    """
    text, warnings = _decode(data, name, charset)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\x0b", "\n").replace("\x85", "\n").replace("\u2029", "\n\n")
    text = text.replace("\x0c", "\n\n")
    return Decoded(printable(text), warnings)


def printable(text: str) -> str:
    """A text without the characters that nobody sees, and that XML does not allow."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def _decode(data: bytes, name: str, charset: str | None) -> tuple[str, tuple[str, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), ()
    header = _codec(charset or "")
    if (header in _WIDE and b"\0" in data) or (header in _SEVEN_BIT and data.isascii()):
        return data.decode(header, "replace"), ()
    if wide := _unmarked_wide(data):
        text = data.decode(wide, "replace")
        return text, (f"{name} does not say how it is encoded: it was read as {wide}.",)
    if 0 < data.count(b"\0") < _FEW_NULLS * len(data):
        text, warnings = _decode(data.replace(b"\0", b""), name, charset)
        return text, (*warnings, f"{name} holds null bytes: they were left out.")
    _refuse_binary(data, name)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    if header and header != "utf-8" and _fits(data, header):
        return data.decode(header, "replace"), ()
    if declared := _declared(data):
        return data.decode(declared, "replace"), ()
    broken = data.decode("utf-8", "replace").count("\ufffd")
    beyond_ascii = sum(1 for byte in data if byte >= 0x80)
    if broken <= max(1, beyond_ascii * _FEW_BROKEN):
        what = "1 broken character was" if broken == 1 else f"{broken} broken characters were"
        warning = f"{name}: {what} replaced; the rest is UTF-8."
        return _LONE_BYTE.sub(_as_punctuation, data).decode("utf-8", "replace"), (warning,)
    said = header == "utf-8" or _says_utf8(data)
    fewest = broken / _MOSTLY_UTF8 if said else broken * _MOSTLY_UTF8
    if len(_MULTIBYTE.findall(data)) >= fewest or _has_lines_of_utf8(data):
        warning = f"{name} is of two encodings: what is not UTF-8 was read as Windows-1252."
        return _MULTIBYTE_OR_BYTE.sub(_as_utf8, data).decode("utf-8", "replace"), (warning,)
    return _guessed(data, name)


def _has_lines_of_utf8(data: bytes) -> bool:
    """Whether many lines beyond ASCII are good UTF-8: those of another encoding are by chance."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    good = [line for line in lines if _MULTIBYTE.search(line) and _is_utf8(line)]
    return len(good) >= max(2, len(lines) * _OF_LINES)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_punctuation(found: re.Match[bytes]) -> bytes:
    """A quotation mark or a dash that stands alone as Windows-1252 has it; else as it is."""
    return found[0].decode("cp1252", "replace").encode()


def _as_utf8(found: re.Match[bytes]) -> bytes:
    """A character of UTF-8 as it is; a byte that is none as Windows-1252 has it."""
    return found[1] or found[2].decode("cp1252", "replace").encode()


def _unmarked_wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: its spaces and line ends have every other byte 0."""
    sample = data[: 2 * (min(len(data), _SAMPLE_BYTES) // 2)]
    if b"\0" not in sample or _is_ascii_with_nulls(sample):
        return None
    for codec, high in zip(_WIDE, (1, 0), strict=True):
        highs, lows = sample[high::2], sample[1 - high :: 2]
        pairs = sum(sample.count(space.encode(codec)) for space in " \n")
        if lows.count(b"\0") or highs.count(b"\0") < max(1, _FEW_HIGH_NULLS * len(highs)):
            continue
        text = sample.decode(codec, "replace")
        if pairs and text.count("\ufffd") <= 1 and not any(c < "\t" for c in text):
            return codec
    return None


def _is_ascii_with_nulls(sample: bytes) -> bool:
    """Whether a sample is ASCII with a null here and there: half of UTF-16's bytes are not."""
    few = sample.count(b"\0") < _FEW_NULLS * len(sample)
    return few and sample.isascii() and len(sample.translate(None, _CONTROLS)) > 0.9 * len(sample)


def _refuse_binary(data: bytes, name: str) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise SourceError(
                f"{name} is not text: it is {what}.", "Give HTML, Markdown or plain text."
            )
    sample = data[:65536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * 0.02:
        raise SourceError(f"{name} is not text.", "Give HTML, Markdown or plain text.")


def _declared(data: bytes) -> str | None:
    """The codec that a page's own declaration names; one that cannot be is not believed."""
    found = _DECLARED.search(data[:HEAD_BYTES])
    codec = _codec(found.group(1).decode("ascii", "replace")) if found else None
    return None if codec == "utf-8" or codec in _WIDE else codec


def _says_utf8(data: bytes) -> bool:
    found = _DECLARED.search(data[:HEAD_BYTES])
    return found is not None and _codec(found[1].decode("ascii", "replace")) == "utf-8"


def _codec(label: str) -> str | None:
    """Python's codec for a charset's label, as browsers take it, or None for an unknown one."""
    encoding = webencodings.lookup(label.strip("\"' \t"))
    if encoding is None or encoding.name in _NO_TEXT:
        return None
    return _WIDER.get(encoding.name, encoding.codec_info.name)


def _fits(data: bytes, codec: str) -> bool:
    """Whether hardly anything is broken when a text is read with this codec."""
    broken = data.decode(codec, "replace").count("\ufffd")
    return broken <= max(1, sum(1 for byte in data if byte >= 0x80) * _FEW_BROKEN)


def _guessed(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    best = from_bytes(data[: 1 << 20]).best()
    encoding = best.encoding if best is not None else "cp1252"
    text = data.decode(encoding, "replace")
    return text, (f"{name} is not UTF-8: it was read as {encoding}. Save it as UTF-8 to be sure.",)
