from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SoundError
from audiostory.model import SoundFormat
from audiostory.sound.encode import count_frames, encode, frames_added, samples_per_frame

from .helpers import frames_of

FORMATS = [
    SoundFormat(sample_rate_hz=rate, bit_rate_kbps=kbps)
    for rate, kbps in (
        (16000, 32),
        (22050, 40),
        (22050, 64),
        (24000, 80),
        (44100, 96),
        (48000, 192),
    )
]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 20000), st.sampled_from(FORMATS))
def test_a_run_has_a_known_number_of_frames(count: int, form: SoundFormat) -> None:
    samples = np.random.default_rng(count).normal(0, 0.1, count).astype(np.float32)
    run = encode(samples, form)
    frames = list(frames_of(run, form))
    whole = -(-count // samples_per_frame(form.sample_rate_hz))
    added = frames_added(form.sample_rate_hz) if count else len(frames)
    assert len(frames) == whole + added
    assert b"".join(frames) == run
    assert count_frames(run, form) == len(frames)


def test_what_is_not_frames_is_an_error() -> None:
    form = FORMATS[2]
    run = encode(np.zeros(5760, np.float32), form)
    for broken in (run[1:], run[:-1], b"junk" + run, run + b"\xff"):
        with pytest.raises(SoundError, match=r"frame"):
            count_frames(broken, form)
