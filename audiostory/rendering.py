"""The clips of a script: what the cache does not hold is rendered, on all cores; none is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from textwrap import shorten

from audiostory.cache import ClipCache
from audiostory.errors import EngineError, SoundError, system_error
from audiostory.model import Clip
from audiostory.render import Job, Recording, Rendered, render_to_cache
from audiostory.report import Report

_MOST_DEATHS = 3
_SHOWN_CHARACTERS = 120
QUEUED = 4  # passages for each worker: it never waits, and a failure stops the rest soon


class Rendering:
    """The clips of a script's passages, in order, each as soon as it is there.

    What the cache doesn't hold is rendered, so many at once, while those before are taken. count:
    how many had to be rendered.

    Iterating raises EngineError and SoundError; what was rendered before that stays in the cache.
    A passage that kills its worker each time is told of when all others are done.
    """

    def __init__(
        self,
        jobs: Sequence[Job | Recording],
        clips: ClipCache,
        executor: Executor,
        at_once: int,
        report: Report,
    ) -> None:
        self._keyed = [(job.key, job) for job in jobs]
        self._missing = {key: job for key, job in self._keyed if not clips.has(key)}
        self._waiting = iter(self._missing.items())
        self._running: dict[Future[Rendered], str] = {}
        self._found: dict[str, str] = {}  # keys of clips: others where another voice had to speak
        self._died: list[str] = []
        self._clips, self._executor, self._at_once, self._report = clips, executor, at_once, report
        self.count = len(self._missing)
        report.step("sound", 0, self.count)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the clips that were taken, each once."""
        return tuple(dict.fromkeys(self._found.get(key, key) for key, _ in self._keyed))

    def __iter__(self) -> Iterator[Clip]:
        """The clips; what is wrong with one is told."""
        try:
            for key, job in self._keyed:
                self._collect(timeout_s=0)
                while key in self._missing and key not in self._found:
                    self._collect()
                clip = self._clip(key, job)
                for problem in clip.problems:
                    self._report.warn(f"It may not sound as it should: {problem}")
                yield clip
        except OSError as error:  # else who asks for clips would take it for one of its own
            raise system_error(error) from error
        finally:
            for future in self._running:
                future.cancel()

    def _collect(self, timeout_s: float | None = None) -> None:
        """Wait until passages are rendered, and have others begun. timeout_s: None for ever."""
        for key, job in islice(self._waiting, self._at_once - len(self._running)):
            future = self._executor.submit(render_to_cache, job, key, self._clips.folder)
            self._running[future] = key
        if not self._running and timeout_s is None:
            self._render_died()
        for future in wait(self._running, timeout_s, FIRST_COMPLETED).done:
            key = self._running.pop(future)
            try:
                self._finish(key, future.result())
            except BrokenProcessPool:  # it killed its worker, or was there when one was killed
                self._died.append(key)

    def _finish(self, key: str, rendered: Rendered) -> None:
        self._found[key] = rendered.key
        for note in rendered.notes:
            self._report.warn(note)
        self._report.step("sound", len(self._found), self.count)

    def _render_died(self) -> None:
        """Render those whose worker died, when no other is left."""
        deadly: list[Job | Recording] = []
        for key in self._died:
            job = self._missing[key]
            rendered = _render_alone(job, key, self._clips, self._executor)
            if rendered is None:
                deadly.append(job)
            else:
                self._finish(key, rendered)
        if deadly:
            raise _died(deadly)

    def _clip(self, key: str, job: Job | Recording) -> Clip:
        """A clip from the cache; rendered again where it is broken, or gone meanwhile."""
        clip = self._clips.get(self._found.get(key, key))
        if clip is not None:
            return clip
        rendered = _render_alone(job, key, self._clips, self._executor)
        if rendered is None:
            raise _died([job])
        if key not in self._missing:
            self._missing[key] = job
            self.count += 1
        self._finish(key, rendered)
        clip = self._clips.get(rendered.key)
        if clip is None:
            raise SoundError(
                "A clip vanished from the cache while it was needed.",
                "Run the command again, and leave the cache alone meanwhile.",
            )
        return clip


def _render_alone(
    job: Job | Recording, key: str, clips: ClipCache, executor: Executor
) -> Rendered | None:
    """Render a passage, and wait for it: one whose worker died when all others are done, for
    memory may be short.

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
