from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError
from audiostory.model import CastVoice, Speech
from audiostory.speech import espeak_process
from audiostory.speech.engine import open_engine
from audiostory.speech.espeak import Espeak
from audiostory.speech.pyttsx3_engine import Pyttsx3Engine, open_pyttsx3
from audiostory.speech.pyttsx3_public import Pyttsx3PublicEngine

TEXT = "The council met on Tuesday, and nobody agreed about the bridge."


def say(text: str, voice_id: str = "en-us", engine: object = None, **prosody: float) -> Speech:
    speaker = engine if isinstance(engine, Pyttsx3Engine) else open_engine("pyttsx3")
    return speaker.speak(text, CastVoice("pyttsx3", voice_id, "en", **prosody))


def median_hz(speech: Speech) -> float:
    """Median fundamental frequency, by autocorrelation of the loud frames."""
    size, rate, found = 2048, speech.sample_rate_hz, []
    for begin in range(0, len(speech.samples) - size, 512):
        frame = speech.samples[begin : begin + size] * np.hanning(size)
        if np.sqrt(np.mean(frame**2)) > 0.02:
            echo = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * size)) ** 2)
            lags = echo[rate // 400 : rate // 60]
            found.append(rate / (rate // 400 + int(lags.argmax())))
    return float(np.median(found))


def test_nothing_of_the_system_is_used_and_nothing_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine = Pyttsx3Engine()
    say(TEXT, engine=engine)
    assert "1.52" in engine.version(CastVoice("pyttsx3", "en-us", "en"))
    assert tuple(capfd.readouterr()) == ("", "")
    assert "libespeak-ng" not in Path("/proc/self/maps").read_text()


def test_every_language_has_distinct_variants() -> None:
    voices = open_engine("pyttsx3").voices()
    english = [voice for voice in voices if voice.languages[0] == "en-us"]
    assert len({voice.languages[0] for voice in voices}) > 130
    sounds = {say("Hello.", voice.id).samples.tobytes() for voice in english}
    assert len(sounds) == len(english) >= 12


def test_every_variant_of_espeak_may_be_named() -> None:
    engine = Pyttsx3Engine()
    listed = {voice.id for voice in engine.voices()}
    whisper, grandpa = engine.voice("en-US+WhisperF"), engine.voice("ru+grandpa")
    assert whisper is not None
    assert (whisper.id, whisper.name, whisper.gender) == ("en-us+whisperf", "whisperf", "female")
    assert whisper.languages == ("en-us",)
    assert grandpa is not None
    assert whisper.id not in listed
    sounds = {say(TEXT, name).samples.tobytes() for name in ("en-us", whisper.id, "en-us+f3")}
    assert len(sounds) == 3
    assert say("Привет", grandpa.id).duration_s > 0.2


def test_listed_voices_are_found_by_name_in_any_case() -> None:
    engine = Pyttsx3Engine()
    for voice in engine.voices():
        assert engine.voice(voice.id) == engine.voice(voice.id.upper()) == voice


@pytest.mark.parametrize(
    "name", ["en-us+nobody", "xx+f3", "xx", "", "+f3", "en-us+", "en-us+../m1"]
)
def test_what_espeak_has_not_is_no_voice(name: str) -> None:
    assert Pyttsx3Engine().voice(name) is None
    with pytest.raises(EngineError, match="has no voice"):
        say(TEXT, name)


def test_word_marks_point_at_what_is_heard() -> None:
    speech = say("Stop! Then go.")
    begins = [word.begin_s for word in speech.words]
    quiet = np.abs(speech.samples) < 0.001
    pause = int(begins[1] * speech.sample_rate_hz) - 1000
    assert quiet[pause : pause + 800].all()
    assert not quiet[pause + 1000 : pause + 3000].all()


def test_semitones_are_semitones() -> None:
    for voice_id in ("en-us", "en-us+f3", "ru"):
        normal = median_hz(say(TEXT, voice_id))
        for semitones in (-3.0, 3.0, 6.0):
            heard = 12 * np.log2(median_hz(say(TEXT, voice_id, pitch_st=semitones)) / normal)
            assert heard == pytest.approx(semitones, abs=1)


def test_extreme_prosody_is_brought_within_reach() -> None:
    assert say(TEXT, rate=99.0, pitch_st=99.0, range=99.0).duration_s > 1
    assert say(TEXT, rate=0.01, pitch_st=-99.0, range=0.0).duration_s < 12


def test_two_processes_say_the_same() -> None:
    one, other = say(TEXT, "en-us+f3", Pyttsx3Engine()), say(TEXT, "en-us+f3", Pyttsx3Engine())
    assert np.array_equal(one.samples, other.samples)
    assert one.words == other.words


def test_a_crash_is_said_with_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Pyttsx3Engine()
    say(TEXT, engine=engine)
    crashed = espeak_process.HEADER.pack(espeak_process.CRASHED, 0, 0)
    monkeypatch.setattr(Espeak, "_read", lambda _, __: crashed)
    with pytest.raises(EngineError, match="crashed on this text: The council"):
        say(TEXT, engine=engine)


def test_it_starts_again_after_its_process_was_killed() -> None:
    engine = Pyttsx3Engine()
    before = say(TEXT, engine=engine)
    espeak = engine._espeak
    assert espeak is not None
    os.kill(espeak.espeak_process_id, signal.SIGKILL)
    with pytest.raises(EngineError, match="ended while it spoke"):
        say(TEXT, engine=engine)
    assert np.array_equal(say(TEXT, engine=engine).samples, before.samples)


def _say_in_child(pipe: object) -> None:
    pipe.send(say(TEXT).samples)  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_of_the_program_has_its_own() -> None:
    here = say(TEXT).samples
    receiving, sending = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_say_in_child, args=(sending,))
    child.start()
    assert np.array_equal(receiving.recv(), here)
    child.join()
    receiving.close()
    sending.close()
    assert np.array_equal(say(TEXT).samples, here)


def test_its_process_ends_with_it() -> None:
    espeak = Espeak()
    process_id = espeak.espeak_process_id
    del espeak
    deadline = time.monotonic() + 5
    while Path(f"/proc/{process_id}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{process_id}").exists()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_speak_by_their_own(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr("sys.platform", system)
    engine = open_pyttsx3()
    assert isinstance(engine, Pyttsx3PublicEngine)
    with pytest.raises(EngineError, match="system's speech could not be started"):
        engine.voices()


def test_linux_speaks_by_espeak_unless_another_driver_is_asked_for() -> None:
    assert isinstance(open_pyttsx3(), Pyttsx3Engine)
    assert isinstance(open_pyttsx3("dummy"), Pyttsx3PublicEngine)
