"""The benchmark of speed, once on a small article: that it measures what it says, not how fast."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
RATIOS = {"floor_ratio", "vs_pipe", "vs_naive", "scaling_2", "incremental", "unchanged"}


def test_it_prints_what_is_asked_of_it(tmp_path: Path):
    plot = tmp_path / "speed.png"
    command = [sys.executable, "-m", "benchmarks.speed", "--words", "300", "--repeat", "1"]
    done = subprocess.run(
        [*command, "--json", "--plot", str(plot)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() >= {*RATIOS, "peak_memory_mb", "peak_rss_mb", "words"}
    assert all(found[key] > 0 for key in RATIOS)
    assert 10 < found["peak_memory_mb"] < found["peak_rss_mb"]
    for audio in ("audio_s", "pipe_audio_s", "naive_audio_s"):  # each said all of it
        assert 60 < found[audio] < 300
    assert found["growth"] is None  # of one size nothing grows
    with Image.open(plot) as picture:
        assert picture.size == (720, 440)
