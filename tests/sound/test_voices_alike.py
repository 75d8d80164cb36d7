"""Loudness of a decoded episode in which several voices speak: the whole, and one by another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyebur128
import pytest
from numpy.typing import NDArray

from audiostory.model import SoundFormat
from audiostory.sound.clip import CuePart, Part, PausePart, SpokenPart
from audiostory.sound.loudness import measure_file

from .helpers import CUES, SENTENCES, make, spoken
from .test_formats import heard

SHOWS = {
    "mono 22050": SoundFormat(),
    "mono 22050 at 40 kbit/s": SoundFormat(bit_rate_kbps=40),
    "mono 44100": SoundFormat(44100, 96),
    "mono 24000 at -19 LUFS": SoundFormat(24000, 64, loudness_lufs=-19),
    "stereo 22050": SoundFormat(22050, 96, 2),
    "stereo 48000": SoundFormat(48000, 128, 2),
}
HEADINGS = ("What came into the station", "The talk of the town")
NARRATOR, HEADLINE, QUOTED, RUSSIAN = "en-us", "en-us+m7", "en-us+f3", "ru"
# In the order of the episode's utterances.
VOICES = (
    *(HEADLINE, NARRATOR, NARRATOR, NARRATOR, QUOTED, NARRATOR, HEADLINE, QUOTED, QUOTED),
    *(RUSSIAN,) * 4,
)


def episode(form: SoundFormat) -> list[list[Part]]:
    """Headings with cues, paragraphs, a quotation in one and one alone, passages in Russian."""
    en, ru = SENTENCES["en"], SENTENCES["ru"]

    def said(text: str, voice_id: str, balance: float = 0) -> SpokenPart:
        return replace(spoken(text, voice_id, form), balance=balance)

    cues = [
        CuePart(CUES / f"{name}.wav", -6) for name in ("heading-1", "quote-open", "quote-close")
    ]
    heading, opening, closing = cues
    return [
        [heading, PausePart(200), said(HEADINGS[0], HEADLINE), PausePart(700)],
        [said(en[0], NARRATOR), PausePart(200), said(en[1], NARRATOR), PausePart(500)],
        [
            *(said(en[2], NARRATOR), PausePart(150), said(en[3], QUOTED, -40)),
            *(PausePart(150), said("he said.", NARRATOR), PausePart(500)),
        ],
        [heading, PausePart(200), said(HEADINGS[1], HEADLINE), PausePart(700)],
        [
            *(opening, said(en[4], QUOTED, 40), PausePart(200)),
            *(said(en[0], QUOTED, 40), closing, PausePart(500)),
        ],
        [said(ru[0], RUSSIAN, -60), PausePart(300), said(ru[1], RUSSIAN, -60), PausePart(500)],
        [said(ru[2], RUSSIAN), PausePart(300), said(ru[3], RUSSIAN), PausePart(1000)],
    ]


def measured_lufs(samples: NDArray[np.float32], rate: int) -> float:
    state = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(samples).reshape(-1), len(samples))
    return float(pyebur128.get_loudness_global(state))


@pytest.mark.parametrize("form", SHOWS.values(), ids=SHOWS)
def test_an_episode_and_each_of_its_voices_are_as_loud_as_asked(
    form: SoundFormat, tmp_path: Path
) -> None:
    made = make(tmp_path / "a.mp3", episode(form), form)
    loudness_lufs, peak_dbtp = measure_file(made.path)
    assert loudness_lufs == pytest.approx(form.loudness_lufs, abs=0.5)
    assert peak_dbtp <= -1

    decoded, rate = heard(made.path, form), form.sample_rate_hz
    by_voice = defaultdict(list)
    for voice_id, span in zip(VOICES, made.timeline.utterances, strict=True):
        by_voice[voice_id].append(decoded[round(span.begin_s * rate) : round(span.end_s * rate)])
    levels = [measured_lufs(np.concatenate(said), rate) for said in by_voice.values()]
    assert len(levels) == 4
    assert max(levels) - min(levels) <= 2
    assert levels == pytest.approx([form.loudness_lufs] * 4, abs=1)
