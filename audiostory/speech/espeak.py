"""espeak-ng, spoken to through the process of espeak_process.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np

from audiostory.errors import EngineError
from audiostory.speech import espeak_process

if TYPE_CHECKING:
    from audiostory.model import Samples

_ADVICE = "Reinstall audiostory, or choose another engine."


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A language that espeak-ng speaks. tag: BCP 47, lower case; identifier: espeak-ng's own."""

    name: str
    tag: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How to speak, in espeak-ng's own units.

    voice: an identifier, with "+" and a variant or not. rate: words a minute. pitch, range:
    0-99, 50 is the voice's own.
    """

    voice: str
    rate: int
    pitch: int
    range: int


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """Samples (float32, mono) and word events: a character's offset from 0, its sample."""

    samples: Samples
    events: tuple[tuple[int, int], ...]


class Espeak:
    """A running espeak-ng. It ends when this object does, or with the program."""

    def __init__(self) -> None:
        if not sys.platform.startswith("linux"):
            raise EngineError(
                f"espeak-ng is spoken to on Linux only, and this is {sys.platform}.",
                'Choose the engine "pyttsx3", which uses the system\'s own speech.',
            )
        process = _start()
        self.espeak_process_id = process.pid
        self.owner_id = os.getpid()  # A fork of this program must not use its parent's.
        self._requests = cast("IO[bytes]", process.stdin)
        self._answers = cast("IO[bytes]", process.stdout)
        self.close = weakref.finalize(self, _stop, process, self.owner_id)
        greeting = self._greeting()
        self.version: str = greeting["version"]
        self.sample_rate_hz: int = greeting["sample_rate_hz"]
        self.voices = tuple(
            EspeakVoice(voice["name"], voice["tag"].lower(), voice["identifier"])
            for voice in greeting["voices"]
        )
        self._data_folder = Path(greeting["data"])

    def variants(self) -> dict[str, str | None]:
        """Every variant that may follow a language and a "+", and its gender where it says so."""
        files = sorted(Path(self._data_folder, "voices", "!v").iterdir())
        return {file.name: _gender(file.read_text("utf-8", "replace")) for file in files}

    def speak(self, text: str, settings: Settings, *, phonemes: bool = False) -> Spoken:
        """Say plain text; with phonemes, [[names of sounds]] in it are said as such.

        Raises EngineError for a voice it has not, or when it fails.
        """
        request = {
            "text": text,
            "phonemes": phonemes,
            "voice": settings.voice,
            "rate": settings.rate,
            "pitch": settings.pitch,
            "range": settings.range,
        }
        events, samples = self._ask(request, settings.voice, text)
        marks = self._read(events * espeak_process.EVENT.size)
        wave = np.frombuffer(self._read(samples * 2), np.dtype("<i2"))
        return Spoken(
            samples=wave.astype(np.float32) / np.float32(32768),
            events=tuple(espeak_process.EVENT.iter_unpack(marks)),
        )

    def transcribe(self, texts: Sequence[str], voice: str, *, parted: bool = False) -> list[str]:
        """How a voice says texts, in IPA; [[names of sounds]] are read as such.

        parted: with "_" between the sounds of a word. Raises as speak does.
        """
        request = {"texts": list(texts), "voice": voice, "parted": parted}
        self._ask(request, voice, " ".join(texts))
        heard: list[str] = json.loads(self._answers.readline() or b"[]")
        if len(heard) < len(texts):
            raise self._ended()
        return heard

    def _ask(self, request: Mapping[str, object], voice: str, text: str) -> tuple[int, int]:
        """Send a request; how many events and samples its answer has."""
        try:
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        except OSError as error:
            raise self._ended() from error
        status, events, samples = espeak_process.HEADER.unpack(
            self._read(espeak_process.HEADER.size)
        )
        if status != espeak_process.OK:
            raise _refusal(status, voice, text)
        return events, samples

    def _greeting(self) -> dict[str, Any]:
        line = self._answers.readline()
        greeting: dict[str, Any] = json.loads(line) if line else {"error": "its process ended"}
        if "error" in greeting:
            self.close()
            raise EngineError(f"espeak-ng could not be started: {greeting['error']}.", _ADVICE)
        return greeting

    def _read(self, size: int) -> bytes:
        data = self._answers.read(size)
        if len(data) < size:
            raise self._ended()
        return data

    def _ended(self) -> EngineError:
        self.close()
        return EngineError("espeak-ng ended while it spoke.", "Try again.")


def _start() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-S", "-W", "ignore", "-m", espeak_process.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    except OSError as error:
        raise EngineError(f"espeak-ng could not be started: {error}.", _ADVICE) from error


def _gender(variant: str) -> str | None:
    """What the file of a variant says: "gender female", with an age behind it or not."""
    lines = (line.split() for line in variant.splitlines())
    return next((line[1] for line in lines if line[:1] == ["gender"] and line[1:]), None)


def _stop(process: subprocess.Popen[bytes], owner: int) -> None:
    """End the process by ending its input, unless it belongs to the program we forked from."""
    if os.getpid() != owner:
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # What was not yet written has no reader any more.
                continue
    process.wait()


def _refusal(status: int, voice: str, text: str) -> EngineError:
    if status == espeak_process.UNKNOWN_VOICE:
        return EngineError(f'espeak-ng has no voice "{voice}".', _ADVICE)
    start = text if len(text) <= 60 else f"{text[:60]}…"
    return EngineError(f"espeak-ng crashed on this text: {start}", "Change the text.")
