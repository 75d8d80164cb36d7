"""A speech server: asked once, within a time and for so many bytes; what it says is checked.

The key comes from the environment alone, is sent to no other host, and stands in no message.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from audiostory.errors import EngineError
from audiostory.speech.http_slots import slot
from audiostory.speech.wav import is_cut

if TYPE_CHECKING:
    import urllib3

KEY_VARIABLE = "AUDIOSTORY_HTTP_KEY"
_OPENAI_HOST, _OPENAI_VARIABLE = "api.openai.com", "OPENAI_API_KEY"
_PATH = "/audio/speech"
_BUSY = (408, 409, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT_S = 60.0
_SHOWN_CHARACTERS = 200
_PIECE_BYTES = 65536
_MOST_ERROR_BYTES = 65536
# Of an answer: what a slow voice takes to say a character, in the largest format, is far less.
_LEAST_LIMIT_BYTES, _BYTES_A_CHARACTER = 4_000_000, 100_000
_CHARACTERS_PER_S = 5  # at the slowest, of a server that takes as long as it speaks
_LATER_ADVICE = "Run the command again later: it goes on where it stopped."


class SpeechServer:
    """A server. url: up to and with /v1. timeout_s: how long it may say nothing.

    concurrent: how many requests it is given at once. table: the show's name for the engine.
    """

    def __init__(
        self, table: str, url: str, key_variable: str, timeout_s: float, concurrent: int
    ) -> None:
        self.url = f"{url.rstrip('/').removesuffix(_PATH)}{_PATH}"
        self.place = urlsplit(url).netloc
        self._table = table
        self._key_variable = key_variable
        self._timeout_s = timeout_s
        self._concurrent = concurrent

    @property
    def in_show(self) -> str:
        """Where its options are."""
        return f"[engines.{self._table}] of show.toml"

    @property
    def advice(self) -> str:
        """What to do where it is asked wrongly."""
        return f"Compare {self.in_show} with what the server's documentation says."

    def ask(self, body: dict[str, Any]) -> bytes:
        """The sound that it answers with. body: the request; its input is the text.

        Raises BusyError where another try may help, else EngineError.
        """
        headers = self.headers()
        with slot(self.url, self._concurrent), self._explained():
            answer = self._pool.request(
                "POST",
                self.url,
                json=body,
                headers=headers,
                timeout=self._timeout_s,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                data = self._content(answer, len(body["input"]))
            finally:
                answer.close()  # one that was not read to its end is of no more use
        return self._sound_in(answer, data)

    def _content(self, answer: urllib3.BaseHTTPResponse, characters: int) -> bytes:
        """All that comes; of an error, its beginning. Raises BusyError and EngineError."""
        limit_s = self._timeout_s + characters / _CHARACTERS_PER_S
        most = _LEAST_LIMIT_BYTES + _BYTES_A_CHARACTER * characters
        ends = time.monotonic() + limit_s
        found: list[bytes] = []
        count = 0
        while data := answer.read1(_PIECE_BYTES):
            found.append(data)
            count += len(data)
            if answer.status != 200 and count > _MOST_ERROR_BYTES:
                break
            if count > most:
                size = f"{most / 1e6:.0f} MB for {characters} characters"
                raise EngineError(f"{self.place} sends more than {size}.", self.advice)
            if time.monotonic() > ends:
                raise BusyError(
                    f"{self.place} had not sent all of its answer after {limit_s:.0f} s.",
                    f"See that the server is well, or set timeout_s higher in {self.in_show}.",
                    is_unreachable=True,
                )
        return b"".join(found)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What can go wrong between here and there, in words."""
        import urllib3

        try:
            yield
        except urllib3.exceptions.LocationValueError as error:
            raise EngineError(f"{self.url} cannot be used: {error}.", self.advice) from error
        except (urllib3.exceptions.IncompleteRead, urllib3.exceptions.ProtocolError) as error:
            raise BusyError(f"The answer of {self.place} broke off.") from error
        except urllib3.exceptions.ProxyError as error:
            what = f"{self.place} could not be reached through the proxy {self._proxy_place}."
            advice = "See that it runs, and that HTTPS_PROXY, HTTP_PROXY and NO_PROXY are right."
            raise BusyError(what, advice, is_unreachable=True) from error
        except urllib3.exceptions.NameResolutionError as error:
            what = f"The name {self.place} is not known to the network."
            advice = f"See that {self._url_in_show} is spelt right, and that there is a network."
            raise BusyError(what, advice, is_unreachable=True) from error
        except (urllib3.exceptions.NewConnectionError, OSError) as error:
            what = f"{self.place} could not be reached."
            advice = f"See that the server runs, and that {self._url_in_show} is its address."
            raise BusyError(what, advice, is_unreachable=True) from error
        except urllib3.exceptions.TimeoutError as error:
            what = f"{self.place} did not answer within {self._timeout_s:g} s."
            advice = f"See that the server is well, or set timeout_s higher in {self.in_show}."
            raise BusyError(what, advice, is_unreachable=True) from error
        except urllib3.exceptions.HTTPError as error:
            what = f"{self.place} could not be reached ({type(error).__name__})."
            raise BusyError(what, is_unreachable=True) from error

    def _sound_in(self, answer: urllib3.BaseHTTPResponse, data: bytes) -> bytes:
        if answer.status in _BUSY:
            raise BusyError(
                f"{self.place} answers {answer.status} ({self._said(data)}).",
                asked_s=_asked_s(answer.headers.get("Retry-After")),
            )
        if answer.status != 200:
            raise self._refusal(answer.status, data)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind.startswith("text/") or kind.endswith(("json", "xml")):
            raise EngineError(
                f"{self.place} answers {kind} where sound was expected ({self._said(data)}).",
                self.advice,
            )
        if not data:
            raise BusyError(f"The answer of {self.place} is empty.")
        if is_cut(data):
            raise BusyError(f"The answer of {self.place} broke off.")
        return data

    def headers(self) -> dict[str, str]:
        """Those of a request: with the key, where there is one. Raises EngineError."""
        key = self._key()
        if not all("!" <= char <= "~" for char in key):  # http.client would quote it, refusing it
            raise EngineError(
                f"What {self._key_name()} holds is no key.",
                "A key is one word of ASCII: set the variable to the key alone.",
            )
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _refusal(self, status: int, data: bytes) -> EngineError:
        what = f"{self.place} answers {status} ({self._said(data)})."
        if status in (401, 403):
            name = self._key_name()
            asked = f"Is the key in {name} the right one?"
            return EngineError(what, asked if self._key() else f"Put the server's key into {name}.")
        if status in range(300, 400):
            return EngineError(what, "It sends elsewhere: give the address where the server is.")
        if status == 404:
            return EngineError(what, f"Is {self.url} its address? Set url up to and with /v1.")
        return EngineError(what, self.advice)

    def _said(self, data: bytes) -> str:
        """What a server said of an error, in a line; without the key, should it repeat it."""
        key = self._key()
        said = _in_a_line(data.decode("utf-8", "replace"))
        said = said.replace(key, "…") if key else said
        return _without_keys(said)[:_SHOWN_CHARACTERS] or "no word of why"

    @property
    def _url_in_show(self) -> str:
        return f"url in {self.in_show}"

    def _key(self) -> str:
        return os.environ.get(self._key_name(), "").strip()

    def _key_name(self) -> str:
        if self._key_variable:
            return self._key_variable
        is_openai = urlsplit(self.url).hostname == _OPENAI_HOST and KEY_VARIABLE not in os.environ
        return _OPENAI_VARIABLE if is_openai else KEY_VARIABLE

    @cached_property
    def _proxy(self) -> str:
        return _proxy_of(self.url)

    @property
    def _proxy_place(self) -> str:
        """Without name and password, however they are written."""
        return self._proxy.rpartition("@")[2].rpartition("//")[2].strip("/")

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        import urllib3

        if not self._proxy:
            return urllib3.PoolManager(maxsize=self._concurrent)
        headers = None
        try:
            parts = urlsplit(self._proxy)
            if parts.username:
                who = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
                headers = urllib3.make_headers(proxy_basic_auth=who)
            return urllib3.ProxyManager(
                f"{parts.scheme}://{self._proxy_place}",
                maxsize=self._concurrent,
                proxy_headers=headers,
            )
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise EngineError(
                f"The proxy {self._proxy_place} cannot be used: {type(error).__name__}.",
                "Set HTTPS_PROXY or HTTP_PROXY to one such as http://proxy.example.org:3128.",
            ) from error


