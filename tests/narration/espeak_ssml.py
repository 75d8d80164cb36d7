"""What espeak-ng's own SSML parser makes of a document: its marks and words, in order.

Run as a program, for espeak-ng keeps a state of its own: a list of documents and texts as JSON on
standard input; on standard output for each a list of ["mark", name] and ["word", as it has it],
and its phonemes.
"""

from __future__ import annotations

import ctypes
import json
import sys
import tempfile

import espeakng_loader

_SYNCHRONOUS, _CHARACTERS, _UTF8, _SSML = 2, 1, 1, 0x10
_WORD, _MARK = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
    )


def main() -> None:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetVoiceByName(b"en")
    json.dump([heard(library, text) for text in json.load(sys.stdin)], sys.stdout)


def heard(library: ctypes.CDLL, text: str) -> tuple[list[tuple[str, str]], str]:
    """What is said of a text, which is SSML when it begins as XML does."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
        libc = ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
        library.espeak_SetPhonemeTrace(1, stream)
        events = spoken(library, text)
        libc.fclose(stream)
        return events, " ".join(file.read().split())


def spoken(library: ctypes.CDLL, text: str) -> list[tuple[str, str]]:
    """The marks and words that espeak-ng tells of while it speaks."""
    found: list[tuple[str, str]] = []
    end = 0  # of the last word: a number is several, all at one place

    def listen(_wave: int, _samples: int, events: int) -> int:
        nonlocal end
        event = ctypes.cast(events, ctypes.POINTER(_Event))
        at = 0
        while event[at].type:
            if event[at].type == _MARK:
                found.append(("mark", event[at].name.decode()))
            elif event[at].type == _WORD and (start := event[at].position - 1) >= end:
                end = start + event[at].length
                found.append(("word", text[start:end]))
            at += 1
        return 0

    callback = _CALLBACK(listen)
    library.espeak_SetSynthCallback(callback)
    data = text.encode()
    flags = _UTF8 | (_SSML if text.startswith("<?xml") else 0)
    library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, flags, None, None)
    library.espeak_Synchronize()
    return found


if __name__ == "__main__":
    main()
