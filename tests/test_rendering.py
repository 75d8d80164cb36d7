"""Clips as they come: in order, while others are rendered; what cannot be had is told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from audiostory.cache import ClipCache
from audiostory.errors import AudiostoryError, SoundError
from audiostory.executors import SerialExecutor
from audiostory.model import Pause, SoundFormat
from audiostory.render import Job, Rendered
from audiostory.rendering import Rendering
from audiostory.report import Report

FORM = SoundFormat()
JOBS = [Job((Pause(100 * number),), FORM) for number in range(1, 7)]


class Told:
    """What a run tells."""

    def __init__(self) -> None:
        self.done: list[tuple[int, int]] = []
        self.report = Report(lambda _room, *counts: self.done.append(counts), lambda _warning: None)


class Stalled(SerialExecutor):
    """Makes the first call; all others wait for ever."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future() if self.futures else super().submit(fn, *args, **kwargs)
        self.futures.append(future)
        return future


def test_a_clip_is_there_as_soon_as_those_before_it_are(tmp_path: Path):
    executor, told = Stalled(), Told()
    clips = iter(Rendering(JOBS, ClipCache(tmp_path), executor, 3, told.report))
    assert next(clips) == ClipCache(tmp_path).get(JOBS[0].key)
    assert told.done[-1] == (1, 6)
    assert len(executor.futures) == 3


def test_who_stops_taking_clips_cancels_those_to_come(tmp_path: Path):
    executor = Stalled()
    clips = iter(Rendering(JOBS, ClipCache(tmp_path), executor, 3, Told().report))
    next(clips)
    del clips
    assert [future.cancelled() for future in executor.futures] == [False, True, True]


def test_what_is_cached_is_not_rendered(tmp_path: Path):
    told = Told()
    first = Rendering(JOBS[:4], ClipCache(tmp_path), SerialExecutor(), 2, told.report)
    clips = list(first)
    again = Rendering(JOBS, ClipCache(tmp_path), SerialExecutor(), 2, told.report)
    assert list(again)[:4] == clips
    assert (first.count, again.count) == (4, 2)
    assert told.done[-1] == (2, 2)


def test_a_clip_that_is_broken_or_gone_is_rendered_when_it_is_met(tmp_path: Path):
    clips = list(Rendering(JOBS, ClipCache(tmp_path), SerialExecutor(), 2, Told().report))
    broken, gone, *_ = sorted(tmp_path.rglob("*.clip"))
    broken.write_bytes(broken.read_bytes()[:-1])
    again = Rendering(JOBS, ClipCache(tmp_path), SerialExecutor(), 2, Told().report)
    gone.unlink()
    assert list(again) == clips
    assert again.count == 2


def test_a_cache_that_keeps_nothing_is_an_error(tmp_path: Path):
    class Forgetful(SerialExecutor):
        def submit(self, _fn: object, _job: object, key: str, *_: object) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(Rendered(key))
            return future

    with pytest.raises(SoundError, match="vanished"):
        list(Rendering(JOBS, ClipCache(tmp_path), Forgetful(), 2, Told().report))


def test_what_the_system_refuses_a_worker_is_told_as_it_is(tmp_path: Path):
    class Refused(SerialExecutor):
        def submit(self, *_: object) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(OSError(errno.EAGAIN, "Resource temporarily unavailable"))
            return future

    with pytest.raises(AudiostoryError, match=r"temporarily unavailable.*memory and processes"):
        list(Rendering(JOBS, ClipCache(tmp_path), Refused(), 2, Told().report))
