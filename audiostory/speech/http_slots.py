"""How many requests a server is given at once, by all workers and runs of a user together.

A slot is a locked file in the user's cache folder. filelock, else publishing's and the cache's.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from audiostory.errors import EngineError

_SLOT_S = 0.05
_DAY_S = 24 * 60 * 60


@contextmanager
def slot(url: str, concurrent: int) -> Iterator[None]:
    """One of so many requests that a server is given at once. Raises EngineError."""
    from filelock import FileLock, Timeout

    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    folder = slot_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
    except OSError as error:
        raise _slot_error(folder, error) from error
    paths = [folder / f"{digest}-{number}" for number in range(concurrent)]
    locks = [(path, FileLock(path)) for path in paths]
    while True:
        for path, lock in locks:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            except OSError as error:
                raise _slot_error(folder, error) from error
            with suppress(OSError):
                os.utime(path)  # it is in use
            try:
                yield
            finally:
                lock.release()
            return
        time.sleep(_SLOT_S)


def slot_folder() -> Path:
    """Where slots are: in the user's cache folder, which is nobody else's."""
    from platformdirs import user_cache_path

    return user_cache_path("audiostory", appauthor=False) / "slots"


@cache
def _sweep(folder: Path) -> None:
    """Remove slots that nobody has used for a day. Once in a process."""
    from filelock import FileLock

    for path in folder.iterdir():
        with suppress(OSError):  # Timeout is one: somebody uses it
            if time.time() - path.stat().st_mtime > _DAY_S:
                with FileLock(path, blocking=False):
                    path.unlink()


def _slot_error(folder: Path, error: OSError) -> EngineError:
    return EngineError(
        f"The engine cannot lock files in {folder}: {error.strerror or error}.",
        "Make it a folder that can be written to; on Linux, XDG_CACHE_HOME may name another.",
    )
