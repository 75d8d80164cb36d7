"""The contract of an engine, held by every one of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError
from audiostory.model import (
    CastVoice,
    Company,
    EngineChoice,
    Pronunciation,
    VoiceFamily,
    VoiceStyle,
)
from audiostory.speech.casting import cast
from audiostory.speech.engine import (
    Engine,
    engine_names,
    engine_of,
    open_engine,
    unknown_sounds,
)

from .piper_voice import build_piper_voice
from .pyttsx3_driver import install_driver
from .speech_server import speech_server

TEXT = "The council met on 3 March; nobody, it seems, agreed about the well-known bridge."


def _voices(**names: str) -> dict[str, dict[str, object]]:
    """A show's table of voices: two of either gender in English, Russian and German."""
    genders = {"m1": "male", "m2": "male", "f1": "female", "f2": "female"}
    return {
        f"{language}-{which}": {
            "languages": [language],
            "gender": gender,
            "voice": f"{language}{names.get(which, f'-{which}')}",
        }
        for language in ("en", "ru", "de")
        for which, gender in genders.items()
    }


def _pyttsx3(_folder: Path, _url: str) -> dict[str, object]:
    return {}


def _silent(_folder: Path, _url: str) -> dict[str, object]:
    return {}


def _command(_folder: Path, _url: str) -> dict[str, object]:
    command = ["espeak-ng", "-v", "{voice}", "-s", "{rate}", "-f", "{text_file}", "-w", "{out}"]
    return {"command": command, "voices": _voices(m1="", m2="+m7", f1="+f3", f2="+f4")}


def _http(_folder: Path, url: str) -> dict[str, object]:
    return {"url": url, "voices": _voices()}


def _system(_folder: Path, _url: str) -> dict[str, object]:
    return {"driver": DRIVER_NAME}


def _piper(folder: Path, _url: str) -> dict[str, object]:
    """Two voices of either gender in English and Russian, as Piper names them, and German ones."""
    names = ["en_US-amy", "en_US-lessac", "en_US-joe", "en_US-ryan", "de_DE-kerstin"]
    names += ["de_DE-thorsten", "ru_RU-denis", "ru_RU-irina", "ru_RU-own", "ru_RU-ruslan"]
    for name in names:
        build_piper_voice(folder, f"{name}-low")
    return {"voices_folder": str(folder), "genders": {"ru_RU-own-low": "female"}}


DRIVER_NAME = "contract_tones"
# An engine's name, and a way to use it where it has several.
OPTIONS = {
    "pyttsx3": _pyttsx3,
    "pyttsx3 as on other systems": _system,
    "silent": _silent,
    "command": _command,
    "http": _http,
    "piper": _piper,
}


READ_IPA = ("pyttsx3", "silent")  # the others are given no pronunciations


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with speech_server() as server:
        yield server.url


@pytest.fixture(scope="module", params=OPTIONS)
def choice(
    request: pytest.FixtureRequest, url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineChoice]:
    name = request.param.partition(" ")[0]
    folder = tmp_path_factory.mktemp(name)
    options = OPTIONS[request.param](folder, url)
    with pytest.MonkeyPatch.context() as patch:
        install_driver(DRIVER_NAME, folder, patch)
        yield EngineChoice(name, name, json.dumps(options))


@pytest.fixture
def engine(choice: EngineChoice) -> Engine:
    return open_engine(choice.engine, choice.options)


@pytest.fixture
def voice(choice: EngineChoice) -> CastVoice:
    return cast(VoiceStyle(), "en", Company(choice))[0][0]


def test_every_built_in_engine_is_held_to_it() -> None:
    assert {name.partition(" ")[0] for name in OPTIONS} == set(engine_names())


def test_it_says_who_it_is(engine: Engine, choice: EngineChoice, voice: CastVoice) -> None:
    assert engine.name == choice.engine
    assert engine is engine_of(voice)
    assert engine.version(voice) == engine.version(voice) != ""


def test_voices_have_distinct_ids_and_speak_something(engine: Engine) -> None:
    voices = engine.voices()
    assert len({voice.id for voice in voices}) == len(voices) > 0
    assert all(voice.languages for voice in voices)


def test_a_listed_voice_is_found_by_its_name_where_names_are_looked_up(engine: Engine) -> None:
    look_up = getattr(engine, "voice", None)
    for voice in engine.voices() if look_up else ():
        assert look_up(voice.id) == voice


