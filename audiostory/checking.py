"""Whether a finished episode is whole: each sentence can be heard, and no word is missing.

It asks only what was published: the manifest, the files that it names, and the sound itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from audiostory.errors import SoundError, UsageError
from audiostory.model import Span
from audiostory.publishing import layout
from audiostory.publishing.manifest import AudioFile, EditionFile, Manifest, read_manifest
from audiostory.publishing.published import Shown, said, shown, unsaid
from audiostory.publishing.text import clock, fold
from audiostory.sound.listening import duration_s, stretches
from audiostory.speech.plausible import implausible
from audiostory.speech.words import written_words

if TYPE_CHECKING:
    from audiostory.model import Samples

# A manifest doesn't say how fast a voice spoke: what no rate between these explains is told.
_RATES = (0.5, 3.0)
_LONGEST_S = 300.0  # an utterance that lasts longer is listened to in parts
_MOST_PARTS = 1000  # whatever a broken manifest says
_NEAR_S = 0.05
_EDITION_NEAR_S = 0.1
_SILENT = "no sound"

Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. at_s: when in the episode, or None; text: what is said there."""

    message: str
    at_s: float | None = None
    text: str = ""

    def __str__(self) -> str:
        about = f"“{self.text}”: " if self.text else ""
        return f"{'' if self.at_s is None else clock(self.at_s) + ' '}{about}{self.message}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in an episode. utterances, duration_s: what was listened to."""

    title: str
    utterances: int
    duration_s: float
    findings: tuple[Finding, ...]


def check_episode(path: Path, progress: Progress) -> Checked:
    """Check an episode: its folder, or its episode.json.

    progress: gets how many seconds were listened to, of how many. Raises UsageError when there
    is no episode, PublishingError when its manifest cannot be read.
    """
    path = path / layout.MANIFEST if path.is_dir() else path
    if path.name != layout.MANIFEST or not path.is_file():
        raise UsageError(
            f"There is no episode in {path}.",
            f"Give the folder that holds an episode's {layout.MANIFEST}, or that file.",
        )
    path = path.resolve()  # in "." too, the folder's name is asked for
    manifest, folder = read_manifest(path), path.parent
    missing = tuple(_missing(manifest, folder))
    texts = said(_text(folder / manifest.transcript_file), manifest.timeline)
    page = shown(_bytes(folder / manifest.page_file))
    timed = tuple(_timing(manifest))
    covered = tuple(_coverage(manifest, texts, page)) if not missing else ()
    sound: tuple[Finding, ...] = ()
    if (audio := folder / manifest.audio.file).is_file():
        parts = sorted(_parts(manifest.timeline, texts), key=lambda part: part.begin_s)
        heard = _listen(audio, parts, [fold(text) for text in page.omitted], progress)
        sound = (*_audio(audio, manifest.audio), *heard)
    editions = tuple(_editions(manifest, folder))
    findings = (*missing, *timed, *covered, *sound, *editions)
    return Checked(manifest.title, len(manifest.timeline), manifest.audio.duration_s, findings)


# --- files ----------------------------------------------------------------------------------