class BusyError(Exception):
    """What another try may mend. asked_s: how long the server asks to wait, if it does.

    is_unreachable: whether nobody else need try for a while.
    """

    def __init__(
        self,
        what: str,
        advice: str = _LATER_ADVICE,
        *,
        asked_s: float | None = None,
        is_unreachable: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.is_unreachable = is_unreachable
        self.asked_s = asked_s

    @property
    def asks_too_much(self) -> bool:
        """Whether the server asks to wait longer than anybody would."""
        return self.asked_s is not None and self.asked_s > _LONGEST_WAIT_S

    def wait_s(self, attempt: int) -> float:
        """How long to wait: twice as long each time, and as long as the server asks for.

        Then up to half as long again, so that workers do not all come back at once.
        """
        usual: float = 0.5 * 2 ** min(attempt, 10) * random.uniform(1, 1.5)  # noqa: S311
        return min(max(usual, self.asked_s or 0.0), _LONGEST_WAIT_S)


def _asked_s(retry_after: str | None) -> float | None:
    """How long a server asks to wait (RFC 9110, 10.2.3); None where it doesn't in earnest."""
    import urllib3

    if not retry_after:
        return None
    try:
        return float(urllib3.Retry().parse_retry_after(retry_after))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def _proxy_of(url: str) -> str:
    """The proxy that the environment has for an address; "" for none, and for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass_environment(parts.netloc):
        return ""
    proxies = getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _in_a_line(text: str) -> str:
    """What an error's JSON, page or text says, in one line of what can be printed."""
    try:
        told = json.loads(text)
        error = told.get("error", told.get("detail", text)) if isinstance(told, dict) else text
        text = str(error.get("message", error)) if isinstance(error, dict) else str(error)
    except (ValueError, RecursionError):
        pass
    line = " ".join(re.sub(r"<[^<>]*>", " ", text).split())
    return "".join(char for char in line if char.isprintable())


def _without_keys(text: str) -> str:
    """A server may repeat the key that it refuses, whole or in part."""
    return re.sub(r"\b(sk|pk|key|Bearer)[-_ ][\w*-]{6,}", r"\1-…", text)
