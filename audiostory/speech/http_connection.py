"""Connections on which an answer begins in time.

A time-out of sockets is for each read: who sends a header a byte at a time never comes to it.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


def make_timely(pool: PoolManager) -> PoolManager:
    """The pool, with connections that are shut when an answer's header takes too long."""
    pool.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return pool


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        with _shut_in_time(self.sock, self.timeout):
            return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        with _shut_in_time(self.sock, self.timeout):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@contextmanager
def _shut_in_time(sock: socket.socket, timeout_s: object) -> Iterator[None]:
    """Shut a socket after so many seconds, if any, unless the block ends before."""
    is_late = False

    def shut() -> None:
        nonlocal is_late
        is_late = True
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # that of TLS would wait its turn

    timer = Timer(timeout_s, shut) if isinstance(timeout_s, int | float) else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        if timer:
            timer.cancel()
        if is_late:  # whatever was made of what had come
            raise TimeoutError
