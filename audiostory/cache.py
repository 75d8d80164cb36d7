"""Clips, and costly speech, on disk, under the hash of everything that affects their sound.

A clip's file is a line with the hash of what follows, a line of JSON (its marks), and its MP3
frames; a speech's has FLAC in their place. Writing is atomic, and what is broken counts as absent:
it is rendered again. So does, at the beginning of a run, a clip that another try may make better.
filelock, else publishing's and speech's, has what several workers want at once asked for once.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, isfinite
from pathlib import Path
from typing import Any

from audiostory.errors import EngineError, SoundError
from audiostory.model import Clip, Mark, Speech, WordMark
from audiostory.speech.encoded import decode, encode_flac

_UNFINISHED = ".clip-"
_POOR = ".poor"
_BEGUN = "begun"  # a file as old as the last run
_LOCKS = "locks"
_HOUR_S, _DAY_S = 60 * 60, 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ClipCache:
    """A folder of clips. Many processes may use it at once."""

    folder: Path

    def begin_run(self) -> None:
        """From now on, clips that are poor count as absent, until each has been tried again.

        Of runs that go on at once, the last to begin counts.
        """
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            begun = self.folder / _BEGUN
            begun.touch()
            _date_now(begun)

    def get(self, key: str) -> Clip | None:
        """The clip, poor or not, or None when it isn't there whole."""
        found = _read_whole(self._path(key)) or _read_whole(self._poor_path(key))
        if found is None:
            return None
        data, frames = found
        marks = tuple(_mark(*mark) for mark in data["marks"])
        levels = (level if level is not None else -inf for level in data["levels"])
        return Clip(frames, data["duration_s"], marks, tuple(data["problems"]), tuple(levels))

    def has(self, key: str) -> bool:
        """Whether a clip is there, whole or not: get() looks closer.

        A poor one is when the run has tried it.
        """
        path = self._path(key)
        try:
            is_there = path.stat().st_size > 0
        except OSError:
            return _changed_ns(self._poor_path(key)) > _changed_ns(self.folder / _BEGUN)
        _touch(path)
        return is_there

    def is_poor(self, key: str) -> bool:
        """Whether all there is of a clip is one that the next run tries to make better."""
        return not self._path(key).is_file() and self._poor_path(key).is_file()

    def put(self, key: str, clip: Clip, *, is_poor: bool = False) -> None:
        """Keep a clip. is_poor: another try may make it better; a better one stays, if there is.

        Raises SoundError when it cannot be written.
        """
        head = {
            "duration_s": clip.duration_s,
            "marks": [[m.begin_s, m.end_s, [_flat(w) for w in m.words]] for m in clip.marks],
            "problems": clip.problems,
            "levels": [level if isfinite(level) else None for level in clip.levels_lufs],
        }
        path, poor = self._path(key), self._poor_path(key)
        if not is_poor:
            _write_whole(self.folder, path, head, clip.frames)
            with suppress(OSError):
                poor.unlink(missing_ok=True)
        elif _content(path) is None:
            _write_whole(self.folder, poor, head, clip.frames)
            self.keep_poor(key)
            with suppress(OSError):
                path.unlink(missing_ok=True)  # it is broken

    def keep_poor(self, key: str) -> bool:
        """Stay with a poor clip for this run, if there is one: it could not be tried again."""
        with suppress(OSError):
            _date_now(self._poor_path(key))
            return True
        return False

    def touch(self, keys: Iterable[str]) -> None:
        """Say that clips are in use, without reading them; those that are gone are left."""
        for key in keys:
            _touch(self._path(key))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.clip"

    def _poor_path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}{_POOR}"


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
        try:
            samples, rate = decode(flac)
        except EngineError:  # nothing was put there: FLAC cannot hold that
            return None
        return Speech(samples, rate, tuple(WordMark(*word) for word in data["words"]))

    def has(self, key: str) -> bool:
        """Whether the speech is there whole."""
        return _read_whole(self._path(key)) is not None

    def put(self, key: str, speech: Speech) -> Speech:
        """Keep a speech, if it has samples; returns it as it is kept.

        Raises SoundError when it cannot be written.
        """
        if not len(speech.samples):
            return speech
        flac = encode_flac(speech.samples, speech.sample_rate_hz)
        head = {"words": [_flat(word) for word in speech.words]}
        _write_whole(self.folder, self._path(key), head, flac)
        return Speech(decode(flac)[0], speech.sample_rate_hz, speech.words)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Whoever else wants what has this key waits: it may be there then."""
        with _alone(self.folder, key):
            yield

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.speech"


@dataclass(frozen=True, slots=True)
class RecordCache:
    """What is known of what was made before, as JSON objects beside the clips."""

    folder: Path

    def get(self, key: str) -> dict[str, Any] | None:
        """The record, or None when it isn't there whole."""
        found = _read_json(self._path(key))
        return found if isinstance(found, dict) else None

    def put(self, key: str, record: Mapping[str, Any]) -> None:
        """Keep a record. What cannot be kept is found out again the next time."""
        _write_json(self._path(key), record)

    def _path(self, key: str) -> Path:
        return self.folder / "made" / key[:2] / f"{key[2:]}.json"


