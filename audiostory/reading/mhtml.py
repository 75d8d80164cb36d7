"""A page that a browser saved as a single file (MHTML, RFC 2557): the page itself is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from audiostory.errors import SourceError

_ADDRESSES = ("Snapshot-Content-Location", "Content-Location")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page in a saved file. charset: as the file says. url: where it was, or ""."""

    data: bytes
    charset: str | None
    url: str


def saved_page(data: bytes, name: str) -> SavedPage:
    """The first part of a file that is HTML. Raises SourceError when it has none."""
    try:
        message = BytesParser(policy=compat32).parsebytes(data)
        part = next((p for p in message.walk() if _is_page(p)), None)
        page = part.get_payload(decode=True) if part is not None else None
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise _no_page(name) from error
    if part is None or not isinstance(page, bytes) or not page.strip():
        raise _no_page(name)
    said = (str(m[key]).strip() for m in (message, part) for key in _ADDRESSES if m[key])
    url = next((text for text in said if text.startswith(("http://", "https://"))), "")
    charset = part.get_content_charset()
    return SavedPage(page, charset, url)


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _no_page(name: str) -> SourceError:
    return SourceError(
        f"There is no page in {name}.", "Save the page in a browser again, or give its link."
    )
