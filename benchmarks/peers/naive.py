"""What tutorials show: pyttsx3 says each paragraph into a file, and pydub lays them end to end.

python benchmarks/peers/naive.py TEXT.txt OUT.mp3
"""

import sys
import tempfile
from pathlib import Path

import pyttsx3
from pydub import AudioSegment

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
