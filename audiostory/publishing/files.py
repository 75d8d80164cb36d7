"""Files that appear whole or not at all, and one writer at a time."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from audiostory.errors import PublishingError

_LOCK = ".audiostory.lock"
_TEMPORARY = ".audiostory-{}.tmp"
_PATIENCE_S = 2.0

_ADVICE = {
    errno.ENOSPC: "Free some space on the disk, then try again.",
    errno.EDQUOT: "Your quota on the disk is used up: free some space, then try again.",
    errno.EFBIG: "Files may not be so large here: raise the limit, then try again.",
    errno.EROFS: "The disk is read-only: choose another output folder.",
    errno.EACCES: "Choose an output folder that you may write to.",
    errno.EPERM: "Choose an output folder that you may write to.",
    errno.ENOTDIR: "Move the file that is in the folder's place, or choose another output folder.",
    errno.EISDIR: "Move the folder that is in the file's place, or choose another output folder.",
    errno.EEXIST: "Move the file that is in the folder's place, or choose another output folder.",
}
_OTHER_ADVICE = "See that the output folder can be written to, then try again."

Content = bytes | Path
"""What a file is to hold: the bytes themselves, or a file whose bytes they are."""


def write_files(files: Mapping[Path, Content]) -> bool:
    """Make each file hold its content. Returns whether any had to be changed.

    First all that differ are written in full beside their places and flushed to the disk; then
    they take their places in the order given, each by one atomic rename. A failure before the
    renames changes nothing and leaves nothing behind. Raises PublishingError.
    """
    staged: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for target, content in files.items():
            with _explained(target):
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "a folder is in its place")
                if not _holds(target, content):
                    _make_folder(target.parent, made)
                    staged[target] = target.with_name(_TEMPORARY.format(uuid4().hex[:12]))
                    _write(staged[target], content)
        for target, temporary in staged.items():
            with _explained(target):
                os.replace(temporary, target)
        for folder in dict.fromkeys(target.parent for target in staged):
            _flush_folder(folder)
    finally:
        _remove(staged.values(), made)
    return bool(staged)


def sha256_and_size(path: Path) -> tuple[str, int]:
    """The hash of what an audio file holds, and how many bytes that is. Raises PublishingError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
    except OSError as error:
        raise PublishingError(
            f"The audio {path} cannot be read: {error.strerror or error}.",
            "Make the article again.",
        ) from error


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written in a folder and the folders in it.

    Only while the lock is held: nobody else is writing there.
    """
    for depth in ("", "*/", "*/*/"):
        for path in folder.glob(depth + _TEMPORARY.format("*")):
            with _explained(path):
                path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold a folder's lock: another process, or thread, that wants it waits.

    The lock goes with the process that holds it, however that ends. on_wait gets a message
    when it takes long. Raises PublishingError when the folder cannot be made or locked.
    """
    path = folder / _LOCK
    with _explained(path):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=_PATIENCE_S)
        except Timeout:
            if on_wait is not None:
                on_wait(f"Another run is publishing to {folder.name}. Waiting for it to finish.")
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn an OSError into a PublishingError about the file."""
    try:
        yield
    except OSError as error:
        code = error.errno or 0
        raise PublishingError(
            f"{path} could not be written: {error.strerror or error}.",
            _ADVICE.get(code, _OTHER_ADVICE),
        ) from error


def _holds(target: Path, content: Content) -> bool:
    if not target.is_file():
        return False
    if isinstance(content, Path):
        return filecmp.cmp(target, content, shallow=False)
    return target.stat().st_size == len(content) and target.read_bytes() == content


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; add each that was new to made, the outermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _write(path: Path, content: Content) -> None:
    with path.open("xb") as file:
        if isinstance(content, Path):
            with content.open("rb") as source:
                shutil.copyfileobj(source, file, 1 << 20)
        else:
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can."""
    if os.name != "posix":
        return
    with suppress(OSError):  # Some network file systems cannot; the renames are made all the same.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(temporaries: Iterable[Path], made: list[Path]) -> None:
    """Remove temporary files, and folders that were made for them and stayed empty."""
    for path in temporaries:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
