"""Why a page was not got, in words for the person who gave the link."""

from __future__ import annotations

import re
import ssl

import httpx
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from audiostory.errors import SourceError
from audiostory.reading.addresses import host_of, shown

_BROWSER = "Open the link in a browser, save the page from there, and give the file."
_LATER = "Try again later."
_SECONDS = re.compile(r"[1-9][0-9]{0,8}")
_STATUSES = {
    401: ("{page} is only for people who have logged in (401).", _BROWSER),
    402: ("{page} is only for people who have paid (402).", _BROWSER),
    403: ("{host} does not give this page to programs, or not to you (403): {page}.", _BROWSER),
    404: ("There is no page {page} (404).", "Check the link."),
    407: ("The proxy asks for a name and a password (407).", "Put them into HTTPS_PROXY."),
    408: ("{host} broke off because it took too long (408).", _LATER),
    410: ("{page} was there once, and has been removed (410).", "Look for it in a web archive."),
    429: ("{host} says that it is asked too often (429).", _LATER),
    451: ("{page} is not shown where you are, for legal reasons (451).", _BROWSER),
    500: ("{host} failed to make the page {page} (500).", _LATER),
    502: ("{host} does not work at the moment (502).", _LATER),
    503: ("{host} is closed or overloaded at the moment (503).", _LATER),
    504: ("{host} does not work at the moment (504).", _LATER),
}


def status_refusal(status: int, address: str, wait: str = "", body: bytes = b"") -> SourceError:
    """What a status other than 200 means (RFC 9110, 15; RFC 6585; RFC 7725).

    wait: Retry-After. body: the page that came with it, which may be a check for robots.
    """
    if checked := _wall_in(body):
        return checked
    page, host = shown(address), host_of(address)
    what, advice = _STATUSES.get(status, ("", ""))
    if not what and status >= 500:
        what, advice = "{host} failed to answer ({status}).", _LATER
    if not what:
        what, advice = (
            "{host} answered {page} with status {status}.",
            "Check the link in a browser.",
        )
    if _SECONDS.fullmatch(wait) and advice == _LATER:
        advice = f"Try again in {_in_words(int(wait))}."
    return SourceError(what.format(page=page, host=host, status=status), advice)


def failure(error: httpx.TransportError, address: str, seconds: float) -> SourceError:
    """What a broken connection means."""
    host = host_of(address)
    if isinstance(error, httpx.TimeoutException):
        return out_of_time(address, seconds)
    if isinstance(error, httpx.ProxyError):
        return SourceError(
            f"The proxy did not lead to {host}: {error}.",
            "Check HTTPS_PROXY and HTTP_PROXY, or set NO_PROXY.",
        )
    if (tls := _tls_error(error)) is not None:
        reason = getattr(tls, "verify_message", "") or tls.reason or "no common protocol"
        return SourceError(
            f"The connection to {host} would not be safe: {reason}.",
            "Check the link; if you trust the site, save the page from a browser.",
        )
    if isinstance(error, httpx.ConnectError):
        return SourceError(f"{host} does not answer.", "Check the link, or try again later.")
    return SourceError(f"{host} broke the connection off.", _LATER)


def out_of_time(address: str, seconds: float) -> SourceError:
    """The server took too long, at once or drop by drop."""
    return SourceError(
        f"{host_of(address)} did not send the page within {seconds:.0f} seconds.", _LATER
    )


def too_large(address: str, limit: int) -> SourceError:
    """More than one article can be."""
    return SourceError(
        f"{shown(address)} is larger than {limit / 2**20:.0f} MB.",
        "Give a link to the article alone.",
    )


def wrong_kind(address: str, what: str, media_type: str) -> SourceError:
    """A picture, a video, a program."""
    return SourceError(
        f"{shown(address)} is {what} ({media_type}), and has no article in it.",
        "Give the link of the page that the article is on.",
    )


def _wall_in(body: bytes) -> SourceError | None:
    """A check for robots, or a login, that came with an error's status."""
    if not body.strip():
        return None
    from audiostory.reading.walls import wall

    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True)
        found = wall(document_fromstring(body, parser=parser, ensure_head_body=True), "en")
    except (etree.LxmlError, ValueError):
        return None
    if found is None or found.kind not in ("bot", "login"):
        return None
    return SourceError(found.message, found.hint)


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    minutes = seconds // 60
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
