"""Programs as engines: real ones, and small ones that fail."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice
from audiostory.reading.worker import process_context
from audiostory.speech.command_engine import CommandEngine

VOICE = CastVoice("command", "default", "en")
ESPEAK = ["espeak-ng", "-v", "{voice}", "-s", "{rate}", "-w", "{out}", "{text}"]
TEXT = "The council met on the quay."


FLITE = ["flite", "-voice", "{voice}", "--setf", "duration_stretch={stretch}", "-o", "{out}"]

# A WAV whose samples are the bytes of the arguments and of the input.
RECITE = """
import wave
given = "\\0".join(sys.argv[2:]).encode() + b"\\1" + sys.stdin.buffer.read()
with wave.open(sys.argv[1] if sys.argv[1] != "-" else sys.stdout.buffer, "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    file.writeframes(b"".join(bytes([0, byte]) for byte in given))
"""


def recited(arguments: list[str], text: str) -> tuple[list[str], str]:
    """The arguments and the input that a program was given for a text."""
    speech = CommandEngine([*program(RECITE), *arguments]).speak(text, VOICE)
    given = bytes(int(sample) for sample in np.rint(speech.samples * 128)).decode()
    told, _, piped = given.partition("\1")
    return told.split("\0"), piped


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
        (program("print('hello')"), r"no sound that can be read: Format not recognised\.$"),
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
        {"command": ["say", "a\0b"]},
        {"command": ["say", "{wort}"]},
        {"command": ["x"], "timeout_s": True},
        {"command": ["x"], "timeout_s": float("inf")},
        {"command": ["x"], "timeout_s": "60"},
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


@pytest.mark.parametrize("text", [["-t", "{text}"], ["-f", "{text_file}"]])
def test_flite_speaks_at_the_rate_that_stretches_it(text):
    engine = CommandEngine([*FLITE, *text], {"default": {"voice": "slt"}})
    speech = engine.speak(TEXT, VOICE)
    fast = engine.speak(TEXT, CastVoice("command", "default", "en", rate=2.0))
    assert speech.sample_rate_hz == 16000
    assert np.abs(speech.samples).max() > 0.1
    assert 1.5 < speech.duration_s / fast.duration_s < 2.4


def test_places_stand_anywhere_in_an_argument():
    arguments = ["{out}", "--say={text}", "{voice},{rate},{speed}/{stretch}", "{language}", "{}"]
    told, piped = recited(arguments, "-w {voice} $HOME")
    assert told == ["--say=-w {voice} $HOME", "default,175,1.000/1.000", "en", "{}"]
    assert piped == ""


def test_without_places_text_is_piped_in_and_sound_out():
    assert recited(["-"], "Well then") == ([""], "Well then")


@pytest.mark.parametrize("text", ["--help", "-x Hello"])
def test_no_text_becomes_an_option(text):
    assert recited(["{out}", "{text}"], text)[0] == [f" {text}"]


@pytest.mark.parametrize("place", [["{text}"], []])
def test_what_no_program_can_take_is_cleaned(place):
    told, piped = recited(["{out}", *place], "a\0b \ud800c\x1b[d \udcffe\nf")
    assert (told[0] or piped) == "a b ?c [d ?e f"


def test_what_a_program_leaves_unread_is_no_failure():
    code = "sys.stdin.close()\n" + RECITE.replace("sys.stdin.buffer.read()", "b''")
    engine = CommandEngine([*program(code), "{out}"])
    assert engine.speak("word " * 50_000, VOICE).duration_s > 0


def test_too_long_a_text_for_an_argument_is_said_with_the_way_out():
    with pytest.raises(EngineError, match=r"could not be started.*\{text_file\}"):
        CommandEngine(ESPEAK).speak("word " * 100_000, VOICE)


def test_a_complaint_is_cut():
    with pytest.raises(EngineError, match="status 1: xxx") as caught:
        CommandEngine(program("sys.exit('x' * 9999)")).speak(TEXT, VOICE)
    assert len(str(caught.value)) < 400


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    CommandEngine([*FLITE, "-f", "{text_file}"], ["slt"]).speak(
        TEXT, CastVoice("command", "slt", "en")
    )
    with pytest.raises(EngineError):
        CommandEngine([*program("open(sys.argv[1], 'w'); sys.exit(1)"), "{out}"]).speak(TEXT, VOICE)
    with pytest.raises(EngineError, match="still busy"):
        CommandEngine([*program("time.sleep(60)"), "{out}"], timeout_s=0.2).speak("Hi", VOICE)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_program_is_told_when_voices_are_asked_for(tmp_path: Path):
    plain = tmp_path / "plain"
    plain.write_text("no program at all")
    with pytest.raises(EngineError, match="not executable"):
        CommandEngine([str(plain)]).voices()
    plain.chmod(stat.S_IRWXU)
    with pytest.raises(EngineError, match="could not be started"):
        CommandEngine([str(plain)]).speak(TEXT, VOICE)


def test_the_version_covers_scripts_among_the_arguments(tmp_path: Path):
    script = tmp_path / "say.py"
    script.write_text("pass")
    before = CommandEngine([sys.executable, str(script)]).version(VOICE)
    assert CommandEngine([sys.executable, str(script)]).version(VOICE) == before
    os.utime(script, (1, 1))
    assert CommandEngine([sys.executable, str(script)]).version(VOICE) != before


def test_messages_name_the_table_of_show_toml():
    with pytest.raises(UsageError, match=r'engine "crier" has no command.*engines\.crier'):
        CommandEngine(table="crier")
    with pytest.raises(UsageError, match=r'command of the engine "crier" is no list'):
        CommandEngine("flite -o {out}", table="crier")
    with pytest.raises(EngineError, match=r"no program no-such-crier.*\[engines\.crier\]"):
        CommandEngine(["no-such-crier"], table="crier").voices()


def test_what_a_program_says_last_gets_one_full_stop():
    with pytest.raises(EngineError) as raised:
        CommandEngine(program("sys.exit('No such voice.')")).speak(TEXT, VOICE)
    assert raised.value.what.endswith(" ended with status 1: No such voice.")


@pytest.mark.parametrize("own", ["", "1"])
def test_what_is_set_for_our_own_processes_does_not_reach_a_program(
    own: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONSAFEPATH", own)
    process_context()
    assert os.environ["PYTHONSAFEPATH"]
    code = "sys.exit(os.environ.get('PYTHONSAFEPATH', 'not set'))"
    with pytest.raises(EngineError, match=f"status 1: {own or 'not set'}"):
        CommandEngine(program(code)).speak(TEXT, VOICE)


@pytest.mark.parametrize("argument", ["{}", "--model={}", "cat '{}' >&2; exec flite"])
def test_a_file_that_an_argument_names_is_part_of_the_version(tmp_path: Path, argument: str):
    script = tmp_path / "say.sh"
    script.write_text("one")
    command = ["sh", "-c", argument.format(script)]
    before = CommandEngine(command).version(VOICE)
    assert CommandEngine(command).version(VOICE) == before
    script.write_text("another")
    assert CommandEngine(command).version(VOICE) != before
