"""By ear, with rulers: in the rendered example a quotation does not sound like the narrator, and
every cue is heard and drowns nothing.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from audiostory.config import Flags, resolve, voices_folder
from audiostory.model import Cue, Script, Timeline, Utterance
from audiostory.narration import NO_LEXICON, Narrator, load_stylesheet
from audiostory.planning import plan_jobs, write
from audiostory.reading import read
from audiostory.render import render
from audiostory.report import Report
from audiostory.sound.stitch import stitch

EXAMPLE = Path(__file__).parents[1] / "examples" / "night-train.html"
QUIET = Report(lambda _room, _done, _total: None, lambda _message: None)
PITCHES_HZ = (60, 400)
WINDOW_S = 0.05
VOICED = 0.6  # of a window's power that the next period repeats
FLOOR_DB = -65.0  # a pause, after MP3
Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """An episode as it is decoded, and what is said where in it."""

    samples: Sound
    rate: int
    script: Script
    timeline: Timeline

    def between(self, begin_s: float, end_s: float) -> Sound:
        return self.samples[round(begin_s * self.rate) : round(end_s * self.rate)]

    def said(self) -> Iterator[tuple[Utterance, Sound]]:
        """Every utterance, and how it sounds."""
        utterances = (u for passage in self.script.passages for u in passage.utterances)
        for utterance, span in zip(utterances, self.timeline.utterances, strict=True):
            yield utterance, self.between(span.begin_s, span.end_s)

    def cues(self) -> Iterator[tuple[Cue, Sound]]:
        """Every cue, and what is heard from the words before to the words after."""
        for passage, span in zip(self.script.passages, self.timeline.passages, strict=True):
            at = span.begin_s
            waiting: list[Cue] = []
            for item in passage.items:
                if isinstance(item, Cue):
                    waiting.append(item)
                elif isinstance(item, Utterance):
                    said = self.timeline.by_id[item.id]
                    yield from ((cue, self.between(at, said.begin_s)) for cue in waiting)
                    at, waiting = said.end_s, []
            yield from ((cue, self.between(at, span.end_s)) for cue in waiting)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """The example in the default profile, from the article to the decoded MP3."""
    folder = tmp_path_factory.mktemp("heard")
    settings = resolve(Flags(cache=folder / "cache"), {}, folder)
    sheet = load_stylesheet(settings.profile, voices_folder())
    article, script = write(read(EXAMPLE), Narrator(sheet), QUIET)
    jobs = plan_jobs(script, article.language, settings, QUIET, NO_LEXICON)
    path = folder / "episode.mp3"
    timeline = stitch(script.passages, (render(job) for job in jobs), settings.sound, path)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        parts = [frame.to_ndarray() for frame in container.decode(stream)]
        samples = np.concatenate(parts, axis=1)[0].astype(float)
        return Heard(samples, stream.rate, script, timeline)


def pitches_hz(sound: Sound, rate: int) -> Sound:
    """The pitch of each voiced window of a sound, by autocorrelation."""
    size, step = round(WINDOW_S * rate), round(WINDOW_S * rate / 2)
    if len(sound) < size:
        return np.zeros(0)
    windows = sliding_window_view(sound, size)[::step] * np.hanning(size)
    spectra = np.fft.rfft(windows, 2 * size)
    alike = np.fft.irfft(np.abs(spectra) ** 2)[:, :size]
    taper = np.correlate(np.hanning(size), np.hanning(size), "full")[size - 1 :]
    alike = alike / np.maximum(alike[:, :1], 1e-12) / np.maximum(taper / taper[0], 1e-3)
    low, high = rate // PITCHES_HZ[1], rate // PITCHES_HZ[0]
    best = alike[:, low:high].max(axis=1)
    # The shortest period that repeats nearly as well as the best: not twice the period.
    middle = alike[:, low:high]
    is_peak = (middle >= alike[:, low - 1 : high - 1]) & (middle >= alike[:, low + 1 : high + 1])
    periods = low + (is_peak & (middle >= 0.9 * best[:, None])).argmax(axis=1)
    loud = (windows**2).mean(axis=1) > 0.05 * (windows**2).mean()
    return rate / periods[(best > VOICED) & loud]


def level_db(sound: Sound) -> float:
    return 10 * math.log10(max(1e-12, float((sound**2).mean())))


def loudest(sound: Sound, size: int) -> Sound:
    """The loudest stretch of so many samples."""
    size = min(size, len(sound))
    power = np.convolve(sound**2, np.ones(size), "valid")
    begin = int(power.argmax())
    return sound[begin : begin + size]


def seconds(cue: Cue) -> float:
    with wave.open(str(cue.src)) as file:
        return file.getnframes() / file.getframerate()


def test_the_ruler_measures_pitch() -> None:
    for hz in (80, 117, 220, 350):
        phase = 2 * np.pi * hz * np.arange(22050) / 22050
        tone = sum(np.sin(n * phase) / n for n in range(1, 8))
        assert np.median(pitches_hz(tone, 22050)) == pytest.approx(hz, rel=0.02)
    assert len(pitches_hz(np.random.default_rng(1).standard_normal(22050), 22050)) < 5


def test_a_quotation_is_told_from_the_narrator_by_its_pitch(heard: Heard) -> None:
    """At least three semitones between their medians: nobody takes one for the other."""
    narrated, quoted = (
        np.concatenate([pitches_hz(s, heard.rate) for u, s in heard.said() if is_quoted(u) is q])
        for q in (False, True)
    )
    assert min(len(narrated), len(quoted)) > 200
    apart_st = 12 * math.log2(float(np.median(quoted)) / float(np.median(narrated)))
    assert abs(apart_st) >= 3, apart_st


def is_quoted(utterance: Utterance) -> bool:
    return utterance.quote in ("direct", "block")


def test_every_cue_is_heard_and_none_is_louder_than_the_speech(heard: Heard) -> None:
    speech_db = float(np.median([level_db(sound) for _, sound in heard.said()]))
    found = list(heard.cues())
    assert {cue.src.stem for cue, _ in found} == {
        *("heading-1", "heading-2", "figure", "quote-open", "quote-close")
    }
    for cue, around in found:
        cue_db = level_db(loudest(around, round(seconds(cue) * heard.rate)))
        assert FLOOR_DB + 20 < cue_db <= speech_db, (cue.src.stem, cue_db, speech_db)


def test_a_pause_is_silent(heard: Heard) -> None:
    """So the cues stand out: what is between the words is below the floor that they rise from."""
    last = heard.timeline.utterances[-1]
    assert level_db(heard.between(last.end_s + 0.05, heard.timeline.duration_s - 0.05)) < FLOOR_DB
