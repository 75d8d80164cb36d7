"""ID3v2.3 tags of an episode: what it is, its cover, its chapters and its text.

Version 2.3, since chapter titles in 2.4 broke in players; chapters in order of time, under one
table of contents (ID3v2 Chapter Frame Addendum 1.0), which has tables under it when they are more
than it has room for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mutagen.id3

from audiostory.errors import SoundError
from audiostory.model import ChapterMark

frames: Any = mutagen.id3  # Typed by name only.

_UTF16 = frames.Encoding.UTF16
_NO_OFFSET = 0xFFFFFFFF  # "use the times instead"
_TABLE_ID = "toc"
_TOP_LEVEL_ORDERED, _ORDERED = 3, 1  # flags of CTOC
_MOST_CHILDREN = 255  # of a CTOC, which counts them in one byte
_UNKNOWN_LANGUAGE = "und"
_PADDING_BYTES = 1024

# ISO 639-2 (bibliographic) of the two-letter codes of ISO 639-1.
_CODES = """
    af-afr am-amh ar-ara az-aze be-bel bg-bul bn-ben bs-bos ca-cat cs-cze cy-wel da-dan
    de-ger el-gre en-eng eo-epo es-spa et-est eu-baq fa-per fi-fin fo-fao fr-fre ga-gle
    gd-gla gl-glg gu-guj he-heb hi-hin hr-hrv ht-hat hu-hun hy-arm id-ind is-ice it-ita
    ja-jpn ka-geo kk-kaz kn-kan ko-kor ku-kur ky-kir la-lat lb-ltz lt-lit lv-lav mi-mao
    mk-mac ml-mal mn-mon mr-mar ms-may mt-mlt my-bur nb-nob ne-nep nl-dut nn-nno no-nor
    or-ori pa-pan pl-pol pt-por qu-que ro-rum ru-rus sd-snd si-sin sk-slo sl-slv sq-alb
    sr-srp sv-swe sw-swa ta-tam te-tel tg-tgk th-tha tk-tuk tl-tgl tn-tsn tr-tur tt-tat
    ug-uig uk-ukr ur-urd uz-uzb vi-vie yi-yid zh-chi
"""
_ISO_639_2 = dict(pair.split("-") for pair in _CODES.split())


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags of an episode say.

    date: when it was published, aware. language: BCP 47. text: what is spoken. cover: a JPEG
    or PNG picture, cover_type: its media type. chapters: on the file's timeline.
    """

    title: str
    artist: str
    album: str
    date: datetime
    language: str
    duration_s: float
    genre: str = "Podcast"
    description: str = ""
    url: str | None = None
    text: str = ""
    cover: bytes | None = None
    cover_type: str = "image/jpeg"
    chapters: tuple[ChapterMark, ...] = ()


class _OrderedId3(frames.ID3):  # type: ignore[misc]
    """Writes chapters in order of time: mutagen sorts frames by size."""

    def _write(self, config: Any) -> bytearray:
        """All frames: inner tables of contents last, and then the chapters, in order of time."""
        tables = [it for it in self.getall("CTOC") if it.flags != _TOP_LEVEL_ORDERED]
        chapters = sorted(self.getall("CHAP"), key=lambda it: (it.start_time, it.element_id))
        apart = [*sorted(tables, key=lambda it: it.element_id), *chapters]
        for frame in apart:
            del self[frame.HashKey]
        data: bytearray = super()._write(config)
        for frame in apart:
            alone = frames.ID3()
            alone.add(frame)
            data += frames.ID3Tags._write(alone, config)
            self.add(frame)
        return data


def write_tags(path: Path, tags: Tags) -> None:
    """Put ID3v2.3 tags before an MP3, in place of what it has; the same tags give the same bytes.

    Raises SoundError when the file cannot be written.
    """
    id3 = _OrderedId3()
    for frame in (*_text_frames(tags), *_other_frames(tags), *_chapter_frames(tags)):
        id3.add(frame)
    id3.update_to_v23()
    try:
        id3.save(path, v1=0, v2_version=3, padding=lambda _: _PADDING_BYTES)
    except (mutagen.MutagenError, OSError) as error:
        raise SoundError(
            f"{path.name} could not be tagged: {error}.", "See that there is room on the disk."
        ) from error


def iso_639_2(language: str) -> str:
    """The three-letter code (bibliographic) of a BCP 47 tag; "und" when it has none."""
    primary = language.lower().split("-")[0]
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return primary
    return _ISO_639_2.get(primary, _UNKNOWN_LANGUAGE)


def _text_frames(tags: Tags) -> Iterator[Any]:
    texts = {
        frames.TIT2: tags.title,
        frames.TPE1: tags.artist,
        frames.TALB: tags.album,
        frames.TCON: tags.genre,
        frames.TLAN: iso_639_2(tags.language),
        frames.TLEN: str(_ms(tags.duration_s)),
        frames.TDRC: tags.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M"),
    }
    return (frame(encoding=_UTF16, text=text) for frame, text in texts.items())


def _other_frames(tags: Tags) -> Iterator[Any]:
    language = iso_639_2(tags.language)
    if tags.description:
        yield frames.COMM(encoding=_UTF16, lang=language, desc="", text=tags.description)
    if tags.text:
        yield frames.USLT(encoding=_UTF16, lang=language, desc="", text=tags.text)
    if tags.url:
        yield frames.WOAS(url=tags.url)
    if tags.cover is not None:
        yield frames.APIC(
            encoding=frames.Encoding.LATIN1,
            mime=tags.cover_type,
            type=frames.PictureType.COVER_FRONT,
            desc="",
            data=tags.cover,
        )


def _chapter_frames(tags: Tags) -> Iterator[Any]:
    if not tags.chapters:
        return
    ids = _numbered("ch", len(tags.chapters))
    yield from _tables(ids)
    for element_id, chapter in zip(ids, tags.chapters, strict=True):
        yield frames.CHAP(
            element_id=element_id,
            start_time=_ms(chapter.begin_s),
            end_time=_ms(chapter.end_s),
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[frames.TIT2(encoding=_UTF16, text=chapter.title)],
        )


def _tables(ids: Sequence[str]) -> Iterator[Any]:
    """Tables of contents of chapters, the one at the top last."""
    level = 1
    while len(ids) > _MOST_CHILDREN:
        groups = [ids[at : at + _MOST_CHILDREN] for at in range(0, len(ids), _MOST_CHILDREN)]
        ids = _numbered(f"{_TABLE_ID}{level}-", len(groups))
        level += 1
        for id_, group in zip(ids, groups, strict=True):
            yield _table(id_, _ORDERED, group)
    yield _table(_TABLE_ID, _TOP_LEVEL_ORDERED, ids)


def _table(id_: str, flags: int, children: Sequence[str]) -> Any:
    return frames.CTOC(element_id=id_, flags=flags, child_element_ids=list(children), sub_frames=[])


def _numbered(name: str, count: int) -> list[str]:
    """So many ids, in alphabetical order."""
    width = max(4, len(str(count)))
    return [f"{name}{number:0{width}}" for number in range(1, count + 1)]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
