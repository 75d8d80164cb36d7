"""What one voice says in one go: spoken by its engine, or by the next; checked; kept.

Engines fail, and some drop words. A passage that an engine cannot say, the next voice of its
family says; what comes back implausible is asked for once more, and then told of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from audiostory.cache import SpeechCache
from audiostory.errors import EngineError, UnreachableError
from audiostory.model import (
    NO_OPTIONS,
    CastVoice,
    Pronunciation,
    Respelling,
    Speech,
    WordMark,
)
from audiostory.sound import clip, segments
from audiostory.speech.engine import (
    engine_of,
    is_costly,
    is_silent,
    speak_safely,
    unknown_sounds,
)
from audiostory.speech.plausible import implausible

# How what has a duration is fitted to it: tries, how near is near, and the rates to try.
_MOST_FITTINGS = 4
_NEAR = 0.02
_RATE_LIMITS = (0.2, 4.0)
_SHOWN_CHARACTERS = 120
# What is heard between utterances that are spoken alone, in seconds at the normal rate: after
# a sentence, after a clause, and inside one.
_SENTENCE_GAP_S, _CLAUSE_GAP_S, _INNER_GAP_S = 0.35, 0.15, 0.05
_SENTENCE_ENDS, _CLAUSE_ENDS = tuple(".!?…。！？"), tuple(",;:，；：、—–")
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class Say:
    """Utterances that one voice says in one go, so that a sentence keeps its melody.

    lengths: of each utterance's spoken text; gaps: the space before each, 0 or 1.
    respellings: of each utterance. balance: -100 left … 100 right. duration_s: what it is to
    take, or None: then it takes what it takes. others: who speaks when the voice cannot, in order.
    """

    text: str
    lengths: tuple[int, ...]
    gaps: tuple[int, ...]
    respellings: tuple[tuple[Respelling, ...], ...]
    voice: CastVoice
    volume_db: float | None
    balance: float = 0.0
    duration_s: float | None = None
    others: tuple[CastVoice, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What was said. say: with the voice that truly spoke. problems: what is implausible in it,
    each with its text; notes: why another voice spoke than was asked for."""

    say: Say
    speech: Speech
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def identity(voice: CastVoice) -> dict[str, object]:
    """All of a voice that affects its sound: its engine's version, not its engine's time-out."""
    fields_ = {field.name: getattr(voice, field.name) for field in fields(voice)}
    version = engine_of(voice).version(voice)
    return {**fields_, "options": NO_OPTIONS, "version": version}


def say_surely(
    says: Sequence[Say],
    kept: SpeechCache | None = None,
    ready: Callable[[CastVoice], object] = lambda _: None,
) -> list[Spoken]:
    """Say what a passage says, each by its voice, or by the first of the others that can.

    A voice that fails at one says nothing in the passage: a speaker is heard in one voice there.
    kept: where the speech of costly engines is, or None. ready: what else a voice that is heard
    must be able to do, such as to be measured. Raises EngineError when nobody can.
    """
    failed: _Failed = {}
    said: dict[int, Spoken] = {}
    while len(said) < len(says):
        for at, say in enumerate(says):
            if at not in said:
                said[at] = _said_by_one(say, kept, ready, failed)
        for at, say in enumerate(says):
            others = any(_who(voice) not in failed for voice in (say.voice, *say.others))
            if _who(said[at].say.voice) in failed and others:
                del said[at]
    return [said[at] for at in range(len(says))]


_Who = tuple[str, str, str]
_Failed = dict[_Who, tuple[Say, EngineError]]  # what they were to say, and why they could not


def _who(voice: CastVoice) -> _Who:
    """Whose voice it is, at whatever rate it speaks."""
    return voice.engine, voice.options, voice.voice_id


