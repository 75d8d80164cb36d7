"""pyttsx3's public interface, walked whole with a driver of our own that pyttsx3 loads by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError
from audiostory.model import CastVoice, Speech
from audiostory.speech.pyttsx3_public import Pyttsx3PublicEngine

from .pyttsx3_driver import install_driver

TEXT = "The council met on Tuesday, and nobody agreed about the bridge."


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pyttsx3PublicEngine:
    name = f"tones_{tmp_path.name}"
    install_driver(name, tmp_path, monkeypatch)
    return Pyttsx3PublicEngine(name)


def what_was_said(folder: Path) -> list[str]:
    return (folder / "said").read_text().splitlines()


def say(engine: Pyttsx3PublicEngine, text: str = TEXT, voice_id: str = "robot", rate: float = 1.0):
    return engine.speak(text, CastVoice("pyttsx3", voice_id, "en", rate=rate))


def test_voices_have_tags_genders_and_ages(engine: Pyttsx3PublicEngine) -> None:
    found = [(voice.id, voice.languages, voice.gender, voice.age) for voice in engine.voices()]
    assert [voice for voice in found if voice[0][2] != "-"] == [
        ("TTS_MS_EN-US_ZIRA_11.0", ("en-us",), "female", None),
        ("IRINA", ("ru-ru",), "female", "old"),
        ("HKEY_CURRENT_USER\\IRINA", ("ru",), None, None),
        ("com.apple.voice.Alex", ("en-us",), "male", None),
        ("com.apple.Junior", ("zh-hant-tw",), "male", "child"),
        ("com.apple.Zarvox", ("und",), "neutral", "old"),
        ("robot", ("en-gb", "es-es"), None, "young"),
    ]
    assert [voice.name for voice in engine.voices()][4] == "com.apple.Junior"


def test_utterances_are_spoken_one_after_another(
    engine: Pyttsx3PublicEngine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spoken: list[Speech] = [say(engine, f"{TEXT} {i}") for i in range(3)]
    assert [len(speech.words) for speech in spoken] == [12, 12, 12]
    assert what_was_said(tmp_path) == [f"WAV {TEXT} {i}" for i in range(3)]
    assert spoken[0].samples.dtype == np.float32
    assert spoken[0].words[0].begin_s == 0
    assert spoken[0].words[-1].begin_s < spoken[0].duration_s
    assert tuple(capfd.readouterr()) == ("", "")


def test_rate_and_voice_are_those_of_each_call(engine: Pyttsx3PublicEngine) -> None:
    first = say(engine)
    fast = say(engine, voice_id="IRINA", rate=2.0)
    assert first.duration_s / fast.duration_s == pytest.approx(2, rel=0.01)
    assert np.array_equal(say(engine).samples, first.samples)
    alike = min(len(first.samples), len(fast.samples))
    assert not np.array_equal(first.samples[:alike], fast.samples[:alike])
    assert say(engine, rate=99).duration_s == say(engine, rate=9).duration_s > 1


def test_macos_files_are_aiff(
    engine: Pyttsx3PublicEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wav = say(engine)
    monkeypatch.setattr("sys.platform", "darwin")
    assert np.array_equal(say(engine).samples, wav.samples)
    assert what_was_said(tmp_path) == [f"WAV {TEXT}", f"AIFF {TEXT}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rate 900]] Hello", "[ [rate 900] ] Hello"),
        ("<speak>Hello</speak>", " speak>Hello</speak>"),
        ("a\x00b\ud800c\nd", "a b c d"),
    ],
)
def test_text_is_no_command(
    engine: Pyttsx3PublicEngine, tmp_path: Path, text: str, said: str
) -> None:
    say(engine, text)
    assert what_was_said(tmp_path) == [f"WAV {said}"]


def test_nothing_to_say_is_an_empty_speech(engine: Pyttsx3PublicEngine) -> None:
    assert len(say(engine, "…").samples) == 0


@pytest.mark.parametrize(
    ("text", "why"), [("fail", "ValueError: the voice is broken"), ("silence", "wrote no sound")]
)
def test_what_fails_is_said_and_the_next_is_spoken(
    engine: Pyttsx3PublicEngine, text: str, why: str
) -> None:
    with pytest.raises(EngineError, match=why):
        say(engine, text)
    assert say(engine).duration_s > 2


def test_an_unknown_voice_is_an_error(engine: Pyttsx3PublicEngine) -> None:
    with pytest.raises(EngineError, match='no voice "x"'):
        say(engine, voice_id="x")


def test_its_version_names_driver_and_system(engine: Pyttsx3PublicEngine) -> None:
    assert "pyttsx3 2." in engine.version(CastVoice("pyttsx3", "robot", "en"))
    assert "tones" in engine.version(CastVoice("pyttsx3", "robot", "en"))


def test_a_driver_that_is_not_there_is_an_error() -> None:
    with pytest.raises(EngineError, match=r"No module named .*nowhere"):
        Pyttsx3PublicEngine("nowhere").voices()
