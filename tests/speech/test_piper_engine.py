"""Piper's engine, with tiny voices that the tests build."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice
from audiostory.speech.piper_engine import PiperEngine

from .piper_voice import SAMPLE_RATE_HZ, build_piper_voice

TEXT = "The council met on 3 March 2022; nobody of the town agreed. The bridge stays."
NAME = "en_US-lessac-low"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_piper_voice(tmp_path, NAME)
    return tmp_path


def cast(voice_id: str = NAME, rate: float = 1.0) -> CastVoice:
    return CastVoice("piper", voice_id, "en-US", rate)


def test_it_speaks_at_the_voice_s_own_sample_rate_in_the_time_its_text_takes(folder: Path):
    speech = PiperEngine(str(folder)).speak(TEXT, cast())
    assert speech.sample_rate_hz == SAMPLE_RATE_HZ
    assert speech.samples.dtype == np.float32
    assert 3 < speech.duration_s < 8


def test_voices_are_what_the_folder_holds_the_best_first(folder: Path):
    build_piper_voice(folder, "ru_RU-irina-high")
    build_piper_voice(folder, "en_GB-semaine-medium", speakers=2)
    (folder / "en_US-alone-low.onnx").write_bytes(b"without a configuration")
    (folder / "en_US-broken-low.onnx").write_bytes(b"")
    (folder / "en_US-broken-low.onnx.json").write_text("[1")
    voices = PiperEngine(str(folder)).voices()
    assert [(voice.id, *voice.languages, voice.gender) for voice in voices] == [
        ("ru_RU-irina-high", "ru-RU", "female"),
        ("en_GB-semaine-medium", "en-GB", None),
        ("en_GB-semaine-medium#one", "en-GB", None),
        ("en_GB-semaine-medium#two", "en-GB", None),
        (NAME, "en-US", "female"),
    ]


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("en_US-ryan-high", "male"),
        ("en_US-hfc_female-medium", "female"),
        ("en_GB-northern_english_male-medium", "male"),
        ("en_US-unheard_of-medium", None),
    ],
)
def test_whose_voice_it_is_is_known_of_piper_s_own(tmp_path: Path, name: str, gender: str | None):
    build_piper_voice(tmp_path, name)
    assert PiperEngine(str(tmp_path)).voices()[0].gender == gender


def test_show_toml_may_say_whose_voice_it_is(tmp_path: Path):
    build_piper_voice(tmp_path, "en_US-mine-low", speakers=2)
    engine = PiperEngine(str(tmp_path), genders={"en_US-mine-low#two": "female"})
    assert [voice.gender for voice in engine.voices()] == [None, None, "female"]


def test_of_many_speakers_the_first_are_listed_and_all_are_known(tmp_path: Path):
    build_piper_voice(tmp_path, "en_US-libritts-high", speakers=50)
    engine = PiperEngine(str(tmp_path))
    assert len(engine.voices()) == 21
    found = engine.voice("en_US-libritts-high#p49")
    assert found is not None
    assert found.languages == ("en-US",)
    assert engine.voice("en_US-libritts-high#49") is not None
    assert engine.voice("en_US-libritts-high#p50") is None
    assert engine.voice("en_US-other-high") is None


def _hertz(engine: PiperEngine, voice_id: str) -> float:
    speech = engine.speak("The bridge stays.", cast(voice_id))
    crossings = np.count_nonzero(np.diff(np.signbit(speech.samples)))
    return crossings / 2 / speech.duration_s


def test_speakers_are_named_after_the_voice_by_name_or_number(tmp_path: Path):
    build_piper_voice(tmp_path, "en_GB-semaine-low", speakers=3)
    engine = PiperEngine(str(tmp_path), noise_scale=0)
    assert _hertz(engine, "en_GB-semaine-low") == pytest.approx(120, rel=0.05)
    assert _hertz(engine, "en_GB-semaine-low#three") == pytest.approx(360, rel=0.05)
    assert _hertz(engine, "en_GB-semaine-low#1") == pytest.approx(240, rel=0.05)
    chosen = PiperEngine(str(tmp_path), {"en_GB-semaine-low": 2}, noise_scale=0)
    assert _hertz(chosen, "en_GB-semaine-low") == pytest.approx(360, rel=0.05)
    with pytest.raises(EngineError, match=r'no speaker "four".*one, two, three'):
        engine.speak("Hm.", cast("en_GB-semaine-low#four"))


def test_a_voice_of_one_speaker_has_no_other(folder: Path):
    with pytest.raises(EngineError, match="leave the # "):
        PiperEngine(str(folder)).speak("Hm.", cast(f"{NAME}#two"))


@pytest.mark.parametrize("random", ["RandomNormalLike", "RandomUniformLike"])
def test_the_same_call_gives_the_same_samples_with_all_its_noise(tmp_path: Path, random: str):
    build_piper_voice(tmp_path, random=random)
    engine = PiperEngine(str(tmp_path))
    first = engine.speak(TEXT, cast()).samples
    engine.speak("Something else, in Привет 你好 between.", cast(rate=1.3))
    assert np.array_equal(engine.speak(TEXT, cast()).samples, first)
    assert np.array_equal(PiperEngine(str(tmp_path)).speak(TEXT, cast()).samples, first)
    still = PiperEngine(str(tmp_path), noise_scale=0, noise_w_scale=0).speak(TEXT, cast()).samples
    assert not np.array_equal(still, first)


def test_the_noise_is_normal_and_follows_no_pattern(folder: Path):
    engine = PiperEngine(str(folder), noise_scale=10, noise_w_scale=0)
    rough = engine.speak(TEXT, cast()).samples
    even = PiperEngine(str(folder), noise_scale=0, noise_w_scale=0).speak(TEXT, cast()).samples
    drawn = (rough - even)[: SAMPLE_RATE_HZ * 3]
    assert float(drawn.std()) == pytest.approx(0.1, rel=0.02)
    assert abs(float(drawn.mean())) < 0.002
    assert abs(float(np.corrcoef(drawn[:-1], drawn[1:])[0, 1])) < 0.02


def test_scales_are_the_voice_s_unless_show_toml_gives_others(folder: Path):
    usual = PiperEngine(str(folder)).speak(TEXT, cast()).duration_s
    slow = PiperEngine(str(folder), length_scale=2.0)
    assert slow.speak(TEXT, cast()).duration_s / usual == pytest.approx(2, rel=0.1)
    assert slow.speak(TEXT, cast(rate=2.0)).duration_s == pytest.approx(usual, rel=0.02)


def test_words_are_marked_where_their_phonemes_begin(folder: Path):
    speech = PiperEngine(str(folder), noise_w_scale=0).speak(TEXT, cast())
    begins = {TEXT[w.offset : w.offset + w.length]: w.begin_s for w in speech.words}
    step_s = 2 * 6 * 64 / SAMPLE_RATE_HZ  # a phoneme and the pad after it
    # ^ ð ə _ k ˈ a ʊ n s ə l _ m ˈ ɛ t: as the voice says it, each as long
    assert begins["council"] == pytest.approx(4 * step_s, abs=0.001)
    assert begins["met"] == pytest.approx(13 * step_s, abs=0.001)
    # 2022 is four words; what comes after it is marked no earlier than they end
    assert begins["nobody"] - begins["2022"] > 25 * step_s
    assert begins["of"] < begins["the"] < begins["town"]
    assert begins["town"] - begins["of"] == pytest.approx(5 * step_s, abs=2 * step_s)


def test_marks_are_the_same_within_a_phoneme_where_a_voice_tells_no_durations(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    told = PiperEngine(str(folder), noise_w_scale=0).speak(TEXT, cast())
    monkeypatch.setattr("audiostory.speech.piper_model._tell_durations", lambda _model: None)
    spread = PiperEngine(str(folder), noise_w_scale=0).speak(TEXT, cast())
    assert np.array_equal(told.samples, spread.samples)
    for one, other in zip(told.words, spread.words, strict=True):
        assert one.begin_s == pytest.approx(other.begin_s, abs=0.15)


def test_characters_may_be_a_voice_s_phonemes(tmp_path: Path):
    build_piper_voice(tmp_path, phoneme_type="text")
    speech = PiperEngine(str(tmp_path)).speak("the bridge stays", cast())
    assert [(w.offset, w.length) for w in speech.words] == [(0, 3), (4, 6), (11, 5)]


def test_brackets_of_the_text_are_no_phonemes(folder: Path):
    engine = PiperEngine(str(folder), noise_scale=0, noise_w_scale=0)
    spoken = engine.speak("[[ˈaɪ]] said", cast())
    assert spoken.duration_s != pytest.approx(engine.speak("said", cast()).duration_s, abs=0.2)
    assert spoken.words[-1].offset == 8


def test_its_version_covers_model_configuration_scales_and_speaker(folder: Path):
    build_piper_voice(folder, "en_GB-semaine-low", speakers=2)
    many = "en_GB-semaine-low"
    versions = {
        PiperEngine(str(folder)).version(cast()),
        PiperEngine(str(folder), length_scale=1.5).version(cast()),
        PiperEngine(str(folder)).version(cast(many)),
        PiperEngine(str(folder), {many: "two"}).version(cast(many)),
    }
    engine = PiperEngine(str(folder))
    assert engine.version(cast()) in versions
    config = folder / f"{NAME}.onnx.json"
    changed = json.loads(config.read_text())
    changed["inference"]["noise_w"] = 0.1
    config.write_text(json.dumps(changed))
    versions.add(engine.version(cast()))
    build_piper_voice(folder, NAME, random="RandomUniformLike")
    versions.add(engine.version(cast()))
    assert len(versions) == 6


def test_a_voice_that_is_replaced_speaks_from_then_on(folder: Path):
    engine = PiperEngine(str(folder))
    before = engine.speak(TEXT, cast()).samples
    build_piper_voice(folder, NAME, random="RandomUniformLike")
    assert not np.array_equal(engine.speak(TEXT, cast()).samples, before)


def test_of_many_voices_those_that_spoke_last_stay_open(folder: Path):
    names = [f"en_US-{letter}-low" for letter in "abcde"]
    for name in names:
        build_piper_voice(folder, name)
    engine = PiperEngine(str(folder))
    for name in (*names, names[3]):
        engine.speak("Yes.", cast(name))
    assert [name for name, _ in engine._opened] == [names[2], names[4], names[3]]


def test_its_version_is_told_without_looking_through_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def slow(*_arguments: object) -> None:
        raise AssertionError

    engine = PiperEngine(str(folder))
    told = engine.version(cast())
    for name in ("find_spec", "piper_files", "version"):
        monkeypatch.setattr(f"audiostory.speech.piper_engine.{name}", slow)
    assert engine.version(cast()) == told


def test_nothing_slow_is_imported_until_it_speaks(folder: Path):
    code = (
        "import sys\nfrom audiostory.speech.piper_engine import PiperEngine\n"
        "from audiostory.model import CastVoice\n"
        f"engine = PiperEngine({str(folder)!r})\n"
        f"engine.voices(); engine.version(CastVoice('piper', {NAME!r}, 'en'))\n"
        "print({'piper', 'onnx', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_without_a_voice_it_says_how_to_add_one(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(EngineError, match=r"audiostory voices add piper/en_US-lessac-medium"):
            PiperEngine(str(folder)).voices()


def test_an_unknown_voice_is_named_with_how_to_add_it(folder: Path):
    for name in ("en_US-amy-low", "../secret", "a/b", ""):
        with pytest.raises(EngineError, match=f"voices add piper/{name}"):
            PiperEngine(str(folder)).speak(TEXT, cast(name))


def test_without_piper_it_says_how_to_install_it(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("audiostory.speech.piper_engine.find_spec", lambda _module: None)
    with pytest.raises(EngineError, match=r"pip install 'audiostory\[piper\]'"):
        PiperEngine(str(folder)).voices()


def test_a_model_that_is_none_says_how_to_fetch_it_again(folder: Path):
    model = folder / f"{NAME}.onnx"
    for broken in (model.read_bytes()[:-200], b"", b"<html>not found</html>"):
        model.write_bytes(broken)
        with pytest.raises(EngineError, match=r"cannot be opened.*voices add"):
            PiperEngine(str(folder)).speak(TEXT, cast())


def test_the_default_folder_is_the_user_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_more: tmp_path / name)
    build_piper_voice(tmp_path / "audiostory" / "piper")
    assert [voice.id for voice in PiperEngine().voices()] == [NAME]


@pytest.mark.parametrize(
    "options",
    [
        {"voices_folder": 3},
        {"speakers": ["one"]},
        {"speakers": {"en": 1.5}},
        {"genders": {"en": "unknown"}},
        {"genders": "female"},
        {"length_scale": 0},
        {"length_scale": "slow"},
        {"noise_scale": -1},
        {"noise_w_scale": float("nan")},
        {"noise_scale": True},
    ],
)
def test_options_that_cannot_be_used_are_refused(options: dict[str, object]):
    with pytest.raises(UsageError, match="piper"):
        PiperEngine(**options)  # type: ignore[arg-type]


def test_nothing_is_printed_of_signs_without_a_phoneme(
    folder: Path, capfd: pytest.CaptureFixture[str]
):
    config = folder / f"{NAME}.onnx.json"
    told = json.loads(config.read_text())
    del told["phoneme_id_map"]["ð"]
    config.write_text(json.dumps(told))
    speech = PiperEngine(str(folder)).speak(TEXT, cast())
    assert len(speech.words) == 15
    assert "".join(capfd.readouterr()) == ""
