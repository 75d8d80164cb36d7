"""A process of its own in which espeak-ng speaks, by pyttsx3's binding of it.

Why not in ours: espeak-ng keeps state from one text to the next that nothing in its interface
resets (where it is in its table of pitch flutter, random noise, the translator of a second
language), so what it says depends on what it said before, by some hundred samples an utterance.
Here a pristine espeak-ng waits, and each text is spoken by a fork of it: the same request gives
the same samples in any order, a crash harms one text, and the caller's process stays free of
global C state. A fork costs about a millisecond.

Requests are lines of JSON on standard input; answers are a HEADER and what it counts, or, where
phonemes were asked for, a HEADER and a line of JSON. The process ends with its input. Nothing is
printed.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import struct
import sys
from types import ModuleType
from typing import Any, BinaryIO

HEADER = struct.Struct("<iii")  # status, word events, samples
EVENT = struct.Struct("<ii")  # offset of a character, from 0; sample
OK, UNKNOWN_VOICE, CRASHED = 0, 1, 2

_BUFFER_MS = 1000
_SEED = 1
_IPA = 2  # a phoneme mode: IPA rather than espeak-ng's own names
_PARTED = ord("_") << 8  # with "_" between phonemes


def main() -> None:
    """Answer requests until standard input ends."""
    answers = _take_standard_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The terminal interrupts the whole group.
    espeak, greeting = _open_espeak()
    answers.write(json.dumps(greeting).encode() + b"\n")
    answers.flush()
    if espeak is None:
        return
    gc.collect()
    gc.freeze()
    for line in sys.stdin.buffer:
        _answer_in_fork(espeak, json.loads(line), answers)


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers alone, whatever a library prints."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
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


def _answer_in_fork(espeak: ModuleType, request: dict[str, Any], answers: BinaryIO) -> None:
    child = os.fork()
    if child == 0:
        (_transcribe if "texts" in request else _speak)(espeak, request, answers)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        _refuse(answers, CRASHED)


def _speak(espeak: ModuleType, request: dict[str, Any], answers: BinaryIO) -> None:
    # The voice before would shape this one's sound, were it set outside the fork.
    if espeak.SetVoiceByName(request["voice"].encode()) != espeak.EE_OK:
        _refuse(answers, UNKNOWN_VOICE)
        return
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
    _seed(espeak)
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
    if espeak.SetVoiceByName(request["voice"].encode()) != espeak.EE_OK:
        _refuse(answers, UNKNOWN_VOICE)
        return
    espeak.SetSynthCallback(lambda _wave, _count, _events: 0)
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
    ctypes.CDLL(None).srand(_SEED)


if __name__ == "__main__":
    main()
