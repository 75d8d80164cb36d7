"""audiostory cache, as a producer uses it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiostory.cli import app
from audiostory.errors import UsageError


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["cache", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache after an article was made."""
    article, cache = tmp_path / "quay.md", tmp_path / "cache"
    article.write_text("# The quay\n\nIt rained all day.\n")
    made = ["make", str(article), "--engine", "silent", "-o", str(tmp_path / "o")]
    CliRunner().invoke(
        app, [*made, "--cache", str(cache), "--workers", "1"], catch_exceptions=False
    )
    return cache


def test_it_tells_how_much_there_is_and_removes_it(cache: Path, monkeypatch):
    told = run("show", "--cache", str(cache))
    assert told.startswith(f"{cache}: 4 files, ")
    assert "at most 10.0 GB\n2 clips, 0 utterances, 1 measured sound, 1 finished source\n" in told
    monkeypatch.setenv("AUDIOSTORY_CACHE", str(cache))
    assert run() == told
    assert "removed 0 files" in run("prune")
    assert "removed 4 files" in run("prune", "--to", "0")
    assert ": 0 files, 0 B" in run()


def test_all_of_it_can_go(cache: Path):
    assert "removed 4 files" in run("prune", "--all", "--cache", str(cache))
    with pytest.raises(UsageError, match="Give one of them"):
        run("prune", "--all", "--to", "1GB")


def test_it_tells_a_program(cache: Path):
    held = json.loads(run("show", "--json", "--cache", str(cache)))
    kinds = ("files", "clips", "utterances", "measured", "made")
    assert [held[kind] for kind in kinds] == [4, 2, 0, 1, 1]
    assert held["oldest"] <= held["newest"]
    assert held["limit_bytes"] == 10**10
    gone = json.loads(run("prune", "--all", "--json", "--cache", str(cache)))
    assert (gone["files"], gone["bytes"], gone["left_bytes"]) == (4, held["bytes"], 0)


@pytest.mark.parametrize("size", ["", "much", "-1", "1 PB", "1e9", "٣GB"])
def test_a_size_that_is_none_is_refused(size: str):
    with pytest.raises(UsageError, match="500MB"):
        run("prune", "--to", size)


def test_a_limit_of_the_show_is_kept_at_the_end_of_a_run_but_for_what_the_run_used(
    cache: Path, tmp_path: Path
):
    used = list(cache.rglob("*.clip"))
    old = cache / "ab" / "old.clip"
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"x" * 1000)
    for path in (*used, old):
        os.utime(path, (time.time() - 50 * 3600,) * 2)
    (tmp_path / "show.toml").write_text("cache_limit_gb = 0.0000001\n")
    options = ["--show", str(tmp_path), "--cache", str(cache), "-o", str(tmp_path / "o")]
    made = ["make", str(tmp_path / "quay.md"), "--engine", "silent", "--workers", "1"]
    CliRunner().invoke(app, [*made, *options], catch_exceptions=False)
    assert sorted(cache.rglob("*.clip")) == sorted(used)
