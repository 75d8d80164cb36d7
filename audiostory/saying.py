"""One text, said as an episode would say it: what a producer tries a pronunciation with."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from lxml.html import html_parser

from audiostory.config import Settings
from audiostory.errors import SoundError, UsageError
from audiostory.model import Article, Passage, Script, Utterance, VoiceFamily
from audiostory.narration import Narrator
from audiostory.narration.tree import folded
from audiostory.planning import plan_jobs, write
from audiostory.reading.decode import printable
from audiostory.report import Report
from audiostory.sound.segments import resample
from audiostory.speaking import Say, pronunciations, say_surely
from audiostory.speech.engine import engine_of, transcription

if TYPE_CHECKING:
    from audiostory.model import Samples


@dataclass(frozen=True, slots=True)
class SaidPart:
    """What one voice says. lines: what there is to know of it, each a name and a value."""

    voice_id: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A text that was said. samples: as in Speech."""

    parts: tuple[SaidPart, ...]
    samples: Samples
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz


def say(
    text: str,
    language: str,
    voice: str | None,
    narrator: Narrator,
    settings: Settings,
    report: Report,
) -> Said:
    """Say a text as a paragraph. voice: who says all of it, whatever the profile has.

    Raises UsageError when there is nothing to say, and EngineError.
    """
    _, script = write(_article(text, language), narrator, report)
    if voice is not None:
        script = replace(script, passages=tuple(_said_by(voice, p) for p in script.passages))
    jobs = plan_jobs(script, language, settings, report, narrator.lexicon)
    says = [part for job in jobs for part in job.parts if isinstance(part, Say)]
    heard = say_surely(says)
    if not any(len(it.speech.samples) for it in heard):
        raise UsageError("There is nothing to say in this text.", "Give a text with words in it.")
    for told in (message for it in heard for message in (*it.notes, *it.problems)):
        report.warn(told)
    rate = max(it.speech.sample_rate_hz for it in heard)
    parts = zip(heard, _utterances_by_say(script, says), strict=True)
    return Said(
        tuple(
            SaidPart(it.say.voice.voice_id, tuple(_lines(it.say, us, narrator))) for it, us in parts
        ),
        np.concatenate(
            [resample(it.speech.samples, it.speech.sample_rate_hz, rate) for it in heard]
        ),
        rate,
    )


def _article(text: str, language: str) -> Article:
    body = html_parser.makeelement("article", {"id": "article"})
    paragraph = html_parser.makeelement("p", {"id": "p-1"})
    paragraph.text = printable(folded(text.encode("utf-8", "replace").decode()))
    body.append(paragraph)
    return Article("", language, "text", body)


def _said_by(voice: str, passage: Passage) -> Passage:
    family = (VoiceFamily(name=voice),)
    items = (
        replace(item, voice=replace(item.voice, family=family))
        if isinstance(item, Utterance)
        else item
        for item in passage.items
    )
    return replace(passage, items=tuple(items))


def _utterances_by_say(script: Script, says: list[Say]) -> Iterator[list[Utterance]]:
    utterances = (u for passage in script.passages for u in passage.utterances)
    for one in says:
        yield [next(utterances) for _ in one.lengths]


def _lines(one: Say, utterances: list[Utterance], narrator: Narrator) -> Iterator[tuple[str, str]]:
    """Written, spoken, each pronunciation and where it is from, and what the engine makes of it."""
    yield "written", "".join(u.lead + u.text + u.trail for u in utterances).strip()
    yield "spoken", one.text
    at = 0
    for utterance, gap, length, respellings in zip(
        utterances, one.gaps, one.lengths, one.respellings, strict=True
    ):
        at += gap
        for said in respellings:
            written = utterance.text[said.begin : said.end]
            spoken = one.text[at + said.spoken_begin : at + said.spoken_end]
            place = narrator.lexicon.place(utterance.text, utterance.language, said.begin)
            how = f"/{said.ipa}/" if said.ipa else spoken
            yield "said as", f"{written} → {how}" + (f"  ({place})" if place else "")
        at += length
    engine = engine_of(one.voice)
    heard = transcription(engine, one.text, one.voice, tuple(pronunciations(one)))
    if heard is not None:
        yield "phonemes", heard.strip()


def write_wav(said: Said, path: Path) -> None:
    """Write 16-bit PCM. Raises SoundError."""
    pcm = (np.clip(said.samples, -1, 1) * 32767).astype("<i2").tobytes()
    try:
        with path.open("wb") as file, wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(said.sample_rate_hz)
            sound.writeframes(pcm)
    except OSError as error:
        raise SoundError(f"{path} could not be written: {error.strerror}.") from error
