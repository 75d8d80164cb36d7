"""Where an episode belongs: decided from the article and from what is already published.

An article is known again by its identity: its canonical URL when it has one, else where it was
found. Made again, it keeps its guid, its folder and its date, whatever was corrected in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from uuid import UUID, uuid5

from slugify import slugify

from audiostory.model import Article, Show
from audiostory.publishing import layout
from audiostory.publishing.identity import podcast_guid
from audiostory.publishing.manifest import Manifest, read_manifests
from audiostory.publishing.text import LABEL_CHARACTERS, cut, fold

SLUG_CHARACTERS = 60
_NUMBER_CHARACTERS = len(" (9999)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an episode is published, and under what name.

    guid, directory (a folder's name) and published (aware, whole seconds) stay once they are
    given. title: the article's, with a number when another of the same day has it. identities:
    hashes of where the article was found, the latest last.
    """

    guid: str
    directory: str
    published: datetime
    title: str
    identities: tuple[str, ...]


def find_place(
    show_dir: Path, show: Show, article: Article, source_identity: str, now: datetime
) -> Place:
    """Where an article's episode belongs among those that a show has. Nothing is written.

    source_identity says where the article was found (a file's absolute URI), for one without a
    canonical URL; only a hash of it is kept. now (aware) is the date of an article without
    one, at its first making. Raises PublishingError when the show's folder cannot be read.
    """
    identity = identity_of(article, source_identity)
    show_guid = podcast_guid(show, show_dir)
    return choose_place(
        show_dir, show_guid, read_manifests(show_dir).manifests, article, identity, now
    )


def choose_place(
    show_dir: Path,
    show_guid: UUID,
    manifests: Sequence[Manifest],
    article: Article,
    identity: str,
    now: datetime,
) -> Place:
    """As find_place, from manifests already read and an identity already known."""
    known = _known(manifests, article, identity)
    others = [manifest for manifest in manifests if manifest is not known]
    if known is not None:
        title = known.title
        if known.article_title != fold(article.title):
            title = _own_title(article, known.published, others)
        identities = _identities(known, article, identity)
        return Place(known.guid, known.directory, known.published, title, identities)
    published = _free_moment(article.published or now, others)
    guid = _free_guid(show_guid, identity, others)
    directory = _free_directory(show_dir, article, published, guid)
    return Place(guid, directory, published, _own_title(article, published, others), (identity,))


def identity_of(article: Article, source_identity: str) -> str:
    """A hash of where an article was found: SHA-256 of its canonical URL, or of the source."""
    where = _address(article) or source_identity
    return hashlib.sha256(where.encode("utf-8", "replace")).hexdigest()


def text_hash(article: Article) -> str:
    """A hash of an article's words and alt texts, whatever their mark-up and line breaks."""
    alts = (image.get("alt", "") for image in article.body.iter("img"))
    text = "\n".join(fold(part) for part in ("".join(_texts(article)), *alts))
    return hashlib.sha256(text.encode()).hexdigest()


def _texts(article: Article) -> Iterator[str]:
    return (str(text) for text in article.body.itertext())


def _known(manifests: Sequence[Manifest], article: Article, identity: str) -> Manifest | None:
    """The episode of this article: by its identity, or (a file that was moved) by its text."""
    for manifest in manifests:
        if identity in manifest.identities and _is_same_story(manifest, article):
            return manifest
    digest, title = text_hash(article), fold(article.title)
    for manifest in manifests:
        same = manifest.text_hash == digest and manifest.article_title == title
        if same and (article.published is None or _same_day(article.published, manifest.published)):
            return manifest
    return None


def _is_same_story(manifest: Manifest, article: Article) -> bool:
    """Whether an article found in a known place is the one that was there, perhaps corrected.

    A page's own address is trusted. A file's name may be used again: its story is the same
    when its title is, or a paragraph of it; ids are made of what they name.
    """
    if _address(article) or manifest.article_title == fold(article.title):
        return True
    ids = {element.get("id") for element in article.body.iter() if element.get("id")}
    return any(span.id in ids or span.id.rpartition("-")[0] in ids for span in manifest.timeline)


def _address(article: Article) -> str:
    """An article's canonical URL; that of a site's front page is nobody's."""
    url = urldefrag(article.canonical_url.strip()).url if article.canonical_url else ""
    return url if urlsplit(url).path.strip("/") or urlsplit(url).query else ""


def _identities(known: Manifest, article: Article, identity: str) -> tuple[str, ...]:
    """All places where this very text was found; a corrected text was found in one place."""
    if identity in known.identities and known.text_hash == text_hash(article):
        return known.identities
    if known.text_hash == text_hash(article):
        return (*known.identities, identity)
    return (identity,)


def _same_day(one: datetime, other: datetime) -> bool:
    """Whether two times are of one day, where they were given or in UTC."""
    return one.date() == other.date() or one.astimezone(UTC).date() == other.astimezone(UTC).date()


def _free_moment(moment: datetime, others: Sequence[Manifest]) -> datetime:
    """The moment, in whole seconds, or the next one that no other episode has.

    Equal dates shuffle the order of episodes in apps.
    """
    taken = {manifest.published for manifest in others}
    moment = moment.replace(microsecond=0)
    while moment in taken:
        moment += timedelta(seconds=1)
    return moment


def _own_title(article: Article, published: datetime, others: Sequence[Manifest]) -> str:
    """The article's title as a label, numbered when another episode of the day has it.

    AntennaPod takes episodes with one title and day for one.
    """
    title = cut(fold(article.title), LABEL_CHARACTERS - _NUMBER_CHARACTERS) or layout.UNTITLED
    taken = {
        manifest.title.casefold() for manifest in others if _same_day(manifest.published, published)
    }
    numbered = (f"{title} ({number})" for number in count(2))
    return next(it for it in _first_then(title, numbered) if it.casefold() not in taken)


def _free_guid(show_guid: UUID, identity: str, others: Sequence[Manifest]) -> str:
    """A UUID of the article's identity within the show (RFC 9562 5.5), not yet given."""
    taken = {manifest.guid for manifest in others}
    names = _first_then(identity, (f"{identity}/{number}" for number in count(2)))
    return next(it for name in names if (it := str(uuid5(show_guid, name))) not in taken)


def _free_directory(show_dir: Path, article: Article, published: datetime, guid: str) -> str:
    """<YYYY-MM-DD>-<slug>, with a number when another episode is there."""
    slug = slugify(fold(article.title), max_length=SLUG_CHARACTERS, word_boundary=True)
    name = f"{published.date().isoformat()}-{slug or guid[:8]}"
    names = _first_then(name, (f"{name}-{number}" for number in count(2)))
    episodes = show_dir / layout.EPISODES
    return next(it for it in names if not (episodes / it / layout.MANIFEST).exists())


def _first_then(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
