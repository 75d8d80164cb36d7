"""The feed: RSS 2.0 as Apple Podcasts, PSP-1 and the podcast namespace ask for it.

feedgen writes what RSS has; the elements of the other namespaces are our own, since feedgen
cannot write all of them (itunes:explicit true, podcast:*, psc:chapters). There is no
itunes:summary: it is plain text, and readers that take it for HTML lose what is between < and >.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from feedgen.feed import FeedGenerator
from lxml import etree

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing import chapters, layout, transcript
from audiostory.publishing.editions import edition_name
from audiostory.publishing.identity import base_url, feed_url
from audiostory.publishing.labels import labels
from audiostory.publishing.manifest import AudioFile, EditionFile, Manifest
from audiostory.publishing.text import (
    ascii_url,
    clean,
    clock,
    cut,
    fold,
    label,
    timestamp,
    utf8_length,
)

DESCRIPTION_BYTES = 4000
PERSON_CHARACTERS = 128

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_Element = etree._Element


class _Extension:
    """A feedgen extension that adds elements to the channel, or to one item."""

    def __init__(self) -> None:
        self.elements: list[_Element] = []

    def extend_ns(self) -> dict[str, str]:
        """Prefixes of the namespaces, for the root element."""
        return NAMESPACES

    def extend_rss(self, node: _Element) -> _Element:
        """Add the elements to a channel (the node is its rss element) or an item."""
        (node[0] if node.tag == "rss" else node).extend(self.elements)
        return node


def feed_xml(show: Show, manifests: Sequence[Manifest], *, cover: str, guid: UUID) -> bytes:
    """The show's feed, newest episode first; the same in, the same bytes out.

    cover: the name of the cover's file, beside the feed. guid: the show's. lastBuildDate is
    the newest episode's date. Raises PublishingError when show.base_url is no web address.
    feedgen sets the process's locale while it writes: one thread at a time.
    """
    newest_first = sorted(manifests, key=lambda it: (it.published, it.guid), reverse=True)
    feed = _channel(show, newest_first[0].published if newest_first else _NEVER)
    feed.audiostory.elements.extend(_channel_elements(show, cover, guid))
    for manifest in newest_first:
        _add_item(feed, show, manifest)
    xml: bytes = feed.rss_str(pretty=True)
    return xml


def _channel(show: Show, built: datetime) -> Any:
    feed = FeedGenerator()
    feed.register_extension("audiostory", _Extension, _Extension, atom=False)
    feed.title(label(show.title))
    feed.link(href=feed_url(show), rel="self", type="application/rss+xml")
    feed.link(href=base_url(show), rel="alternate")  # The last is the channel's link.
    feed.description(_description(show.description) or label(show.title))
    feed.language(show.language)
    feed.generator("audiostory")
    feed.lastBuildDate(built)
    return feed


def _channel_elements(show: Show, cover: str, guid: UUID) -> Iterator[_Element]:
    author = label(show.author)
    yield _element("itunes:author", author)
    yield _element("itunes:explicit", _boolean(show.explicit))
    yield _element("itunes:image", href=base_url(show) + quote(cover))
    yield _element("itunes:type", "episodic")
    yield from (_category(category) for category in show.categories)
    owner = {}
    if show.email:
        person = _element("itunes:owner")
        person.append(_element("itunes:name", author))
        person.append(_element("itunes:email", label(show.email)))
        yield person
        owner["owner"] = label(show.email)
    yield _element("podcast:guid", str(guid))
    yield _element("podcast:locked", "yes", **owner)
    yield _element("podcast:medium", "podcast")
    yield _element("podcast:txt", "true", purpose="ai-content")


def _category(category: str) -> _Element:
    """itunes:category, with the one in it of "Category > Subcategory"."""
    outer, _, inner = (part.strip() for part in category.partition(">"))
    if not outer:
        raise PublishingError(
            f"{category!r} is no category.", 'Write "News", or "News > Tech News", in show.toml.'
        )
    element = _element("itunes:category", text=label(outer))
    if inner:
        element.append(_element("itunes:category", text=label(inner)))
    return element


def _add_item(feed: Any, show: Show, manifest: Manifest) -> None:
    folder = f"{base_url(show)}{layout.EPISODES}/{quote(manifest.directory)}/"
    audio = manifest.audio
    item = feed.add_entry(order="append")
    item.title(label(manifest.title))
    item.link(href=folder + quote(manifest.page_file))
    item.guid(manifest.guid, permalink=False)
    item.description(_html_description(manifest.description or manifest.title))
    item.content(_notes(manifest, folder))
    item.enclosure(folder + quote(audio.file), str(audio.bytes), audio.type)
    item.published(manifest.published)
    item.audiostory.elements.extend(_item_elements(show, manifest, folder))


def _item_elements(show: Show, manifest: Manifest, folder: str) -> Iterator[_Element]:
    authors = ", ".join(manifest.authors) or show.author
    yield _element("itunes:author", label(authors))
    yield _element("itunes:duration", str(max(1, round(manifest.audio.duration_s))))
    yield _element("itunes:episodeType", "full")
    yield _element("itunes:explicit", _boolean(show.explicit))
    if manifest.editions:
        yield from _alternate_enclosures(manifest, folder)
    yield _element(
        "podcast:transcript",
        url=folder + quote(manifest.transcript_file),
        type=transcript.MEDIA_TYPE,
        language=manifest.language,
    )
    for author in manifest.authors:
        name = cut(fold(author), PERSON_CHARACTERS)
        yield _element("podcast:person", name, role="author", group="writing")
    if manifest.chapters:
        url = folder + quote(manifest.chapters_file)
        yield _element("podcast:chapters", url=url, type=chapters.MEDIA_TYPE)
        yield _simple_chapters(manifest)
    yield _element("podcast:txt", "true", purpose="ai-content")


def _alternate_enclosures(manifest: Manifest, folder: str) -> Iterator[_Element]:
    """The enclosure itself, which is the default, and the editions beside it."""
    audio = manifest.audio
    rate = {"bitrate": str(audio.bit_rate_bps)} if audio.bit_rate_bps else {}
    yield _alternate(folder, audio, title="MP3", default="true", **rate)
    for edition in manifest.editions:
        yield _alternate(
            folder,
            edition,
            bitrate=str(edition.bit_rate_bps),
            title=edition_name(edition.kind),
            codecs=edition.codecs,
        )


def _alternate(folder: str, file: AudioFile | EditionFile, **attributes: str) -> _Element:
    element = _element(
        "podcast:alternateEnclosure", type=file.type, length=str(file.bytes), **attributes
    )
    element.append(_element("podcast:source", uri=folder + quote(file.file)))
    return element


def _simple_chapters(manifest: Manifest) -> _Element:
    """Podlove Simple Chapters 1.2, which gPodder reads."""
    element = _element("psc:chapters", version="1.2")
    element.extend(
        _element(
            "psc:chapter", start=timestamp(round(mark.begin_s * 1000)), title=label(mark.title)
        )
        for mark in manifest.chapters
    )
    return element


def _notes(manifest: Manifest, folder: str) -> str:
    """Show notes in HTML: what it is about, chapters with times, the page and the original."""
    words = labels(manifest.language)
    parts = [_html_description(manifest.description or manifest.title)]
    if manifest.chapters:
        parts.append("<ul>")
        parts += (
            f"<li>{clock(mark.begin_s)} {html.escape(clean(mark.title))}</li>"
            for mark in manifest.chapters
        )
        parts.append("</ul>")
    parts.append(_paragraph_link(folder + quote(manifest.page_file), words.read))
    if manifest.canonical_url:
        with suppress(PublishingError):  # Not an address that a person could follow.
            parts.append(_paragraph_link(ascii_url(manifest.canonical_url), words.original))
    return "\n".join(parts)


def _paragraph_link(url: str, text: str) -> str:
    return f'<p><a href="{html.escape(url)}">{html.escape(text)}</a></p>'


def _html_description(text: str) -> str:
    """Plain text as HTML paragraphs, in at most 4,000 bytes: apps read descriptions as HTML."""

    def marked_up(text: str) -> str:
        blocks = (fold(block) for block in text.split("\n\n"))
        return "".join(f"<p>{html.escape(block, quote=False)}</p>" for block in blocks if block)

    return marked_up(cut(text, DESCRIPTION_BYTES, lambda it: utf8_length(marked_up(it))))


def _description(text: str) -> str:
    return cut(clean(text).strip(), DESCRIPTION_BYTES, utf8_length)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _element(name: str, text: str | None = None, /, **attributes: str) -> _Element:
    prefix, _, local = name.partition(":")
    element = etree.Element(f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    element.text = text
    return element
