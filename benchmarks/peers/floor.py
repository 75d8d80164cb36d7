"""The least that could be done: the engine alone, and LAME alone on what it gave.

python benchmarks/peers/floor.py TEXT.txt    prints seconds of processor time as JSON
"""

import ctypes
import json
import sys
import time
from pathlib import Path

import lameenc

from audiostory.speech import espeak_process

RATE_HZ = 22050


def main() -> None:
    """Time both on a text file; "audio_s" is how long its speech lasts."""
    paragraphs = Path(sys.argv[1]).read_text("utf-8").split("\n\n")
    espeak, _ = espeak_process._open_espeak()
    assert espeak is not None
    chunks: list[bytes] = []

    def keep(wave: ctypes.c_void_p, count: int, _events: object) -> int:
        if count > 0:
            chunks.append(ctypes.string_at(wave, count * 2))
        return 0

    espeak.SetVoiceByName(b"gmw/en-US")
    espeak.SetSynthCallback(keep)
    begin = time.process_time()
    for paragraph in paragraphs:
        espeak_process._synthesise(espeak, paragraph.encode(), phonemes=False)
    spoken = time.process_time()
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_bit_rate(64)
    encoder.set_quality(5)
    for chunk in chunks:
        encoder.encode(chunk)
    encoder.flush()
    encoded = time.process_time()
    audio_s = sum(len(chunk) for chunk in chunks) / 2 / RATE_HZ
    print(json.dumps({"engine_s": spoken - begin, "lame_s": encoded - spoken, "audio_s": audio_s}))


if __name__ == "__main__":
    main()
