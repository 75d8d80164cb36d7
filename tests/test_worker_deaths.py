"""Workers that are killed in mid-render, as the system does when memory is short."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from audiostory import app
from audiostory.batch import Outcome
from audiostory.config import Flags, resolve
from audiostory.report import Report

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

# What it says is a second of a tone; of what has the word "deadly" it kills the worker it runs for.
DEADLY = """
import os, shutil, signal, sys, wave
text, out = sys.argv[1:]
if "deadly" in text:
    shutil.rmtree(os.path.dirname(out))  # nobody else will
    os.kill(os.getppid(), signal.SIGKILL)
with wave.open(out, "wb") as file:
    file.setparams((1, 2, 22050, 0, "NONE", ""))
    file.writeframes(bytes([0, 30, 0, 226] * 11025))
"""


def article(folder: Path, deadly: tuple[int, ...] = ()) -> Path:
    path = folder / "quay.md"
    lines = [f"The {'deadly' if n in deadly else 'good'} boat is number {n}." for n in range(30)]
    path.write_text("\n\n".join(["---\ndate: 2026-05-16\n---\n", "# The quay", *lines]))
    return path


def make(folder: Path, report: Report, place: str = "o", **flags: object) -> Outcome:
    chosen = Flags(output=folder / place, cache=folder / f"{place}-cache", **flags)
    (outcome,) = app.make([folder / "quay.md"], resolve(chosen, {}, folder), report)
    return outcome


def quiet(*_told: object) -> None:
    pass


def test_however_often_workers_are_killed_the_episode_is_the_same(tmp_path: Path):
    article(tmp_path)
    killed: list[int] = []

    def kill(room: str, done: int, _total: int) -> None:
        if room == "sound" and done in (3, 12, 20) and len(killed) < 3:
            (worker, *_) = multiprocessing.active_children()
            os.kill(worker.pid or 0, signal.SIGKILL)
            killed.append(worker.pid or 0)

    hard = make(tmp_path, Report(kill, quiet), workers=2)
    calm = make(tmp_path, Report(quiet, quiet), "calm", workers=1)
    assert len(set(killed)) == 3
    assert hard.made is not None
    assert calm.made is not None
    assert hard.made.published.audio.read_bytes() == calm.made.published.audio.read_bytes()


def test_a_passage_that_kills_its_worker_each_time_is_named_when_all_others_are_done(
    tmp_path: Path,
):
    (tmp_path / "deadly.py").write_text(DEADLY)
    (tmp_path / "show.toml").write_text(
        f'[engines.booth]\ntype = "command"\nvoices = ["one"]\n'
        f'command = ["{sys.executable}", "{tmp_path / "deadly.py"}", "{{text}}", "{{out}}"]\n'
    )
    flags = {"workers": 2, "engine": "booth", "show": tmp_path}
    article(tmp_path, deadly=(4, 17))
    failed = make(tmp_path, Report(quiet, quiet), **flags)
    assert "died each time it rendered “The deadly boat is number 4.”, and 1 more." in str(
        failed.error
    ) or "“The deadly boat is number 17.”, and 1 more." in str(failed.error)
    article(tmp_path)
    mended = make(tmp_path, Report(quiet, quiet), **flags)
    assert mended.made is not None
    assert mended.made.rendered == 2


# It says nothing for a minute, and where its process is told of.
SLOW = """
import os, sys, time
with open(os.path.join(sys.argv[1], str(os.getpid())), "w"):
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("name", "whole_group"),
    [("SIGINT", False), ("SIGTERM", True), ("SIGHUP", True), ("SIGKILL", False)],
)
def test_what_is_stopped_ends_at_once_with_all_that_it_began(
    tmp_path: Path, name: str, whole_group: bool
):
    for folder in ("began", "temporary"):
        (tmp_path / folder).mkdir()
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "show.toml").write_text(
        f'[engines.booth]\ntype = "command"\nvoices = ["one"]\n'
        f'command = ["{sys.executable}", "{tmp_path / "slow.py"}", "{tmp_path / "began"}"]\n'
    )
    article(tmp_path)
    command = ["make", "quay.md", "--engine", "booth", "--workers", "2", "--cache", "c"]
    with subprocess.Popen(
        [sys.executable, "-m", "audiostory", *command],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as running:
        wait_for(lambda: len(list((tmp_path / "began").iterdir())) == 2)
        number = getattr(signal, name)
        (os.killpg if whole_group else os.kill)(running.pid, number)
        told = running.communicate(timeout=40)[1]
    began = [int(path.name) for path in (tmp_path / "began").iterdir()]
    assert running.returncode in (128 + number, -number)
    assert "Traceback" not in told
    wait_for(lambda: not any(map(lives, began)))
    if name != "SIGKILL":  # then a later run sweeps what the program itself had
        wait_for(lambda: not list((tmp_path / "temporary").glob("audiostory-*")))


def wait_for(met: Callable[[], bool]) -> None:
    until = monotonic() + 90
    while not met():
        assert monotonic() < until
        sleep(0.1)


def lives(process: int) -> bool:
    """Whether a process runs: one that has ended, and whose end nobody has asked for, does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
