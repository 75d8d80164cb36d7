"""Adding voices to Piper: fetched by its own downloader, checked, and only then put in place.

Piper's downloader writes under the final name and takes what is there for whole, however little of
it came. So it writes into a folder aside; sizes and MD5 are compared with what the catalogue of
voices says, and the voice is opened. What was whole when a download broke off is not fetched again.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audiostory.errors import EngineError, UsageError
from audiostory.speech.piper_files import CONFIG, MODEL, read_config
from audiostory.speech.piper_model import PiperModel, not_installed

_NAME = re.compile(r"\w+_\w+-\w+-\w+")
_HOME = "https://huggingface.co/rhasspy/piper-voices"
_ASIDE, _LOCK = ".fetching", ".fetching.lock"
_SILENCE_S = 60.0  # how long a server may say nothing
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Added:
    """A voice that can be used now. card: where its licence stands, or ""."""

    name: str
    folder: Path
    was_there: bool = False
    card: str = ""


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the catalogue says of a voice: the size and MD5 of each of its files, by name."""

    files: Mapping[str, tuple[int, str]]
    card: str


def add_voice(name: str, folder: Path, tell: Callable[[str], None]) -> Added:
    """Fetch a voice of Piper into a folder. tell: is told what takes a while.

    Raises UsageError where there is no such voice, EngineError where it cannot be had, and
    OSError where it cannot be written.
    """
    if not all(find_spec(module) for module in ("piper", "onnxruntime", "onnx")):
        raise not_installed()
    if not _NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is no name of a Piper voice.', "They are such as piper/en_US-lessac-medium."
        )
    if _opens(folder / f"{name}{MODEL}"):
        return Added(name, folder, was_there=True)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        expected = _expected(name, _catalogue(name, folder))
        aside = folder / _ASIDE / name
        aside.mkdir(parents=True, exist_ok=True)
        for missing in _without_broken(aside, expected):
            size = expected.files[missing][0]
            tell(f"Fetching {missing} ({size / 1e6:.1f} MB) …")
        _download(name, aside, folder)
        _check(name, aside, expected)
        for suffix in (CONFIG, MODEL):  # a model that has no configuration is no voice yet
            os.replace(aside / f"{name}{suffix}", folder / f"{name}{suffix}")
        aside.rmdir()
    return Added(name, folder, card=expected.card)


def _opens(model: Path) -> bool:
    try:
        PiperModel(read_config(model))
    except (EngineError, OSError):
        return False
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else fetches into the folder meanwhile."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / _LOCK, blocking=False):
            yield
    except Timeout as error:
        raise EngineError(
            f"Another audiostory fetches a voice into {folder} just now.",
            "Wait until it has, and run the command again.",
        ) from error


def _catalogue(name: str, folder: Path) -> Mapping[str, Any]:
    """Piper's list of all its voices."""
    from piper import download_voices

    with (
        _network(name, folder),
        urllib.request.urlopen(download_voices.VOICES_JSON, timeout=_SILENCE_S) as response,  # noqa: S310
    ):
        data = response.read()
    try:
        catalogue = json.loads(data)
    except (ValueError, RecursionError):
        catalogue = None
    if not isinstance(catalogue, dict):
        raise EngineError(
            f"What {_host()} answers is no list of voices.",
            f"Is it reached through a page that asks to sign in? {_by_hand(name, folder)}",
        )
    return catalogue


