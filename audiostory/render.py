"""One passage, from utterances to MP3 frames: the unit of work that a worker runs.

A job says everything that affects a passage's sound; its key is the hash of just that, so a
clip can be found again wherever and whenever the same is to be heard.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from audiostory.cache import ClipCache, SpeechCache, is_remembered, remembered
from audiostory.errors import EngineError, SoundError
from audiostory.model import (
    CastVoice,
    Clip,
    Cue,
    Mark,
    Passage,
    Pause,
    Respelling,
    SoundFormat,
    Utterance,
    WordMark,
)
from audiostory.sound import clip, loudness
from audiostory.sound.elements import element_clip, element_key
from audiostory.speaking import Say, Spoken, identity, may_improve, say_surely, speak_text
from audiostory.speech.engine import voices_of

_LARGEST_CUE_BYTES = 100_000_000
_LONGEST_TEXT = 3000  # characters given to an engine at once


Caster = Callable[[Utterance], Sequence[CastVoice]]


@dataclass(frozen=True, slots=True)
class Job:
    """A passage to render. parts: what sounds, in order; form: how it is encoded."""

    parts: tuple[Say | Cue | Pause, ...]
    form: SoundFormat

    @property
    def text(self) -> str:
        """What is said in it."""
        return " ".join(part.text for part in self.parts if isinstance(part, Say))

    @property
    def key(self) -> str:
        """A hash of all that affects the sound: engines, texts, voices, cues, encoding."""
        content = {
            "clip": clip.version(),
            "form": asdict(self.form),
            "parts": [_identity(part) for part in self.parts],
        }
        return _hash("clip 6", content)


@dataclass(frozen=True, slots=True)
class Recording:
    """A show's recording to render. lead_ms, pause_ms: the pauses before it and after it."""

    path: Path
    fade_in_s: float
    fade_out_s: float
    form: SoundFormat
    lead_ms: int = 0
    pause_ms: int = 0

    @property
    def parts(self) -> tuple[()]:
        """None: nothing is said in it."""
        return ()

    @property
    def text(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def key(self) -> str:
        """A hash of all that affects the sound. Raises SoundError without the file."""
        fades_s = (self.fade_in_s, self.fade_out_s)
        return element_key(self.path, self.form, *fades_s, self.pause_ms, self.lead_ms)

    def clip(self) -> Clip:
        """Its clip. Raises SoundError."""
        fades_s = (self.fade_in_s, self.fade_out_s)
        return element_clip(self.path, self.form, *fades_s, self.pause_ms, self.lead_ms)


# The fields of what is said that JSON has as they are; asdict() would copy each value.
_PLAIN = ("text", "lengths", "gaps", "volume_db", "balance", "duration_s")


def _identity(part: Say | Cue | Pause) -> dict[str, object]:
    match part:
        case Say():
            respellings = [[astuple(said) for said in of_one] for of_one in part.respellings]
            others = {name: getattr(part, name) for name in _PLAIN}
            return {**others, "respellings": respellings, "voice": identity(part.voice)}
        case Cue():
            return {"cue": _file_hash(part.src), "gain_db": part.gain_db}
        case Pause():
            return {"pause_ms": part.ms}


def _file_hash(path: Path) -> str:
    advice = "Put the file back, or take the cue out of the voice profile."
    try:
        if path.stat().st_size > _LARGEST_CUE_BYTES:
            raise SoundError(f"The cue {path} is too large.", "A cue is a short sound: cut it.")
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SoundError(f"The cue {path} cannot be read: {error.strerror}.", advice) from error


def plan(passage: Passage, cast: Caster, form: SoundFormat) -> Job:
    """The job that renders a passage. cast: finds each utterance's voices, the first one first."""
    parts = _parts(passage, cast)
    if form.channels == 1:  # there is no left and right: a change of it renders nothing anew
        parts = (replace(it, balance=0.0) if isinstance(it, Say) else it for it in parts)
    return Job(tuple(parts), form)


def _parts(passage: Passage, cast: Caster) -> Iterator[Say | Cue | Pause]:
    group: list[Utterance] = []
    for item in passage.items:
        if isinstance(item, Utterance):
            if group and not _same_breath(group, item):
                yield _say(group, cast)
                group = []
            group.append(item)
            continue
        if group:
            yield _say(group, cast)
            group = []
        yield item
    if group:
        yield _say(group, cast)


def _same_breath(group: Sequence[Utterance], item: Utterance) -> bool:
    last = group[-1]
    together = (last.voice, last.language) == (item.voice, item.language)
    return together and sum(len(u.spoken) + 1 for u in group) + len(item.spoken) <= _LONGEST_TEXT


def _say(group: Sequence[Utterance], cast: Caster) -> Say:
    gaps = [0, *(_gap(before, after) for before, after in pairwise(group))]
    text = "".join(" " * gap + u.spoken for gap, u in zip(gaps, group, strict=True))
    lengths = tuple(len(utterance.spoken) for utterance in group)
    respellings = tuple(utterance.respellings for utterance in group)
    style = group[0].voice
    voice, *others = cast(group[0])
    letters = sum(utterance.letters for utterance in group)
    return Say(
        text,
        lengths,
        tuple(gaps),
        respellings,
        voice,
        style.volume_db,
        style.balance,
        None if style.letter_s is None else style.letter_s * letters,
        tuple(others),
    )


def _gap(before: Utterance, after: Utterance) -> int:
    between = before.trail + after.lead
    apart = before.is_announcement or after.is_announcement
    return 1 if apart or any(character.isspace() for character in between) else 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a job. key: of the clip in the cache; not the job's own where another voice
    had to speak than was asked for: notes says so."""

    key: str
    notes: tuple[str, ...] = ()


def render(job: Job) -> Clip:
    """Speak, mix and encode a passage. Raises EngineError and SoundError."""
    return _render(job, None).clip


def warm_up(engine: str, options: str) -> None:
    """Load what a worker needs, before there is work."""
    voices_of(engine, options)


def render_to_cache(job: Job | Recording, key: str, folder: Path) -> Rendered:
    """Render a passage and keep its clip under its key: what a worker is sent."""
    if isinstance(job, Recording):
        ClipCache(folder).put(key, job.clip())
        return Rendered(key)
    clips = ClipCache(folder)
    try:
        done = _render(job, SpeechCache(folder))
    except EngineError as error:
        if clips.get(key) is None or not clips.keep_poor(key):
            raise
        return Rendered(key, (str(error),))
    if done.notes:  # another voice spoke
        key = done.job.key
    clips.put(key, done.clip, is_poor=done.is_poor)
    return Rendered(key, done.notes)


@dataclass(frozen=True, slots=True)
class _Done:
    """A job with the voices that truly spoke, its clip, and what is to be told of that.

    is_poor: whether an engine whose speech is kept may say better what it said badly.
    """

    job: Job
    clip: Clip
    notes: tuple[str, ...]
    is_poor: bool


def _render(job: Job, kept: SpeechCache | None) -> _Done:
    folder = kept.folder if kept else None

    def measured(voice: CastVoice) -> float:
        return _voice_gain_db(voice, job.form, folder)

    spoken = say_surely([part for part in job.parts if isinstance(part, Say)], kept, measured)
    by_turns = iter(spoken)
    said = [next(by_turns) if isinstance(it, Say) else it for it in job.parts]
    made = clip.make_clip([_sound(part, job.form, folder) for part in said], job.form)
    marks = (m for it, mark in zip(spoken, made.marks, strict=True) for m in _split(it.say, mark))
    problems = tuple(problem for it in spoken for problem in it.problems)
    return _Done(
        job=Job(tuple(it.say if isinstance(it, Spoken) else it for it in said), job.form),
        clip=replace(made, marks=tuple(marks), problems=problems),
        notes=tuple(dict.fromkeys(note for it in spoken for note in it.notes)),
        is_poor=any(may_improve(it) for it in spoken),
    )


def _sound(part: Spoken | Cue | Pause, form: SoundFormat, folder: Path | None) -> clip.Part:
    match part:
        case Cue():
            return clip.CuePart(part.src, part.gain_db)
        case Pause():
            return clip.PausePart(part.ms)
        case Spoken(say, speech):
            if say.volume_db is None or not len(speech.samples):
                return clip.SpokenPart(speech, None)
            gain_db = say.volume_db + _voice_gain_db(say.voice, form, folder)
            return clip.SpokenPart(speech, gain_db, say.balance)


@lru_cache(maxsize=1024)
def _voice_gain_db(voice: CastVoice, form: SoundFormat, folder: Path | None) -> float:
    """What brings a voice to the show's loudness: measured once, on a fixed text.

    folder: of the cache, where it is kept for other processes and runs.
    """
    text = loudness.calibration_text(voice.language)

    def measure() -> float:
        return loudness.voice_gain_db(speak_text(text, voice), form)

    return measure() if folder is None else remembered(folder, _gain_key(voice, form), measure)


def _gain_key(voice: CastVoice, form: SoundFormat) -> str:
    text = loudness.calibration_text(voice.language)
    content = {"clip": clip.version(), "form": asdict(form), "voice": identity(voice), "text": text}
    return _hash("gain 1", content)


def to_measure(voice: CastVoice, form: SoundFormat, folder: Path) -> str:
    """What a voice is still to say to be measured; "" where the cache knows its loudness."""
    if is_remembered(folder, _gain_key(voice, form)):
        return ""
    return loudness.calibration_text(voice.language)


def _hash(kind: str, content: Mapping[str, object]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"audiostory {kind}\n{canonical}".encode()).hexdigest()


def _split(say: Say, mark: Mark) -> Iterator[Mark]:
    """The marks of the utterances in what was said in one go.

    An utterance begins with its first word, where the engine marks words; else in proportion.
    """
    starts: list[int] = []
    at = 0
    for gap, length in zip(say.gaps, say.lengths, strict=True):
        starts.append(at + gap)
        at += gap + length
    begins = [_begin_s(start, mark, len(say.text)) for start in starts[1:]]
    edges = [mark.begin_s, *begins, mark.end_s]
    for i in range(1, len(edges)):
        edges[i] = max(edges[i], edges[i - 1])
    for i, (start, length) in enumerate(zip(starts, say.lengths, strict=True)):
        words = (
            WordMark(word.begin_s, word.offset - start, word.length)
            for word in mark.words
            if start <= word.offset < start + length
        )
        yield Mark(edges[i], edges[i + 1], tuple(_written(words, say.respellings[i])))


def _written(words: Iterable[WordMark], respellings: Sequence[Respelling]) -> Iterator[WordMark]:
    """Marks of spoken words as marks of the written ones: one for all that a respelling says."""
    waiting = list(respellings)[::-1]
    shift = 0
    marked: Respelling | None = None
    for word in words:
        while waiting and waiting[-1].spoken_end <= word.offset:
            passed = waiting.pop()
            shift = passed.end - passed.spoken_end
        inside = waiting[-1] if waiting and word.offset >= waiting[-1].spoken_begin else None
        if inside is None:
            yield WordMark(word.begin_s, word.offset + shift, word.length)
        elif inside is not marked and inside.end > inside.begin:
            marked = inside
            yield WordMark(word.begin_s, inside.begin, inside.end - inside.begin)


def _begin_s(start: int, mark: Mark, length: int) -> float:
    for word in mark.words:
        if word.offset >= start:
            return word.begin_s
    return mark.begin_s + (mark.end_s - mark.begin_s) * start / max(1, length)
