"""What a server has sent: a page, a document, a feed, or something without an article in it."""

from __future__ import annotations

import re
from email.message import Message

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}
_IN_ZIP = (
    (b"application/epub+zip", "application/epub+zip"),
    (b"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"META-INF/container.xml", "application/epub+zip"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)
_ZIP_HEAD = 4096
_ZIP_TAIL = 8192
_PDF_HEAD = 1024
_TEXT_HEAD = 2048
# Possessive: what comes before the root is passed over in one way only.
_BEFORE = rb"(?:\xef\xbb\xbf)?\s*+(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^>]*>)\s*+)*+"


def _beginning(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(_BEFORE + pattern, re.DOTALL | re.IGNORECASE)


_MARKUP = (
    (_beginning(rb"<rss[\s>]"), "application/rss+xml"),
    (_beginning(rb"<(?:\w+:)?RDF[\s>]"), "application/rss+xml"),
    (_beginning(rb"<(?:\w+:)?feed[\s>]"), "application/atom+xml"),
    (_beginning(rb"<(?:!DOCTYPE\s+html|html|head|body)[\s>]"), "text/html"),
    (_beginning(rb"\{[^<]*https?:\\?/\\?/(?:www\.)?jsonfeed\.org"), "application/feed+json"),
)
_UNSURE = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml"}
    | {"application/json", "text/json", "application/x-unknown", "unknown/unknown"}
    | {
        "application/zip",
        "application/x-zip-compressed",
        "text/plain",
        "application/force-download",
    }
)
_WHAT = (
    ("image/svg", "a drawing"),
    ("image/", "a picture"),
    ("video/", "a video"),
    ("audio/", "audio"),
    ("font/", "a font"),
    ("application/vnd.apple.mpegurl", "a video"),
    ("application/x-mpegurl", "a video"),
    ("application/dash+xml", "a video"),
    ("application/mp4", "a video"),
    ("application/javascript", "a program"),
    ("text/javascript", "a program"),
    ("text/css", "a style sheet"),
    ("text/calendar", "a calendar"),
    ("application/zip", "an archive"),
    ("application/gzip", "an archive"),
    ("application/x-", "a file for programs"),
    ("application/octet-stream", "a file for programs"),
)
_READABLE_X = ("application/x-rtf", "application/x-rss+xml", "application/x-pdf")


def media_type(header: str, data: bytes) -> str:
    """The media type of a body, in lower case: what its first bytes say, or else its header.

    header: Content-Type. Servers send documents as octet-stream and feeds as text/xml, and
    error pages as pictures; so what the bytes clearly are wins.
    """
    declared = declared_type(header)
    if magic := _by_magic(data):
        return magic
    if declared in _UNSURE or not declared.startswith(("text/", "application/")):
        head = data[:_TEXT_HEAD]
        for pattern, kind in _MARKUP:
            if pattern.match(head):
                return kind
    if declared in ("application/xml", "text/xml") or not declared:
        return "text/plain" if not declared and b"\0" not in data[:_TEXT_HEAD] else declared
    return declared


def declared_type(header: str) -> str:
    """The media type in a Content-Type header, without its parameters."""
    return header.partition(";")[0].strip().lower()


def charset(header: str) -> str | None:
    """The charset in a Content-Type header, or None."""
    message = Message()
    message["Content-Type"] = re.sub(r"[\r\n]", " ", header)
    found = message.get_param("charset")
    text = found if isinstance(found, str) else ""
    return text.strip(" '\"") or None


def not_an_article(kind: str) -> str | None:
    """What a media type without an article is, in words, or None for one that may have one."""
    if kind in _READABLE_X:
        return None
    return next((what for start, what in _WHAT if kind.startswith(start)), None)


def _by_magic(data: bytes) -> str | None:
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return "image/avif" if data[8:12] in (b"avif", b"heic", b"mif1") else "video/mp4"
    if data[:4] == b"PK\x03\x04":
        head = data[:_ZIP_HEAD]
        return next(
            (kind for mark, kind in _IN_ZIP if mark in head or mark in data[-_ZIP_TAIL:]),
            "application/zip",
        )
    if is_packed(data[:_PDF_HEAD]):
        return "application/pdf"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def is_packed(head: bytes) -> bool:
    """Whether bytes begin a document that may hold pictures: a PDF, or an archive."""
    return head.startswith(b"PK\x03\x04") or (
        b"%PDF-" in head[:_PDF_HEAD] and head.lstrip()[:1] != b"<"
    )


def is_text(kind: str) -> bool:
    """Whether the beginning of a body of this type can be read without its end."""
    return kind.startswith("text/") or kind.endswith(("xml", "json"))


def looks_like_text(data: bytes) -> bool:
    """Whether bytes are text, and not packed: no control characters in their beginning."""
    head = data[:_TEXT_HEAD]
    return bool(head.strip()) and not any(byte < 9 or 13 < byte < 27 for byte in head)
