"""A link becomes the bytes of the page it leads to: asked for once, politely, and bounded.

Nothing is fetched but the page itself: no pictures, no scripts.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

import httpx

from audiostory.errors import SourceError
from audiostory.reading import media
from audiostory.reading.addresses import has_user, host_of, shown, web_address
from audiostory.reading.connection import WAITS, Clock, Door, Network, proxy_for
from audiostory.reading.decode import HEAD_BYTES, LARGEST_BYTES, largest
from audiostory.reading.refusals import (
    failure,
    out_of_time,
    status_refusal,
    too_large,
    wrong_kind,
)
from audiostory.reading.unpack import PackingError, TooLargeError, Unpacked, unpack
from audiostory.reading.walls import wall_at

_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_LONGEST_WAIT_S = 5.0
_WAIT_S = 1.0
_ERROR_BYTES = 256 * 1024  # of an error's page: enough to see what it asks for
_NUMBER = re.compile(r"[0-9]{1,18}")
_ACCEPT = (
    "text/html, application/xhtml+xml, application/pdf;q=0.9, application/epub+zip;q=0.9, "
    "application/atom+xml;q=0.8, application/rss+xml;q=0.8, application/feed+json;q=0.8, "
    "text/markdown;q=0.8, text/plain;q=0.8, application/xml;q=0.7, */*;q=0.5"
)
_BROKEN_OFF = "The connection broke off: the end of the article may be missing."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link leads to.

    url: where it was in the end. data: unpacked, not decoded. media_type: in lower case, by
    its first bytes or else its header. charset: the header's, or None. is_open: it came from
    the open net, as far as can be told: what it leads to may then be asked there only.
    """

    url: str
    data: bytes
    media_type: str
    charset: str | None = None
    warnings: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Visit:
    """What all requests of a fetch share."""

    clock: Clock
    largest_bytes: int
    allow_private: bool
    context: ssl.SSLContext
    cookies: httpx.Cookies


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server answered; wire: the body as sent; is_whole: it came to its end."""

    url: str
    status: int
    headers: httpx.Headers
    wire: bytes
    is_whole: bool
    is_open: bool

    def header(self, name: str) -> str:
        return str(self.headers.get(name, "")).strip()


def fetch(
    url: str,
    *,
    timeout_s: float = 30.0,
    largest_bytes: int = LARGEST_BYTES,
    allow_private: bool = True,
) -> Fetched:
    """Get what a link leads to. Raises SourceError, which says what to do.

    timeout_s: for everything together. largest_bytes: on the wire, and unpacked; of a text,
    which holds no pictures, decode's own limit goes before it.
    allow_private: whether addresses of private networks may be asked; a server that fetches
    what strangers name says False, and then no proxy is used, for it would do the looking up.
    """
    address = web_address(url)
    visit = _Visit(
        Clock(timeout_s), largest_bytes, allow_private, httpx.create_ssl_context(), httpx.Cookies()
    )
    answer = _followed(address, visit)
    if not 200 <= answer.status < 300:
        raise _refused(answer)
    warned = ("The name and password in the link were not sent.",) if has_user(url) else ()
    return _fetched(answer, visit, warned)


def _fetched(answer: _Answer, visit: _Visit, warned: tuple[str, ...]) -> Fetched:
    body = _unpacked(answer, visit)
    if not body.data.strip(b"\0 \t\r\n\f"):
        raise SourceError(f"{shown(answer.url)} is empty.", "Check the link in a browser.")
    declared = answer.header("Content-Type")
    kind = media.media_type(declared, body.data)
    if what := media.not_an_article(kind):
        raise wrong_kind(answer.url, what, kind)
    if not (answer.is_whole and body.is_whole):
        if not media.is_text(kind):
            raise SourceError(
                f"The connection broke off before all of {shown(answer.url)} was there.",
                "Try again later.",
            )
        warned = (*warned, _BROKEN_OFF)
    return Fetched(answer.url, body.data, kind, media.charset(declared), warned, answer.is_open)


def _unpacked(answer: _Answer, visit: _Visit) -> Unpacked:
    limit = _limit(answer.headers, answer.wire[:HEAD_BYTES], visit)
    try:
        return unpack(answer.wire, answer.header("Content-Encoding"), limit)
    except TooLargeError as error:
        raise too_large(answer.url, limit) from error
    except PackingError as error:
        if media.looks_like_text(answer.wire):  # it says that it is packed, and is not
            return Unpacked(answer.wire)
        raise SourceError(
            f"{host_of(answer.url)} has packed the page in a way that is not known here: {error}.",
            "Save the page from a browser, and give the file.",
        ) from error


def _refused(answer: _Answer) -> SourceError:
    try:
        codings = answer.header("Content-Encoding")
        body = unpack(answer.wire, codings, 4 * _ERROR_BYTES).data
    except (TooLargeError, PackingError):
        body = b""
    wait = answer.header("Retry-After")
    return status_refusal(answer.status, answer.url, wait, body)


# --- from hop to hop ------------------------------------------------------------------------


def _followed(address: str, visit: _Visit) -> _Answer:
    """The last answer of a chain of redirects."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    first = address
    for _ in range(_MOST_REDIRECTS + 1):
        state = (address, tuple(sorted(f"{c.name}={c.value}" for c in visit.cookies.jar)))
        if state in seen:
            raise _circle(first)
        seen.add(state)
        answer = _asked(address, visit)
        if answer.is_open:  # nobody outside says what is asked inside a private network
            visit = replace(visit, allow_private=False)
        if answer.status not in _REDIRECTS:
            _refuse_walls(first, address)
            return answer
        address = _next_hop(answer)
    raise SourceError(
        f"{shown(first)} leads on more than {_MOST_REDIRECTS} times, and to no page.",
        "Open it in a browser, and give the link where it ends.",
    )


