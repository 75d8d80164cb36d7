"""audiostory cache, as a producer uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiostory.cli import app
from audiostory.errors import UsageError


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["cache", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_it_tells_how_much_there_is_and_removes_it(tmp_path: Path):
    article, cache = tmp_path / "quay.md", tmp_path / "cache"
    article.write_text("# The quay\n\nIt rained all day.\n")
    made = ["make", str(article), "--engine", "silent", "-o", str(tmp_path / "o")]
    CliRunner().invoke(
        app, [*made, "--cache", str(cache), "--workers", "1"], catch_exceptions=False
    )
    told = run("show", "--cache", str(cache))
    assert told.startswith(f"{cache}: 3 files, ")
    assert "at most 10.0 GB" in told
    assert "removed 3 files" in run("prune", "--to", "0", "--cache", str(cache))
    assert ": 0 files, 0 B" in run("show", "--cache", str(cache))


@pytest.mark.parametrize("size", ["", "much", "-1", "1 PB", "1e9", "٣GB"])
def test_a_size_that_is_none_is_refused(size: str):
    with pytest.raises(UsageError, match="500MB"):
        run("prune", "--to", size)


def test_a_limit_of_the_show_is_kept_at_the_end_of_a_run(tmp_path: Path):
    (tmp_path / "show.toml").write_text("cache_limit_gb = 0.0000001\n")
    (tmp_path / "quay.md").write_text("# The quay\n\nIt rained all day.\n")
    options = ["--show", str(tmp_path), "--cache", str(tmp_path / "c"), "-o", str(tmp_path / "o")]
    made = ["make", str(tmp_path / "quay.md"), "--engine", "silent", "--workers", "1"]
    CliRunner().invoke(app, [*made, *options], catch_exceptions=False)
    assert not list((tmp_path / "c").rglob("*.clip"))
