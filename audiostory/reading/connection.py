"""How a server is reached: names looked up once, time bounded to the last byte, proxies kept.

httpx bounds each wait, not their sum, and looks a name up anew when it connects. So its pools
get a network of their own here: every wait ends with the fetch's own time, and the address
that is connected to is the one that was checked.
"""

from __future__ import annotations

import queue
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterable
from threading import Thread
from typing import Any

import httpcore
import httpx

from audiostory.errors import SourceError
from audiostory.reading.addresses import is_open, shown

_LONGEST_WAIT_S = 15.0
# How long to wait for one thing, as requests carry it; all of it together is the clock's.
WAITS = {"timeout": httpx.Timeout(_LONGEST_WAIT_S).as_dict()}
_SocketOption = Any  # as httpcore has it


class Clock:
    """How much of a fetch's time is left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds to wait at most; never 0, which would mean not to wait but to fail oddly."""
        left = max(self._ends - time.monotonic(), 0.001)
        return left if at_most is None else min(left, at_most)

    def is_over(self) -> bool:
        """Whether there is no time left."""
        return time.monotonic() >= self._ends


class Network(httpcore.SyncBackend):
    """Sockets whose every wait ends with the clock, to addresses that may be asked.

    is_open: whether the last host is of the open net, by all of its addresses.
    """

    def __init__(self, clock: Clock, allow_private: bool) -> None:
        self._clock = clock
        self._allow_private = allow_private
        self.is_open = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        addresses = _looked_up(host, port, self._clock)
        self.is_open = all(map(is_open, addresses))
        if not self._allow_private and not self.is_open:
            raise SourceError(
                f"{host} is an address inside a private network.",
                "Give a link to a page on the open web.",
            )
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in addresses:
            wait = self._clock.left(timeout)
            try:
                stream = super().connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
                continue
            return _TimedStream(stream, self._clock)
        raise failure or httpcore.ConnectError(f"{host} has no address")


class _TimedStream(httpcore.NetworkStream):
    """A stream that waits no longer than the clock has left."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._clock.is_over():
            raise httpcore.ReadTimeout("no time left")
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = self._clock.left(timeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, wait)
        return _TimedStream(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Door(httpx.HTTPTransport):
    """httpx's own transport over our network, straight to the server or through a proxy."""

    def __init__(self, network: Network, context: ssl.SSLContext, proxy: str | None) -> None:
        super().__init__(verify=context)
        if proxy is None:
            self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=network)
            return
        through = httpx.Proxy(proxy)
        self._pool = httpcore.HTTPProxy(
            proxy_url=str(through.url),
            proxy_auth=through.raw_auth,
            ssl_context=context,
            network_backend=network,
        )


def proxy_for(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for a host (HTTPS_PROXY, NO_PROXY …), or None."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(host):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise SourceError(
            f"The proxy {shown(proxy)} cannot be used: it is no HTTP proxy.",
            f"Set {scheme.upper()}_PROXY to an HTTP proxy, or NO_PROXY to {host}.",
        )
    return proxy


def _looked_up(host: str, port: int, clock: Clock) -> list[str]:
    """The addresses of a host. getaddrinfo knows no time limit, so a thread waits for it."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=clock.left(_LONGEST_WAIT_S))
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"{host} was not looked up in time") from None
    if isinstance(answer, Exception):
        raise SourceError(
            f"There is no server {host}, or no connection to the net.",
            "Check the link and the connection.",
        ) from answer
    return answer
