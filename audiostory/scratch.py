"""Where an episode is put together before it is published: a folder that goes with its run.

A run that is killed leaves its folder behind; a later one removes it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = re.compile(r"audiostory-(\d{1,9})-\w+")
_DAY_S = 24 * 60 * 60


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder of this process, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"audiostory-{os.getpid()}-") as folder:
        yield Path(folder)


def sweep_scratch() -> None:
    """Remove this user's folders that are a day old and whose process is no more.

    What cannot be removed stays.
    """
    for path in Path(tempfile.gettempdir()).glob("audiostory-*"):
        with suppress(OSError):
            found = _NAME.fullmatch(path.name)
            if found and _is_left(path) and not _lives(int(found[1])):
                shutil.rmtree(path, ignore_errors=True)


def _is_left(path: Path) -> bool:
    status = path.lstat()
    is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return (
        is_ours
        and path.is_dir()
        and not path.is_symlink()
        and time.time() - status.st_mtime > _DAY_S
    )


def _lives(process: int) -> bool:
    """Whether there is such a process. Elsewhere than on POSIX, to ask would be to end it."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True
