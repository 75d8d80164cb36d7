"""Sound files to samples and back."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from audiostory.errors import EngineError
from audiostory.speech.encoded import decode, encode_flac

RATE_HZ = 24000
TONE = (0.5 * np.sin(np.arange(RATE_HZ) * 2 * np.pi * 440 / RATE_HZ)).astype(np.float32)


def test_flac_keeps_samples_to_24_bits():
    samples, rate = decode(encode_flac(TONE, RATE_HZ))
    assert rate == RATE_HZ
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, TONE, atol=2**-22)


@pytest.mark.parametrize(
    ("format_", "subtype"),
    [("WAV", "PCM_16"), ("MP3", "MPEG_LAYER_III"), ("OGG", "OPUS"), ("FLAC", "PCM_16")],
)
def test_what_servers_answer_in_is_read(format_, subtype):
    file = io.BytesIO()
    soundfile.write(file, np.stack([TONE, TONE], axis=1), RATE_HZ, format=format_, subtype=subtype)
    samples, rate = decode(file.getvalue())
    assert samples.ndim == 1
    assert abs(len(samples) / rate - 1) < 0.1
    assert 0.3 < np.abs(samples).max() < 0.7


@pytest.mark.parametrize("data", [b"", b"{}", b"RIFF\x00\x00\x00\x00WAVE", b"\xff\xfb\x90\x64" * 9])
def test_what_is_no_sound_is_an_error_in_words(data):
    with pytest.raises(EngineError, match="no sound"):
        decode(data)
