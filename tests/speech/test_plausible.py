"""What can and what cannot be the speech of a text."""

from __future__ import annotations

import re

import numpy as np
import pytest

from audiostory.model import CastVoice
from audiostory.speech.engine import open_engine
from audiostory.speech.plausible import implausible

RATE_HZ = 22050
TEXT = "The council met on the quay, and nobody agreed about the bridge."


def noise(seconds: float, level: float = 0.3):
    return (
        np.random.default_rng(1).uniform(-level, level, round(seconds * RATE_HZ)).astype(np.float32)
    )


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        (noise(0), "no sound"),
        (np.zeros(RATE_HZ, np.float32), "no sound"),
        (noise(0.3), r"far too short \(0.3 s for 12 words\)"),
        (noise(90), r"far too long \(90.0 s for 12 words\)"),
        (np.sign(noise(4)), "clipped"),
        (np.concatenate([noise(0.7), np.zeros(4 * RATE_HZ, np.float32)]), "mostly silence"),
    ],
)
def test_what_cannot_be_it_is_named(samples, why):
    assert re.fullmatch(why, implausible(TEXT, samples, RATE_HZ) or "")


@pytest.mark.parametrize("text", ["", "…", " — "])
def test_where_nothing_is_to_be_said_nothing_is_missed(text):
    assert implausible(text, noise(0), RATE_HZ) is None


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.5])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-us", TEXT),
        ("en-us", "No."),
        ("en-us", "A"),
        ("en-us", "1,234,567,890,123 and 2.718281828"),
        ("en-us", "WWW W3C"),
        ("de", "Donaudampfschifffahrtsgesellschaftskapitän"),
        ("ru", "Совет собрался на набережной, и никто не согласился."),
        ("cmn", "今天天气很好，我们去公园散步。"),
        ("ja", "きょうはいいてんきです。"),
        ("ar", "اجتمع المجلس على الرصيف."),
    ],
)
def test_real_speech_is_plausible(language, text, rate):
    speech = open_engine("pyttsx3").speak(text, CastVoice("pyttsx3", language, language, rate))
    assert implausible(text, speech.samples, speech.sample_rate_hz, rate) is None
