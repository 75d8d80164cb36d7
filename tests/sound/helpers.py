"""Speech to mix, and decoders that are not ours to judge the result."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostory.model import (
    CastVoice,
    Passage,
    SoundFormat,
    Speech,
    Timeline,
    Utterance,
    VoiceStyle,
)
from audiostory.sound.clip import CuePart, Part, PausePart, SpokenPart, make_clip
from audiostory.sound.encode import samples_per_frame
from audiostory.sound.loudness import calibration_text, voice_gain_db
from audiostory.sound.stitch import stitch
from audiostory.speech.engine import open_engine

CUES = Path(__file__).parents[2] / "voices" / "cues"
SENTENCES = {
    "en": (
        "A train nobody expected came into the station early in the morning.",
        "The conductor opened a door and asked where the buffet was.",
        "It has been shut since spring, they told him, because the owner moved south.",
        "So he took a flask out of his bag, sat down on a bench and watched the snow.",
        "An hour later two more people turned up, and the talk went to prices and the road.",
    ),
    "ru": (
        "Рано утром на вокзал пришёл поезд, которого никто не ждал.",
        "Проводник открыл дверь и спросил, где тут буфет.",
        "Ему ответили: буфет закрыт с весны, потому что хозяин уехал на юг.",
        "Тогда он достал из сумки термос, сел на скамейку и стал смотреть на снег.",
        "Через час подошли ещё два человека, и разговор пошёл о ценах и о дороге.",
    ),
}


@cache
def speak(text: str, voice_id: str = "en-us") -> Speech:
    return open_engine("pyttsx3").speak(text, CastVoice("pyttsx3", voice_id, "en"))


@cache
def gain_db(voice_id: str, form: SoundFormat) -> float:
    return voice_gain_db(speak(calibration_text(voice_id), voice_id), form)


def spoken(text: str, voice_id: str, form: SoundFormat) -> SpokenPart:
    return SpokenPart(speak(text, voice_id), gain_db(voice_id, form))


def decode(path: Path, rate: int) -> NDArray[np.float32]:
    """Samples by ffmpeg, which must have nothing to say."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-ac", "1", "-ar", str(rate)]
    done = subprocess.run([*command, "-f", "f32le", "-"], capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.float32)


def mp3val(path: Path) -> str:
    """What mp3val says of a file."""
    return subprocess.run(["mp3val", str(path)], capture_output=True, text=True).stdout


@dataclass(frozen=True)
class Made:
    """An episode's audio, and what it was made from."""

    path: Path
    form: SoundFormat
    passages: tuple[Passage, ...]
    parts: tuple[tuple[Part, ...], ...]
    timeline: Timeline

    @property
    def speeches(self) -> list[Speech]:
        return [p.speech for parts in self.parts for p in parts if isinstance(p, SpokenPart)]

    def decoded(self) -> NDArray[np.float32]:
        return decode(self.path, self.form.sample_rate_hz)


def make(path: Path, parts: Sequence[Sequence[Part]], form: SoundFormat) -> Made:
    """Clips of these parts, stitched."""
    passages = tuple(_passage(f"p-{i}", part) for i, part in enumerate(parts))
    timeline = stitch(passages, (make_clip(part, form) for part in parts), form, path)
    return Made(path, form, passages, tuple(map(tuple, parts)), timeline)


def _passage(id_: str, parts: Sequence[Part]) -> Passage:
    count = sum(isinstance(part, SpokenPart) for part in parts)
    utterances = (
        Utterance(f"{id_}-{i}", "", "", "paragraph", "en", VoiceStyle()) for i in range(count)
    )
    return Passage(id_, "paragraph", "en", tuple(utterances))


def article(form: SoundFormat) -> list[list[Part]]:
    """Six passages in three voices, with cues and pauses."""
    en, ru = SENTENCES["en"], SENTENCES["ru"]
    return [
        [CuePart(CUES / "heading-1.wav"), PausePart(200), spoken(en[0], "en-us", form)],
        [spoken(en[1], "en-us", form), PausePart(150), spoken(en[2], "en-us+f3", form)],
        [PausePart(400), spoken(en[3], "en-us", form), PausePart(700)],
        [
            CuePart(CUES / "quote-open.wav", -3),
            spoken(en[4], "en-us+f3", form),
            CuePart(CUES / "quote-close.wav", -3),
            PausePart(500),
        ],
        [spoken(ru[0], "ru", form), spoken(ru[1], "ru", form), PausePart(300)],
        [spoken(ru[2], "ru", form), PausePart(100), spoken(ru[3], "ru", form), PausePart(1000)],
    ]


FORMS = {
    "22050 Hz": SoundFormat(),
    "24000 Hz": SoundFormat(sample_rate_hz=24000, bit_rate_kbps=80),
    "44100 Hz": SoundFormat(sample_rate_hz=44100, bit_rate_kbps=96),
    "48000 Hz": SoundFormat(sample_rate_hz=48000, bit_rate_kbps=96),
}


def tone(seconds: float, rate: int = 22050, amplitude: float = 0.3) -> Speech:
    """A speech that is a steady tone: where it begins and ends can be seen."""
    samples = amplitude * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return Speech(samples.astype(np.float32), rate)


def silences(samples: NDArray[np.float32], rate: int) -> list[tuple[float, float]]:
    """Begin and end, in seconds, of every stretch below -40 dBFS of 40 ms or longer."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    edges = [-1, *loud.tolist(), len(samples)]
    return [
        ((left + 1) / rate, right / rate)
        for left, right in pairwise(edges)
        if right - left > 0.04 * rate
    ]


def frames_of(run: bytes, form: SoundFormat) -> Iterator[bytes]:
    """Each frame of a run, as its header says where it ends (ISO 13818-3, 2.4.2.3)."""
    size = samples_per_frame(form.sample_rate_hz) * form.bit_rate_kbps * 125 // form.sample_rate_hz
    begin = 0
    while begin < len(run):
        header = int.from_bytes(run[begin : begin + 4], "big")
        assert header >> 21 == 0x7FF, begin
        end = begin + size + (header >> 9 & 1)
        yield run[begin:end]
        begin = end
    assert begin == len(run)
