import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from audiostory.scratch import scratch, sweep_scratch

TWO_DAYS_S = 2 * 24 * 60 * 60


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def dead() -> int:
    """A process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def folder(parent: Path, name: str, age_s: float = TWO_DAYS_S) -> Path:
    path = parent / name
    path.mkdir()
    (path / "episode.mp3").write_bytes(b"left")
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def test_a_folder_goes_with_its_run(temporary: Path):
    with scratch() as path:
        assert path.parent == temporary
        (path / "episode.mp3").touch()
    assert not list(temporary.iterdir())


def test_what_a_killed_run_left_is_removed_after_a_day(temporary: Path, dead: int):
    folder(temporary, f"audiostory-{dead}-abc")
    sweep_scratch()
    assert not list(temporary.iterdir())


def test_all_else_stays(temporary: Path, dead: int):
    elsewhere = folder(temporary, "mine")
    folder(temporary, f"audiostory-{dead}-young", age_s=60)
    folder(temporary, f"audiostory-{os.getpid()}-living")
    folder(temporary, "audiostory-notes")
    (temporary / f"audiostory-{dead}-file").touch()
    (temporary / f"audiostory-{dead}-link").symlink_to(elsewhere)
    os.utime(temporary / f"audiostory-{dead}-file", (0, 0))
    os.utime(temporary / f"audiostory-{dead}-link", (0, 0), follow_symlinks=False)
    before = sorted(temporary.rglob("*"))
    sweep_scratch()
    assert sorted(temporary.rglob("*")) == before


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root gives folders away")
def test_other_peoples_folders_stay(temporary: Path, dead: int):
    os.chown(folder(temporary, f"audiostory-{dead}-theirs"), 12345, 12345)
    sweep_scratch()
    assert len(list(temporary.iterdir())) == 1
