"""The story: from a source to a published episode.

1. reading     a source becomes an article, or several
2. narration   the article becomes a script, between the show's intro and its outro
3. speech      every utterance of the script is given a voice
4. sound       passages that no earlier run rendered are rendered, on all cores
5. stitching   the clips are laid end to end, which yields the timeline; the MP3 is tagged,
               and the editions that the show asks for are made of it
6. publishing  the episode, its page, transcript and chapters, and the show's feed
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from textwrap import shorten

from audiostory.cache import ClipCache
from audiostory.config import Settings
from audiostory.errors import EngineError, ProfileError, SoundError, SourceError
from audiostory.model import (
    Article,
    CastVoice,
    Clip,
    Cue,
    Edition,
    Episode,
    Passage,
    ReadingOptions,
    Respelling,
    Script,
    Show,
    Utterance,
    VoiceStyle,
)
from audiostory.narration import CastMember, Lexicon, Narrator, narrate
from audiostory.narration.tree import folded, text_of
from audiostory.publishing.chapters import chapter_title
from audiostory.publishing.cover import Cover, small_cover
from audiostory.publishing.editions import published_edition
from audiostory.publishing.layout import EPISODES
from audiostory.publishing.places import Place, find_place
from audiostory.publishing.site import Published, describe, publish
from audiostory.publishing.text import label
from audiostory.reading import is_link, read_safely
from audiostory.render import Job, Recording, Rendered, plan, render_to_cache
from audiostory.scratch import scratch
from audiostory.show_elements import recording_of, with_elements
from audiostory.sound.editions import edition_key, write_edition
from audiostory.sound.loudness import integrated_lufs
from audiostory.sound.stitch import stitch
from audiostory.sound.tags import Tags, write_tags
from audiostory.speaking import Say
from audiostory.speech.casting import cast
from audiostory.speech.engine import engine_of, unknown_sounds

_FIRST_YEAR = 1900
_AHEAD = timedelta(days=365)
_MOST_DEATHS = 3
_SHOWN_CHARACTERS = 120
QUEUED = 4  # passages for each worker: it never waits, and a failure stops the rest soon


@dataclass(frozen=True, slots=True)
class Report:
    """How a run tells what it does.

    step: a room's name, how much is done there, of how much. begin: an article's turn has come.
    """

    step: Callable[[str, int, int], None]
    warn: Callable[[str], None]
    begin: Callable[[str], None] = lambda _source: None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an episode was made of, besides its source and the settings.

    speakers: the show's parts for those who are quoted. warnings: what was told meanwhile.
    """

    voices: tuple[CastVoice, ...]
    cues: tuple[Path, ...]
    speakers: Mapping[str, CastMember]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An episode that was made. rendered: how many passages had to be; the rest were cached.

    basis: None where not all went as it was asked for, such as when another voice had to speak.
    """

    published: Published
    title: str
    passages: int
    rendered: int
    duration_s: float
    loudness_lufs: float | None
    basis: Basis | None = None


def make_episode(
    source: str,
    article: Article,
    settings: Settings,
    narrator: Narrator,
    executor: Executor,
    report: Report,
) -> Made:
    """Make and publish the episode of an article. Raises AudiostoryError."""
    _covering(settings.show, executor)
    told = _Told(report)
    report, narrator = told.report(), told.narrator(narrator)
    article, script, jobs = plan_episode(article, settings, narrator, report)
    clips = ClipCache(settings.cache)
    before = len(told.warnings)
    rendering = render_missing(jobs, clips, executor, QUEUED * settings.workers, report)
    place = find_place(
        settings.output / settings.show.slug,
        settings.show,
        article,
        identity(source, article),
        datetime.now(UTC),
    )
    report.step("publishing", 0, 1)
    with scratch() as folder:
        audio = folder / "episode.mp3"
        levels = array("d")  # a day has a million
        sounds = _measured(clips_of(rendering, clips, report), levels)
        timeline = stitch(script.passages, sounds, settings.sound, audio)
        is_as_asked = len(told.warnings) == before  # who was to speak did, and well
        loudness_lufs = integrated_lufs(levels)
        bit_rate_bps = settings.sound.bit_rate_kbps * 1000
        episode = Episode(
            *(article, script, timeline, audio, place.guid, place.published),
            loudness_lufs=loudness_lufs,
            bit_rate_bps=bit_rate_bps,
        )
        tags = _tags(episode, place, settings.show, _small_cover(settings.show, executor))
        write_tags(audio, tags)
        episode = replace(episode, editions=_editions(audio, tags, place, settings, executor))
        published = publish(episode, place, settings.show, settings.output, report.warn)
    report.step("publishing", 1, 1)
    for warning in published.warnings:
        report.warn(warning)
    return Made(
        published=published,
        title=place.title,
        passages=len(jobs),
        rendered=rendering.count,
        duration_s=timeline.duration_s,
        loudness_lufs=loudness_lufs,
        basis=told.basis(script, jobs) if is_as_asked else None,
    )


class _Told:
    """What is told, and asked, while an episode is made."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.warnings: list[str] = []
        self._speakers: dict[str, CastMember] = {}

    def report(self) -> Report:
        def warn(warning: str) -> None:
            self.warnings.append(warning)
            self._report.warn(warning)

        return replace(self._report, warn=warn)

    def narrator(self, narrator: Narrator) -> Narrator:
        def casting(speakers: Sequence[str]) -> Mapping[str, CastMember]:
            members = narrator.casting(speakers)
            self._speakers.update(members)
            return members

        return replace(narrator, casting=casting)

    def basis(self, script: Script, jobs: Sequence[Job | Recording]) -> Basis:
        said = (part for job in jobs for part in job.parts if isinstance(part, Say))
        items = (item for passage in script.passages for item in passage.items)
        return Basis(
            voices=tuple(dict.fromkeys(say.voice for say in said)),
            cues=tuple(dict.fromkeys(item.src for item in items if isinstance(item, Cue))),
            speakers=self._speakers,
            warnings=tuple(self.warnings),
        )


