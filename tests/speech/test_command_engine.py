"""Programs as engines: real ones, and small ones that fail."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice
from audiostory.speech.command_engine import CommandEngine

VOICE = CastVoice("command", "default", "en")
ESPEAK = ["espeak-ng", "-v", "{voice}", "-s", "{rate}", "-w", "{out}", "{text}"]
TEXT = "The council met on the quay."


def program(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, time, os\n{code}"]


def test_a_program_speaks_into_a_file():
    speech = CommandEngine(ESPEAK, {"default": {"voice": "en-us"}}).speak(TEXT, VOICE)
    assert speech.sample_rate_hz == 22050
    assert 1 < speech.duration_s < 3
    assert len(speech.words) == 6


@pytest.mark.parametrize(
    "command",
    [
        ["espeak-ng", "--stdout", "{text}"],
        ["espeak-ng", "--stdout"],
        ["espeak-ng", "--stdout", "-f", "{text_file}"],
        ["espeak-ng", "-f{text_file}", "-w{out}"],
    ],
)
def test_text_and_sound_go_by_file_argument_or_stream(command):
    usual = CommandEngine(ESPEAK, {"default": {"voice": "en"}}).speak(TEXT, VOICE)
    speech = CommandEngine(command).speak(TEXT, VOICE)
    assert speech.duration_s == pytest.approx(usual.duration_s, rel=0.1)


def test_the_rate_reaches_the_program():
    engine = CommandEngine(ESPEAK, {"default": {"voice": "en-us"}})
    fast = engine.speak(TEXT, CastVoice("command", "default", "en", rate=2.0))
    assert 1.5 < engine.speak(TEXT, VOICE).duration_s / fast.duration_s < 2.5


@pytest.mark.parametrize(
    "text", ["-w /etc/passwd is no option", "$(touch gone) `id` ; rm", "say {out} and {voice}"]
)
def test_a_text_is_text_and_nothing_else(text, tmp_path: Path):
    told = tmp_path / "told"
    keep = f"open({str(told)!r}, 'w').write(sys.argv[1])"
    copy = f"{keep}; os.execvp('espeak-ng', ['espeak-ng', '-w', sys.argv[2], 'a'])"
    CommandEngine([*program(copy), "{text}", "{out}"]).speak(text, VOICE)
    assert told.read_text().strip() == text


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["no-such-program", "{text}"], "There is no program no-such-program"),
        (program("print('no voice', file=sys.stderr); sys.exit(3)"), "status 3: no voice"),
        (program("pass"), "made no sound"),
        (program("print('hello')"), "no sound that can be read"),
        ([*program("pass"), "{out}"], "made no sound"),
    ],
)
def test_what_goes_wrong_is_said(command, why):
    with pytest.raises(EngineError, match=why):
        CommandEngine(command).speak(TEXT, VOICE)


def test_a_program_that_never_ends_is_ended_with_its_children(tmp_path: Path):
    pid = tmp_path / "pid"
    code = f"child = os.fork()\nif child: open({str(pid)!r}, 'w').write(str(child))\ntime.sleep(60)"
    with pytest.raises(EngineError, match="still busy after"):
        CommandEngine(program(code), timeout_s=0.5).speak("Hi", VOICE)
    status = Path(f"/proc/{pid.read_text()}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_the_version_covers_arguments_voice_and_program(tmp_path: Path):
    voices = {"a": {"voice": "en-us"}, "b": {"voice": "de"}}
    one, two = (CastVoice("command", name, "en") for name in "ab")
    versions = {
        CommandEngine(ESPEAK, voices).version(one),
        CommandEngine(ESPEAK, voices).version(two),
        CommandEngine([*ESPEAK, "-g", "1"], voices).version(one),
    }
    assert len(versions) == 3
    assert CommandEngine(ESPEAK, voices, timeout_s=9).version(one) in versions


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"command": []},
        {"command": "espeak-ng {text}"},
        {"command": [3]},
        {"command": ["x"], "timeout_s": -1},
        {"command": ["x"], "voices": []},
        {"command": ["x"], "voices": {"a": {"gender": "robot"}}},
        {"command": ["x"], "voices": {"a": 3}},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(UsageError):
        CommandEngine(**options)


def test_nothing_to_say_starts_no_program():
    assert CommandEngine(program("sys.exit(1)")).speak(" … ", VOICE).duration_s == 0


def test_a_voice_that_is_not_named_is_an_error():
    with pytest.raises(EngineError, match=r'has no voice "x".*default'):
        CommandEngine(ESPEAK).speak(TEXT, CastVoice("command", "x", "en"))


def test_the_same_call_gives_the_same_samples():
    engine = CommandEngine(ESPEAK, {"default": {"voice": "en-us"}})
    one, two = (engine.speak(TEXT, VOICE).samples for _ in range(2))
    assert np.array_equal(one, two)
