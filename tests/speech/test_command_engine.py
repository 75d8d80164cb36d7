"""Programs as engines: real ones, and a script that fails in every way."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice
from audiostory.speech.command_engine import CommandEngine

TEXT = "The council met on Tuesday, and nobody agreed about the bridge."
ESPEAK = ["espeak-ng", "-v", "{voice}", "-s", "{rate}", "-w", "{out}"]
FLITE = ["flite", "-voice", "{voice}", "--setf", "duration_stretch={stretch}"]

# Says what it was given, as a WAV whose samples are the bytes of its arguments and input.
RECITER = """
import sys, wave
given = "\\0".join(sys.argv[2:]).encode() + b"\\1" + sys.stdin.buffer.read()
with wave.open(sys.argv[1] if sys.argv[1] != "-" else sys.stdout.buffer, "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    file.writeframes(b"".join(bytes([0, byte]) if byte < 128 else b"\\0\\0" for byte in given))
"""


def script(tmp_path: Path, code: str) -> list[str]:
    path = tmp_path / "speak.py"
    path.write_text(code)
    return [sys.executable, str(path)]


def say(command: list[str], text: str = TEXT, voice_id: str = "en-us", **options: object):
    rate = float(str(options.pop("rate", 1.0)))
    engine = CommandEngine(command=command, voices=["en-us", "slt"], **options)  # type: ignore[arg-type]
    return engine.speak(text, CastVoice("command", voice_id, "en", rate=rate))


def recited(command: list[str], text: str) -> tuple[list[str], str]:
    """The arguments and the input that a program was given for a text."""
    speech = say(command, text)
    given = bytes(int(sample) for sample in np.rint(speech.samples * 128)).decode()
    arguments, _, piped = given.partition("\1")
    return arguments.split("\0"), piped


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    ("command", "voice_id"),
    [
        ([*ESPEAK, "{text}"], "en-us"),
        ([*ESPEAK, "-f", "{text_file}"], "en-us"),
        ([*ESPEAK, "--stdin"], "en-us"),
        (["espeak-ng", "-v", "{voice}", "-s", "{rate}", "--stdout", "--stdin"], "en-us"),
        ([*FLITE, "-f", "{text_file}", "-o", "{out}"], "slt"),
        ([*FLITE, "-t", "{text}", "-o", "{out}"], "slt"),
    ],
)
def test_programs_speak(command: list[str], voice_id: str, temporary: Path) -> None:
    speech = say(command, voice_id=voice_id)
    assert speech.samples.dtype == np.float32
    assert 2.5 < speech.duration_s < 6
    assert np.abs(speech.samples).max() > 0.1
    assert len(speech.words) == 11
    fast = say(command, voice_id=voice_id, rate=2.0)
    assert 1.5 < speech.duration_s / fast.duration_s < 2.4
    assert list(temporary.iterdir()) == []


def test_placeholders_stand_anywhere_in_an_argument(tmp_path: Path) -> None:
    reciter = script(tmp_path, RECITER)
    given = ["--say={text}", "v={voice},r={rate},x={speed}/{stretch}", "{language}", "{}", "{ }"]
    arguments, piped = recited([*reciter, "{out}", *given], "Well: {voice}; $HOME `id`")
    assert arguments == [
        "--say=Well: {voice}; $HOME `id`",
        "v=en-us,r=175,x=1.000/1.000",
        "en",
        "{}",
        "{ }",
    ]
    assert piped == ""


def test_without_placeholders_text_is_piped_in_and_sound_out(tmp_path: Path) -> None:
    assert recited([*script(tmp_path, RECITER), "-"], "Well then") == ([""], "Well then")


@pytest.mark.parametrize("text", ["--help", "-", "-w x Hello"])
def test_no_text_becomes_an_option(tmp_path: Path, text: str) -> None:
    if text != "-":
        command = [*script(tmp_path, RECITER), "{out}", "{text}"]
        assert recited(command, text)[0] == [f" {text}"]
    assert len(say([*ESPEAK, "{text}"], text).words) == len(text.replace("-", "").split())


@pytest.mark.parametrize("place", [["{text}"], []])
def test_what_no_program_can_take_is_cleaned(tmp_path: Path, place: list[str]) -> None:
    arguments, piped = recited(
        [*script(tmp_path, RECITER), "{out}", *place], "a\0b \ud800c\x1b[d \udcffe\nf"
    )
    assert (arguments[0] or piped) == "a b  c [d  e\nf"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; print('one\\nno model ☂', file=sys.stderr); sys.exit(3)", "status 3: no mod"),
        ("import sys; sys.exit('x' * 9999)", "x…"),
        ("import os; os.kill(os.getpid(), 9)", "status -9: it said nothing"),
        ("", "gave no sound for: The council"),
        ("print('Hello')", "gave no sound for"),
        ("import sys; open(sys.argv[1], 'w').write('Hello')", "no sound that can be read"),
        ("import sys; open(sys.argv[1], 'w')", "gave no sound for"),
    ],
)
def test_what_goes_wrong_is_said(tmp_path: Path, temporary: Path, code: str, message: str) -> None:
    with pytest.raises(EngineError, match=message) as caught:
        say([*script(tmp_path, code), "{out}"])
    assert caught.value.advice
    assert len(str(caught.value)) < 500
    assert list(temporary.iterdir()) == []


def test_a_program_that_reads_nothing_is_no_failure(tmp_path: Path) -> None:
    code = "import sys; sys.stdin.close()\n" + RECITER.replace("sys.stdin.buffer.read()", "b''")
    assert say([*script(tmp_path, code), "{out}"], "word " * 50_000).duration_s > 0


def test_too_long_a_text_for_an_argument_is_said_with_the_way_out() -> None:
    with pytest.raises(EngineError, match=r"could not be started.*\{text_file\}"):
        say([*ESPEAK, "{text}"], "word " * 100_000)


def test_a_program_too_slow_is_killed_with_what_it_started(tmp_path: Path, temporary: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    begun = time.monotonic()
    with pytest.raises(EngineError, match="longer than 1 seconds"):
        say([*script(tmp_path, code), "{out}"], "Hello", timeout_s=1)
    assert time.monotonic() - begun < 10
    assert list(temporary.iterdir()) == []
    child = Path("/proc", (tmp_path / "child").read_text(), "status")
    assert not child.exists() or "zombie" in child.read_text()


def test_a_program_that_is_not_there_is_told_when_voices_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match='no program "no-such-program"'):
        CommandEngine(command=["no-such-program"]).voices()
    plain = tmp_path / "plain"
    plain.write_text("#!/bin/sh\n")
    with pytest.raises(EngineError, match="not executable"):
        CommandEngine(command=[str(plain)]).voices()
    plain.write_text("no program at all")
    plain.chmod(stat.S_IRWXU)
    with pytest.raises(EngineError, match="could not be started"):
        say([str(plain)])


def test_voices_are_those_of_show_toml() -> None:
    named = CommandEngine(command=["cat"], voices=["slt", "kal", "slt"]).voices()
    assert [(voice.id, voice.languages) for voice in named] == [("slt", ("*",)), ("kal", ("*",))]
    table = {"irina": {"languages": ["ru-RU"], "gender": "female", "age": "old"}, "any": {}}
    irina, other = CommandEngine(command=["cat"], voices=table).voices()
    assert (irina.languages, irina.gender, irina.age) == (("ru-ru",), "female", "old")
    assert (other.languages, other.gender) == (("*",), None)
    assert [voice.id for voice in CommandEngine(command=["cat"]).voices()] == ["default"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"command": []},
        {"command": "espeak-ng {text}"},
        {"command": ["espeak-ng", 1]},
        {"command": [""]},
        {"command": ["say", "a\0b"]},
        {"command": ["say", "{wort}"]},
        {"command": ["say", "{voice}"]},
        {"command": ["say"], "timeout_s": 0},
        {"command": ["say"], "timeout_s": True},
        {"command": ["say"], "timeout_s": "60"},
        {"command": ["say"], "voices": "slt"},
        {"command": ["say"], "voices": [1]},
        {"command": ["say"], "voices": {"a": "female"}},
        {"command": ["say"], "voices": {"a": {"gender": "woman"}}},
        {"command": ["say"], "voices": {"a": {"age": 40}}},
        {"command": ["say"], "voices": {"a": {"languages": "en"}}},
        {"command": ["say"], "voices": {"a": {"sex": "female"}}},
    ],
)
def test_options_that_cannot_be_used_are_told(options: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        CommandEngine(**options)  # type: ignore[arg-type]
    assert caught.value.advice


def test_its_version_follows_arguments_program_and_files(tmp_path: Path) -> None:
    voice = CastVoice("command", "default", "en")
    command = [*script(tmp_path, RECITER), "{out}"]
    before = CommandEngine(command=command).version(voice)
    assert CommandEngine(command=command).version(voice) == before
    assert CommandEngine(command=[*command, "-x"]).version(voice) != before
    os.utime(command[1], (1, 1))
    assert CommandEngine(command=command).version(voice) != before


def test_an_unknown_voice_is_an_error() -> None:
    with pytest.raises(EngineError, match=r'no voice "x".*en-us, slt'):
        say([*ESPEAK, "{text}"], voice_id="x")
