from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from audiostory.errors import EngineError
from audiostory.speech import espeak_process
from audiostory.speech.espeak import Espeak, Settings

TEXT = "The council met on Tuesday, and nobody agreed about the bridge."
VOICES = [
    "gmw/en-US", "gmw/en-US+f3", "gmw/en-US+whisper", "gmw/de", "zle/ru+m2", "roa/fr", "gmw/en",
]  # fmt: skip


@pytest.fixture
def espeak() -> Iterator[Espeak]:
    one = Espeak()
    yield one
    one.close()


def say(espeak: Espeak, voice: str, text: str = TEXT, rate: int = 175) -> bytes:
    return espeak.speak(text, Settings(voice, rate, 50, 50)).samples.tobytes()


def kept(espeak: Espeak) -> list[psutil.Process]:
    return psutil.Process(espeak.espeak_process_id).children()


def at_most_kept(espeak: Espeak) -> list[psutil.Process]:
    """What is kept, once what is too much has ended."""
    deadline = time.monotonic() + 5
    while len(kept(espeak)) > espeak_process._KEPT:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return kept(espeak)


def tree(espeak: Espeak) -> list[psutil.Process]:
    root = psutil.Process(espeak.espeak_process_id)
    return [root, *root.children(recursive=True)]


def has_ended(process: psutil.Process) -> bool:
    """Orphans are for the system to reap."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for_end(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 5
    while not all(has_ended(one) for one in processes):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def say_and_kill(espeak: Espeak, *, with_kept: bool) -> None:
    """Speak for long, and have what speaks killed meanwhile."""

    def kill() -> None:
        while True:
            for one in kept(espeak):
                for speaking in one.children():
                    if with_kept:
                        one.kill()
                    speaking.kill()
                    return
            time.sleep(0.001)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        say(espeak, VOICES[1], TEXT * 400)
    finally:
        killer.join()


def test_more_voices_than_are_kept_say_by_turns_what_a_fresh_process_says(espeak: Espeak) -> None:
    assert len(VOICES) > espeak_process._KEPT
    wanted = [(voice, rate) for voice in VOICES for rate in (175, 240)]
    fresh = {}
    for voice, rate in wanted:
        alone = Espeak()
        fresh[voice, rate] = say(alone, voice, rate=rate)
        alone.close()
    asked = wanted * 3
    random.Random(1).shuffle(asked)
    for voice, rate in asked:
        assert say(espeak, voice, rate=rate) == fresh[voice, rate]
    assert len(at_most_kept(espeak)) == espeak_process._KEPT
    assert len(set(fresh.values())) == len(wanted)


def test_transcribing_and_a_voice_it_has_not_change_nothing(espeak: Espeak) -> None:
    before = say(espeak, VOICES[0])
    heard = espeak.transcribe(["council", "[[b'rIdZ]]"], VOICES[0])
    for _ in range(2):
        with pytest.raises(EngineError, match="has no voice"):
            say(espeak, "gmw/nowhere")
    assert espeak.transcribe(["council", "[[b'rIdZ]]"], VOICES[0]) == heard
    assert say(espeak, VOICES[0]) == before


@pytest.mark.parametrize("with_kept", [False, True], ids=["what speaks", "what is kept, too"])
def test_a_crash_harms_one_text(espeak: Espeak, with_kept: bool) -> None:
    before = [say(espeak, voice) for voice in VOICES[:3]]
    with pytest.raises(EngineError, match="crashed on this text: The council"):
        say_and_kill(espeak, with_kept=with_kept)
    assert [say(espeak, voice) for voice in VOICES[:3]] == before


def test_a_kept_voice_that_died_between_requests_is_kept_anew(espeak: Espeak) -> None:
    before = [say(espeak, voice) for voice in VOICES[:3]]
    dying = kept(espeak)
    for one in dying:
        one.kill()
    wait_for_end(dying)
    assert [say(espeak, voice) for voice in VOICES[:3]] == before
    assert [one.status() for one in kept(espeak)].count(psutil.STATUS_ZOMBIE) == 0


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_voice_that_cannot_be_set_without_a_crash_is_a_crash() -> None:
    crashing: Any = SimpleNamespace(SetVoiceByName=lambda _: os.kill(os.getpid(), signal.SIGKILL))
    with open(os.devnull, "wb") as answers:
        speaker = espeak_process._Speaker(crashing, answers, [], [])
        for size in (1, 1_000_000):  # more than a pipe holds
            one = espeak_process._keep(speaker, "x", {})
            assert not espeak_process._answered(one, b"x" * size + b"\n")
            espeak_process._end(one)
            assert not psutil.pid_exists(one.process_id)


def test_all_end_with_standard_input(espeak: Espeak) -> None:
    for voice in VOICES:
        say(espeak, voice)
    assert len(at_most_kept(espeak)) == espeak_process._KEPT
    processes = tree(espeak)
    espeak.close()
    assert not any(one.is_running() for one in processes)


def test_all_end_with_the_process_even_if_it_is_killed(espeak: Espeak) -> None:
    for voice in VOICES:
        say(espeak, voice)
    at_most_kept(espeak)
    processes = tree(espeak)
    os.kill(espeak.espeak_process_id, signal.SIGKILL)
    with pytest.raises(EngineError, match="ended while it spoke"):
        say(espeak, VOICES[0])
    wait_for_end(processes)


def test_an_interrupt_at_the_terminal_ends_none(espeak: Espeak) -> None:
    before = [say(espeak, voice) for voice in VOICES[:2]]
    processes = kept(espeak)
    for process in [psutil.Process(espeak.espeak_process_id), *processes]:
        process.send_signal(signal.SIGINT)
    assert [say(espeak, voice) for voice in VOICES[:2]] == before
    assert kept(espeak) == processes


def test_no_kept_process_holds_a_pipe_of_another(espeak: Espeak) -> None:
    for voice in VOICES:
        say(espeak, voice)
    assert {one.num_fds() for one in at_most_kept(espeak)} == {
        5
    }  # in, out, errors, answers, reports
