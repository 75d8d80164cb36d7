"""WAV files cut short, and streamed ones."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiostory.speech.encoded import decode
from audiostory.speech.wav import is_cut, with_length


@pytest.fixture
def whole() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.full(2400, 0.25, np.float32), 24000, format="WAV", subtype="PCM_16")
    return file.getvalue()


def with_lengths(whole: bytes, riff: int, data: int) -> bytes:
    return whole[:4] + riff.to_bytes(4, "little") + whole[8:40] + data.to_bytes(4, "little")


def test_a_whole_file_is_not_cut(whole: bytes) -> None:
    assert not is_cut(whole)
    assert with_length(whole) is whole


@pytest.mark.parametrize("kept", [4, 20, 44, 1000])
def test_a_file_that_stops_early_is_cut(whole: bytes, kept: int) -> None:
    assert is_cut(whole[:kept])


def test_the_samples_count_even_where_the_header_is_streamed(whole: bytes) -> None:
    assert is_cut(with_lengths(whole, 0xFFFFFFFF, 4800) + whole[44:1000])


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_streamed_file_is_read_to_its_end(whole: bytes, length: int) -> None:
    streamed = with_lengths(whole, length, length) + whole[44:]
    assert not is_cut(streamed)
    samples, _ = decode(with_length(streamed))
    assert len(samples) == 2400


def test_a_file_without_sound_that_says_so_stays_empty(whole: bytes) -> None:
    tail = b"LIST\x04\x00\x00\x00INFO"
    empty = with_lengths(whole, 36 + len(tail), 0) + tail
    assert with_length(empty) == empty


@given(st.binary(max_size=60))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    for file in (data, b"RIFF" + data, b"RIFF\0\0\0\0WAVE" + data):
        is_cut(file)
        assert len(with_length(file)) == len(file)
