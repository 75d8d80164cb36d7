"""A driver that pyttsx3 loads by name, which speaks in tones as SAPI5 and NSSpeech would speak."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import pyttsx3.drivers

# As sapi5.py and nsss.py behave: one text is kept until the loop runs, errors are only notified
# of, and something is printed. A tone of the voice's pitch lasts as long as the text takes.
DRIVER = """
import numpy, os, soundfile
from pyttsx3.voice import Voice

TOKENS = "HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Microsoft\\\\Speech\\\\Voices\\\\Tokens\\\\"
VOICES = {
    TOKENS + "TTS_MS_EN-US_ZIRA_11.0": Voice("", "Zira", ["en-US"], "Female", "Adult"),
    TOKENS + "IRINA": Voice("", "Irina", ["419;9"], "Female", "Senior"),
    "HKEY_CURRENT_USER\\\\IRINA": Voice("", "Irina", ["Unknown Locale: 25"], None, None),
    "com.apple.voice.Alex": Voice("", "Alex", ["en_US"], "VoiceGenderMale", 35),
    "com.apple.Junior": Voice("", None, ["zh-Hant_TW@x"], "VoiceGenderMale", 8),
    "com.apple.Zarvox": Voice("", "Zarvox", [None], "VoiceGenderNeuter", 1000),
    **{
        f"{language}-{gender}-{i}": Voice("", None, [language], gender, None)
        for language in ("en", "ru", "de") for gender in ("male", "female") for i in (1, 2)
    },
    "robot": Voice("", "Robot", [b"\\x05en-gb", "C0A"], "", "20"),
}

class Driver:
    def __init__(self, proxy):
        self.proxy, self.voice, self.rate, self.pending = proxy, "robot", 200, None

    def getProperty(self, name):
        for key, voice in VOICES.items():
            voice.id = key
        return list(VOICES.values())

    def setProperty(self, name, value):
        print("setting", name)
        setattr(self, name, value)

    def save_to_file(self, text, filename):
        if "fail" in text:
            raise ValueError("the voice is broken")
        self.pending = (text, filename)

    def startLoop(self):
        self.looping = True
        self.proxy.setBusy(False)
        if self.pending and "silence" not in self.pending[0]:
            text, filename = self.pending
            seconds = len(text) / 6 * 60 / self.rate
            step = (1 + sum(map(ord, self.voice)) % 97) / 100
            wave = numpy.sin(numpy.arange(int(seconds * 16000)) * step) / 2
            kind = "AIFF" if filename.endswith("aiff") else "WAV"
            soundfile.write(filename, wave, 16000, format=kind, subtype="PCM_16")
            with open(os.path.join(os.path.dirname(__file__), "said"), "a") as said:
                said.write(kind + " " + text + "\\n")
            print("Audio saved to", filename)
        self.pending = None

    def endLoop(self):
        self.looping = False

    def stop(self):
        pass

    def destroy(self):
        pass

def buildDriver(proxy):
    return Driver(proxy)
"""


def install_driver(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pyttsx3.init(name) find it. What was said is in folder/said, a line each.

    pyttsx3 keeps the engine of a name for as long as it is in use: names are for one test each.
    """
    (folder / f"{name}.py").write_text(DRIVER)
    monkeypatch.setattr(pyttsx3.drivers, "__path__", [*pyttsx3.drivers.__path__, str(folder)])
    importlib.invalidate_caches()
