import math
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostory.cache import ClipCache, SpeechCache, prune, remembered, usage
from audiostory.errors import SoundError
from audiostory.model import Clip, Mark, Speech, WordMark

KEY = "ab" + "c" * 62
CLIP = Clip(
    frames=b"\xff\xfb\n\x00frames\n",
    duration_s=1.25,
    marks=(Mark(0.1, 0.9, (WordMark(0.1, 0, 3), WordMark(0.4, 4, 5))), Mark(0.9, 1.2)),
    problems=("“It”: no sound.",),
    levels_lufs=(-16.25, -math.inf),
)


def test_a_clip_comes_back_as_it_was_put(tmp_path: Path):
    cache = ClipCache(tmp_path / "clips")
    assert not cache.has(KEY)
    cache.put(KEY, CLIP)
    assert cache.has(KEY)
    assert cache.get(KEY) == CLIP


def test_a_clip_that_was_cut_short_counts_as_absent(tmp_path: Path):
    cache = ClipCache(tmp_path)
    cache.put(KEY, CLIP)
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert cache.get(KEY) is None, length
    for junk in (
        b"",
        b"\n",
        b"[]\n",
        b'{"bytes": 0}\n',
        b"\xff" * 50,
        b'{"bytes":1,"marks":[3]}\nx',
    ):
        path.write_bytes(junk)
        assert cache.get(KEY) is None


def test_a_clip_in_which_one_byte_is_wrong_counts_as_absent(tmp_path: Path):
    cache = ClipCache(tmp_path)
    cache.put(KEY, CLIP)
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache.get(KEY) is None, at
    cache.put(KEY, CLIP)
    assert cache.get(KEY) == CLIP


def test_putting_leaves_nothing_else_behind(tmp_path: Path):
    cache = ClipCache(tmp_path)
    cache.put(KEY, CLIP)
    cache.put(KEY, CLIP)
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_a_cache_that_cannot_be_written_is_an_error_that_says_what_to_do(tmp_path: Path):
    (tmp_path / "clips").write_text("a file, where a folder should be")
    with pytest.raises(SoundError, match="--cache"):
        ClipCache(tmp_path / "clips").put(KEY, CLIP)


def test_a_write_that_fails_leaves_no_half_a_clip(tmp_path: Path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SoundError, match="No space left on device"):
        ClipCache(tmp_path).put(KEY, CLIP)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_full_disk_keeps_what_there_is_and_says_what_to_do(tiny_disk: Path):
    cache = ClipCache(tiny_disk / "clips")
    cache.put(KEY, CLIP)
    large = replace(CLIP, frames=bytes(2**20))
    with pytest.raises(SoundError, match=r"No space left on device.*Make room there"):
        cache.put("cd" * 32, large)
    assert [p.name for p in tiny_disk.rglob("*") if p.is_file()] == [f"{KEY[2:]}.clip"]
    assert cache.get(KEY) == CLIP


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_what_was_measured_once_is_remembered(tmp_path: Path):
    def measure() -> float:
        measured.append(1)
        return -16.25

    measured: list[int] = []
    assert remembered(tmp_path, KEY, measure) == -16.25
    assert remembered(tmp_path, KEY, measure) == -16.25
    assert len(measured) == 1
    (tmp_path / "file").touch()
    assert remembered(tmp_path / "file", KEY, measure) == -16.25


def test_what_several_want_to_measure_at_once_is_measured_by_one(tmp_path: Path):
    def measure() -> float:
        measured.append(-16.0 - len(measured))
        time.sleep(0.1)
        return measured[-1]

    measured: list[float] = []
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(remembered, tmp_path, KEY, measure) for _ in range(4)]
    assert [one.result() for one in found] == [-16.0] * 4


@pytest.mark.parametrize("damage", ["[3]", "", "{}", '"a"', "\0", "9" * 400, "[" * 100_000, "null"])
def test_a_broken_measurement_is_made_again(tmp_path: Path, damage: str):
    remembered(tmp_path, KEY, lambda: -16.25)
    (path,) = tmp_path.rglob("*.json")
    path.write_text(damage)
    for _ in range(2):
        assert remembered(tmp_path, KEY, lambda: -16.25) == -16.25


def filled(folder: Path, *hours_ago: float) -> list[str]:
    """Keys of clips that were last used so long ago."""
    keys = [f"{number:02}" + "d" * 62 for number, _ in enumerate(hours_ago)]
    for key, hours in zip(keys, hours_ago, strict=True):
        ClipCache(folder).put(key, CLIP)
        (path,) = folder.glob(f"{key[:2]}/*.clip")
        os.utime(path, (time.time() - hours * 3600,) * 2)
    return keys


def test_what_is_unused_longest_leaves_first(tmp_path: Path):
    keys = filled(tmp_path, 5, 9, 2, 7)
    held = usage(tmp_path)
    assert held.files == 4
    gone = prune(tmp_path, held.bytes // 2)
    assert (gone.files, gone.bytes) == (2, held.bytes // 2)
    assert [ClipCache(tmp_path).has(key) for key in keys] == [True, False, True, False]


def test_what_is_read_is_in_use(tmp_path: Path):
    first, second = filled(tmp_path, 9, 5)
    assert ClipCache(tmp_path).has(first)
    prune(tmp_path, usage(tmp_path).bytes // 2)
    assert ClipCache(tmp_path).has(first)
    assert not ClipCache(tmp_path).has(second)


def test_all_of_a_cache_may_go_and_nobody_elses_files_do(tmp_path: Path):
    filled(tmp_path, 1)
    remembered(tmp_path, KEY, lambda: -16.25)
    SpeechCache(tmp_path).put(KEY, Speech(np.zeros(100, np.float32), 16000))
    half = tmp_path / "00" / ".clip-half"
    half.write_text("x")
    os.utime(half, (0, 0))
    (tmp_path / "00" / "letter.txt").touch()
    assert prune(tmp_path, 0).files == 3
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "locks"]
    assert [path.name for path in left] == ["letter.txt"]


def test_a_poor_clip_is_used_and_pruned_as_others_and_gives_way_to_a_good_one(tmp_path: Path):
    cache = ClipCache(tmp_path)
    cache.put(KEY, CLIP, is_poor=True)
    assert (cache.get(KEY), usage(tmp_path).clips) == (CLIP, 1)
    cache.begin_run()
    assert not cache.has(KEY)
    cache.put(KEY, replace(CLIP, problems=()))
    cache.begin_run()
    assert cache.has(KEY)
    assert not cache.is_poor(KEY)
    assert cache.get(KEY).problems == ()
    assert not cache.keep_poor(KEY)
    cache.put(KEY, CLIP, is_poor=True)
    assert cache.get(KEY).problems == ()
    assert prune(tmp_path, 0).clips == 1
    assert cache.get(KEY) is None


def test_a_speech_without_samples_is_not_kept(tmp_path: Path):
    cache, empty = SpeechCache(tmp_path), Speech(np.zeros(0, np.float32), 16000)
    assert cache.put(KEY, empty) is empty
    assert cache.get(KEY) is None
    assert not cache.has(KEY)
    cache.put(KEY, Speech(np.zeros(100, np.float32), 16000))
    assert len(cache.get(KEY).samples) == 100


def test_a_cache_that_is_not_there_holds_nothing(tmp_path: Path):
    assert usage(tmp_path / "none").files == prune(tmp_path / "none", 0).files == 0
