"""The site: episodes on disk as any web server serves them, and the feed over them.

Nothing that was published changes under a listener: an audio file's name carries a hash of its
content, and one that a corrected article supersedes stays where it is. Within an episode's
folder the manifest comes last, then the feed; a run that is killed leaves whole episodes or
none, and the next run does what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from audiostory.errors import PublishingError
from audiostory.model import Article, ChapterMark, Episode, Show, Span
from audiostory.publishing import layout
from audiostory.publishing.chapters import chapter_title, chapters_json
from audiostory.publishing.cover import Cover, cover, generated_name
from audiostory.publishing.editions import edition_file, edition_name
from audiostory.publishing.feed import feed_xml
from audiostory.publishing.files import Content, locked, sha256_and_size, sweep, write_files
from audiostory.publishing.identity import feed_url, podcast_guid, show_json
from audiostory.publishing.manifest import AudioFile, Manifest, manifest_json, read_manifests
from audiostory.publishing.page import page
from audiostory.publishing.places import Place, choose_place, text_hash
from audiostory.publishing.text import clean, cut, fold, label
from audiostory.publishing.transcript import vtt

OnWait = Callable[[str], None]

_DATE_CHARACTERS = len("2022-10-14-")
_OWN_DESCRIPTION_CHARACTERS = 4000
_DESCRIPTION_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Published:
    """An episode in its place. changed: whether any file had to be written.

    directory, audio and feed are paths. warnings: of the show's cover and other episodes.
    """

    manifest: Manifest
    directory: Path
    audio: Path
    feed: Path
    feed_url: str
    changed: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A feed made again. episodes: how many it lists."""

    feed: Path
    feed_url: str
    episodes: int
    changed: bool
    warnings: tuple[str, ...] = ()


def publish(
    episode: Episode,
    place: Place,
    show: Show,
    output: Path,
    on_wait: OnWait | None = None,
    picture: Cover | None = None,
) -> Published | Place:
    """Put an episode, and the feed with it, where apps find them.

    place is what find_place gave. Where another run has taken its title or its time meanwhile,
    which are in the audio file's tags, nothing is written: the new place is returned, to be tagged
    and published with.

    The audio file is moved from Episode.audio to its place. A second run with the same episode
    changes no file. on_wait gets a message while another run holds the show. picture: the show's
    cover where it is at hand, else it is made when it is missing.

    Raises PublishingError, with nothing half-written and the audio still where it was, when a
    file cannot be written or the show's artwork or base_url cannot be used.
    """
    show_dir = output / show.slug
    with locked(show_dir, on_wait):
        sweep(show_dir)
        guid = podcast_guid(show, show_dir)
        shelf = read_manifests(show_dir)
        identity = place.identities[-1]
        tagged = (place.title, place.published)
        place = choose_place(
            show_dir, guid, shelf.manifests, episode.article, identity, place.published
        )
        if (place.title, place.published) != tagged:
            return place
        manifest = _manifest(episode, place)
        others = [it for it in shelf.manifests if it.guid != manifest.guid]
        view, warnings = _show_files(show, show_dir, guid, [*others, manifest], picture)
        directory = show_dir / layout.EPISODES / place.directory
        changed = write_files({**_episode_files(episode, manifest, show, directory), **view})
    with suppress(OSError):  # It is published: a copy left over harms nobody.
        episode.audio.unlink(missing_ok=True)
    return Published(
        manifest=manifest,
        directory=directory,
        audio=directory / manifest.audio.file,
        feed=show_dir / layout.FEED,
        feed_url=feed_url(show),
        changed=changed,
        warnings=(*warnings, *shelf.warnings),
    )


def check_show(show: Show, show_dir: Path) -> None:
    """Raises PublishingError when a show's artwork, base URL or folder cannot be used."""
    feed_url(show)
    for name in (layout.FEED, layout.SHOW):
        if (show_dir / name).is_dir():
            raise PublishingError(
                f"{show_dir / name} is a folder.", "Move it, or choose another output folder."
            )
    podcast_guid(show, show_dir)
    if show.artwork is not None:
        cover(show)


