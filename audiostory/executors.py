"""Where work runs: this process, or this machine's cores.

Each is a concurrent.futures.Executor, as a cluster's is, so nothing else need know.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any


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


def open_executor(workers: int) -> Executor:
    """An executor of that many worker processes; with one, this process does the work.

    Processes are spawned, not forked: a terminal's progress display runs in a thread.
    """
    if workers <= 1:
        return SerialExecutor()
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