def test_there_are_two_voices_of_either_gender_in_english_and_russian(choice: EngineChoice) -> None:
    for language in ("en", "en-GB", "ru"):
        families = [VoiceFamily(gender=g, variant=i) for g in ("male", "female") for i in (1, 2)]
        found = [
            cast(VoiceStyle(family=(family,)), language, Company(choice)) for family in families
        ]
        assert len({voices[0].voice_id for voices, _ in found}) == 4
        assert not any(warnings for _, warnings in found)


def test_samples_are_mono_floats_within_full_scale(engine: Engine, voice: CastVoice) -> None:
    speech = engine.speak(TEXT, voice)
    assert speech.samples.dtype == np.float32
    assert speech.samples.ndim == 1
    assert np.abs(speech.samples).max() <= 1
    assert 3 < speech.duration_s < 9


def test_each_written_word_is_marked_once_in_order(engine: Engine, voice: CastVoice) -> None:
    speech = engine.speak(TEXT, voice)
    words = [TEXT[word.offset : word.offset + word.length] for word in speech.words]
    assert words == TEXT.replace(";", "").replace(",", "").replace(".", "").split()
    begins = [word.begin_s for word in speech.words]
    assert begins == sorted(begins)
    assert begins[0] >= 0
    assert begins[-1] < speech.duration_s


@pytest.mark.parametrize("text", ["", " ", "\n\t", "…", "—", "\x00"])
def test_nothing_to_say_is_an_empty_speech(engine: Engine, voice: CastVoice, text: str) -> None:
    speech = engine.speak(text, voice)
    assert len(speech.samples) == 0
    assert speech.words == ()
    assert speech.sample_rate_hz > 0


@pytest.mark.parametrize(
    "text",
    [
        "[[h@l'oU]] <speak><break time='9s'/></speak> AT&amp;T & Co.",
        "a\x01+99p b\x00c\x1b d",
        "\ud800 lone surrogate",
        "Привет 你好 مرحبا 😀 e\u0301",
        "antidisestablishmentarianism" * 40,
    ],
)
def test_any_text_is_spoken_as_text(engine: Engine, voice: CastVoice, text: str) -> None:
    speech = engine.speak(text, voice)
    assert 0 < speech.duration_s < 120
    assert all(0 <= w.offset < w.offset + w.length <= len(text) for w in speech.words)


def test_long_text_is_spoken_to_its_end(engine: Engine, voice: CastVoice) -> None:
    text = "word and then, " * 2000
    speech = engine.speak(text, voice)
    assert len(speech.words) == 6000
    assert speech.duration_s > 600
    assert speech.words[-1].begin_s > 0.99 * speech.duration_s - 1


def test_a_faster_rate_takes_less_time(engine: Engine, voice: CastVoice) -> None:
    fast = CastVoice(voice.engine, voice.voice_id, voice.language, rate=2.0)
    ratio = engine.speak(TEXT, voice).duration_s / engine.speak(TEXT, fast).duration_s
    assert 1.5 < ratio < 2.3


def test_the_same_call_gives_the_same_samples_whatever_went_before(
    engine: Engine, choice: EngineChoice
) -> None:
    styles = [
        cast(VoiceStyle(family=(VoiceFamily(gender=g),), **prosody), lang, Company(choice))[0][0]
        for lang in ("en", "ru", "de")
        for g in ("male", "female")
        for prosody in ({}, {"rate": 1.3, "pitch_st": 3.0, "range": 0.5})
    ]
    first = [engine.speak(TEXT, style).samples for style in styles]
    again = [engine.speak(TEXT, style).samples for style in reversed(styles)]
    for one, other in zip(first, reversed(again), strict=True):
        assert np.array_equal(one, other)


def test_engines_that_read_ipa_are_known(engine: Engine, request: pytest.FixtureRequest) -> None:
    assert hasattr(engine, "unknown_sounds") == (request.node.callspec.params["choice"] in READ_IPA)


@pytest.mark.parametrize("choice", READ_IPA, indirect=True)
def test_pronunciations_leave_the_words_and_their_marks(engine: Engine, voice: CastVoice) -> None:
    said = [Pronunciation(4, 11, "ˈkaʊnsəl"), Pronunciation(19, 20, "θriː")]
    assert not any(unknown_sounds(engine, one.ipa, voice) for one in said)
    speech = engine.speak(TEXT, voice, said)
    plain = engine.speak(TEXT, voice)
    assert [(w.offset, w.length) for w in speech.words] == [
        (w.offset, w.length) for w in plain.words
    ]
    assert speech.duration_s == pytest.approx(plain.duration_s, rel=0.1)


def test_an_unknown_voice_is_an_error(engine: Engine) -> None:
    with pytest.raises(EngineError, match="no-such-voice"):
        engine.speak(TEXT, CastVoice(engine.name, "no-such-voice", "en"))
