"""Any program that speaks: flite, RHVoice, say, festival.

It is given as a list of arguments, and never goes through a shell. In them stand {text} or
{text_file} (else the text comes on standard input), {out} (else the sound is expected on standard
output), {voice} and {rate}, in words a minute.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Pronunciation, Speech, Voice
from audiostory.speech.encoded import decode
from audiostory.speech.voice_map import Voices, own_name, voice_map
from audiostory.speech.words import word_marks, written_words

WORDS_PER_MINUTE = 175
_SILENT_RATE_HZ = 22050
_CHARACTERS_PER_S = 5  # at the slowest, of a program that takes as long as it speaks
_SHOWN_CHARACTERS = 200
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


class CommandEngine:
    """A program as an engine. command: its arguments. timeout_s: for a text, beyond its length."""

    name = "command"
    costly = True

    def __init__(
        self, command: Sequence[str] = (), voices: Voices = ("default",), timeout_s: float = 60
    ) -> None:
        usable = isinstance(command, list | tuple) and all(isinstance(it, str) for it in command)
        if not usable or not command:
            raise UsageError(
                'The engine "command" has no command.',
                "Give show.toml one: "
                '[engines.command] command = ["flite", "-t", "{text}", "-o", "{out}"].',
            )
        if not isinstance(timeout_s, int | float) or timeout_s <= 0:
            raise UsageError("timeout_s is no number of seconds.", "Give one such as 60.")
        self._command = tuple(command)
        self._known = voice_map(self.name, voices)
        self._timeout_s = float(timeout_s)

    def version(self, voice: CastVoice) -> str:
        """The arguments, and the program's file by its size and time."""
        program = shutil.which(self._command[0])
        stamp = ""
        if program:
            status = os.stat(program)
            stamp = f"{status.st_size} {status.st_mtime_ns}"
        name = own_name(self.name, self._known, voice.voice_id)
        told = repr((self._command, name, program, stamp, 1))
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()

    def voices(self) -> tuple[Voice, ...]:
        """Those that show.toml names. Raises EngineError when there is no such program."""
        self._program()
        return tuple(voice for voice, _ in self._known.values())

    def speak(
        self, text: str, voice: CastVoice, _pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """See Engine.speak. Word marks are in proportion, for programs tell none."""
        name = own_name(self.name, self._known, voice.voice_id)
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        plain = text.encode("utf-8", "replace").decode().translate(_CONTROLS)
        with tempfile.TemporaryDirectory(prefix="audiostory-say-") as folder:
            data = self._run(plain, name, voice.rate, Path(folder))
        if not data:
            raise EngineError(
                f"{self._command[0]} made no sound.",
                "Try the command by hand: where does it write? {out} is a WAV file.",
            )
        samples, rate = decode(data)
        return Speech(samples, rate, word_marks(text, [(0, 0.0)], len(samples) / rate))

    def _run(self, text: str, voice: str, rate: float, folder: Path) -> bytes:
        """What the program writes, to its file or to its output."""
        out, text_file = folder / "out.wav", folder / "text.txt"
        text_file.write_text(text, "utf-8")
        values = {
            # A text that begins with a hyphen is no option.
            "{text}": f" {text}" if text.startswith("-") else text,
            "{text_file}": str(text_file),
            "{voice}": voice,
            "{rate}": str(round(WORDS_PER_MINUTE * rate)),
            "{out}": str(out),
        }
        given = "".join(self._command)
        on_input = "{text}" not in given and "{text_file}" not in given
        arguments = [self._program(), *(_filled(it, values) for it in self._command[1:])]
        limit_s = self._timeout_s + len(text) / _CHARACTERS_PER_S
        printed = _output(arguments, text.encode() if on_input else b"", limit_s, folder)
        if "{out}" not in given:
            return printed
        return out.read_bytes() if out.is_file() else b""

    def _program(self) -> str:
        found = shutil.which(self._command[0])
        if found is None:
            raise EngineError(
                f"There is no program {self._command[0]}.",
                "Install it, or give its path in show.toml, [engines.command].",
            )
        return found


def _filled(argument: str, values: dict[str, str]) -> str:
    """An argument with its places filled, each once: what a text holds is text."""
    for name, value in values.items():
        before, found, after = argument.partition(name)
        if found:
            return _filled(before, values) + value + _filled(after, values)
    return argument


def _output(arguments: Sequence[str], text: bytes, limit_s: float, folder: Path) -> bytes:
    """What a program prints; it and its children are ended when it takes too long."""
    program = Path(arguments[0]).name
    errors = folder / "errors.txt"
    try:
        with errors.open("wb") as file:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                start_new_session=True,
            )
    except OSError as error:
        raise EngineError(
            f"{program} could not be started: {error.strerror}.", "Is it a program of this system?"
        ) from error
    try:
        printed, _ = process.communicate(text, limit_s)
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise EngineError(
            f"{program} was still busy after {limit_s:.0f} s.",
            "Try the command by hand, or raise timeout_s in show.toml.",
        ) from error
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        lines = errors.read_text("utf-8", "replace").strip().splitlines()
        said = f": {lines[-1][:_SHOWN_CHARACTERS]}" if lines else ""
        raise EngineError(
            f"{program} ended with status {process.returncode}{said}.", "Try the command by hand."
        )
    return printed


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
