"""A speech server on loopback: what POST /v1/audio/speech answers, and how such servers fail."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import soundfile

RATE_HZ = 24000
_FORMATS = {
    "wav": ("WAV", "PCM_16", "audio/wav"),
    "mp3": ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
    "opus": ("OGG", "OPUS", "audio/ogg"),
    "flac": ("FLAC", "PCM_16", "audio/flac"),
}


@dataclass
class Answer:
    """What the server sends. length: what it says that it sends, where that is a lie."""

    status: int = 200
    data: bytes = b""
    kind: str = "audio/wav"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Server:
    """A running server. asked: bodies; keys, proxy_keys: headers; most: requests at once."""

    url: str
    asked: list[dict] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    proxy_keys: list[str | None] = field(default_factory=list)
    most: int = 0


def sound(body: dict) -> Answer:
    """A hum as long as the text would take."""
    seconds = max(0.2, 0.065 * len(body["input"])) / body["speed"]
    pitch = 100 + 40 * (hash_of(body["voice"]) % 5)
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    hum = 0.3 * np.sin(2 * np.pi * pitch * times) * (1 + 0.5 * np.sin(2 * np.pi * 3 * times))
    if body["response_format"] == "pcm":
        return Answer(data=(hum * 32767).astype("<i2").tobytes(), kind="audio/pcm")
    format_, subtype, kind = _FORMATS[body["response_format"]]
    file = io.BytesIO()
    soundfile.write(file, hum.astype(np.float32), RATE_HZ, format=format_, subtype=subtype)
    return Answer(data=file.getvalue(), kind=kind)


def wav(samples: np.ndarray) -> Answer:
    """These samples."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE_HZ, format="WAV", subtype="PCM_16")
    return Answer(data=file.getvalue())


def hash_of(text: str) -> int:
    return sum(text.encode())


@contextmanager
def speech_server(answer: Callable[[dict], Answer] = sound) -> Iterator[Server]:
    """A server until the block ends. answer: what it gives to a request."""
    lock = threading.Lock()
    count = 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal count
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                server.asked.append({"path": self.path, **body})
                server.keys.append(self.headers.get("Authorization"))
                server.proxy_keys.append(self.headers.get("Proxy-Authorization"))
                count += 1
                server.most = max(server.most, count)
            given = answer(body)
            with lock:
                count -= 1
            self.send_response(given.status)
            self.send_header("Content-Type", given.kind)
            length = len(given.data) if given.length is None else given.length
            self.send_header("Content-Length", str(length))
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # who asks may have had enough
                self.wfile.write(given.data)
            self.close_connection = given.length is not None

        def log_message(self, *_args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{httpd.server_port}/v1")
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
