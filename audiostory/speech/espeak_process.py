"""A process of its own in which espeak-ng speaks, by pyttsx3's binding of it.

Why not in ours: espeak-ng keeps state from one text to the next that nothing in its interface
resets (where it is in its table of pitch flutter, random noise, the translator of a second
language), so what it says depends on what it said before, by some hundred samples an utterance.
Here a pristine espeak-ng waits. For each voice lately asked for it keeps a fork of itself in which
that voice is set, and each text is spoken by a fork of that: the same request gives the same
samples in any order, a crash harms one text, and the caller's process stays free of global C state.

Requests are lines of JSON on standard input; answers are a HEADER and what it counts, or, where
phonemes were asked for, a HEADER and a line of JSON. The process ends with its input, and what it
keeps ends with it, however it ends. Nothing is printed.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple

HEADER = struct.Struct("<iii")  # status, word events, samples
EVENT = struct.Struct("<ii")  # offset of a character, from 0; sample
OK, UNKNOWN_VOICE, CRASHED = 0, 1, 2

_KEPT = 4  # voices: each costs some 1.5 MB
_DONE = b"."
_BUFFER_MS = 1000
_SEED = 1
_IPA = 2  # a phoneme mode: IPA rather than espeak-ng's own names
_PARTED = ord("_") << 8  # with "_" between phonemes


class _Speaker(NamedTuple):
    """espeak-ng, where answers go, and what it has said: EVENTs, and 16-bit samples."""

    espeak: ModuleType
    answers: BinaryIO
    events: list[bytes]
    chunks: list[bytes]


class _KeptVoice(NamedTuple):
    """A fork of the pristine process with a voice set, which ends with its requests.

    What it forks answers, and then says DONE in the reports. They end once both have died.
    """

    process_id: int
    requests: BinaryIO
    reports: BinaryIO


def main() -> None:
    """Answer requests until standard input ends."""
    answers = _take_standard_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The terminal interrupts the whole group.
    espeak, greeting = _open_espeak()
    answers.write(json.dumps(greeting).encode() + b"\n")
    answers.flush()
    if espeak is None:
        return
    speaker = _listen(espeak, answers)
    gc.collect()
    gc.disable()  # A collection in a fork would write to, and so copy, every object's page.
    kept: dict[str, _KeptVoice] = {}
    for line in sys.stdin.buffer:
        voice = json.loads(line)["voice"]
        if not _answered(_kept_voice(speaker, voice, kept), line):
            _refuse(answers, CRASHED)
            _end(kept.pop(voice))
        if len(kept) > _KEPT:  # The least recently used ends while nobody waits for it.
            _end(kept.pop(next(iter(kept))))
    for one in kept.values():
        _end(one)


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers alone, whatever a library prints."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _open_espeak() -> tuple[ModuleType | None, dict[str, Any]]:
    try:
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        # pyttsx3 looks for the library by its SONAME: loaded first, ours is the one it finds.
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        from pyttsx3.drivers import _espeak as espeak
    except (ImportError, OSError, RuntimeError) as error:
        return None, {"error": f"{type(error).__name__}: {error}"}
    rate = espeak.Initialize(espeak.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS)
    if rate <= 0:
        return None, {"error": "espeak-ng could not be initialised"}
    voices = [
        {
            "name": voice.name.decode().strip(),
            "tag": voice.languages[1:].decode(),  # The first byte is a priority.
            "identifier": voice.identifier.decode(),
        }
        for voice in espeak.ListVoices()
    ]
    version = espeak.Info(None).decode()
    return espeak, {
        "version": version,
        "sample_rate_hz": rate,
        "voices": voices,
        "data": os.environ["ESPEAK_DATA_PATH"],
    }


def _refuse(answers: BinaryIO, status: int) -> None:
    answers.write(HEADER.pack(status, 0, 0))
    answers.flush()


def _kept_voice(speaker: _Speaker, voice: str, kept: dict[str, _KeptVoice]) -> _KeptVoice:
    """The process kept for a voice, or a new one; in the order of their last use."""
    one = kept.pop(voice, None)
    if one is not None and _has_died(one):
        _end(one)
        one = None
    if one is None:
        one = _keep(speaker, voice, kept)
    kept[voice] = one
    return one


def _keep(speaker: _Speaker, voice: str, kept: dict[str, _KeptVoice]) -> _KeptVoice:
    requests, to_requests = os.pipe()
    from_reports, reports = os.pipe()

    def serve() -> None:
        # Standard input, and the ends of pipes to others, would stay open if held here, too.
        os.dup2(requests, 0)
        for end in (requests, to_requests, from_reports):
            os.close(end)
        for other in kept.values():
            other.requests.close()
            other.reports.close()
        _serve(speaker, voice, reports)

    process_id = _in_fork(serve)
    os.close(requests)
    os.close(reports)
    return _KeptVoice(process_id, open(to_requests, "wb"), open(from_reports, "rb", buffering=0))


def _in_fork(work: Callable[[], None]) -> int:
    """Begin work in a fork of this process, which exits with 0 if it comes to its end."""
    process_id = os.fork()
    if process_id == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return process_id


def _answered(one: _KeptVoice, line: bytes) -> bool:
    try:
        one.requests.write(line)
        one.requests.flush()
    except BrokenPipeError:
        return False
    return one.reports.read(1) == _DONE


def _has_died(one: _KeptVoice) -> bool:
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, one.process_id, options) is not None


def _end(one: _KeptVoice) -> None:
    with suppress(BrokenPipeError):  # What a dead one has not read is still to be written.
        one.requests.close()
    one.reports.close()
    os.waitpid(one.process_id, 0)


def _serve(speaker: _Speaker, voice: str, reports: int) -> None:
    """Answer the requests on standard input, all for one voice, each in a fork.

    Ends with them, or with one that crashed.
    """
    espeak, answers = speaker.espeak, speaker.answers
    known = espeak.SetVoiceByName(voice.encode()) == espeak.EE_OK
    _seed(espeak)
    with open(0, "rb") as requests:
        for line in requests:
            request = json.loads(line)  # here, since a fork would copy what parsing touches

            def answer(request: dict[str, Any] = request) -> None:
                if not known:
                    _refuse(answers, UNKNOWN_VOICE)
                elif "texts" in request:
                    _transcribe(espeak, request, answers)
                else:
                    _speak(speaker, request)
                os.write(reports, _DONE)

            _, status = os.waitpid(_in_fork(answer), 0)
            if status != 0:
                return


def _listen(espeak: ModuleType, answers: BinaryIO) -> _Speaker:
    """Keep what espeak-ng says from now on."""
    chunks: list[bytes] = []
    events: list[bytes] = []

    def keep(wave: Any, count: int, reported: Any) -> int:
        if count > 0:
            chunks.append(ctypes.string_at(wave, count * ctypes.sizeof(ctypes.c_short)))
        i = 0
        while (event := reported[i]).type != espeak.EVENT_LIST_TERMINATED:
            if event.type == espeak.EVENT_WORD:
                events.append(EVENT.pack(event.text_position - 1, event.sample))
            i += 1
        return 0

    espeak.SetSynthCallback(keep)
    return _Speaker(espeak, answers, events, chunks)


def _speak(speaker: _Speaker, request: dict[str, Any]) -> None:
    espeak, answers, events, chunks = speaker
    espeak.SetParameter(espeak.RATE, request["rate"], 0)
    espeak.SetParameter(espeak.PITCH, request["pitch"], 0)
    espeak.SetParameter(espeak.RANGE, request["range"], 0)
    text = str(request["text"]).encode("utf-8", "replace")
    _synthesise(espeak, text, phonemes=request["phonemes"])
    samples = sum(len(chunk) for chunk in chunks) // ctypes.sizeof(ctypes.c_short)
    answers.write(HEADER.pack(OK, len(events), samples))
    answers.writelines(events)
    answers.writelines(chunks)
    answers.flush()


def _synthesise(espeak: ModuleType, text: bytes, *, phonemes: bool) -> None:
    """Speak. Phonemes and mark-up are read as such only when a flag says so.

    pyttsx3's Synth gives ten times the size, which espeak-ng would read past the text's end.
    """
    flags = espeak.CHARS_UTF8 | (espeak.PHONEMES if phonemes else 0)
    espeak.cSynth(text, len(text) + 1, 0, espeak.POS_CHARACTER, 0, flags, None, None)


def _transcribe(espeak: ModuleType, request: dict[str, Any], answers: BinaryIO) -> None:
    """Say how texts would sound, in IPA, [[phonemes]] in them included."""
    _synthesise(espeak, b"a", phonemes=True)  # the flag holds for what is transcribed, too
    mode = _IPA | (_PARTED if request["parted"] else 0)
    heard = [_phonemes(espeak, text, mode) for text in request["texts"]]
    answers.write(HEADER.pack(OK, 0, 0) + json.dumps(heard).encode() + b"\n")
    answers.flush()


def _phonemes(espeak: ModuleType, text: str, mode: int) -> str:
    transcribe = espeak.dll.espeak_TextToPhonemes
    transcribe.restype = ctypes.c_char_p
    kept = ctypes.create_string_buffer(text.encode("utf-8", "replace"))
    rest = ctypes.c_void_p(ctypes.addressof(kept))
    clauses = []
    while rest.value:  # a call transcribes a clause, and points at the next
        clauses.append((transcribe(ctypes.byref(rest), espeak.CHARS_UTF8, mode) or b"").decode())
    return " ".join(clauses)


def _seed(espeak: ModuleType) -> None:
    """Breath and hiss are noise from two generators."""
    espeak.dll.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
    espeak.dll.srand(_SEED)  # The C library's, which it was linked with.


if __name__ == "__main__":
    main()