def _said_by_one(
    say: Say, kept: SpeechCache | None, ready: Callable[[CastVoice], object], failed: _Failed
) -> Spoken:
    """Say it by the first of its voices that can; those that failed before are asked last.

    failed: grows. Where nobody can say it, it is the silence that one of them made of it.
    """
    voices = (say.voice, *say.others)
    silence: Spoken | None = None
    for voice in sorted(voices, key=lambda it: _who(it) in failed):
        one = _said_by(say, voice)
        try:
            spoken = _fitted(one, kept)
            is_heard = len(spoken.speech.samples) > 0
            if is_heard and say.volume_db is not None:
                ready(voice)
        except EngineError as error:
            failed[_who(voice)] = one, error
            continue
        if is_heard or not spoken.problems:
            before = [failed[_who(it)] for it in voices[: voices.index(voice)]]
            return replace(spoken, notes=tuple(_note(*it, instead=voice) for it in before))
        failed[_who(voice)] = one, EngineError("No sound came.")
        silence = silence or spoken
    if silence is None:
        raise _nobody(say, [(voice, failed[_who(voice)][1]) for voice in voices])
    others = [failed[_who(it)] for it in voices if it != silence.say.voice]
    return replace(silence, notes=tuple(_note(*it) for it in others))


def _nobody(say: Say, causes: Sequence[tuple[CastVoice, EngineError]]) -> EngineError:
    """Why nobody could say it."""
    if len(causes) == 1:
        return causes[0][1]
    whats = " ".join(f"{_named(voice)}: {error.what}" for voice, error in causes)
    return EngineError(f"Nobody could say “{_shown(say.text)}”. {whats}", causes[0][1].advice)


def _said_by(say: Say, voice: CastVoice) -> Say:
    """What a voice is to say, without the pronunciations that it has no sounds for."""
    if voice == say.voice:  # these were looked through when it was cast
        return replace(say, others=())
    engine = engine_of(voice)
    respellings = tuple(
        tuple(r for r in of_one if not r.ipa or not unknown_sounds(engine, r.ipa, voice))
        for of_one in say.respellings
    )
    return replace(say, voice=voice, respellings=respellings, others=())


def _note(say: Say, error: EngineError, instead: CastVoice | None = None) -> str:
    if isinstance(error, UnreachableError) and instead:  # the same of each text: told once
        return f"{error.what} {_named(instead)} speaks instead of {_named(say.voice)}."
    what = f"{_named(say.voice)} could not say “{_shown(say.text)}”: {error.what}"
    return what if instead is None else f"{what} {_named(instead)} speaks instead."


def _named(voice: CastVoice) -> str:
    return f'"{voice.voice_id}" of {voice.table}'


def _fitted(say: Say, kept: SpeechCache | None) -> Spoken:
    """What is said: spoken again, faster or slower, until it takes the time that it is given.

    An engine has its limits: what is as near as it comes is taken.
    """
    wanted_s = say.duration_s
    first = say
    nearest = spoken = speak(say, kept)
    if wanted_s is None:
        return spoken

    def gap_s(it: Spoken) -> float:
        return abs(clip.sounding_s(it.speech) - wanted_s)

    low, high = _RATE_LIMITS
    for _ in range(_MOST_FITTINGS):
        lasts_s = clip.sounding_s(spoken.speech)
        if abs(lasts_s - wanted_s) <= _NEAR * wanted_s:
            break
        rate = min(max(say.voice.rate * lasts_s / wanted_s, low), high)
        if rate == say.voice.rate:
            break
        say = replace(say, voice=replace(say.voice, rate=rate))
        spoken = speak(say, kept)
        nearest = min(nearest, spoken, key=gap_s)
    return replace(nearest, say=first)


def speak(say: Say, kept: SpeechCache | None = None) -> Spoken:
    """What its voice's engine makes of it. Raises EngineError.

    A costly engine speaks each utterance alone, so that a changed one alone is spoken anew.
    """
    if not is_costly(engine_of(say.voice)):
        speech, problem = _plausible(say.text, say.voice, tuple(pronunciations(say)))
        return Spoken(say, speech, problem)
    alone = [_kept_speech(one, kept) for one in _alone(say)]
    problems = tuple(problem for _, found in alone for problem in found)
    return Spoken(say, _joined(say, [speech for speech, _ in alone]), problems)


def may_improve(spoken: Spoken) -> bool:
    """Whether what is implausible may be better another time: of an engine that is costly."""
    return bool(spoken.problems) and is_costly(engine_of(spoken.say.voice))


def speak_text(text: str, voice: CastVoice) -> Speech:
    """A text of ours, to measure a voice by."""
    return speak_safely(engine_of(voice), text, voice, ())


