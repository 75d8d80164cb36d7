"""Pauses, measured on decoded audio: from where one voice is silent to where the next sounds."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiostory.model import SoundFormat, Speech
from audiostory.sound.clip import Part, PausePart, SpokenPart
from audiostory.sound.segments import resample

from .helpers import SENTENCES, Made, make, speak

SHOWS = {
    "22050 Hz": SoundFormat(),
    "24000 Hz": SoundFormat(24000, 64),
    "44100 Hz": SoundFormat(44100, 96),
    "48000 Hz": SoundFormat(48000, 96),
}
NEAR_S = 0.02
LEAST_AT_A_SEAM_MS = 140
QUIET = 10 ** (-50 / 20)  # of the peak


def sounding_s(speech: Speech) -> tuple[float, float]:
    """From when to when a speech sounds."""
    levels = np.abs(speech.samples)
    heard = np.flatnonzero(levels > QUIET * levels.max())
    return heard[0] / speech.sample_rate_hz, (heard[-1] + 1) / speech.sample_rate_hz


def places(made: Made) -> list[tuple[float, float]]:
    """When each speech sounds in the decoded file, in seconds: found by its own wave."""
    rate, decoded = made.form.sample_rate_hz, made.decoded()
    found = []
    for speech, span in zip(made.speeches, made.timeline.utterances, strict=True):
        samples = resample(speech.samples, speech.sample_rate_hz, rate)
        first_s, last_s = sounding_s(speech)
        wave = samples[round(first_s * rate) : round(last_s * rate)]
        from_ = max(0, round((span.begin_s - 0.1) * rate))
        around = decoded[from_ : from_ + len(wave) + round(0.2 * rate)]
        size = len(around) + len(wave)
        product = np.fft.rfft(around, size) * np.conj(np.fft.rfft(wave, size))
        begin = from_ + int(np.fft.irfft(product, size)[: len(around)].argmax())
        found.append((begin / rate, (begin + len(wave)) / rate))
    return found


def pauses_s(made: Made) -> list[float]:
    return [begin - end for (_, end), (begin, _) in pairwise(places(made))]


def said(at: int) -> Speech:
    """Engines' speeches: with much silence around them, with little, of another sample rate."""
    voice_id = ("en-us", "en-us+f3", "ru")[at % 3]
    speech = speak(SENTENCES["ru" if voice_id == "ru" else "en"][at % 5].split(",")[0], voice_id)
    around = np.zeros((0, 4000, 11025)[at % 3], np.float32)
    samples = np.concatenate([around, speech.samples, around])
    if at % 2:
        return Speech(samples, speech.sample_rate_hz)
    return Speech(resample(samples, speech.sample_rate_hz, 16000), 16000)


@pytest.mark.parametrize("form", SHOWS.values(), ids=SHOWS)
def test_pauses_between_utterances_and_passages_are_what_was_asked(
    form: SoundFormat, tmp_path: Path
) -> None:
    spoken = [SpokenPart(said(at)) for at in range(8)]
    parts: list[list[Part]] = [
        [spoken[0], PausePart(200), spoken[1], PausePart(40), spoken[2], PausePart(600)],
        [spoken[3], PausePart(0)],
        [PausePart(900), spoken[4], PausePart(150), PausePart(100), spoken[5], PausePart(333)],
        [spoken[6], PausePart(1250)],
        [spoken[7]],
    ]
    heard = pauses_s(make(tmp_path / "a.mp3", parts, form))
    within, seams = [heard[0], heard[1], heard[4]], [heard[2], heard[3], heard[5], heard[6]]
    assert within == pytest.approx([0.2, 0.04, 0.25], abs=0.001)
    assert seams == pytest.approx([0.6, 0.9, 0.333, 1.25], abs=NEAR_S)


def test_without_a_pause_there_is_as_little_as_frames_allow(tmp_path: Path) -> None:
    parts = [[SpokenPart(said(at))] for at in range(6)]
    for form in SHOWS.values():
        heard = pauses_s(make(tmp_path / "a.mp3", parts, form))
        assert all(0.11 <= pause_s <= LEAST_AT_A_SEAM_MS / 1000 for pause_s in heard)


SEAMS = st.integers(LEAST_AT_A_SEAM_MS, 3000)
INNER = st.integers(20, 1500)


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(list(SHOWS.values())),
    st.lists(st.tuples(st.booleans(), SEAMS, INNER), min_size=1, max_size=4),
)
@example(SHOWS["22050 Hz"], [(True, 140, 20), (False, 140, 20), (True, 3000, 500)])
def test_any_pause_is_what_was_asked(form: SoundFormat, asked: list[tuple[bool, int, int]]) -> None:
    """Each: whether the pause is before the seam, how long, how long the one in the passage."""
    parts: list[list[Part]] = [[SpokenPart(said(0))]]
    wanted = []
    for at, (before, seam_ms, inner_ms) in enumerate(asked, 1):
        pause = [PausePart(seam_ms)]
        parts[-1] += pause if before else []
        passage = [SpokenPart(said(2 * at)), PausePart(inner_ms), SpokenPart(said(2 * at + 1))]
        parts.append([*([] if before else pause), *passage])
        wanted += [(seam_ms / 1000, NEAR_S), (inner_ms / 1000, 0.001)]
    with TemporaryDirectory() as folder:
        heard = pauses_s(make(Path(folder) / "a.mp3", parts, form))
    for pause_s, (asked_s, near_s) in zip(heard, wanted, strict=True):
        assert math.isclose(pause_s, asked_s, abs_tol=near_s)
