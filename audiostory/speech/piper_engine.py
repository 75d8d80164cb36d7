"""Piper: neural voices on this machine, without a network.

    [engines.piper]
    voices_folder = "~/voices"          # else the user's data folder
    length_scale = 1.1                  # of every voice, in place of its own; > 1 is slower
    noise_scale = 0.667
    noise_w_scale = 0.8
    speakers = {"en_US-libritts-high" = "p3922"}    # who speaks when the voice alone is named
    genders = {"en_US-libritts-high#p3922" = "female"}

A voice is named by its file (en_US-lessac-medium), one of its speakers after "#". Voices come by
`audiostory voices add piper/en_US-lessac-medium` (piper_voices.py).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Gender, Pronunciation, Speech, Voice
from audiostory.speech.pieces import pieces
from audiostory.speech.piper_files import (
    MODEL,
    PiperFile,
    default_folder,
    listed,
    piper_file,
    piper_files,
    voice_of,
)
from audiostory.speech.piper_marks import Sound, word_events
from audiostory.speech.piper_model import REVISION, PiperModel, not_installed, plain
from audiostory.speech.words import Event, word_marks, written_words

if TYPE_CHECKING:
    from piper import AudioChunk, PiperVoice

    from audiostory.model import Samples

_LIBRARIES = ("piper-tts", "onnxruntime", "onnx")
# Of what is said in one go: memory grows with it, by some 20 MB for a second of speech.
_MOST_CHARACTERS = 400
_RATES = (0.1, 10.0)
_SILENT_RATE_HZ = 22050
_MOST_NAMED = 10
_MOST_OPEN = 3  # of models: each takes some 100 MB, in each worker


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A voice's files, and which of its speakers (None where there is one)."""

    file: PiperFile
    speaker: int | None


