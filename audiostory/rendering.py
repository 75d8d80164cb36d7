"""The clips of a script: what the cache does not hold is rendered, on all cores; none is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from textwrap import shorten

from audiostory.cache import ClipCache
from audiostory.errors import EngineError, SoundError
from audiostory.model import Clip
from audiostory.render import Job, Recording, Rendered, render_to_cache
from audiostory.report import Report

_MOST_DEATHS = 3
_SHOWN_CHARACTERS = 120
QUEUED = 4  # passages for each worker: it never waits, and a failure stops the rest soon


@dataclass(frozen=True, slots=True)
class Rendering:
    """The clips of a script. keys: of each passage's clip; count: how many had to be rendered."""

    keys: tuple[str, ...]
    count: int


def render_missing(
    jobs: Sequence[Job | Recording],
    clips: ClipCache,
    executor: Executor,
    at_once: int,
    report: Report,
) -> Rendering:
    """Render what the cache doesn't hold, so many at once.

    Raises EngineError and SoundError; what was rendered before that stays in the cache. A passage
    that kills its worker each time is told of when all others are done.
    """
    keys = [job.key for job in jobs]
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if not clips.has(key)}
    report.step("sound", 0, len(missing))
    waiting = iter(missing.items())
    running: dict[Future[Rendered], str] = {}
    found: dict[str, str] = {}  # keys of the clips: others where another voice had to speak
    died: list[str] = []

    def finish(key: str, rendered: Rendered) -> None:
        found[key] = rendered.key
        for note in rendered.notes:
            report.warn(note)
        report.step("sound", len(found), len(missing))

    try:
        while True:
            for key, job in islice(waiting, at_once - len(running)):
                running[executor.submit(render_to_cache, job, key, clips.folder)] = key
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key = running.pop(future)
                try:
                    finish(key, future.result())
                except BrokenProcessPool:  # it killed its worker, or was there when one was killed
                    died.append(key)
    finally:
        for future in running:
            future.cancel()
    deadly: list[Job | Recording] = []
    for key in died:
        rendered = _render_alone(missing[key], key, clips, executor)
        if rendered is None:
            deadly.append(missing[key])
        else:
            finish(key, rendered)
    if deadly:
        raise _died(deadly)
    return Rendering(tuple(found.get(key, key) for key in keys), len(missing))


def _render_alone(
    job: Job | Recording, key: str, clips: ClipCache, executor: Executor
) -> Rendered | None:
    """Render a passage whose worker died, with none beside it: memory may be short.

    None when its worker dies each time.
    """
    for _ in range(_MOST_DEATHS):
        with suppress(BrokenProcessPool):
            return executor.submit(render_to_cache, job, key, clips.folder).result()
    return None


def _died(jobs: Sequence[Job | Recording]) -> EngineError:
    text = shorten(jobs[0].text, _SHOWN_CHARACTERS)
    more = f", and {len(jobs) - 1} more" if len(jobs) > 1 else ""
    return EngineError(
        f"A worker process died each time it rendered “{text}”{more}.",
        "Run the command again: it goes on where it stopped. If it stops here again, is there "
        "memory enough? Else change that passage, or leave it out.",
    )


def clips_of(rendering: Rendering, clips: ClipCache, report: Report) -> Iterator[Clip]:
    """The rendered clips, in order; what is wrong with one is told. Raises SoundError."""
    for key in rendering.keys:
        clip = clips.get(key)
        if clip is None:
            raise SoundError(
                "A clip vanished from the cache while it was needed.",
                "Run the command again, and leave the cache alone meanwhile.",
            )
        for problem in clip.problems:
            report.warn(f"It may not sound as it should: {problem}")
        yield clip
