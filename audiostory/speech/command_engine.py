"""The engine of any program that speaks: espeak-ng, flite, RHVoice, festival, say, a script.

show.toml says how it is called, as a list of arguments; no shell ever reads them:

    [engines.flite]
    type = "command"
    command = ["flite", "-voice", "{voice}", "-f", "{text_file}", "-o", "{out}"]
    voices = { slt = { languages = ["en-us"], gender = "female" } }

In any argument these are filled in: {text}; {text_file}, a file that holds the text in UTF-8;
{voice}; {language}, BCP 47; {rate}, words a minute; {speed}, times the usual, and {stretch}, its
inverse; {out}, the file to write. Without {text} and {text_file} the text comes on standard
input; without {out} the sound is read from standard output. It may be WAV, FLAC, MP3, Ogg or AIFF.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Speech, Voice
from audiostory.speech.command_options import checked_command, checked_timeout, checked_voices
from audiostory.speech.encoded import decode
from audiostory.speech.program import run
from audiostory.speech.words import word_marks, written_words

if TYPE_CHECKING:
    from collections.abc import Mapping

# Raise it when what this file does changes what is heard.
_REVISION = 1

WORDS_PER_MINUTE = 175
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = ("text", "text_file", "voice", "language", "rate", "speed", "stretch", "out")
# So many characters get the time that timeout_s says once more.
_CHARACTERS_PER_TIMEOUT = 1000
# Of a text with nothing to say, which no program is asked.
_SILENT_RATE_HZ = 22050
# NUL ends an argument, and escape codes mean something to some programs: a space says as much.
_UNSAYABLE = {**dict.fromkeys([*range(32), *range(127, 160)], " "), ord("\n"): "\n"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class CommandEngine:
    """A program that is run once for each utterance."""

    name = "command"
    costly = True

    def __init__(
        self,
        command: list[str] | None = None,
        voices: list[str] | dict[str, Any] | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        """Options of show.toml; raises UsageError when they cannot be used.

        command: the program and its arguments. voices: names, each of which speaks any language,
        or a table of names to {languages, gender, age}; one voice, "default", when there are
        none. timeout_s: how long a short text may take; each 1,000 characters may as long again.
        """
        self._command = checked_command(command, _PLACEHOLDERS, _PLACEHOLDER)
        self._voices = checked_voices(voices)
        self._timeout_s = checked_timeout(timeout_s)
        self._fields = {name for part in self._command for name in _PLACEHOLDER.findall(part)}
        if "voice" in self._fields and not voices:
            raise UsageError(
                'The engine "command" has {voice} in its command, but no voices.',
                'Add the names that the program knows: voices = ["name", …].',
            )

    def version(self, _voice: CastVoice) -> str:
        """The arguments, and path, size and time of the program and of files named in them."""
        return self._version

    def voices(self) -> tuple[Voice, ...]:
        """The voices of show.toml, in its order."""
        _ = self._program  # What has no program has no voices: a person is told at once.
        return self._voices

    def speak(self, text: str, voice: CastVoice) -> Speech:
        """Run the program; word marks are in proportion to the characters. See Engine.speak."""
        self._check_voice(voice)
        program = self._program
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        sayable = _LONE_SURROGATE.sub(" ", text.translate(_UNSAYABLE))
        with tempfile.TemporaryDirectory(prefix="audiostory-") as folder:
            sound = self._sound(program, sayable, voice, Path(folder))
        if not sound:
            raise EngineError(
                f'The program "{self._command[0]}" gave no sound for: {_cut(text)}',
                "See that it has this voice, and where its command says that the sound goes.",
            )
        try:
            samples, rate = decode(sound)
        except EngineError as error:
            raise EngineError(
                f'What the program "{self._command[0]}" gave is no sound that can be read.',
                "It must write WAV, FLAC, MP3, Ogg or AIFF, and nothing else.",
            ) from error
        return Speech(samples, rate, word_marks(text, [(0, 0.0)], len(samples) / rate))

    def _sound(self, program: str, text: str, voice: CastVoice, folder: Path) -> bytes:
        """What the program makes of a text; it may write in a folder of its own."""
        out, text_file = folder / "speech.wav", folder / "text.txt"
        if "text_file" in self._fields:
            text_file.write_text(text, "utf-8")
        values = _values(text, voice) | {"text_file": str(text_file), "out": str(out)}
        arguments = [_filled(part, values) for part in self._command[1:]]
        written = run(
            [program, *arguments],
            b"" if self._fields & {"text", "text_file"} else text.encode(),
            self._timeout_s * (1 + len(text) / _CHARACTERS_PER_TIMEOUT),
        )
        if "out" not in self._fields:
            return written
        return out.read_bytes() if out.is_file() else b""

    def _check_voice(self, voice: CastVoice) -> None:
        if all(voice.voice_id != known.id for known in self._voices):
            raise EngineError(
                f'The engine "command" has no voice "{voice.voice_id}".',
                f"show.toml gives it: {', '.join(known.id for known in self._voices)}.",
            )

    @cached_property
    def _program(self) -> str:
        """Where the program is. Raises EngineError."""
        name = os.path.expanduser(self._command[0])
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
        if os.path.isfile(name):
            raise EngineError(
                f'The program "{name}" cannot be run: it is not executable.',
                f"Make it so: chmod +x {name}",
            )
        raise EngineError(
            f'There is no program "{name}".',
            "Install it, or write its whole path in the command of show.toml.",
        )

    @cached_property
    def _version(self) -> str:
        # A script or a model stands among the arguments of the program that reads it.
        files = [self._program, *(part for part in self._command[1:] if os.path.isfile(part))]
        return f"{self._command}, {[_state(Path(file)) for file in files]}, {_REVISION}"


def _values(text: str, voice: CastVoice) -> dict[str, str]:
    return {
        "text": text,
        "voice": voice.voice_id,
        "language": voice.language,
        "rate": str(round(WORDS_PER_MINUTE * voice.rate)),
        "speed": f"{voice.rate:.3f}",
        "stretch": f"{1 / max(voice.rate, 0.01):.3f}",
    }


def _filled(part: str, values: Mapping[str, str]) -> str:
    """An argument with what it names filled in; a text never becomes an option."""
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]], part)
    return f" {filled}" if part.startswith("{text}") and filled.startswith("-") else filled


def _state(file: Path) -> tuple[str, int, int]:
    real = file.resolve()
    state = real.stat()
    return str(real), state.st_size, state.st_mtime_ns


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