def _missing(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    named = (manifest.audio.file, manifest.transcript_file, manifest.chapters_file)
    for name in (*named, manifest.page_file, *(it.file for it in manifest.editions)):
        if not (folder / name).is_file():
            yield Finding(f"The file {name} is not there.")


def _audio(path: Path, audio: AudioFile | EditionFile) -> Iterator[Finding]:
    """Whether the audio's bytes are those that were published."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != audio.sha256:
        size = path.stat().st_size
        change = "" if size == audio.bytes else f": it has {size} bytes, and had {audio.bytes}"
        yield Finding(f"The audio {audio.file} is not what was published{change}.")
    elif not path.stem.endswith(f"-{digest[:8]}"):
        yield Finding(f"The name of the audio {audio.file} does not end in its hash, {digest[:8]}.")


def _editions(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    """Editions that are not what was published, or not as long as the MP3."""
    whole_s = manifest.audio.duration_s
    for edition in manifest.editions:
        path = folder / edition.file
        if not path.is_file():  # which is told of
            continue
        yield from _audio(path, edition)
        try:
            lasts_s = duration_s(path)
        except SoundError as error:
            yield Finding(error.what)
            continue
        if abs(lasts_s - whole_s) > _EDITION_NEAR_S:
            yield Finding(
                f"The audio {edition.file} lasts {lasts_s:.1f} s, and the MP3 {whole_s:.1f} s."
            )


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", "replace")


# --- words ----------------------------------------------------------------------------------


def _timing(manifest: Manifest) -> Iterator[Finding]:
    """Utterances and chapters that are out of order, or not in the audio."""
    begin_s = 0.0
    for span in manifest.timeline:
        if span.end_s < span.begin_s or span.begin_s < begin_s - _NEAR_S:
            yield Finding(f"The utterance {span.id} is out of order in the timeline.", span.begin_s)
        begin_s = max(begin_s, span.begin_s)
    for mark in manifest.chapters:
        if not mark.begin_s <= mark.end_s <= manifest.audio.duration_s + _NEAR_S:
            yield Finding("The chapter is not in the audio.", mark.begin_s, mark.title)


def _coverage(manifest: Manifest, texts: Mapping[str, str], page: Shown) -> Iterator[Finding]:
    """Words of the article that are not said, nor named among what was left out."""
    count = manifest.coverage
    if count.words_spoken + count.words_omitted != count.words_in_article:
        yield Finding(
            f"Of {count.words_in_article} words of the article {count.words_spoken} are spoken "
            f"and {count.words_omitted} left out: that is not all."
        )
    ids = {span.id for span in manifest.timeline}
    for span in manifest.timeline:
        if span.id not in texts:
            yield Finding(f"The transcript has no text for {span.id}.", span.begin_s)
    for id_, text in texts.items():
        if id_ not in ids:
            yield Finding("It is in the transcript, and not in the timeline.", None, text)
    if page.article is None:
        yield Finding(f"The page {manifest.page_file} does not show the article.")
    timed = {id_: text for id_, text in texts.items() if id_ in ids}
    for text in unsaid(page, timed):
        yield Finding("It is in the article, and is not said.", None, text)


# --- sound ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the audio, what is said in it, and the id and text of the whole utterance."""

    begin_s: float
    end_s: float
    said: str
    id: str
    text: str


def _parts(timeline: Sequence[Span], texts: Mapping[str, str]) -> Iterator[_Part]:
    """What to listen to: each utterance; a very long one in parts, for the sake of memory."""
    for span in timeline:
        text = texts.get(span.id, "")
        lasts_s = max(0.0, span.end_s - span.begin_s)
        count = min(max(1, ceil(lasts_s / _LONGEST_S)), _MOST_PARTS)
        for i in range(count):
            yield _Part(
                span.begin_s + lasts_s * i / count,
                span.begin_s + lasts_s * (i + 1) / count,
                text[len(text) * i // count : len(text) * (i + 1) // count],
                span.id,
                text,
            )


def _listen(
    path: Path, parts: Sequence[_Part], left_out: Sequence[str], progress: Progress
) -> Iterator[Finding]:
    """What is wrong with what is heard. left_out: texts that a profile may have silenced."""
    sounds = stretches(path, [(part.begin_s, part.end_s) for part in parts])
    silent: list[Finding] = []
    judged = heard = 0
    try:
        for part, (samples, rate_hz) in zip(parts, sounds, strict=True):
            progress(part.begin_s, parts[-1].end_s)
            if len(samples) / rate_hz < part.end_s - part.begin_s - _NEAR_S:
                yield Finding(f"The audio ends here{_lost(parts[heard:])}", part.begin_s, part.text)
                break
            heard += 1
            judged += bool(written_words(part.said))
            why = _why(part.said, samples, rate_hz)
            if why == _SILENT:
                silent.append(Finding(f"{why}.", part.begin_s, part.text))
            elif why:
                yield Finding(f"{why}.", part.begin_s, part.text)
    except SoundError as error:
        at_s = parts[heard].begin_s if heard < len(parts) else None
        yield Finding(f"{error.what}{_lost(parts[heard:])}", at_s)
    if len(silent) == judged > 1:
        yield Finding("The audio is silent from beginning to end.")
    else:
        yield from (it for it in silent if not any(it.text in text for text in left_out))


def _lost(parts: Sequence[_Part]) -> str:
    count = len({part.id for part in parts})
    return f": of {count} utterances nothing can be heard." if count > 1 else "."


def _why(text: str, samples: Samples, rate_hz: int) -> str | None:
    """Why a text cannot sound like this, however fast its voice was to speak."""
    reasons = [implausible(text, samples, rate_hz, rate) for rate in _RATES]
    return reasons[0] if all(reasons) else None
