"""What tutorials show: pyttsx3 says each paragraph into a file, and pydub lays them end to end.

python benchmarks/peers/naive.py TEXT.txt OUT.mp3
"""

import ctypes
import os
import sys
import tempfile
from pathlib import Path

import espeakng_loader

# The same espeak-ng as audiostory's, instead of the system's: pyttsx3 takes what is loaded.
os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)

import pyttsx3  # noqa: E402
from pydub import AudioSegment  # noqa: E402

PAUSE_MS = 400


def main() -> None:
    """Speak a text file, whose paragraphs have empty lines between them, into an MP3."""
    source, target = sys.argv[1:]
    paragraphs = [text for text in Path(source).read_text("utf-8").split("\n\n") if text.strip()]
    engine = pyttsx3.init()
    episode = AudioSegment.empty()
    with tempfile.TemporaryDirectory() as folder:
        for number, paragraph in enumerate(paragraphs):
            path = Path(folder, f"{number}.wav")
            engine.save_to_file(paragraph, str(path))
            engine.runAndWait()
            episode += AudioSegment.from_wav(path) + AudioSegment.silent(PAUSE_MS)
    episode.export(
        target, format="mp3", bitrate="64k", parameters=["-compression_level", "5", "-ac", "1"]
    )


if __name__ == "__main__":
    main()
