"""Reading in a process of its own, with limits: no source takes the whole machine along."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from math import ceil
from multiprocessing.connection import Connection
from tempfile import gettempdir
from threading import Thread
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, XHTMLParser

from audiostory.errors import AudiostoryError, SourceError, fault, system_error
from audiostory.model import Article

_GRACE_S = 5.0
_READERS = ("audiostory.reading.html", "audiostory.reading.pdf")
_OURS = "audiostory"  # so that others' programs, which get our environment, need not have it
_LONGEST_FOLDER = 70  # bytes: a fork server has a socket there, whose path may have 107 (unix(7))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may use. seconds: of the clock.

    memory_mb: of address space, beyond what it has when it begins; where the system can tell.
    """

    seconds: float = 300.0
    memory_mb: int = 4096


def in_worker(name: str, read: Callable[..., Any], *arguments: Any, limits: Limits) -> Any:
    """What a reader returns, called in a process of its own. read: a function of a module.

    Raises what it raises, and SourceError when it needs more than it may have, or crashes.
    """
    context = process_context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_work,
        args=(theirs, limits, name, read, arguments),
        daemon=True,
        name="audiostory-reader",
    )
    with uninterrupted():
        process.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(limits.seconds) else _late(name, limits)
    except (EOFError, OSError):
        answer = _died(name)
    finally:
        ours.close()
        process.kill()
        process.join()
    result = pickle.loads(answer) if isinstance(answer, bytes) else answer  # noqa: S301 - our own
    if isinstance(result, BaseException):
        raise result
    return unpacked(result)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """No process that is started within is ended by a terminal's Ctrl-C: who starts it ends it.

    Else it would say where it was, as long as it begins and cannot yet ignore it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows has none
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _late(name: str, limits: Limits) -> SourceError:
    return SourceError(
        f"{name} took longer than {limits.seconds:.0f} seconds to read.",
        "Copy the article's text into a .txt file, and give that.",
    )


def _died(name: str) -> SourceError:
    return SourceError(
        f"{name} needs more memory to read than a reader may have, or is damaged.",
        "Copy the article's text into a .txt file, and give that.",
    )


def process_context(*modules: str) -> Any:
    """What begins processes: where there can be fork servers, one that has read nothing.

    Its processes begin at once, and share what it has imported: what reads, and these modules, of
    the first call. Else each process is a new one.
    """
    if not os.environ.get("PYTHONSAFEPATH"):  # it runs no code that lies in the working folder
        os.environ["PYTHONSAFEPATH"] = _OURS
    far = len(os.fsencode(gettempdir())) > _LONGEST_FOLDER
    if far or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_READERS, *modules])
    from multiprocessing import forkserver

    with uninterrupted():
        forkserver.ensure_running()
    return context


def _work(
    pipe: Connection, limits: Limits, name: str, read: Callable[..., Any], arguments: Any
) -> None:
    _end_with(pipe, limits)
    _restrict(limits)
    try:
        result: Any = packed(read(*arguments))
    except AudiostoryError as error:
        result = error
    except (MemoryError, RecursionError):
        result = _died(name)
    except OSError as error:
        result = system_error(error)
    except Exception as error:  # handed on: it is raised where the worker was called
        result = fault(error)
    with suppress(BrokenPipeError), pipe:  # nobody waits for it any more
        pipe.send(pickle.dumps(result))


def _end_with(pipe: Connection, limits: Limits) -> None:
    """End when nobody waits for the answer any more, whatever became of who asked.

    A terminal's Ctrl-C is for the one who asked, who ends this process then.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name != "posix":
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(ceil(limits.seconds + _GRACE_S))  # should even the thread not get its turn
    Thread(target=_watch, args=(pipe.fileno(),), daemon=True).start()


def _watch(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, 0)  # reports that the other end is closed, and nothing else
    poll.poll()
    os._exit(1)


def _restrict(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    size = _size() + limits.memory_mb * 2**20
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        size = min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _size() -> int:
    """The address space of this process in bytes, with all that it was begun with; 0 if unknown."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # proc_pid_statm(5)
            return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError):
        return 0


# --- an article between processes -----------------------------------------------------------


def packed(value: Any) -> Any:
    """A value as it can be sent: articles' trees as bytes."""
    if isinstance(value, Article):
        plain = {field.name: getattr(value, field.name) for field in fields(value)}
        return _Packed({**plain, "body": etree.tostring(value.body, encoding="utf-8")})
    return tuple(map(packed, value)) if isinstance(value, tuple) else value


def unpacked(value: Any) -> Any:
    """What packed() was given."""
    if isinstance(value, _Packed):
        return Article(**{**value.fields, "body": _tree(value.fields["body"])})
    return tuple(map(unpacked, value)) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class _Packed:
    fields: dict[str, Any]


def _tree(data: bytes) -> HtmlElement:
    parser = XHTMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    return etree.fromstring(data, parser)
