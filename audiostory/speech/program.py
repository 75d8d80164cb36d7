"""A program that is run for its output, and does not outlive the time it has."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from audiostory.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_COMPLAINT = 200


def run(arguments: Sequence[str], given: bytes, limit_s: float) -> bytes:
    """Standard output of a program that was given these bytes on standard input.

    arguments: its path and arguments, as they are: no shell reads them. Raises EngineError when
    it cannot be started, ends with a status other than 0, or takes more than limit_s seconds: it
    and all that it started are then killed.
    """
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(
            f'The program "{name}" could not be started: {error.strerror or error}.',
            "See that it runs on this system; a long text needs {text_file} instead of {text}.",
        ) from error
    with process:
        try:
            output, complaint = process.communicate(given, limit_s)
        except subprocess.TimeoutExpired as error:
            _kill(process)
            raise EngineError(
                f'The program "{name}" took longer than {limit_s:.0f} seconds.',
                "Give it more with timeout_s in show.toml, or see why it is slow.",
            ) from error
        except BaseException:  # Whoever stops us stops it: it is in a group of its own.
            _kill(process)
            raise
    if process.returncode != 0:
        raise EngineError(
            f'The program "{name}" failed with status {process.returncode}: {_said(complaint)}',
            "Run its command by hand to see what is wrong.",
        )
    return output


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _said(complaint: bytes) -> str:
    """The last line that is not empty, cut to a readable length."""
    lines = complaint.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing.")
    return last if len(last) <= _LONGEST_COMPLAINT else f"{last[:_LONGEST_COMPLAINT]}…"