def read_articles(
    source: str, options: ReadingOptions, report: Report
) -> tuple[Article | SourceError, ...]:
    """The articles of a source; of one in a feed that cannot be read, why. Raises SourceError."""
    report.begin(source)
    report.step("reading", 0, 1)
    now = datetime.now(UTC)
    found = read_safely(source, options)
    return tuple(with_likely_date(a, now) if isinstance(a, Article) else a for a in found)


def write(article: Article, narrator: Narrator, report: Report) -> tuple[Article, Script]:
    """Narrate an article: it comes back with its quotations marked. Raises AudiostoryError."""
    report.step("narration", 0, 1)
    article, script = narrate(article, narrator.stylesheet, narrator.lexicon, narrator.casting)
    for warning in article.warnings:
        report.warn(warning)
    return article, script


def plan_episode(
    article: Article, settings: Settings, narrator: Narrator, report: Report
) -> tuple[Article, Script, tuple[Job | Recording, ...]]:
    """All that comes before the sound: the article as narrated, its script, a job for each passage.

    Raises AudiostoryError: ProfileError where the profile has nothing to say of the article.
    """
    article, script = write(article, narrator, report)
    if not script.passages:
        raise ProfileError(
            f"The voice profile {narrator.stylesheet.name} has nothing to say of {article.source}.",
            "Choose another with --profile.",
        )
    script = with_elements(script, article, settings.show, narrator, report.warn)
    jobs = plan_jobs(script, article.language, settings, report, narrator.lexicon)
    return article, script, jobs


def identity(source: str, article: Article) -> str:
    """Where an article was found: a link, or a file's URI; of a part of a file, with its name.

    A producer's script is where the article is that it was made of: beside it, or on the web.
    """
    name, mark, part = article.source.partition("#")
    path = Path(source)
    if is_link(source) or article.source.startswith(path.name):
        where = source if is_link(source) else path.resolve().as_uri()
    else:
        where = name if is_link(name) else path.with_name(name).resolve().as_uri()
    return f"{where}{mark}{part}"


def with_likely_date(article: Article, now: datetime) -> Article:
    """The article; without its date, and with a warning, when that cannot be its date.

    A feed cannot say a year before 1900 (RFC 5322, 3.3), and no app shows what is to come.
    """
    if article.published is None:
        return article
    moment = article.published.replace(tzinfo=None)  # what a zone adds may be out of range
    if moment.year >= _FIRST_YEAR and moment <= now.replace(tzinfo=None) + _AHEAD:
        return article
    warning = (
        f"{article.source}: {moment.date()} is not taken for the day it was published; "
        "the episode gets the day it is first made."
    )
    return replace(article, published=None, warnings=(*article.warnings, warning))