class PiperEngine:
    """Piper's voices in a folder. See above for the options; a scale of None is the voice's own."""

    name = "piper"
    costly = True

    def __init__(
        self,
        voices_folder: str = "",
        speakers: Mapping[str, str | int] | None = None,
        genders: Mapping[str, Gender] | None = None,
        length_scale: float | None = None,
        noise_scale: float | None = None,
        noise_w_scale: float | None = None,
    ) -> None:
        _check_tables(voices_folder, speakers or {}, genders or {})
        _check_scale("length_scale", length_scale, least=0.05)
        _check_scale("noise_scale", noise_scale)
        _check_scale("noise_w_scale", noise_w_scale)
        self._folder = Path(voices_folder).expanduser() if voices_folder else default_folder()
        self._speakers = {name: str(speaker) for name, speaker in (speakers or {}).items()}
        self._genders = dict(genders or {})
        self._length_scale = length_scale
        self._noise_scale = noise_scale
        self._noise_w_scale = noise_w_scale
        self._digests: dict[tuple[Path, int, int], str] = {}
        self._opened: dict[tuple[str, str], PiperModel] = {}  # the last to be used is last
        self._is_installed = False

    def version(self, voice: CastVoice) -> str:
        """Of the model, its configuration, the libraries, the speaker and the scales."""
        chosen = self._chosen(voice.voice_id)
        scales = [self._length_scale, self._noise_scale, self._noise_w_scale]
        libraries = [_version(library) for library in _LIBRARIES]
        told = json.dumps([self._digest(chosen.file), chosen.speaker, scales, libraries, REVISION])
        return hashlib.sha256(told.encode()).hexdigest()

    def voices(self) -> tuple[Voice, ...]:
        """Those in the folder, of the best quality first. Raises EngineError where none are."""
        self._check_installed()
        files = piper_files(self._folder)
        if not files:
            raise EngineError(
                f"Piper has no voices in {self._folder}.",
                "Add one: audiostory voices add piper/en_US-lessac-medium",
            )
        return tuple(voice for file in files.values() for voice in listed(file, self._genders))

    def voice(self, name: str) -> Voice | None:
        """Any speaker of a voice by "voice#speaker", those that are not listed as well."""
        try:
            chosen = self._chosen(name)
        except EngineError:
            return None
        return voice_of(chosen.file, name, self._genders)

    def speak(
        self, text: str, voice: CastVoice, _pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """See Engine.speak. Piper has no pitch to set."""
        chosen = self._chosen(voice.voice_id)
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        model = self._model(chosen.file)
        piper_voice = model.voice
        rate_hz = int(piper_voice.config.sample_rate)
        readable = text.encode("utf-8", "replace").decode()
        samples: list[Samples] = []
        events: list[Event] = []
        begin, begin_s = 0, 0.0
        for piece in pieces(readable, _MOST_CHARACTERS):
            if written_words(piece):
                chunks = self._chunks(piece, piper_voice, chosen.speaker, voice.rate)
                samples += [chunk.audio_float_array for chunk in chunks]
                found = word_events(piece, _sounds(chunks, rate_hz), model.spell)
                events += [(begin + offset, begin_s + at_s) for offset, at_s in found]
                begin_s = sum(map(len, samples)) / rate_hz
            begin += len(piece)
        said = np.concatenate(samples) if samples else np.zeros(0, np.float32)
        if not len(said):
            return Speech(np.zeros(0, np.float32), rate_hz)
        return Speech(said, rate_hz, word_marks(text, events, len(said) / rate_hz))

    def _chunks(
        self, text: str, voice: PiperVoice, speaker: int | None, rate: float
    ) -> list[AudioChunk]:
        """What Piper says, a chunk for each of its sentences, with phonemes."""
        from piper import SynthesisConfig

        own = voice.config.length_scale if self._length_scale is None else self._length_scale
        low, high = _RATES
        config = SynthesisConfig(
            speaker_id=speaker,
            length_scale=own / min(max(rate, low), high),
            noise_scale=self._noise_scale,
            noise_w_scale=self._noise_w_scale,
            normalize_audio=False,  # each sentence to its own peak: louder and softer in turn
        )
        chunks = list(voice.synthesize(plain(text), config, include_alignments=True))
        for chunk in chunks:
            chunk.audio_float_array = np.atleast_1d(chunk.audio_float_array)
        return chunks

    def _check_installed(self) -> None:
        if not self._is_installed:  # looking for modules is slow
            if not all(find_spec(module) for module in ("piper", "onnxruntime", "onnx")):
                raise not_installed()
            self._is_installed = True

    def _chosen(self, voice_id: str) -> _Chosen:
        """Raises EngineError where there is no such voice, or it has no such speaker."""
        self._check_installed()
        name, _, speaker = voice_id.partition("#")
        is_plain = name == Path(name).name  # what is in another folder is no voice of this one
        file = piper_file(self._folder / f"{name}{MODEL}") if is_plain else None
        if file is None:
            is_first = not piper_files(self._folder)
            raise EngineError(
                f'The engine "piper" has no voice "{name}".',
                _FIRST_ADVICE if is_first else f"Add it: audiostory voices add piper/{name}",
            )
        speaker = speaker or self._speakers.get(name, "")
        if not file.speakers and not speaker:
            return _Chosen(file, None)
        number = _speaker(file, speaker) if speaker else file.default_speaker
        if number is None:
            some = list(file.speakers)[:_MOST_NAMED]
            raise EngineError(
                f'The voice "{name}" of the engine "piper" has no speaker "{speaker}".',
                f"It has: {', '.join(some)}{', …' if len(file.speakers) > len(some) else ''}."
                if some
                else "It has one alone: leave the # and what follows it out.",
            )
        return _Chosen(file, number)

    def _model(self, file: PiperFile) -> PiperModel:
        """A voice, open until its files are others or three other voices have spoken."""
        key = (file.name, self._digest(file))
        model = self._opened.pop(key, None)
        if model is None:
            for oldest in list(self._opened)[: 1 - _MOST_OPEN]:
                del self._opened[oldest]  # before another takes its memory
            model = PiperModel(file)
        self._opened[key] = model
        return model

    def _digest(self, file: PiperFile) -> str:
        return self._file_digest(file.model) + self._file_digest(file.config)

    def _file_digest(self, path: Path) -> str:
        """SHA-256, kept by size and time."""
        try:
            status = path.stat()
            key = (path, status.st_size, status.st_mtime_ns)
            if key not in self._digests:
                with path.open("rb") as opened:
                    self._digests[key] = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise EngineError(
                f"{path} cannot be read: {error.strerror}.", "See whose file it is."
            ) from error
        return self._digests[key]


_FIRST_ADVICE = "Add one: audiostory voices add piper/en_US-lessac-medium"


def _speaker(file: PiperFile, name: str) -> int | None:
    """A speaker's number, by name or by number."""
    if name in file.speakers:
        return file.speakers[name]
    by_number = name.isdecimal() and int(name) in file.speakers.values()
    return int(name) if by_number else None


def _sounds(chunks: Sequence[AudioChunk], rate_hz: int) -> list[Sound]:
    """Every phoneme and when it begins: as the voice tells, else spread evenly over its chunk."""
    sounds: list[Sound] = []
    begin_s = 0.0
    for chunk in chunks:
        lasts_s = len(chunk.audio_float_array) / rate_hz
        told = chunk.phoneme_alignments
        if told:
            counts = accumulate((one.num_samples for one in told), initial=0)
            sounds += [
                (one.phoneme, begin_s + int(at) / rate_hz)
                for one, at in zip(told, counts, strict=False)
            ]
        else:
            step_s = lasts_s / (len(chunk.phonemes) or 1)
            sounds += [(it, begin_s + i * step_s) for i, it in enumerate(chunk.phonemes)]
        begin_s += lasts_s
    return sounds


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # onnxruntime has other builds, by other names
        return ""


def _check_tables(
    folder: str, speakers: Mapping[str, str | int], genders: Mapping[str, str]
) -> None:
    if not isinstance(folder, str):
        raise UsageError('voices_folder of the engine "piper" is no folder.', "Give its path.")
    if not isinstance(speakers, Mapping) or not all(
        isinstance(it, str) or type(it) is int for it in speakers.values()
    ):
        raise UsageError(
            'speakers of the engine "piper" cannot be used.',
            'Write such as speakers = {"en_GB-semaine-medium" = "prudence"}.',
        )
    if not isinstance(genders, Mapping) or not set(genders.values()) <= set(get_args(Gender)):
        raise UsageError(
            'genders of the engine "piper" cannot be used.',
            f'Write such as {{"en_US-libritts-high#3" = "female"}}; {", ".join(get_args(Gender))}.',
        )


def _check_scale(name: str, scale: float | None, least: float = 0.0) -> None:
    usable = scale is None or (type(scale) in (int, float) and least <= scale < math.inf)
    if not usable:
        raise UsageError(f'{name} of the engine "piper" is no scale.', "Give a number such as 0.8.")
