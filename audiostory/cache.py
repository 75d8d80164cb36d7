"""Clips, and costly speech, on disk, under the hash of everything that affects their sound.

A clip's file is a line with the hash of what follows, a line of JSON (its marks), and its MP3
frames; a speech's has FLAC in their place. Writing is atomic, and what is broken counts as absent:
it is rendered again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import Any

from audiostory.errors import SoundError
from audiostory.model import Clip, Mark, Speech, WordMark
from audiostory.speech.encoded import decode, encode_flac


@dataclass(frozen=True, slots=True)
class ClipCache:
    """A folder of clips. Many processes may use it at once."""

    folder: Path

    def get(self, key: str) -> Clip | None:
        """The clip, or None when it isn't there whole."""
        found = _read_whole(self._path(key))
        if found is None:
            return None
        data, frames = found
        marks = tuple(_mark(*mark) for mark in data["marks"])
        levels = (level if level is not None else -inf for level in data["levels"])
        return Clip(frames, data["duration_s"], marks, tuple(data["problems"]), tuple(levels))

    def has(self, key: str) -> bool:
        """Whether the clip is there whole."""
        return self.get(key) is not None

    def put(self, key: str, clip: Clip) -> None:
        """Keep a clip. Raises SoundError when it cannot be written."""
        head = {
            "duration_s": clip.duration_s,
            "marks": [[m.begin_s, m.end_s, [_flat(w) for w in m.words]] for m in clip.marks],
            "problems": clip.problems,
            "levels": [level if isfinite(level) else None for level in clip.levels_lufs],
        }
        _write_whole(self.folder, self._path(key), head, clip.frames)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.clip"


@dataclass(frozen=True, slots=True)
class SpeechCache:
    """What costly engines said, an utterance a file, beside the clips."""

    folder: Path

    def get(self, key: str) -> Speech | None:
        """The speech, or None when it isn't there whole."""
        found = _read_whole(self._path(key))
        if found is None:
            return None
        data, flac = found
        samples, rate = decode(flac)
        return Speech(samples, rate, tuple(WordMark(*word) for word in data["words"]))

    def put(self, key: str, speech: Speech) -> Speech:
        """Keep a speech; returns it as it is kept. Raises SoundError when it cannot be written."""
        flac = encode_flac(speech.samples, speech.sample_rate_hz)
        head = {"words": [_flat(word) for word in speech.words]}
        _write_whole(self.folder, self._path(key), head, flac)
        return Speech(decode(flac)[0], speech.sample_rate_hz, speech.words)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.speech"


def _read_whole(path: Path) -> tuple[dict[str, Any], bytes] | None:
    """A file's line of JSON and what follows it; None when it isn't there whole."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(content):
        return None
    head, _, data = content.partition(b"\n")
    return json.loads(head), data


def _write_whole(folder: Path, path: Path, head: dict[str, Any], data: bytes) -> None:
    content = json.dumps(head).encode() + b"\n" + data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, _digest(content) + b"\n" + content)
    except OSError as error:
        raise SoundError(
            f"The cache {folder} cannot be written: {error.strerror}.",
            "Make room there, or name another folder with --cache.",
        ) from error


def remembered(folder: Path, key: str, measure: Callable[[], float]) -> float:
    """A number that was once measured of what has this key; measured now if it was not.

    What cannot be kept is measured again the next time.
    """
    path = folder / "measured" / key[:2] / f"{key[2:]}.json"
    try:
        return float(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        number = measure()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(number).encode())
    return number


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".clip-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _flat(word: WordMark) -> list[float]:
    return [word.begin_s, word.offset, word.length]


def _mark(begin_s: float, end_s: float, words: Sequence[tuple[float, int, int]]) -> Mark:
    return Mark(begin_s, end_s, tuple(WordMark(*word) for word in words))
