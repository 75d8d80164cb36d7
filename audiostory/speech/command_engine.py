"""Any program that speaks: espeak-ng, flite, RHVoice, say, festival, a script.

It is given as a list of arguments, and never goes through a shell:

    [engines.flite]
    type = "command"
    command = ["flite", "--setf", "duration_stretch={stretch}", "-f", "{text_file}", "-o", "{out}"]

In any argument are filled in: {text}; {text_file}, which holds the text in UTF-8; {voice};
{language}, BCP 47; {rate}, words a minute; {speed}, times the usual, and its inverse {stretch};
{out}, the file to write. Without {text} and {text_file} the text comes on standard input, without
{out} the sound is expected on standard output. It may be WAV, FLAC, MP3, Ogg or AIFF.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Pronunciation, Speech, Voice
from audiostory.speech.encoded import decode
from audiostory.speech.voice_map import Voices, own_name, voice_map
from audiostory.speech.words import word_marks, written_words

# Raise it when what this file does changes what is heard.
_REVISION = 1

WORDS_PER_MINUTE = 175
_PLACE = re.compile(r"\{([a-z_]+)\}")
_APART = re.compile(r"[\s=,;|&<>()'\"]+")  # what parts a path from the rest of an argument
_PLACES = ("text", "text_file", "voice", "language", "rate", "speed", "stretch", "out")
_SILENT_RATE_HZ = 22050
_CHARACTERS_PER_S = 5  # at the slowest, of a program that takes as long as it speaks
_SHOWN_CHARACTERS = 200
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


class CommandEngine:
    """A program as an engine. command: its arguments. timeout_s: for a text, beyond its length.

    table: the show's name for it.
    """

    name = "command"
    costly = True

    def __init__(
        self,
        command: Sequence[str] = (),
        voices: Voices = ("default",),
        timeout_s: float = 60,
        table: str = name,
    ) -> None:
        usable = isinstance(command, list | tuple) and all(isinstance(it, str) for it in command)
        if not usable or not command:
            raise UsageError(
                f'The command of the engine "{table}" is no list of texts.'
                if command
                else f'The engine "{table}" has no command.',
                f"Write it in show.toml such as: "
                f'[engines.{table}] command = ["flite", "-t", "{{text}}", "-o", "{{out}}"].',
            )
        if type(timeout_s) not in (int, float) or not 0 < timeout_s < math.inf:
            raise UsageError("timeout_s is no number of seconds.", "Give one such as 60.")
        self._command = tuple(command)
        self._places = _places(table, self._command)
        self._table = table
        self._known = voice_map(table, voices)
        self._timeout_s = float(timeout_s)

    def version(self, voice: CastVoice) -> str:
        """The arguments, and size and time of the program and of files named in them."""
        name = own_name(self._table, self._known, voice.voice_id)
        told = repr((self._command, name, self._stamps, _REVISION))
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()

    def voices(self) -> tuple[Voice, ...]:
        """Those that show.toml names. Raises EngineError when there is no such program."""
        self._program()
        return tuple(voice for voice, _ in self._known.values())

    def speak(
        self, text: str, voice: CastVoice, _pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """See Engine.speak. Word marks are in proportion, for programs tell none."""
        name = own_name(self._table, self._known, voice.voice_id)
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        plain = text.encode("utf-8", "replace").decode().translate(_CONTROLS)
        prefix = f"audiostory-{os.getpid()}-"  # what is left of a killed process is swept
        with tempfile.TemporaryDirectory(prefix=prefix) as folder:
            data = self._run(plain, name, voice, Path(folder))
        if not data:
            raise EngineError(
                f"{self._command[0]} made no sound.",
                "Try the command by hand: where does it write? {out} is a WAV file.",
            )
        samples, rate = decode(data)
        return Speech(samples, rate, word_marks(text, [(0, 0.0)], len(samples) / rate))

    def _run(self, text: str, name: str, voice: CastVoice, folder: Path) -> bytes:
        """What the program writes, to its file or to its output."""
        out, text_file = folder / "out.wav", folder / "text.txt"
        text_file.write_text(text, "utf-8")
        values = {
            "text": text,
            "text_file": str(text_file),
            "voice": name,
            "language": voice.language,
            "rate": str(round(WORDS_PER_MINUTE * voice.rate)),
            "speed": f"{voice.rate:.3f}",
            "stretch": f"{1 / max(voice.rate, 0.01):.3f}",
            "out": str(out),
        }
        on_input = not self._places & {"text", "text_file"}
        arguments = [self._program(), *(_filled(it, values) for it in self._command[1:])]
        limit_s = self._timeout_s + len(text) / _CHARACTERS_PER_S
        printed = _output(arguments, text.encode() if on_input else b"", limit_s, folder)
        if "out" not in self._places:
            return printed
        return out.read_bytes() if out.is_file() else b""

    def _program(self) -> str:
        name = os.path.expanduser(self._command[0])
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
        if os.path.isfile(name):
            raise EngineError(
                f"{name} cannot be run: it is not executable.", f"Make it so: chmod +x {name}"
            )
        raise EngineError(
            f"There is no program {name}.",
            f"Install it, or give its path in [engines.{self._table}] of show.toml.",
        )

    @cached_property
    def _stamps(self) -> list[tuple[str, int, int]]:
        """Of the program, and of the scripts and models that its arguments name, if they are there.

        An argument may be one's path, or have it in it: "--model=en.onnx", "python say.py {text}".
        """
        files = [shutil.which(os.path.expanduser(self._command[0])) or ""]
        for argument in self._command[1:]:
            files += argument, *_APART.split(argument)
        there = dict.fromkeys(
            path for path in map(os.path.expanduser, files) if os.path.isfile(path)
        )
        return [_stamp(Path(path)) for path in there]


def _places(table: str, command: Sequence[str]) -> frozenset[str]:
    """What is to be filled in. Raises UsageError for what cannot be."""
    found = frozenset(name for argument in command for name in _PLACE.findall(argument))
    for name in sorted(found.difference(_PLACES)):
        raise UsageError(
            f'The engine "{table}" has nothing to fill in for {{{name}}}.',
            f"It knows: {', '.join(f'{{{known}}}' for known in _PLACES)}.",
        )
    if any("\0" in argument for argument in command):
        raise UsageError("A command holds a NUL, which no program can be given.", "Leave it out.")
    return found


def _filled(argument: str, values: dict[str, str]) -> str:
    """An argument with its places filled, each once: what a text holds is text, and no option."""
    filled = _PLACE.sub(lambda place: values[place[1]], argument)
    return f" {filled}" if argument.startswith("{text}") and filled.startswith("-") else filled


def _stamp(file: Path) -> tuple[str, int, int]:
    real = file.resolve()
    status = real.stat()
    return str(real), status.st_size, status.st_mtime_ns


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
                env=_environment(),
            )
    except OSError as error:
        raise EngineError(
            f"{program} could not be started: {error.strerror}.",
            "Is it a program of this system? A long text needs {text_file} instead of {text}.",
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
        said = f": {lines[-1][:_SHOWN_CHARACTERS].rstrip('.')}" if lines else ""
        raise EngineError(
            f"{program} ended with status {process.returncode}{said}.", "Try the command by hand."
        )
    return printed


def _environment() -> dict[str, str]:
    """Ours, without what we put into it for our own processes (see reading/worker.py)."""
    ours = {"PYTHONSAFEPATH": "audiostory"}
    return {name: value for name, value in os.environ.items() if ours.get(name) != value}


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
