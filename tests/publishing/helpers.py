"""What tests of publishing share: articles, episodes of them, and tiny but valid MP3s."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import lameenc
import lxml.html
import numpy as np

from audiostory.model import (
    Article,
    Chapter,
    Coverage,
    Episode,
    Omission,
    Passage,
    Script,
    Show,
    Span,
    Timeline,
    Utterance,
    VoiceStyle,
    WordMark,
)
from audiostory.publishing.places import find_place
from audiostory.publishing.site import Published, publish

BODY = """
<article id="a">
<h1 id="h">Rain &amp; <em>shine</em></h1>
<p id="p1">By Ann Author. <a href="/more">More</a>, <a href="#h">up</a>,
<a href="javascript:x()">no</a>.</p>
<h2 id="h2">Weather</h2>
<p id="p2">“It is 5 &lt; 6,” she said, “and A&amp;B --&gt; C.”</p>
<figure id="f"><img id="i" src="https://tracker.example/pixel.png" alt="A wet street">
<figcaption id="c">Monday</figcaption></figure>
<p id="p3">Inline
<img id="i2" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="a dot"> dot.</p>
</article>
"""
SPEAKERS = {"p2": "Ann <A&B>"}
LEVELS = {"h1": 1, "h2": 2}
WORD_S = 0.3


def article(markup: str = BODY, **changes: object) -> Article:
    """An article found in a file, dated and with a canonical URL unless told otherwise."""
    known = Article(
        title="Rain & shine",
        language="en",
        source="rain.html",
        body=lxml.html.fragment_fromstring(markup.strip()),
        authors=("Ann Author", "Bob & Co"),
        published=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        description="About rain & <shine>.",
        canonical_url="https://news.example/rain?a=1&b=2",
        omissions=(Omission("Menu & more", "menu"),),
    )
    return replace(known, **changes)


class Maker:
    """Makes episodes: each block of an article is a passage of one utterance."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def __call__(self, source: Article, sound: int = 1) -> Episode:
        """The episode of an article. sound: another number gives other audio."""
        passages, spans, utterances, clock = [], [], [], 0.5
        for block in source.body.iter("h1", "h2", "p", "figcaption"):
            passage = _passage(block, source.language)
            span = _span(passage.utterances[0], clock)
            passages.append(passage)
            utterances.append(span)
            spans.append(Span(passage.id, clock - 0.5, span.end_s + 0.5))
            clock = span.end_s + 1.0
        timeline = Timeline(tuple(spans), tuple(utterances), clock)
        script = Script(tuple(passages), source.omissions, Coverage(30, 28, 2))
        return Episode(
            source, script, timeline, self.audio(sound), "unused", datetime.now(UTC), -16.123
        )

    def audio(self, sound: int) -> Path:
        """A new file with a second of an MP3."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{next(self._numbers)}.mp3"
        path.write_bytes(mp3(sound))
        return path


def _passage(block: lxml.html.HtmlElement, language: str) -> Passage:
    text = " ".join(block.text_content().split())
    name = block.get("id")
    level = LEVELS.get(block.tag)
    said = Utterance(name, text, text, block.tag, language, VoiceStyle(), SPEAKERS.get(name))
    chapter = Chapter(level, text) if level else None
    return Passage(name, block.tag, language, (said,), chapter)


def _span(utterance: Utterance, begin_s: float) -> Span:
    offset, words = 0, []
    for number, word in enumerate(utterance.text.split(" ")):
        words.append(WordMark(begin_s + number * WORD_S, offset, len(word)))
        offset += len(word) + 1
    return Span(utterance.id, begin_s, begin_s + len(words) * WORD_S, tuple(words))


def mp3(sound: int) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(22050)
    encoder.set_channels(1)
    encoder.silence()
    tone = np.sin(np.arange(22050) * 0.02 * sound) * 8000
    return bytes(encoder.encode(tone.astype(np.int16).tobytes()) + encoder.flush())


def publish_article(
    make: Maker,
    show: Show,
    output: Path,
    source: Article,
    where: str,
    now: datetime,
    **options: object,
) -> Published:
    """Find the place of an article and publish its episode there, as the pipeline does."""
    place = find_place(output / show.slug, show, source, where, now)
    episode = replace(make(source, **options), guid=place.guid, published=place.published)
    published = publish(episode, place, show, output)
    assert isinstance(published, Published)
    return published


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and modification time of every file in a folder."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
