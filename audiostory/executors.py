"""Where work runs: this process, or this machine's cores.

Each is a concurrent.futures.Executor, as a cluster's is, so nothing else need know.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from audiostory.reading.worker import uninterrupted


class SerialExecutor(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished future of a call."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # as every executor does: the future hands it on
            future.set_exception(error)
        return future


class ProcessesExecutor(Executor):
    """Runs calls in worker processes.

    When one dies, the calls under way fail with BrokenProcessPool; later ones get new processes.
    They are spawned, not forked: a terminal's progress display runs in a thread.
    """

    def __init__(self, workers: int) -> None:
        os.environ["PYTHONSAFEPATH"] = "1"  # workers run no code that lies in the working folder
        self._workers = workers
        self._pool = self._open()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of a call."""
        with uninterrupted():  # processes begin with the first call
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._pool.shutdown()
                self._pool = self._open()
                return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As Executor.shutdown."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _open(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, multiprocessing.get_context("spawn"))


def open_executor(workers: int) -> Executor:
    """An executor of that many worker processes; with one, this process does the work."""
    return SerialExecutor() if workers <= 1 else ProcessesExecutor(workers)
