"""What an episode would take: said from its script and from the cache, without a sound.

Nothing is rendered, published or written, and no speech server is asked for anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from audiostory.cache import ClipCache, SpeechCache
from audiostory.config import Settings
from audiostory.model import Article, CastVoice, Cue, Pause, Price
from audiostory.narration import Narrator
from audiostory.pipeline import Made
from audiostory.planning import plan_episode
from audiostory.render import Job, Recording, to_measure
from audiostory.report import Report
from audiostory.sound.elements import sounding_s
from audiostory.sound.segments import read_wav
from audiostory.speaking import Say, spoken_alone
from audiostory.speech.engine import engine_of, price_of
from audiostory.speech.silent_engine import speaking_s
from audiostory.speech.words import written_words

# What a clip has of silence at least, where its script has none (see sound/clip.py).
_LEAST_SILENCE_S = 0.125


@dataclass(frozen=True, slots=True)
class Share:
    """What a voice is still to say. engine: the show's name for its engine.

    characters: of the article; measuring: of the texts that its loudness is measured by. price:
    what its engine costs, where that tells.
    """

    engine: str
    voice: str
    characters: int
    measuring: int
    price: Price | None = None

    @property
    def cost(self) -> float | None:
        """What all of it costs, in the currency of the price."""
        return self.price.of(self.characters + self.measuring) if self.price else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an episode would take, or several. to_render: passages that are not in the cache.

    characters: of what is said in all; to_say: of what engines are to say of it. duration_s: how
    long it would be about. shares: by engine and voice.
    """

    title: str
    passages: int
    to_render: int
    characters: int
    to_say: int
    duration_s: float
    shares: tuple[Share, ...]

    @property
    def costs(self) -> dict[str, float]:
        """What it would cost, by currency; nothing where no engine tells."""
        found: dict[str, float] = {}
        for share in self.shares:
            if share.price is not None and share.cost is not None:
                currency = share.price.currency
                found[currency] = found.get(currency, 0.0) + share.cost
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier articles of a run would have left in the cache.

    clips: how long each is, by its key; speeches: keys of what costly engines said; measured:
    voices whose loudness is known.
    """

    clips: dict[str, float] = field(default_factory=dict)
    speeches: set[str] = field(default_factory=set)
    measured: set[CastVoice] = field(default_factory=set)


def estimate_episode(
    article: Article, settings: Settings, narrator: Narrator, known: Known, report: Report
) -> Estimate:
    """What the episode of an article would take. Raises AudiostoryError, as make_episode does.

    known: what an episode before it would have left; what this one would leave is added.
    """
    article, _, jobs = plan_episode(article, settings, narrator, report)
    keys = [job.key for job in jobs]
    missing = dict(_missing(zip(keys, jobs, strict=True), ClipCache(settings.cache), known))
    texts: Counter[CastVoice] = Counter()
    measuring: Counter[CastVoice] = Counter()
    for say in _says(missing.values()):
        texts[say.voice] += sum(map(len, _to_say(say, SpeechCache(settings.cache), known)))
        if say.volume_db is not None and say.voice not in known.measured:
            known.measured.add(say.voice)
            measuring[say.voice] = len(to_measure(say.voice, settings.sound, settings.cache))
    return Estimate(
        title=article.title,
        passages=len(jobs),
        to_render=len(missing),
        characters=sum(len(say.text) for say in _says(jobs)),
        to_say=texts.total(),
        duration_s=sum(known.clips[key] for key in keys),
        shares=_shares(texts, measuring),
    )


def nothing_to_do(made: Made) -> Estimate:
    """What an episode takes for which nothing has changed since it was made."""
    return Estimate(made.title, made.passages, 0, made.characters, 0, made.duration_s, ())


def in_all(estimates: Sequence[Estimate]) -> Estimate:
    """What several would take together."""
    return Estimate(
        title="",
        passages=sum(it.passages for it in estimates),
        to_render=sum(it.to_render for it in estimates),
        characters=sum(it.characters for it in estimates),
        to_say=sum(it.to_say for it in estimates),
        duration_s=sum(it.duration_s for it in estimates),
        shares=_merged(share for it in estimates for share in it.shares),
    )


def _missing(
    jobs: Iterable[tuple[str, Job | Recording]], clips: ClipCache, known: Known
) -> Iterator[tuple[str, Job | Recording]]:
    """The jobs whose clips nobody has; then how long each clip is, is known."""
    for key, job in jobs:
        if key in known.clips:
            continue
        clip = clips.get(key)
        known.clips[key] = _duration_s(job) if clip is None else clip.duration_s
        if clip is None or clips.is_poor(key):
            yield key, job


def _says(jobs: Iterable[Job | Recording]) -> Iterator[Say]:
    return (part for job in jobs for part in job.parts if isinstance(part, Say))


def _to_say(say: Say, kept: SpeechCache, known: Known) -> Iterator[str]:
    """The texts that its engine is to be given; a costly one speaks each utterance only once."""
    alone = spoken_alone(say)
    if not alone:
        yield say.text
    for text, key in alone:
        if key in known.speeches:
            continue
        known.speeches.add(key)
        if written_words(text) and not kept.has(key):
            yield text


def _shares(
    texts: Mapping[CastVoice, int], measuring: Mapping[CastVoice, int]
) -> tuple[Share, ...]:
    """A voice has one, at whatever rates it speaks."""
    return _merged(
        Share(v.table, v.voice_id, count, measuring.get(v, 0), price_of(engine_of(v)))
        for v, count in texts.items()
    )


def _merged(shares: Iterable[Share]) -> tuple[Share, ...]:
    """One share for each voice of an engine, in alphabetical order."""
    found: dict[tuple[str, str], Share] = {}
    for share in shares:
        who = (share.engine, share.voice)
        same = found.get(who, Share(*who, 0, 0, share.price))
        found[who] = replace(
            same,
            characters=same.characters + share.characters,
            measuring=same.measuring + share.measuring,
        )
    return tuple(found[who] for who in sorted(found))


def _duration_s(job: Job | Recording) -> float:
    if isinstance(job, Recording):
        return sounding_s(job.path, job.form) + (job.lead_ms + job.pause_ms) / 1000
    silence_s = sum(part.ms for part in job.parts if isinstance(part, Pause)) / 1000
    sounds_s = sum(_sounding_s(part) for part in job.parts if not isinstance(part, Pause))
    return sounds_s + max(silence_s, _LEAST_SILENCE_S)


def _sounding_s(part: Say | Cue) -> float:
    if isinstance(part, Cue):
        return _cue_s(part.src)
    return speaking_s(part.text, part.voice.rate) if part.duration_s is None else part.duration_s


@lru_cache(maxsize=64)
def _cue_s(src: Path) -> float:
    samples, rate_hz = read_wav(src)
    return len(samples) / rate_hz
