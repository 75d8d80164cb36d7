"""What a finished MP3 sounds like, judged by ffmpeg and mp3val."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audiostory.model import SoundFormat
from audiostory.sound.clip import PausePart
from audiostory.sound.loudness import measure_file
from audiostory.sound.segments import resample

from .helpers import SENTENCES, Made, article, make, mp3val, spoken


def test_no_frame_is_broken(made: Made) -> None:
    said = mp3val(made.path).replace("No supported tags in the file", "")
    assert "ERROR" not in said
    assert said.count("WARNING") <= 1, said  # That it has no tags yet.
    assert "CBR" in said


def test_its_length_is_the_timelines(made: Made) -> None:
    rate = made.form.sample_rate_hz
    assert len(made.decoded()) / rate == pytest.approx(made.timeline.duration_s, abs=1 / rate)


def test_players_that_read_the_header_know_its_length_and_delay(made: Made) -> None:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json"]
    shown = json.loads(subprocess.run([*command, str(made.path)], capture_output=True).stdout)
    assert float(shown["format"]["duration"]) == pytest.approx(made.timeline.duration_s, abs=0.06)


def test_each_utterance_begins_where_the_timeline_says(made: Made) -> None:
    rate, decoded = made.form.sample_rate_hz, made.decoded()
    for span, speech in zip(made.timeline.utterances, made.speeches, strict=True):
        heard = resample(speech.samples, speech.sample_rate_hz, rate)
        first = np.flatnonzero(np.abs(heard) > 0.003 * np.abs(heard).max())[0]
        heard = heard[first : first + rate]
        begin = max(0, round((span.begin_s - 0.3) * rate))
        around = decoded[begin : begin + len(heard) + round(0.6 * rate)]
        found = begin + int(np.correlate(around, heard, "valid").argmax())
        assert found / rate == pytest.approx(span.begin_s, abs=0.02)


def test_each_word_begins_in_its_utterance(made: Made) -> None:
    for span in made.timeline.utterances:
        begins = [word.begin_s for word in span.words]
        assert begins == sorted(begins)
        assert span.begin_s <= begins[0] <= begins[-1] < span.end_s


def test_passages_tile_the_timeline_and_hold_their_utterances(made: Made) -> None:
    passages = made.timeline.passages
    assert passages[0].begin_s == 0
    assert passages[-1].end_s == made.timeline.duration_s
    assert all(a.end_s == b.begin_s for a, b in pairwise(passages))
    for span in made.timeline.utterances:
        passage = made.timeline.by_id[span.id.rpartition("-")[0]]
        assert passage.begin_s < span.begin_s < span.end_s < passage.end_s


def test_nothing_clips(made: Made) -> None:
    _, peak_dbtp = measure_file(made.path)
    assert peak_dbtp <= made.form.true_peak_db


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("variant", ["", "+f3", "+m7"])
def test_it_is_as_loud_as_asked(language: str, variant: str, tmp_path: Path) -> None:
    """Within half a LU from a quarter of a minute on; a sentence alone may be 1 LU off."""
    form = SoundFormat()
    voice_id = ("en-us" if language == "en" else language) + variant
    parts = [[spoken(s, voice_id, form), PausePart(300)] for s in SENTENCES[language]]
    made = make(tmp_path / "episode.mp3", parts, form)
    loudness_lufs, peak_dbtp = measure_file(made.path)
    assert loudness_lufs == pytest.approx(form.loudness_lufs, abs=0.3)
    assert peak_dbtp <= form.true_peak_db
    for some in (parts[:-1], parts[1:]):
        short = make(tmp_path / "short.mp3", some, form)
        assert 13 < short.timeline.duration_s < 18
        assert measure_file(short.path)[0] == pytest.approx(form.loudness_lufs, abs=0.5)


def test_an_episode_of_several_voices_and_cues_is_as_loud_as_asked(made: Made) -> None:
    assert measure_file(made.path)[0] == pytest.approx(made.form.loudness_lufs, abs=0.3)


def test_the_same_clips_give_the_same_bytes(tmp_path: Path) -> None:
    form = SoundFormat()
    one = make(tmp_path / "one.mp3", article(form)[:2], form)
    other = make(tmp_path / "other.mp3", article(form)[:2], form)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert one.timeline == other.timeline
