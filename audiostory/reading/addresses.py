"""Links as people paste them become addresses that can be asked; and which are of the open net."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urljoin

import httpx

from audiostory.errors import SourceError

_LONGEST = 8000
_SHOWN = 200
_LARGEST_PORT = 65535
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PORT = re.compile(r"[^/?#:]+:\d{1,5}(?:[/?#]|$)")
_USER = re.compile(r"^((?:[a-z][a-z0-9+.-]*:)?//)[^/?#\\]*@", re.IGNORECASE)
_USER_FIRST = re.compile(r"^(?!mailto:|sips?:|xmpp:|data:|javascript:)[^/?#]*@", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_AROUND = " \u00a0<>\"'“”«»"
_HOST = re.compile(rb"\.*[\w:][\w.:-]*")
_ASKED = ("http", "https")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052, 2.1


def web_address(link: str, base: str = "") -> str:
    """A link as an http or https address: a host as IDNA has it, no user, no fragment.

    link: as pasted; without a scheme it is https. base: the page that it is on, if any.
    Raises SourceError for what is no link to a page.
    """
    text = _UNSEEN.sub("", link).strip(_AROUND)
    if len(text) > _LONGEST:
        raise SourceError(f"{shown(text)} is too long for a link.", "Check the link.")
    try:
        text = urljoin(base, _joinable(text)) if base else _with_scheme(text)
        url = httpx.URL(_USER.sub(r"\1", text))
        _ = url.host  # raises for a host that IDNA 2008 has not
    except (httpx.InvalidURL, ValueError) as error:
        raise _no_link(text) from error
    if url.scheme not in _ASKED:
        raise SourceError(
            f"What begins with {url.scheme}: is no link to a web page.",
            "Give a link that begins with https:// or http://.",
        )
    if not _HOST.fullmatch(url.raw_host) or (url.port or 1) > _LARGEST_PORT:
        raise _no_link(text)
    return str(url.copy_with(fragment=None))


def has_user(link: str) -> bool:
    """Whether there is a name or a password in a link, which nobody is to see."""
    return _USER.search(_with_scheme(link.strip(_AROUND), "https")) is not None


def shown(link: str) -> str:
    """A link as messages show it: without a name and password, and not endless."""
    text = _USER_FIRST.sub("", _USER.sub(r"\1", link), count=1)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def host_of(address: str) -> str:
    """The host of an address, as servers know it (in ASCII)."""
    return httpx.URL(address).raw_host.decode("ascii")


def is_open(address: str) -> bool:
    """Whether an IP address is of the open net: not private, loopback, link-local, reserved.

    IPv4 addresses inside IPv6 ones (mapped, 6to4, Teredo, NAT64) are looked at as such.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(str(inner))
    return ip.is_global and not ip.is_multicast


def _with_scheme(text: str, scheme: str = "https") -> str:
    if text.startswith("//"):
        return f"{scheme}:{text}"
    if _USER_FIRST.match(text) and "//" not in text.partition("@")[0]:
        return f"{scheme}://{text}"
    if _SCHEME.match(text) and not _PORT.match(text):
        return re.sub(r"^(https?):/*(?=[^/])", r"\1://", text, flags=re.IGNORECASE)
    return f"{scheme}://{text}"


def _joinable(text: str) -> str:
    """A link of a page; browsers read its backslashes as slashes (WHATWG URL, 4.4)."""
    path, mark, rest = text.partition("?")
    return path.replace("\\", "/") + mark + rest


def _no_link(text: str) -> SourceError:
    return SourceError(
        f"{shown(text)} is no link that can be followed.", "Copy it anew from the browser."
    )