def _expected(name: str, catalogue: Mapping[str, Any]) -> _Expected:
    if name not in catalogue:
        raise UsageError(f'Piper has no voice "{name}".', _others(name, sorted(catalogue)))
    try:
        files = {
            path: (int(told["size_bytes"]), str(told["md5_digest"]))
            for path, told in catalogue[name]["files"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        files = {}
    wanted = {path.rpartition("/")[2]: told for path, told in files.items()}
    names = (f"{name}{MODEL}", f"{name}{CONFIG}")
    if not wanted.keys() >= set(names):
        raise EngineError(
            f'The list of Piper\'s voices does not say what "{name}" consists of.',
            "Take another voice, or try again another day.",
        )
    cards = [f"{_HOME}/blob/main/{path}" for path in files if path.endswith("MODEL_CARD")]
    return _Expected({file: wanted[file] for file in names}, cards[0] if cards else "")


def _others(name: str, known: list[str]) -> str:
    language = name.partition("-")[0]
    near = get_close_matches(name, known, 3, 0.7)
    same = [other for other in known if other.startswith(f"{language}-") and other not in near]
    listed = [*near, *same]
    if not listed:
        spoken = sorted({other.partition("-")[0] for other in known})
        return f"It has voices for {', '.join(spoken)}. Listen to them: {_HOME}"
    more = ", …" if len(listed) > _MOST_NAMED else ""
    return f"Choose one such as {', '.join(listed[:_MOST_NAMED])}{more}."


def _without_broken(aside: Path, expected: _Expected) -> list[str]:
    """Remove what is not whole of an earlier download; give the names of what is to be fetched."""
    missing = [name for name, told in expected.files.items() if not _is_whole(aside / name, *told)]
    for name in missing:
        (aside / name).unlink(missing_ok=True)
    return missing


def _is_whole(path: Path, size: int, md5: str) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest() == md5.lower()


def _download(name: str, aside: Path, folder: Path) -> None:
    from piper.download_voices import download_voice

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SILENCE_S)  # Piper's downloader has none of its own
    try:
        with _network(name, folder):
            download_voice(name, aside)
    finally:
        socket.setdefaulttimeout(before)


def _check(name: str, aside: Path, expected: _Expected) -> None:
    """Raises EngineError for what did not arrive as it should; of that, nothing is kept."""
    if broken := _without_broken(aside, expected):
        raise EngineError(
            f"{', '.join(broken)} did not arrive whole.",
            "Run the command again: what is whole is not fetched again.",
        )
    try:
        PiperModel(read_config(aside / f"{name}{MODEL}"))
    except EngineError as error:
        shutil.rmtree(aside)
        raise EngineError(
            f'The voice "{name}" arrived whole, but this Piper cannot open it.',
            "Update Piper: pip install --upgrade piper-tts. Or take another voice.",
        ) from error


@contextmanager
def _network(name: str, folder: Path) -> Iterator[None]:
    """What can go wrong between here and there, in words."""
    host = _host()
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise EngineError(
            f"{host} answers {error.code} ({error.reason}).",
            f"Try again later. Or: {_by_hand(name, folder)}",
        ) from error
    except UnicodeError as error:  # Piper's downloader knows no letters beyond ASCII
        raise EngineError(
            f'Piper\'s downloader cannot ask for "{name}".',
            f"A browser can: {_by_hand(name, folder)}",
        ) from error
    except urllib.error.URLError as error:
        raise EngineError(
            f"{host} could not be reached ({_reason(error.reason)}).",
            f"See that there is a network. Without one: {_by_hand(name, folder)}",
        ) from error
    except (http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError) as error:
        raise EngineError(
            f"The answer of {host} broke off.",
            "Run the command again: what is whole is not fetched again.",
        ) from error


def _reason(reason: object) -> str:
    return str(getattr(reason, "strerror", None) or reason or "no word of why")


def _host() -> str:
    from piper import download_voices

    return urlsplit(download_voices.VOICES_JSON).hostname or "The server"


def _by_hand(name: str, folder: Path) -> str:
    from piper.download_voices import URL_FORMAT

    code, voice, quality = name.split("-")
    links = (
        URL_FORMAT.format(
            lang_family=code.partition("_")[0],
            lang_code=code,
            voice_name=voice,
            voice_quality=quality,
            extension=suffix,
        )
        for suffix in (MODEL, CONFIG)
    )
    listed = "".join(f"\n  {link.partition('?')[0]}" for link in links)
    return f"fetch these two files elsewhere, and put them into {folder}:{listed}"
