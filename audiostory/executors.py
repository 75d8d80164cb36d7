"""Where work runs: this process, or this machine's cores.

Each is a concurrent.futures.Executor, as a cluster's is, so nothing else need know.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from threading import Thread, main_thread
from time import monotonic, sleep
from typing import Any

from audiostory.reading.worker import process_context, uninterrupted

_RENDERING = "audiostory.render"
_STEP_S, _GRACE_S = 0.1, 5.0


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


@dataclass(frozen=True, slots=True)
class _Call:
    """A function and its arguments, and the future that gets what comes of them."""

    parts: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    future: Future[Any]


@dataclass(frozen=True, slots=True)
class _Worker:
    """A worker process, and our end of its pipe."""

    process: BaseProcess
    pipe: Connection


class ProcessesExecutor(Executor):
    """Runs calls in worker processes, each with a pipe of its own.

    When one dies, the call that it was at fails with BrokenProcessPool, and no other; the next
    one gets a new process. concurrent.futures' own pool fails all calls under way, and a call that
    is submitted at the moment a process dies may have it wait for ever (seen in CPython 3.11).
    Processes are not forks of this one: a terminal's progress display runs in a thread.
    """

    def __init__(self, workers: int) -> None:
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._processes: set[BaseProcess] = set()
        self._most = workers
        self._is_shut = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of a call."""
        if self._is_shut:
            raise RuntimeError("cannot submit a call after shutdown")
        call = _Call((fn, args, kwargs), Future())
        self._calls.put(call)
        if len(self._threads) < self._most:  # processes begin with the first calls
            get_ready()  # before a reader is, without what renders
            thread = Thread(target=_serve, args=(self._calls, self._processes), daemon=True)
            thread.start()
            self._threads.append(thread)
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As Executor.shutdown."""
        self._is_shut = True
        while cancel_futures and not self._calls.empty():
            with suppress(Empty):
                if call := self._calls.get_nowait():
                    call.future.cancel()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """As Executor's; what is under way is broken off when something went wrong, or Ctrl-C."""
        if kind is None:
            self.shutdown()
            return
        self.shutdown(wait=False, cancel_futures=True)
        until = monotonic() + _GRACE_S
        for thread in self._threads:
            while thread.is_alive():  # it may be about to start one
                for process in tuple(self._processes):
                    (process.terminate if monotonic() < until else process.kill)()
                thread.join(_STEP_S)


def _serve(calls: SimpleQueue[_Call | None], processes: set[BaseProcess]) -> None:
    """Have calls made, one after the other, until None comes: what a thread does for a worker.

    processes: holds the worker's as long as there is one.
    """
    worker: _Worker | None = None
    while (call := calls.get()) is not None:
        if not call.future.set_running_or_notify_cancel():
            continue
        try:
            if worker is None or not worker.process.is_alive():
                _end(worker, processes)
                worker = _start(processes)
            worker.pipe.send(call.parts)
            is_good, result = worker.pipe.recv()
        except Exception as error:  # as every executor does: the future hands it on
            _end(worker, processes)
            worker = None
            died = isinstance(error, EOFError | ConnectionError)
            call.future.set_exception(BrokenProcessPool("The process died.") if died else error)
        else:
            (call.future.set_result if is_good else call.future.set_exception)(result)
    _end(worker, processes)


def _start(processes: set[BaseProcess]) -> _Worker:
    context = process_context(_RENDERING)
    ours, theirs = context.Pipe()
    # A daemon: it is ended with this process when nobody shut the executor down.
    process = context.Process(
        target=_work, args=(theirs, dict(os.environ)), name="audiostory-worker", daemon=True
    )
    with uninterrupted():
        process.start()
    processes.add(process)
    theirs.close()  # else the pipe stays open when the worker dies
    return _Worker(process, ours)


def _end(worker: _Worker | None, processes: set[BaseProcess]) -> None:
    """End a worker: it stops when its pipe is closed."""
    if worker is not None:
        worker.pipe.close()
        worker.process.join()
        processes.discard(worker.process)


def _work(pipe: Connection, environment: dict[str, str]) -> None:
    """Make the calls that come, until no more can come: what a worker process does.

    environment: ours now. A fork server has the one that it began with.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for who started it
    _end_in_order()
    with suppress(EOFError, ConnectionError):
        while True:
            function, arguments, named = pipe.recv()
            answer = _answer(function, arguments, named)
            try:
                pipe.send(answer)
            except OSError:
                raise
            except Exception as error:  # pickling raises what it likes
                pipe.send((False, RuntimeError(f"What was returned cannot be sent: {error}.")))


def _end_in_order() -> None:
    """When this worker is ended, or who started it dies, what it has begun ends with it.

    An engine's program would go on else, and its files stay.
    """

    told_s: list[float] = []

    def end(number: int, _frame: object) -> None:
        told_s.append(monotonic())
        if len(told_s) == 1:  # what is tidied up then is not broken off
            sys.exit(128 + number)
        if told_s[-1] - told_s[0] > _GRACE_S:
            os._exit(128 + number)

    def watch(sentinel: int) -> None:
        wait([sentinel])
        until = monotonic() + _GRACE_S
        while monotonic() < until:  # one that comes just before a system call breaks nothing off
            signal.pthread_kill(main_thread().ident or 0, signal.SIGTERM)
            sleep(_STEP_S)
        os._exit(128 + signal.SIGTERM)  # it is in a library's code

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as of nohup
            signal.signal(number, end)
    starter = parent_process()
    if os.name == "posix" and starter is not None:
        Thread(target=watch, args=(starter.sentinel,), daemon=True).start()


def _answer(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[bool, Any]:
    """Whether a call went well, and what it returned or raised."""
    try:
        return True, function(*arguments, **named)
    except Exception as error:  # as every executor does: the future hands it on
        error.add_note(traceback.format_exc())  # else nobody knows where it arose
        return False, error


def get_ready() -> None:
    """Have what workers need imported, aside: before a program that will need them begins."""
    process_context(_RENDERING)


def open_executor(workers: int) -> Executor:
    """An executor of that many worker processes; with one, this process does the work."""
    return SerialExecutor() if workers <= 1 else ProcessesExecutor(workers)
