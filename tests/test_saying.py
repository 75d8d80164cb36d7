"""audiostory say, and what lexicons do to what is said."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from audiostory import app
from audiostory.config import Flags, Settings, resolve
from audiostory.errors import SoundError, UsageError
from audiostory.model import (
    Company,
    Coverage,
    EngineChoice,
    Passage,
    Respelling,
    Script,
    Utterance,
    VoiceStyle,
)
from audiostory.narration import NO_LEXICON
from audiostory.planning import plan_jobs
from audiostory.report import Report
from audiostory.saying import Said

LEXICON = (
    '<lexicon version="1.0" alphabet="ipa" xml:lang="en"'
    ' xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">\n{}</lexicon>'
)
ENTRY = "<lexeme><grapheme>{}</grapheme><phoneme>{}</phoneme></lexeme>\n"


def show(folder: Path, *entries: tuple[str, str], **flags: object) -> Settings:
    """A show whose own lexicon has entries of a grapheme and its sounds."""
    (folder / "show.toml").write_text('title = "Tales"\nbase_url = "https://a.example/"')
    (folder / "lexicons").mkdir(exist_ok=True)
    inner = "".join(ENTRY.format(*entry) for entry in entries)
    (folder / "lexicons" / "own.pls").write_text(LEXICON.format(inner), "utf-8")
    return resolve(Flags(**flags), {}, folder)


def say(text: str, settings: Settings, plain: bool = False) -> tuple[Said, list[str]]:
    warnings: list[str] = []
    report = Report(lambda *_step: None, warnings.append)
    return app.say(text, None, None, settings, report, plain=plain), warnings


def line(said: Said, name: str) -> str:
    return next(value for part in said.parts for key, value in part.lines if key == name)


def test_the_built_in_lexicon_is_heard_and_told(tmp_path: Path):
    settings = resolve(Flags(), {}, tmp_path)
    said, _ = say("Kyiv's mayor spoke.", settings)
    assert line(said, "phonemes") == "kˈiːjɪvz mˈeɪɚ spˈoʊk"
    assert line(said, "said as").startswith("Kyiv's → /ˈkiːjɪvz/  (")
    assert "en.pls, line" in line(said, "said as")
    plain, _ = say("Kyiv's mayor spoke.", settings, plain=True)
    assert line(plain, "phonemes") == "kjˈɪvz mˈeɪɚ spˈoʊk"
    assert plain.samples.tobytes() != said.samples.tobytes()


def test_the_show_knows_better_than_what_is_built_in(tmp_path: Path):
    said, warnings = say("Kyiv", show(tmp_path, ("Kyiv", "ˈkɪif")))
    assert line(said, "phonemes") == "kˈɪif"
    assert not warnings


def test_a_sound_that_the_voice_has_not_is_a_warning_and_the_word_is_read_as_written(
    tmp_path: Path,
):
    said, [warning] = say("Gǃora Gǃora Kyiv", show(tmp_path, ("Gǃora", "ˈɡǃoɾa")))
    assert line(said, "said as").startswith("Kyiv")
    assert "own.pls, line 2: /ˈɡǃoɾa/" in warning
    assert 'has no sound for "ǃ"' in warning


def test_a_producers_sounds_that_the_voice_has_not_are_told_with_the_id_of_their_sentence(
    tmp_path: Path,
):
    ipa = Respelling(0, 4, 0, 4, "ˈɡǃoɾa")
    utterance = Utterance("p-7", "Gora", "Gora", "p", "en", VoiceStyle(), respellings=(ipa,))
    script = Script((Passage("p-7", "p", "en", (utterance,)),), (), Coverage(1, 1, 0))
    warned: list[str] = []
    settings = resolve(Flags(), {}, tmp_path)
    report = Report(lambda *_step: None, warned.append)
    plan_jobs(script, "en", settings, report, NO_LEXICON)
    assert [warning.partition(" ")[0] for warning in warned] == ["p-7:"]


def test_a_preview_tells_where_the_sound_is_written_that_a_voice_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    speaker = "audiostory.speech.silent_engine.SilentEngine"
    monkeypatch.setattr(f"{speaker}.unknown_sounds", lambda *_: "ǃ")
    settings = replace(
        show(tmp_path, ("heading", "ˈɡǃoɾa")),
        company=Company(EngineChoice("silent", "silent")),
        workers=1,
    )
    settings = replace(settings, cache=tmp_path / "cache")
    warned: list[str] = []
    report = Report(lambda *_step: None, warned.append)
    app.preview_profile(settings, "en", tmp_path / "sample.mp3", report)
    assert any("own.pls, line 2: /ˈɡǃoɾa/" in warning for warning in warned)


def test_an_engine_that_reads_no_ipa_says_the_word_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delattr("audiostory.speech.silent_engine.SilentEngine.unknown_sounds")
    said, [warning] = say("Kyiv and Kyiv", resolve(Flags(engine="silent"), {}, tmp_path))
    assert "en.pls" in warning
    assert not any(name == "said as" for part in said.parts for name, _ in part.lines)


def test_what_cannot_be_said_is_said(tmp_path: Path):
    settings = resolve(Flags(engine="silent"), {}, tmp_path)
    with pytest.raises(UsageError, match="nothing to say"):
        say("…", settings)
    report = Report(lambda *_step: None, lambda _message: None)
    with pytest.raises(UsageError, match='no voice "nobody"'):
        app.say("Hello.", None, "nobody", settings, report, plain=False)
    with pytest.raises(SoundError, match="could not be written"):
        app.write_wav(say("Hello.", settings)[0], tmp_path / "no" / "x.wav")


@pytest.mark.parametrize("text", ["\x0b\x00 a \ud800 b", "<b> & [[x]] ]]>", "“Come!” — “No.”"])
def test_any_text_is_said(tmp_path: Path, text: str):
    said, _ = say(text, resolve(Flags(), {}, tmp_path))
    assert said.duration_s > 0


def run(
    folder: Path, *arguments: str, path: str = os.environ["PATH"]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audiostory", "say", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_writes_what_it_says_where_asked(tmp_path: Path):
    done = run(tmp_path, "Hello there.", "--voice", "en-gb+f3", "--output", "hello.wav")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "[en-gb+f3]"
    assert "  phonemes  həlˈəʊ ðˈeə" in done.stdout
    with wave.open(str(tmp_path / "hello.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (22050, 1)
        assert sound.getnframes() > 10000


def test_a_file_that_is_no_wav_is_refused(tmp_path: Path):
    done = run(tmp_path, "Hello there.", "--output", "hello.mp3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hello.mp3 is no WAV file's name" in done.stderr


def test_it_plays_by_a_program_that_is_there_or_else_writes(tmp_path: Path):
    player = tmp_path / "aplay"
    player.write_text('#!/bin/sh\n[ -s "$2" ] && echo "$1" > played\n')
    player.chmod(0o755)
    assert run(tmp_path, "Hello.", "--engine", "silent", path=str(tmp_path)).returncode == 0
    assert not (tmp_path / "said.wav").exists()
    assert (tmp_path / "played").read_text() == "-q\n"
    player.write_text("#!/bin/sh\nexit 1\n")
    done = run(tmp_path, "Hello.", "--engine", "silent", path=str(tmp_path))
    assert done.returncode == 0
    assert "said.wav" in done.stderr
    assert (tmp_path / "said.wav").stat().st_size > 1000


TONE = """
import sys, wave
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, 8000, 0, "NONE", ""))
    file.writeframes(bytes([0, 30, 0, 226] * 4000))
