"""What a server has packed for the way (RFC 9110, 8.4): unpacked, and never beyond a limit.

A few kilobytes can unpack to gigabytes, so nothing here is unpacked further than the limit.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard

_STEP = 1 << 20
_LARGEST_WINDOW = 1 << 27  # RFC 9659 asks for 8 MB; some servers use more


class TooLargeError(Exception):
    """It unpacks to more than the limit."""


class PackingError(Exception):
    """It is not packed as it says, or in a way that is not known here."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The bytes, and whether they came to their proper end."""

    data: bytes
    is_whole: bool = True


def unpack(data: bytes, codings: str, limit: int) -> Unpacked:
    """Undo the content codings of a body, the last one first.

    codings: the Content-Encoding header. limit: bytes that it may unpack to.
    Raises TooLargeError, PackingError.
    """
    names = [name.strip().lower() for name in codings.split(",")]
    result = Unpacked(data)
    for name in reversed([name for name in names if name not in ("", "identity")]):
        unpacker = _UNPACKERS.get(name)
        if unpacker is None:
            raise PackingError(name)
        step = unpacker(result.data, limit) if result.data else result
        result = Unpacked(step.data, step.is_whole and result.is_whole)
    if len(result.data) > limit:
        raise TooLargeError
    return result


def _gzip(data: bytes, limit: int) -> Unpacked:
    """One member after another (RFC 1952, 2.2); zeros after the last are padding."""
    parts: list[bytes] = []
    size = 0
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(_inflated(member, data, limit - size))
        except zlib.error as error:
            if not parts:
                raise PackingError("gzip") from error
            return Unpacked(b"".join(parts))  # what follows is no member, as gzip(1) says too
        size += len(parts[-1])
        if not member.eof:
            return Unpacked(b"".join(parts), is_whole=False)
        data = member.unused_data.lstrip(b"\0")
    return Unpacked(b"".join(parts))


def _deflate(data: bytes, limit: int) -> Unpacked:
    """With the zlib wrapper, or, as some servers do, without it."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(window)
        try:
            return Unpacked(_inflated(stream, data, limit), stream.eof)
        except zlib.error:
            continue
    raise PackingError("deflate")


def _inflated(stream: zlib._Decompress, data: bytes, limit: int) -> bytes:
    """As much as is there; a stream that breaks in the middle gives what came before."""
    parts: list[bytes] = []
    size = 0
    while data and not stream.eof:
        try:
            part = stream.decompress(data, _STEP)
        except zlib.error:
            if not parts:
                raise
            break
        data = stream.unconsumed_tail
        parts.append(part)
        size += len(part)
        if size > limit:
            raise TooLargeError
    return b"".join(parts)


def _brotli(data: bytes, limit: int) -> Unpacked:
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        while not stream.is_finished():
            part = stream.process(data, output_buffer_limit=_STEP)
            data = b""
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TooLargeError
            if not part and stream.can_accept_more_data():
                break
    except brotli.error as error:
        if not size:
            raise PackingError("br") from error
        return Unpacked(b"".join(parts), is_whole=False)
    return Unpacked(b"".join(parts), stream.is_finished())


def _zstd(data: bytes, limit: int) -> Unpacked:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    parts: list[bytes] = []
    size = 0
    with decompressor.stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
        while True:
            try:
                part = reader.read(_STEP)
            except zstandard.ZstdError as error:
                if not size:
                    raise PackingError("zstd") from error
                return Unpacked(b"".join(parts), is_whole=False)
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TooLargeError
    return Unpacked(b"".join(parts), _zstd_is_whole(data, size))


def _zstd_is_whole(data: bytes, size: int) -> bool:
    """A frame may say how much is in it (RFC 8878, 3.1.1.4); less than that is a part."""
    try:
        return size >= max(0, zstandard.frame_content_size(data))
    except zstandard.ZstdError:
        return False


_UNPACKERS: dict[str, Callable[[bytes, int], Unpacked]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
