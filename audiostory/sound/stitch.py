"""Clips become one MP3 file and its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from pathlib import Path

import av
from av.packet import Packet

from audiostory.errors import SoundError
from audiostory.model import Clip, Mark, Passage, SoundFormat, Span, Timeline, WordMark
from audiostory.sound import encode

# The Info frame (Xing's header with LAME's extension): the tag begins with its name; 4 bytes of
# flags after it come the count of frames (4 bytes), that of bytes, and where in the file each
# hundredth of the time is, in 256ths (100 bytes); LAME's extension is 120 bytes after the name; in
# it 12 bits of delay 21 bytes on and a CRC-16 34 bytes on.
_TAG = b"Info"
_FRAMES_OFFSET = 8
_PLACES_OFFSET = 16
_PLACES = bytes(256 * hundredth // 100 for hundredth in range(100))  # at a constant bit rate
_LAME_OFFSET = 120
_DELAY_OFFSET = _LAME_OFFSET + 21
_CRC_OFFSET = _LAME_OFFSET + 34
_CRC_POLYNOMIAL = 0xA001  # CRC-16/ARC, bits reversed
_DELAY_SHIFT = 4


def stitch(
    passages: Sequence[Passage], clips: Iterable[Clip], form: SoundFormat, path: Path
) -> Timeline:
    """Write the clips of the passages, in order, as one CBR MP3 with an Info header.

    Clips are taken one at a time, and none is kept. The file has no tags yet; the same clips
    give the same bytes. Times are those of the file decoded with its delay trimmed, as its
    header says. Raises SoundError when the file cannot be written.
    """
    try:
        spans, frames = _write(passages, clips, form, path)
        _complete_header(path, frames)
    except OSError as error:  # PyAV's errors are OSErrors too.
        raise SoundError(
            f"{path.name} could not be written: {error.strerror or error}.",
            "See that there is room on the disk, and try again.",
        ) from error
    samples = frames * encode.samples_per_frame(form.sample_rate_hz) - encode.DELAY_SAMPLES
    return _timeline(spans, max(0, samples) / form.sample_rate_hz)


_Spans = list[tuple[Span, tuple[Span, ...]]]


def _write(
    passages: Sequence[Passage], clips: Iterable[Clip], form: SoundFormat, path: Path
) -> tuple[_Spans, int]:
    """Spans of each passage and its utterances, and the count of frames written."""
    rate, size = form.sample_rate_hz, encode.samples_per_frame(form.sample_rate_hz)
    spans: _Spans = []
    written = 0
    options = {"id3v2_version": "0", "write_id3v1": "0"}
    with av.open(str(path), "w", format="mp3", options=options) as container:
        stream = container.add_stream("libmp3lame", rate=rate)
        stream.bit_rate = form.bit_rate_kbps * 1000
        stream.layout = "mono" if form.channels == 1 else "stereo"
        for passage, clip in zip(passages, clips, strict=True):
            begin = written * size
            count = encode.count_frames(clip.frames, form)
            if count:
                container.mux(_packet(clip.frames, stream, begin, rate, count * size))
            written += count
            spans.append(_spans(passage, clip.marks, begin / rate, written * size / rate))
    return spans, written


def _packet(
    run: bytes, stream: av.AudioStream, begin: int, rate: int, duration: int
) -> Packet[av.stream.Stream]:
    """All frames of a clip in one packet: one for each frame takes PyAV some twenty times as long.

    begin, duration: in samples.
    """
    packet = Packet(run)
    packet.stream = stream
    packet.time_base = Fraction(1, rate)
    packet.pts = packet.dts = begin
    packet.duration = duration
    return packet


def _spans(
    passage: Passage, marks: Sequence[Mark], begin_s: float, end_s: float
) -> tuple[Span, tuple[Span, ...]]:
    if len(marks) != len(passage.utterances):
        raise SoundError(
            f"The clip of passage {passage.id} is of another text.", "Empty the cache, try again."
        )
    spoken = tuple(
        Span(utterance.id, begin_s + mark.begin_s, begin_s + mark.end_s, _words(mark, begin_s))
        for utterance, mark in zip(passage.utterances, marks, strict=True)
    )
    return Span(passage.id, begin_s, end_s), spoken


def _words(mark: Mark, begin_s: float) -> tuple[WordMark, ...]:
    return tuple(WordMark(begin_s + w.begin_s, w.offset, w.length) for w in mark.words)


def _timeline(spans: _Spans, duration_s: float) -> Timeline:
    passages = [passage for passage, _ in spans]
    if passages:  # What decoders trim at the front is missing at the end.
        last = passages[-1]
        passages[-1] = Span(last.id, last.begin_s, duration_s, last.words)
    utterances = tuple(span for _, spoken in spans for span in spoken)
    return Timeline(tuple(passages), utterances, duration_s)


def _complete_header(path: Path, frames: int) -> None:
    """Say in the Info header how many frames there are, and how much of the first to trim.

    PyAV counts packets, and writes a delay of 0 for those that its own encoder did not make.
    """
    with path.open("r+b") as file:
        head = bytearray(file.read(encode.MAX_FRAME_BYTES))
        tag = head.find(_TAG)
        if tag < 0:
            raise SoundError(
                f"{path.name} was written without the header that players find their way by.",
                "Run the same command again. If it says so again, reinstall PyAV (pip install "
                "--force-reinstall av); if that does not help, please report it.",
            )
        count, places = tag + _FRAMES_OFFSET, tag + _PLACES_OFFSET
        head[count : count + 4] = frames.to_bytes(4, "big")
        head[places : places + len(_PLACES)] = _PLACES
        delay, crc = tag + _DELAY_OFFSET, tag + _CRC_OFFSET
        padding = head[delay + 1] & 0x0F
        head[delay] = encode.ENCODER_DELAY_SAMPLES >> _DELAY_SHIFT
        head[delay + 1] = (encode.ENCODER_DELAY_SAMPLES << _DELAY_SHIFT & 0xF0) | padding
        head[crc : crc + 2] = _crc16(head[:crc]).to_bytes(2, "big")
        file.seek(0)
        file.write(head)


def _crc16(data: bytearray) -> int:
    return reduce(_crc16_step, data, 0)


def _crc16_step(crc: int, byte: int) -> int:
    crc ^= byte
    for _ in range(8):
        crc = (crc >> 1) ^ (_CRC_POLYNOMIAL if crc & 1 else 0)
    return crc