def _plausible(
    text: str, voice: CastVoice, said: Sequence[Pronunciation]
) -> tuple[Speech, tuple[str, ...]]:
    """Speech, asked for once more if it is implausible, and why it still is."""
    engine = engine_of(voice)
    for _ in range(2):
        speech = speak_safely(engine, text, voice, said)
        if is_silent(engine):
            return speech, ()
        why = implausible(text, speech.samples, speech.sample_rate_hz, voice.rate)
        if why is None:
            return speech, ()
    return speech, (f"“{_shown(text)}”: {why}.",)


def pronunciations(say: Say) -> Iterator[Pronunciation]:
    """How words in its text sound, where a lexicon gives their sounds."""
    at = 0
    for gap, length, respellings in zip(say.gaps, say.lengths, say.respellings, strict=True):
        at += gap
        for said in respellings:
            if said.ipa:
                yield Pronunciation(at + said.spoken_begin, at + said.spoken_end, said.ipa)
        at += length


def _alone(say: Say) -> Iterator[Say]:
    """Each utterance of it as something to say."""
    at = 0
    for gap, length, respellings in zip(say.gaps, say.lengths, say.respellings, strict=True):
        at += gap
        text = say.text[at : at + length]
        yield replace(say, text=text, lengths=(length,), gaps=(0,), respellings=(respellings,))
        at += length


def spoken_alone(say: Say) -> tuple[tuple[str, str], ...]:
    """Each text that a costly engine is given, and the key that its speech is kept under.

    None of them where the engine is not costly.
    """
    if not is_costly(engine_of(say.voice)):
        return ()
    return tuple((one.text, _speech_key(one, tuple(pronunciations(one)))) for one in _alone(say))


def _kept_speech(say: Say, kept: SpeechCache | None) -> tuple[Speech, tuple[str, ...]]:
    """The speech of one utterance, from where it is kept if it is there."""
    said = tuple(pronunciations(say))
    if kept is None:
        return _plausible(say.text, say.voice, said)
    key = _speech_key(say, said)
    speech = kept.get(key)
    if speech is not None:
        return speech, ()
    with kept.alone(key):
        speech = kept.get(key)  # another worker may have had it said meanwhile
        if speech is not None:
            return speech, ()
        speech, problems = _plausible(say.text, say.voice, said)
        if not problems:  # what is implausible is asked for again another time
            speech = kept.put(key, speech)  # as every later run will hear it
        return speech, problems


def _speech_key(say: Say, said: Sequence[Pronunciation]) -> str:
    content = {"text": say.text, "voice": identity(say.voice), "said": [asdict(p) for p in said]}
    canonical = f"audiostory speech 1\n{json.dumps(content, sort_keys=True)}"
    return hashlib.sha256(canonical.encode()).hexdigest()


def _joined(say: Say, alone: Sequence[Speech]) -> Speech:
    """Utterances that were spoken alone, as if in one go: with the pauses of a reader between."""
    rate = max((speech.sample_rate_hz for speech in alone), default=1)
    parts: list[np.ndarray] = []
    words: list[WordMark] = []
    count = start = 0
    for speech, gap, length in zip(alone, say.gaps, say.lengths, strict=True):
        if count:
            pause_s = _gap_s(say.text[:start], gap) / say.voice.rate
            parts.append(np.zeros(round(pause_s * rate), np.float32))
            count += len(parts[-1])
        start += gap
        trimmed = clip.trimmed(speech)
        samples = segments.resample(trimmed.samples, speech.sample_rate_hz, rate)
        words += (
            WordMark(count / rate + word.begin_s, start + word.offset, word.length)
            for word in trimmed.words
        )
        parts.append(samples)
        count += len(samples)
        start += length
    joined = np.concatenate([np.zeros(0, np.float32), *parts])
    return Speech(joined, rate, tuple(words))


def _gap_s(before: str, gap: int) -> float:
    """What a reader pauses after a text. gap: whether there is a space after it."""
    end = before.rstrip().rstrip(_CLOSING)
    if end.endswith(_SENTENCE_ENDS):
        return _SENTENCE_GAP_S
    return _CLAUSE_GAP_S if gap and end.endswith(_CLAUSE_ENDS) else _INNER_GAP_S


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