def _next_hop(answer: _Answer) -> str:
    location = answer.header("Location")
    if not location:
        raise SourceError(
            f"{host_of(answer.url)} says that {shown(answer.url)} has moved, but not where.",
            "Look for the article on the site.",
        )
    try:
        return web_address(location, answer.url)
    except SourceError as error:
        raise SourceError(
            f"{shown(answer.url)} leads to something that is no web page: {error.what}",
            "Give the link of the page that the article is on.",
        ) from error


def _circle(first: str) -> SourceError:
    return SourceError(
        f"{shown(first)} leads in a circle, and to no page.",
        "Open it in a browser: it may want a login or a consent; then save the page from there.",
    )


def _refuse_walls(first: str, last: str) -> None:
    """A link that ends on a page to log in or to consent has not led to its article."""
    found = wall_at(last)
    if found is not None and wall_at(first) is None:
        raise SourceError(found.message, found.hint)


# --- one request ----------------------------------------------------------------------------


def _asked(address: str, visit: _Visit) -> _Answer:
    """An answer; once more after a broken connection, or when the server says so."""
    try:
        answer = _ask(address, visit)
        wait = _wait_s(answer)
        if wait is None:
            return answer
    except httpx.TransportError as error:
        problem = failure(error, address, visit.clock.seconds)
        if isinstance(error, httpx.TimeoutException | httpx.ProxyError) or _is_final(error):
            raise problem from error
        wait = _WAIT_S
    time.sleep(visit.clock.left(wait))
    if visit.clock.is_over():
        raise out_of_time(address, visit.clock.seconds)
    try:
        return _ask(address, visit)
    except httpx.TransportError as error:
        raise failure(error, address, visit.clock.seconds) from error


def _is_final(error: BaseException | None) -> bool:
    """Whether it will be the same again: a certificate does not mend within a second."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _wait_s(answer: _Answer) -> float | None:
    """How long to wait before asking again, or None for not at all (RFC 9110, 10.2.3)."""
    if answer.status not in _TRY_AGAIN:
        return None if answer.is_whole else _WAIT_S
    said = answer.header("Retry-After")
    if not said:
        return _WAIT_S
    if _NUMBER.fullmatch(said):
        wait = float(said)
    else:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return _WAIT_S
        wait = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return max(wait, 0.0) if wait <= _LONGEST_WAIT_S else None


def _ask(address: str, visit: _Visit) -> _Answer:
    """One request and its answer. Past httpx's client, which would look into redirects."""
    host = host_of(address)
    proxy = proxy_for(address.partition(":")[0], host) if visit.allow_private else None
    network = Network(visit.clock, visit.allow_private)
    request = httpx.Request("GET", address, headers=_headers(), extensions=WAITS)
    visit.cookies.set_cookie_header(request)
    with (
        Door(network, visit.context, proxy) as door,
        closing(door.handle_request(request)) as response,
    ):
        response.request = request
        visit.cookies.extract_cookies(response)
        _refuse_kind(response, address)
        wire, is_whole = _body(response, address, visit)
    is_open = network.is_open and proxy is None
    return _Answer(address, response.status_code, response.headers, wire, is_whole, is_open)


def _headers() -> dict[str, str]:
    try:
        number = version("audiostory")
    except PackageNotFoundError:
        number = "0"
    return {
        "User-Agent": f"audiostory/{number} (+reads an article aloud for the person who gave it)",
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip, deflate, br, zstd",
    }


def _refuse_kind(response: httpx.Response, address: str) -> None:
    """Refuse what its header says is a picture, sound or a film, before it is sent."""
    kind = media.declared_type(response.headers.get("Content-Type", ""))
    what = media.not_an_article(kind)
    if response.is_success and what and kind.startswith(("image/", "audio/", "video/", "font/")):
        raise wrong_kind(address, what, kind)


def _body(response: httpx.Response, address: str, visit: _Visit) -> tuple[bytes, bool]:
    """A body as it comes over the wire, and whether all of it came."""
    length = str(response.headers.get("Content-Length", ""))
    claimed = int(length) if response.is_success and _NUMBER.fullmatch(length) else 0
    if claimed > (limit := _limit(response.headers, b"", visit)):
        raise too_large(address, limit)
    parts: list[bytes] = []
    size = 0
    try:
        for part in _parts(response, address, visit.clock):
            parts.append(part)
            size += len(part)
            if not response.is_success:
                if size > _ERROR_BYTES:
                    break
                continue
            limit = _limit(response.headers, parts[0][:HEAD_BYTES], visit)
            if max(size, claimed) > limit:
                raise too_large(address, limit)
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return b"".join(parts), not response.is_success
    return b"".join(parts), True


def _limit(headers: httpx.Headers, head: bytes, visit: _Visit) -> int:
    """How many bytes a body may have: fewer for a text than for a document with pictures.

    head: how it begins; empty while that is not known, and its header alone can say.
    """
    kind = media.declared_type(str(headers.get("Content-Type", "")))
    if not head and not kind.startswith("text/"):
        return visit.largest_bytes
    return min(visit.largest_bytes, largest(head, kind))


def _parts(response: httpx.Response, address: str, clock: Clock) -> Iterator[bytes]:
    for part in response.iter_raw():
        yield part
        if clock.is_over():
            raise out_of_time(address, clock.seconds)