def plan_jobs(
    script: Script,
    language: str,
    settings: Settings,
    report: Report,
    lexicon: Lexicon,
) -> tuple[Job | Recording, ...]:
    """A job for each passage, every utterance with its voice.

    language: the article's. What is in another one that no voice speaks is said in it, with a
    warning; so is a pronunciation that its voice has no sounds for. lexicon: where the warning
    finds its entry. Raises EngineError when no voice speaks the article's.
    """
    report.step("speech", 0, 1)
    warn = cache(report.warn)  # each warning once
    if settings.sound.channels == 1 and _is_placed(script):
        warn(
            "The profile places voices left and right (voice-balance), and the show is mono: "
            'they stay in the middle. Set "channels = 2" in show.toml for stereo.'
        )

    @cache
    def voices_of_style(style: VoiceStyle, language: str) -> tuple[CastVoice, ...]:
        voices, warnings = cast(style, language, settings.company)
        for warning in warnings:
            warn(warning)
        return voices

    def cast_utterance(utterance: Utterance) -> tuple[CastVoice, ...]:
        try:
            return voices_of_style(utterance.voice, utterance.language)
        except EngineError:
            if utterance.language == language:
                raise
            warn(f'No voice speaks "{utterance.language}": what is in it is read as {language}.')
            return voices_of_style(utterance.voice, language)

    def sayable(passage: Passage) -> Passage:
        items = (
            _sayable(item, cast_utterance(item)[0], lexicon, warn)
            if isinstance(item, Utterance) and any(r.ipa for r in item.respellings)
            else item
            for item in passage.items
        )
        return replace(passage, items=tuple(items))

    passages = map(sayable, script.passages)
    return tuple(
        recording_of(passage, settings) or plan(passage, cast_utterance, settings.sound)
        for passage in passages
    )


def _sayable(
    utterance: Utterance, voice: CastVoice, lexicon: Lexicon, warn: Callable[[str], None]
) -> Utterance:
    """The utterance without pronunciations that its voice has no sounds for."""
    engine = engine_of(voice)
    kept: list[Respelling] = []
    for said in utterance.respellings:
        unknown = unknown_sounds(engine, said.ipa, voice) if said.ipa else ""
        if not unknown:
            kept.append(said)
            continue
        place = lexicon.place(utterance.text, utterance.language, said.begin) or utterance.id
        word = utterance.text[said.begin : said.end]
        why = f'"{voice.voice_id}" of {voice.engine} has no sound for "{unknown}"'
        warn(f"{place}: /{said.ipa}/: {why}. “{word}” is read as it is written.")
    return replace(utterance, respellings=tuple(kept))


def _is_placed(script: Script) -> bool:
    """Whether anything in a script is to be heard from the left or the right."""
    return any(u.voice.balance for passage in script.passages for u in passage.utterances)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The clips of a script. keys: of each passage's clip; count: how many had to be rendered."""

    keys: tuple[str, ...]
    count: int


def render_missing(
    jobs: Sequence[Job | Recording],
    clips: ClipCache,
    executor: Executor,
    at_once: int,
    report: Report,
) -> Rendering:
    """Render what the cache doesn't hold, so many at once.

    Raises EngineError and SoundError; what was rendered before that stays in the cache. A passage
    that kills its worker each time is told of when all others are done.
    """
    keys = [job.key for job in jobs]
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if not clips.has(key)}
    report.step("sound", 0, len(missing))
    waiting = iter(missing.items())
    running: dict[Future[Rendered], str] = {}
    found: dict[str, str] = {}  # keys of the clips: others where another voice had to speak
    died: list[str] = []

    def finish(key: str, rendered: Rendered) -> None:
        found[key] = rendered.key
        for note in rendered.notes:
            report.warn(note)
        report.step("sound", len(found), len(missing))

    try:
        while True:
            for key, job in islice(waiting, at_once - len(running)):
                running[executor.submit(render_to_cache, job, key, clips.folder)] = key
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key = running.pop(future)
                try:
                    finish(key, future.result())
                except BrokenProcessPool:  # it killed its worker, or was there when one was killed
                    died.append(key)
    finally:
        for future in running:
            future.cancel()
    deadly: list[Job | Recording] = []
    for key in died:
        rendered = _render_alone(missing[key], key, clips, executor)
        if rendered is None:
            deadly.append(missing[key])
        else:
            finish(key, rendered)
    if deadly:
        raise _died(deadly)
    return Rendering(tuple(found.get(key, key) for key in keys), len(missing))


