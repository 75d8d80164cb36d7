"""Text as XML, HTML and URLs can carry it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

from audiostory.errors import PublishingError

# Char of XML 1.0 (2.2), less the control characters that HTML forbids.
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"
_ELLIPSIS = "…"
LABEL_CHARACTERS = 255


def clean(text: str) -> str:
    """The text without characters that XML 1.0 and HTML cannot carry."""
    if text.isprintable():
        return text
    return _FORBIDDEN.sub(lambda match: " " if match[0].isspace() else "", text)


def fold(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def label(text: str) -> str:
    """The text on one line, no longer than PSP-1 allows of a feed's values: 255 characters."""
    return cut(fold(text), LABEL_CHARACTERS)


def utf8_length(text: str) -> int:
    """Length in bytes of UTF-8."""
    return len(text.encode())


def cut(text: str, limit: int, measure: Callable[[str], int] = len) -> str:
    """The text, or as many of its words as fit the limit, with an ellipsis."""
    if measure(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = measure(text[:middle] + _ELLIPSIS) <= limit
        low, high = (middle, high) if fits else (low, middle - 1)
    words = text[:low].rsplit(maxsplit=1)
    return (words[0] if len(words) > 1 else text[:low]) + _ELLIPSIS


def ascii_url(url: str) -> str:
    """A web address in ASCII: host by IDNA, all else percent-encoded (RFC 3986).

    Raises PublishingError when it is not an http or https URL.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        raise _not_an_address(url) from None
    if parts.scheme not in ("http", "https") or not host:
        raise _not_an_address(url)
    netloc = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (
            parts.scheme,
            netloc if port is None else f"{netloc}:{port}",
            quote(parts.path, safe=_SAFE_IN_PATH),
            quote(parts.query, safe=_SAFE_IN_QUERY),
            quote(parts.fragment, safe=_SAFE_IN_QUERY),
        )
    )


def _not_an_address(url: str) -> PublishingError:
    return PublishingError(
        f"{url!r} is not the address of a web site.",
        'Set base_url to where the show is served, such as "https://example.org/my-articles/".',
    )


def clock(seconds: float) -> str:
    """A time as people write it: 1:05, or 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def timestamp(ms: int) -> str:
    """A time as WebVTT and Podlove write it: 00:01:05.250."""
    seconds, ms = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}.{ms:03}"
