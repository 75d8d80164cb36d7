"""Editions of an episode beside its MP3: M4B (AAC-LC in MPEG-4) and Opus (in Ogg).

Each is made from the finished MP3, decoded with its delay trimmed as its Info header says, so
that every time of the timeline holds in it: what an encoder puts before the sound is taken away
again by an edit list (ISO 14496-12, 8.6.6) or the pre-skip (RFC 7845, 4.2). It is decoded and
encoded piece by piece.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import mutagen.flac
import mutagen.mp4

from audiostory.errors import SoundError
from audiostory.sound.tags import Tags, iso_639_2

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

    from audiostory.model import EditionKind

flac: Any = mutagen.flac  # Typed by name only.
mp4: Any = mutagen.mp4

# Raise it when the same MP3 becomes another edition.
_REVISION = 1

_MS = Fraction(1, 1000)  # second
_BITS_PER_BYTE = 8
_PADDING_BYTES = 1024
_FRONT_COVER = 3
_MOST_CHAPTERS = 999  # of three digits
_AUDIOBOOK = 2  # of iTunes' media types
_OPUS_RATE_HZ = 48000
# Speech is as good in so many bits of Opus, whatever the MP3 has.
_OPUS_BPS = {1: 32000, 2: 48000}
# FFmpeg's AAC encoder gives some 27 % more than it is asked for (measured on speech, 32 to 64
# kbit/s): so it comes to about as many as the MP3 has.
_AAC_SHARE = Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class _Form:
    """How PyAV writes an edition. bit_rate: what to ask for, by the MP3's and the channels.

    rate_hz: None for the MP3's. container: options of the muxer; codec_options: of the encoder.
    """

    container: str
    codec: str
    rate_hz: int | None
    bit_rate: Callable[[int, int], int]
    container_options: Mapping[str, str]
    codec_options: Mapping[str, str]


# bitexact: no version of a library, no time and no random serial number in the file. The fast
# coder is thrice as fast as AAC's default, and nearer to the original (measured on speech).
_FORMS: Mapping[EditionKind, _Form] = {
    "m4b": _Form(
        container="ipod",
        codec="aac",
        rate_hz=None,
        bit_rate=lambda bps, _channels: round(bps * _AAC_SHARE),
        container_options={"fflags": "+bitexact", "movflags": "+faststart", "brand": "M4B "},
        codec_options={"aac_coder": "fast"},
    ),
    "opus": _Form(
        container="opus",
        codec="libopus",
        rate_hz=_OPUS_RATE_HZ,
        bit_rate=lambda _bps, channels: _OPUS_BPS[channels],
        container_options={"fflags": "+bitexact"},
        codec_options={},
    ),
}


def edition_key(mp3: Path, kind: EditionKind) -> str:
    """A hash of all that makes an edition what it is: while it stays, so does the edition.

    Raises SoundError when the MP3 cannot be read.
    """
    libraries = (f"{name} {metadata.version(name)}" for name in ("av", "mutagen"))
    try:
        with mp3.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SoundError(f"{mp3.name} could not be read: {error.strerror or error}.") from error
    parts = (str(_REVISION), *libraries, kind, digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def write_edition(mp3: Path, kind: EditionKind, path: Path, tags: Tags) -> int:
    """Write an edition of a finished MP3; returns the bits a second of its audio.

    tags: those of the MP3; what is spoken is not in them. The same in, the same bytes out.
    Raises SoundError when the MP3 cannot be decoded or the file cannot be written.
    """
    try:
        bit_rate = _encode(mp3, kind, path, tags)
        if kind == "m4b":
            _tag_m4b(path, tags)
    except (OSError, av.FFmpegError, IndexError, mutagen.MutagenError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SoundError(
            f"The edition {path.name} could not be made: {reason}.",
            "See that there is room on the disk, and try again.",
        ) from error
    return bit_rate


def _encode(mp3: Path, kind: EditionKind, path: Path, tags: Tags) -> int:
    form = _FORMS[kind]
    options = dict(form.container_options)
    with (
        av.open(str(mp3)) as source,
        av.open(str(path), "w", format=form.container, options=options) as target,
    ):
        stream = _add_stream(target, source.streams.audio[0], form)
        if kind == "opus":
            target.metadata.update({**_comments(tags), **_chapter_comments(tags)})
        else:
            target.set_chapters(_chapters(tags))
            stream.metadata["language"] = _terminological(tags.language)
        size = 0
        for frame in _frames(source):
            size += _mux(target, stream, frame)
        size += _mux(target, stream, None)
    return round(size * _BITS_PER_BYTE / max(tags.duration_s, float(_MS)))


def _add_stream(target: OutputContainer, sound: av.AudioStream, form: _Form) -> av.AudioStream:
    channels = min(2, sound.channels)
    stream: Any = target.add_stream(
        form.codec,
        rate=form.rate_hz or sound.rate,
        options=dict(form.codec_options),
        layout="mono" if channels == 1 else "stereo",
    )
    stream.bit_rate = form.bit_rate(sound.bit_rate or 0, channels)
    added: av.AudioStream = stream
    return added


def _frames(source: InputContainer) -> Iterator[av.AudioFrame]:
    """The decoded sound, its times counted from its first sample."""
    count = 0
    for frame in source.decode(source.streams.audio[0]):
        frame.pts, frame.time_base = count, Fraction(1, frame.sample_rate)
        count += frame.samples
        yield frame


def _mux(target: OutputContainer, stream: av.AudioStream, frame: av.AudioFrame | None) -> int:
    """Encode a frame, or what is left; returns how many bytes that gave."""
    packets = stream.encode(frame)
    target.mux(packets)
    return sum(packet.size for packet in packets)


def _chapters(tags: Tags) -> list[Any]:
    return [
        {
            "id": number,
            "start": round(chapter.begin_s / _MS),
            "end": round(chapter.end_s / _MS),
            "time_base": _MS,
            "metadata": {"title": chapter.title},
        }
        for number, chapter in enumerate(tags.chapters)
    ]


def _comments(tags: Tags) -> dict[str, str]:
    """Vorbis comments (RFC 7845, 5.2), the cover among them as FLAC has pictures."""
    comments = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "DATE": _date(tags),
        "GENRE": tags.genre,
        "LANGUAGE": tags.language,
        "DESCRIPTION": tags.description,
    }
    if tags.cover is not None:
        picture = flac.Picture()
        picture.type, picture.mime, picture.data = _FRONT_COVER, tags.cover_type, tags.cover
        comments["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture.write()).decode()
    return {name: text for name, text in comments.items() if text}


def _chapter_comments(tags: Tags) -> dict[str, str]:
    """Chapters as comments (Xiph's Chapter Extension), which has room for 999.

    Those that FFmpeg would write are a second late from each half second on.
    """
    comments = {}
    for number, chapter in enumerate(tags.chapters[:_MOST_CHAPTERS], 1):
        seconds, ms = divmod(round(chapter.begin_s / _MS), 1000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        comments[f"CHAPTER{number:03}"] = f"{hour:02}:{minute:02}:{second:02}.{ms:03}"
        comments[f"CHAPTER{number:03}NAME"] = chapter.title
    return comments


def _tag_m4b(path: Path, tags: Tags) -> None:
    """Put in what iTunes has tags for, the cover among them."""
    texts = {
        "\xa9nam": tags.title,
        "\xa9ART": tags.artist,
        "\xa9alb": tags.album,
        "\xa9day": _date(tags),
        "\xa9gen": tags.genre,
        "desc": tags.description,
    }
    file = mp4.MP4(path)
    file.update({name: [text] for name, text in texts.items() if text})
    file["stik"] = [_AUDIOBOOK]
    if tags.cover is not None:
        is_png = tags.cover_type == "image/png"
        form = mp4.AtomDataType.PNG if is_png else mp4.AtomDataType.JPEG
        file["covr"] = [mp4.MP4Cover(tags.cover, form)]
    file.save(padding=lambda _: _PADDING_BYTES)


def _date(tags: Tags) -> str:
    return tags.date.astimezone(UTC).date().isoformat()


# ISO 639-2 has two codes for some languages: ID3 takes the first of these, MPEG-4 the second.
_TERMINOLOGICAL_CODES = """
    alb-sqi arm-hye baq-eus bur-mya chi-zho cze-ces dut-nld fre-fra geo-kat ger-deu gre-ell
    ice-isl mac-mkd mao-mri may-msa per-fas rum-ron slo-slk tib-bod wel-cym
"""
_TERMINOLOGICAL = dict(pair.split("-") for pair in _TERMINOLOGICAL_CODES.split())


def _terminological(language: str) -> str:
    """The three-letter code (ISO 639-2/T) of a BCP 47 tag."""
    code = iso_639_2(language)
    return _TERMINOLOGICAL.get(code, code)
