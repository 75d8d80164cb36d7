"""Clips on disk, under the hash of everything that affects their sound.

A clip's file is a line with the hash of what follows, a line of JSON (its marks), and its MP3
frames. Writing is atomic, and what is broken counts as absent: it is rendered again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audiostory.errors import SoundError
from audiostory.model import Clip, Mark, WordMark


@dataclass(frozen=True, slots=True)
class ClipCache:
    """A folder of clips. Many processes may use it at once."""

    folder: Path

    def get(self, key: str) -> Clip | None:
        """The clip, or None when it isn't there whole."""
        try:
            digest, _, content = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest != _digest(content):
            return None
        head, _, frames = content.partition(b"\n")
        data = json.loads(head)
        return Clip(frames, data["duration_s"], tuple(_mark(*mark) for mark in data["marks"]))

    def has(self, key: str) -> bool:
        """Whether the clip is there whole."""
        return self.get(key) is not None

    def put(self, key: str, clip: Clip) -> None:
        """Keep a clip. Raises SoundError when it cannot be written."""
        head = {
            "duration_s": clip.duration_s,
            "marks": [[m.begin_s, m.end_s, [_flat(w) for w in m.words]] for m in clip.marks],
        }
        content = json.dumps(head).encode() + b"\n" + clip.frames
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, _digest(content) + b"\n" + content)
        except OSError as error:
            raise SoundError(
                f"The cache {self.folder} cannot be written: {error.strerror}.",
                "Make room there, or name another folder with --cache.",
            ) from error

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.clip"


def remembered(
    folder: Path, key: str, measure: Callable[[], tuple[float, float]]
) -> tuple[float, float]:
    """Two numbers that were once measured of what has this key; measured now if they were not.

    What cannot be kept is measured again the next time.
    """
    path = folder / "measured" / key[:2] / f"{key[2:]}.json"
    try:
        first, second = json.loads(path.read_bytes())
        return float(first), float(second)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        numbers = measure()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(numbers).encode())
    return numbers


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
