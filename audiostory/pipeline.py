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
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audiostory.cache import ClipCache
from audiostory.config import Settings
from audiostory.errors import SourceError
from audiostory.model import (
    Article,
    CastVoice,
    Clip,
    Cue,
    Edition,
    Episode,
    ReadingOptions,
    Script,
    Show,
)
from audiostory.narration import CastMember, Narrator
from audiostory.narration.tree import folded, text_of
from audiostory.planning import plan_episode
from audiostory.publishing.chapters import chapter_title
from audiostory.publishing.cover import Cover, Covers, covers
from audiostory.publishing.editions import published_edition
from audiostory.publishing.layout import EPISODES
from audiostory.publishing.places import Place, find_place
from audiostory.publishing.site import Published, describe, publish
from audiostory.publishing.text import label
from audiostory.reading import is_link, read_safely
from audiostory.render import Job, Recording
from audiostory.rendering import QUEUED, Rendering
from audiostory.report import Report
from audiostory.scratch import scratch
from audiostory.sound.editions import edition_key, write_edition
from audiostory.sound.loudness import integrated_lufs
from audiostory.sound.stitch import stitch
from audiostory.sound.tags import Tags, write_tags
from audiostory.speaking import Say

_FIRST_YEAR = 1900
_AHEAD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an episode was made of, besides its source and the settings.

    speakers: the show's parts for those who are quoted. clips: their keys in the cache. warnings:
    what was told meanwhile.
    """

    voices: tuple[CastVoice, ...]
    cues: tuple[Path, ...]
    speakers: Mapping[str, CastMember]
    clips: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An episode that was made. rendered: how many passages had to be; the rest were cached.

    characters: of what is said. basis: None where not all went as it was asked for, such as when
    another voice had to speak.
    """

    published: Published
    title: str
    passages: int
    rendered: int
    characters: int
    duration_s: float
    loudness_lufs: float | None
    basis: Basis | None = None


def make_episode(
    source: str,
    article: Article,
    settings: Settings,
    narrator: Narrator,
    executor: Executor,
    drawn: Future[Covers],
    report: Report,
) -> Made:
    """Make and publish the episode of an article. drawn: the show's. Raises AudiostoryError."""
    told = _Told(report)
    report, narrator = told.report(), told.narrator(narrator)
    article, script, jobs = plan_episode(article, settings, narrator, report)
    clips = ClipCache(settings.cache)
    before = len(told.warnings)
    rendering = Rendering(jobs, clips, executor, QUEUED * settings.workers, report)
    with scratch() as folder:
        audio = folder / "episode.mp3"
        levels = array("d")  # a day has a million
        with closing(_measured(rendering, levels)) as sounds:
            timeline = stitch(script.passages, sounds, settings.sound, audio)
        report.step("publishing", 0, 1)
        place = find_place(
            settings.output / settings.show.slug,
            settings.show,
            article,
            identity(source, article),
            settings.now or datetime.now(UTC),
        )
        is_as_asked = len(told.warnings) == before  # who was to speak did, and well
        episode = Episode(
            *(article, script, timeline, audio, place.guid, place.published),
            loudness_lufs=integrated_lufs(levels),
            bit_rate_bps=settings.sound.bit_rate_kbps * 1000,
        )
        pictures = _covers(settings.show, drawn)
        published = _published(episode, place, settings, pictures, executor, report)
    report.step("publishing", 1, 1)
    for warning in published.warnings:
        report.warn(warning)
    return Made(
        published=published,
        title=published.manifest.title,
        passages=len(jobs),
        rendered=rendering.count,
        characters=sum(len(say.text) for say in _says(jobs)),
        duration_s=timeline.duration_s,
        loudness_lufs=episode.loudness_lufs,
        basis=told.basis(script, jobs, rendering) if is_as_asked else None,
    )


class _Told:
    """What is told, and asked, while an episode is made."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.warnings: list[str] = []
        self._speakers: dict[str, CastMember] = {}

    def report(self) -> Report:
        def warn(warning: str) -> None:
            if warning not in self.warnings:
                self.warnings.append(warning)
                self._report.warn(warning)

        return replace(self._report, warn=warn)

    def narrator(self, narrator: Narrator) -> Narrator:
        def casting(speakers: Sequence[str]) -> Mapping[str, CastMember]:
            members = narrator.casting(speakers)
            self._speakers.update(members)
            return members

        return replace(narrator, casting=casting)

    def basis(self, script: Script, jobs: Sequence[Job | Recording], rendering: Rendering) -> Basis:
        items = (item for passage in script.passages for item in passage.items)
        return Basis(
            voices=tuple(dict.fromkeys(say.voice for say in _says(jobs))),
            cues=tuple(dict.fromkeys(item.src for item in items if isinstance(item, Cue))),
            speakers=self._speakers,
            clips=rendering.keys,
            warnings=tuple(self.warnings),
        )


def _says(jobs: Sequence[Job | Recording]) -> Iterator[Say]:
    return (part for job in jobs for part in job.parts if isinstance(part, Say))


def read_articles(
    source: str, options: ReadingOptions, report: Report
) -> tuple[Article | SourceError, ...]:
    """The articles of a source; of one in a feed that cannot be read, why. Raises SourceError."""
    report.begin(source)
    report.step("reading", 0, 1)
    now = datetime.now(UTC)
    found = read_safely(source, options)
    return tuple(with_likely_date(a, now) if isinstance(a, Article) else a for a in found)


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


def _measured(clips: Iterable[Clip], levels: array[float]) -> Generator[Clip]:
    """The clips; how loud each is meanwhile is added to the levels."""
    for clip in clips:
        levels.extend(clip.levels_lufs)
        yield clip


def _published(
    episode: Episode,
    place: Place,
    settings: Settings,
    pictures: Covers,
    executor: Executor,
    report: Report,
) -> Published:
    """The episode tagged and in its place; tagged anew if another run took its title meanwhile."""
    show = settings.show
    while True:
        episode = replace(episode, guid=place.guid, published=place.published)
        tags = _tags(episode, place, show, pictures.small)
        write_tags(episode.audio, tags)
        editions = _editions(episode.audio, tags, place, settings, executor)
        found = publish(
            replace(episode, editions=editions),
            *(place, show, settings.output),
            report.warn,
            pictures.full,
        )
        if isinstance(found, Published):
            return found
        place = found


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


def _covers(show: Show, drawn: Future[Covers]) -> Covers:
    try:
        return drawn.result()
    except BrokenProcessPool:
        return covers(show)