"""


def test_voices_of_several_sample_rates_keep_their_tempo(tmp_path: Path):
    (tmp_path / "tone.py").write_text(TONE)
    (tmp_path / "booth.css").write_text(
        '@import "news.css"; q.direct:not(#none) { voice-family: "booth/one" }'
    )
    (tmp_path / "show.toml").write_text(
        'profile = "booth.css"\n[engines.booth]\ntype = "command"\nvoices = ["one"]\n'
        f'command = ["{sys.executable}", "{tmp_path / "tone.py"}", "{{out}}"]\n'
    )
    settings = resolve(Flags(show=tmp_path), {}, tmp_path)
    whole, warnings = say("“We waited long enough,” she said.", settings)
    alone, _ = say("she said.", settings)
    assert warnings == []
    assert whole.sample_rate_hz == 22050
    assert whole.parts[0].voice_id == "one"
    assert whole.duration_s == pytest.approx(1 + alone.duration_s, abs=0.3)


def test_a_variant_that_is_not_listed_may_be_asked_for(tmp_path: Path):
    settings = resolve(Flags(), {}, tmp_path)
    quiet = Report(lambda *_step: None, lambda _: None)
    said = app.say("Hello.", None, "en-us+whisper", settings, quiet, plain=True)
    assert [part.voice_id for part in said.parts] == ["en-us+whisper"]
    with pytest.raises(UsageError, match="has no voice"):
        app.say("Hello.", None, "en-us+nobody", settings, quiet, plain=True)
