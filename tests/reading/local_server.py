"""A server on this machine that answers as real ones do, well and badly."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from audiostory.errors import SourceError
from audiostory.reading.fetch import fetch

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """A request; an answer is sent with `send`, or by hand through wfile."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        answer = self.server.answers.get(self.path)  # type: ignore[attr-defined]
        try:
            if answer is None:
                self.send(b"no such page", status=404)
            else:
                answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_CONNECT(self) -> None:
        """Be a proxy: bytes to and fro, until one of them hangs up."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.close_connection = True
        with socket.create_connection(self.server.tunnels_to) as there:  # type: ignore[attr-defined]
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            while True:
                for ready in select.select([self.connection, there], [], [], 10)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (there if ready is self.connection else self.connection).sendall(data)

    def send(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named = {"Content-Type": "text/html", "Content-Length": str(len(body)), **named}
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Site(ThreadingHTTPServer):
    """What is answered by path, and what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.scheme = "http"
        self.tunnels_to = ("127.0.0.1", 0)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is none of our business."""

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server_port}{path}"

    def page(self, path: str, body: bytes, *, status: int = 200, **headers: str) -> str:
        self.answers[path] = lambda request: request.send(body, status=status, **headers)
        return self.at(path)

    def moved(self, path: str, location: str, status: int = 302) -> str:
        return self.page(path, b"", status=status, Location=location)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that serves until the end, over TLS with a context."""
    with Site() as site:
        if context is not None:
            site.socket = context.wrap_socket(site.socket, server_side=True)
            site.scheme = "https"
        thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


def refusal(url: str, **limits: Any) -> str:
    """What is said when a link cannot be fetched."""
    with pytest.raises(SourceError) as caught:
        fetch(url, **limits)
    assert caught.value.what.endswith(".")
    assert caught.value.advice
    return str(caught.value)


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the proxies of the environment that the tests run in."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
