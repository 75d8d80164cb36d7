"""WAV files as servers send them: cut short, or streamed, and then without a length.

A server that writes a header before it knows the length puts 0 or the greatest number there.
"""

from __future__ import annotations

_STREAMED = 0x7FFFFFF0  # lengths from here on are no lengths
_SLACK = 64  # some headers are wrong by a few bytes, and nothing is missed


def is_cut(data: bytes) -> bool:
    """Whether a WAV file says that it is longer than it is. False for what is no WAV file."""
    if data[:4] != b"RIFF":
        return False
    found = _sound(data)
    if found is None:
        return True
    begin, told = found
    return told < _STREAMED and begin + told > len(data) + _SLACK


def with_length(data: bytes) -> bytes:
    """A streamed WAV file with the length 0 as decoders read it; anything else as it is."""
    found = _sound(data) if data[:4] == b"RIFF" else None
    truthful = int.from_bytes(data[4:8], "little") + 8 == len(data)
    if found is None or found[1] or truthful:
        return data
    begin = found[0]
    length = (len(data) - begin).to_bytes(4, "little")
    riff = (len(data) - 8).to_bytes(4, "little")
    return b"".join((data[:4], riff, data[8 : begin - 4], length, data[begin:]))


def _sound(data: bytes) -> tuple[int, int] | None:
    """Where the samples begin, and how many bytes of them there should be; None without any."""
    position = 12
    while position + 8 <= len(data):
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        if data[position : position + 4] == b"data":
            return position + 8, length
        position += 8 + length + length % 2
    return None