def _read_whole(path: Path) -> tuple[dict[str, Any], bytes] | None:
    """A file's line of JSON and what follows it; None when it isn't there whole."""
    content = _content(path)
    if content is None:
        return None
    head, _, data = content.partition(b"\n")
    return json.loads(head), data


def _content(path: Path) -> bytes | None:
    """What follows a file's line with its hash; None when it isn't there whole."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(content):
        return None
    if path.suffix != _POOR:  # whose time says when it was tried
        _touch(path)
    return content


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

    Who wants it meanwhile waits for it. What cannot be kept is measured again the next time.
    """
    number = _number(folder, key)
    if number is not None:
        return number
    with _alone(folder, key):
        number = _number(folder, key)  # another may have measured it meanwhile
        if number is None:
            number = measure()
            _write_json(_measured(folder, key), number)
    return number


@contextmanager
def _alone(folder: Path, key: str) -> Iterator[None]:
    """No other process is here with the same key, or thread, where files can be locked.

    A few keys share a lock, so that a cache has no more than 256.
    """
    from filelock import FileLock

    path = folder / _LOCKS / key[:2]
    lock = FileLock(path)
    with suppress(OSError, NotImplementedError):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def is_remembered(folder: Path, key: str) -> bool:
    """Whether what has this key was once measured."""
    return _number(folder, key) is not None


def _measured(folder: Path, key: str) -> Path:
    return folder / "measured" / key[:2] / f"{key[2:]}.json"


def _number(folder: Path, key: str) -> float | None:
    found = _read_json(_measured(folder, key))
    return found if isinstance(found, float) else None


def _read_json(path: Path) -> object:
    """What a file of JSON holds; None where it holds none."""
    try:
        found: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    _touch(path)
    return found


def _write_json(path: Path, value: object) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(value).encode())


@dataclass(frozen=True, slots=True)
class Usage:
    """What a cache holds: bytes, files of each kind, and when it was last used.

    oldest: when what is unused longest was last used; newest: when anything was.
    """

    bytes: int
    clips: int
    utterances: int
    measured: int
    made: int
    oldest: datetime | None
    newest: datetime | None

    @property
    def files(self) -> int:
        """How many files there are in all."""
        return self.clips + self.utterances + self.measured + self.made


def usage(folder: Path) -> Usage:
    """How much there is in a cache."""
    return _usage(list(_entries(folder)))


def prune(folder: Path, most_bytes: int, in_use_since: float = inf) -> Usage:
    """Remove what is unused longest until no more than so much is left; returns what went.

    in_use_since: seconds since the epoch; what was used after that stays, whatever its size. What a
    run that was killed left half-written goes too, once it is a day old. Other runs may use the
    cache meanwhile: what they miss they render again.
    """
    for path in folder.rglob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAY_S:
                path.unlink()
    found = sorted(_entries(folder))
    left = sum(size for _, size, _ in found)
    gone: list[_Entry] = []
    for entry in found:
        used, size, path = entry
        if left <= most_bytes or used >= in_use_since - _HOUR_S:  # an hour may count as now
            break
        with suppress(OSError):
            path.unlink()
            gone.append(entry)
            left -= size
    return _usage(gone)


_Entry = tuple[float, int, Path]


def _usage(entries: Sequence[_Entry]) -> Usage:
    kinds = Counter(_kind(path) for _, _, path in entries)
    times = [datetime.fromtimestamp(used, UTC) for used, _, _ in entries]
    return Usage(
        sum(size for _, size, _ in entries),
        kinds[".clip"] + kinds[_POOR],
        kinds[".speech"],
        kinds["measured"],
        kinds["made"],
        min(times, default=None),
        max(times, default=None),
    )


def _kind(path: Path) -> str:
    """Clips and speech are told by their suffix, records by the folder that they are in."""
    return path.parts[-3] if path.suffix == ".json" else path.suffix


def _entries(folder: Path) -> Iterator[_Entry]:
    """When each file of a cache was last used, its size and its path. Others' files are left."""
    for pattern in ("*/*.clip", f"*/*{_POOR}", "*/*.speech", "measured/*/*.json", "made/*/*.json"):
        for path in folder.glob(pattern):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path


def _changed_ns(path: Path) -> int:
    """When a file was last written, 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _date_now(path: Path) -> None:
    """To the nanosecond: a system's own times of files are coarser."""
    now = time.time_ns()
    os.utime(path, ns=(now, now))


def _touch(path: Path) -> None:
    """Say that a file is in use: an hour counts as now, so that reading stays cheap."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _HOUR_S:
            os.utime(path)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
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