def _render_alone(
    job: Job | Recording, key: str, clips: ClipCache, executor: Executor
) -> Rendered | None:
    """Render a passage whose worker died, with none beside it: memory may be short.

    None when its worker dies each time.
    """
    for _ in range(_MOST_DEATHS):
        with suppress(BrokenProcessPool):
            return executor.submit(render_to_cache, job, key, clips.folder).result()
    return None


def _died(jobs: Sequence[Job | Recording]) -> EngineError:
    text = shorten(jobs[0].text, _SHOWN_CHARACTERS)
    more = f", and {len(jobs) - 1} more" if len(jobs) > 1 else ""
    return EngineError(
        f"A worker process died each time it rendered “{text}”{more}.",
        "Run the command again: it goes on where it stopped. If it stops here again, is there "
        "memory enough? Else change that passage, or leave it out.",
    )


def _measured(clips: Iterator[Clip], levels: array[float]) -> Iterator[Clip]:
    """The clips; how loud each is meanwhile is added to the levels."""
    for clip in clips:
        levels.extend(clip.levels_lufs)
        yield clip


def clips_of(rendering: Rendering, clips: ClipCache, report: Report) -> Iterator[Clip]:
    """The rendered clips, in order; what is wrong with one is told. Raises SoundError."""
    for key in rendering.keys:
        clip = clips.get(key)
        if clip is None:
            raise SoundError(
                "A clip vanished from the cache while it was needed.",
                "Run the command again, and leave the cache alone meanwhile.",
            )
        for problem in clip.problems:
            report.warn(f"It may not sound as it should: {problem}")
        yield clip


def _tags(episode: Episode, place: Place, show: Show, picture: Cover) -> Tags:
    article = episode.article
    return Tags(
        title=label(place.title),
        artist=label(", ".join(article.authors)) or label(show.author),
        album=label(show.title),
        date=place.published,
        language=article.language,
        duration_s=episode.timeline.duration_s,
        description=describe(article),
        url=article.canonical_url,
        text=folded(text_of(article.body)),
        cover=picture.data,
        cover_type=picture.mime,
        chapters=tuple(replace(it, title=chapter_title(it)) for it in episode.chapters),
    )


def _editions(
    audio: Path, tags: Tags, place: Place, settings: Settings, executor: Executor
) -> tuple[Edition, ...]:
    """What the show asks for beside the MP3: all at once; what is published is not made again."""
    tags = replace(tags, text="")  # editions don't have it: workers need not get it
    directory = settings.output / settings.show.slug / EPISODES / place.directory
    keys = {kind: edition_key(audio, kind) for kind in settings.show.editions}
    editions = {kind: published_edition(directory, kind, key) for kind, key in keys.items()}
    making = {
        kind: executor.submit(write_edition, audio, kind, audio.with_suffix(f".{kind}"), tags)
        for kind, edition in editions.items()
        if edition is None
    }
    wait(making.values())
    for kind, future in making.items():
        path = audio.with_suffix(f".{kind}")
        try:
            bit_rate_bps = future.result()
        except BrokenProcessPool:  # its worker died, or the other's
            bit_rate_bps = write_edition(audio, kind, path, tags)
        editions[kind] = Edition(kind, path, keys[kind], bit_rate_bps)
    return tuple(edition for edition in editions.values() if edition)


@lru_cache(maxsize=1)
def _covering(show: Show, executor: Executor) -> Future[Cover]:
    """The cover of a run's episodes, drawn once, while something else is done."""
    return executor.submit(small_cover, show)


def _small_cover(show: Show, executor: Executor) -> Cover:
    try:
        return _covering(show, executor).result()
    except BrokenProcessPool:
        return small_cover(show)
