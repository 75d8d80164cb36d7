"""A server on this machine that gives voices of Piper, as the one that Piper's downloader asks."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .piper_voice import build_piper_voice


@dataclass
class Shelf:
    """What a server of voices holds, and what it was asked for. cut: bytes that it stops after."""

    files: dict[str, bytes]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)
    status: int = 200

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0].removeprefix("/")
        name = path.rpartition("/")[2]
        self.asked.append(name)
        data = self.files.get(path)
        handler.send_response(self.status if data is not None else 404)
        data = data or b""
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[: self.cut.get(name, len(data))])


def path_of(name: str) -> str:
    """Where a voice such as en_US-lessac-low is, without its endings."""
    code, family, quality = name.split("-")
    return f"{code.partition('_')[0]}/{code}/{family}/{quality}/{name}"


@contextmanager
def voice_shelf(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A server with a voice of that name, built in the folder; Piper's downloader asks there."""
    model = build_piper_voice(folder, name)
    files = {
        f"{path_of(name)}.onnx": model.read_bytes(),
        f"{path_of(name)}.onnx.json": model.with_name(f"{name}.onnx.json").read_bytes(),
    }
    told = Shelf({**files, "voices.json": catalogue(name, files)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.answer(self)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    use(told.url, monkeypatch)
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Piper's downloader ask there."""
    place = "{lang_family}/{lang_code}/{voice_name}/{voice_quality}"
    name = "{lang_code}-{voice_name}-{voice_quality}{extension}?download=true"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("piper.download_voices.URL_FORMAT", f"{url}/{place}/{name}")
    monkeypatch.setattr("piper.download_voices.VOICES_JSON", f"{url}/voices.json")


def catalogue(name: str, files: dict[str, bytes]) -> bytes:
    """What voices.json says of a voice's files; it names others beside it."""
    told = {
        path: {"size_bytes": len(data), "md5_digest": hashlib.md5(data).hexdigest()}
        for path, data in files.items()
    }
    card = {f"{path_of(name).rpartition('/')[0]}/MODEL_CARD": {"size_bytes": 1, "md5_digest": "0"}}
    others = {other: {"files": {}} for other in ("en_US-ryan-high", "de_DE-thorsten-low")}
    return json.dumps({name: {"files": {**told, **card}}, **others}).encode()