def rebuild_feed(show: Show, show_dir: Path, on_wait: OnWait | None = None) -> Rebuilt:
    """Make the feed (and the cover) again from the manifests that are there.

    An episode whose manifest cannot be read is not in it, and a warning says so.
    """
    with locked(show_dir, on_wait):
        sweep(show_dir)
        shelf = read_manifests(show_dir)
        guid = podcast_guid(show, show_dir)
        view, warnings = _show_files(show, show_dir, guid, shelf.manifests)
        changed = write_files(view)
    return Rebuilt(
        feed=show_dir / layout.FEED,
        feed_url=feed_url(show),
        episodes=len(shelf.manifests),
        changed=changed,
        warnings=(*warnings, *shelf.warnings),
    )


def _show_files(
    show: Show,
    show_dir: Path,
    guid: UUID,
    manifests: Sequence[Manifest],
    picture: Cover | None = None,
) -> tuple[Mapping[Path, Content], tuple[str, ...]]:
    """The show's own files, the feed last, and warnings about its cover."""
    files: dict[Path, Content] = {show_dir / layout.SHOW: show_json(guid).encode()}
    warnings: tuple[str, ...] = ()
    name = generated_name(show) if show.artwork is None else ""
    if not name or not (show_dir / name).is_file():
        picture = picture or cover(show)
        name, warnings = picture.file_name, picture.warnings
        files[show_dir / name] = picture.data
    files[show_dir / layout.FEED] = feed_xml(show, manifests, cover=name, guid=guid)
    return files, warnings


def _episode_files(
    episode: Episode, manifest: Manifest, show: Show, directory: Path
) -> Mapping[Path, Content]:
    """An episode's files, the manifest last."""
    audio = manifest.audio.file
    files = [edition.file for edition in manifest.editions]
    editions = {edition_name(it.kind): it.file for it in manifest.editions}
    return {
        directory / audio: episode.audio,
        **{directory / name: it.path for name, it in zip(files, episode.editions, strict=True)},
        directory / layout.TRANSCRIPT: vtt(episode).encode(),
        directory / layout.CHAPTERS: chapters_json(episode).encode(),
        directory / layout.PAGE: page(
            episode, show, title=manifest.title, audio=audio, editions=editions
        ),
        directory / layout.MANIFEST: manifest_json(manifest).encode(),
    }


def _manifest(episode: Episode, place: Place) -> Manifest:
    article, timeline = episode.article, episode.timeline
    slug, duration_s = place.directory[_DATE_CHARACTERS:], _duration_s(episode)
    return Manifest(
        guid=place.guid,
        title=place.title,
        article_title=fold(article.title),
        language=article.language,
        authors=tuple(fold(author) for author in article.authors),
        published=place.published,
        source=fold(article.source),
        canonical_url=clean(article.canonical_url) if article.canonical_url else None,
        identities=place.identities,
        text_hash=text_hash(article),
        description=describe(article),
        directory=place.directory,
        audio=_audio_file(episode, slug),
        editions=tuple(edition_file(it, slug, duration_s) for it in episode.editions),
        loudness_lufs=_rounded(episode.loudness_lufs, 2),
        chapters=tuple(_chapter(mark) for mark in episode.chapters),
        coverage=episode.script.coverage,
        omitted=len(episode.script.omitted),
        timeline=tuple(
            Span(it.id, round(float(it.begin_s), 3), round(float(it.end_s), 3))
            for it in timeline.utterances
        ),
    )


def _chapter(mark: ChapterMark) -> ChapterMark:
    begin_s, end_s = round(float(mark.begin_s), 3), round(float(mark.end_s), 3)
    return ChapterMark(mark.id, chapter_title(mark), mark.level, begin_s, end_s)


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(float(number), digits)


def _audio_file(episode: Episode, slug: str) -> AudioFile:
    digest, size = sha256_and_size(episode.audio)
    return AudioFile(
        file=layout.audio_name(slug, digest, "mp3"),
        bytes=size,
        duration_s=_duration_s(episode),
        sha256=digest,
        bit_rate_bps=episode.bit_rate_bps,
    )


def _duration_s(episode: Episode) -> float:
    return round(float(episode.timeline.duration_s), 3)


def describe(article: Article) -> str:
    """What an article is about, in plain text: its own description, or how it begins."""
    if description := cut(fold(article.description), _OWN_DESCRIPTION_CHARACTERS):
        return description
    own = (p for p in article.body if p.tag == "p" and not p.get("class"))
    paragraphs = (fold("".join(map(str, p.itertext()))) for p in own)
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return cut(text, _DESCRIPTION_CHARACTERS) or label(article.title)
