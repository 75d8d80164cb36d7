"""Every type that crosses a room's border: values, frozen, with units in their names.

Article ─narration─▶ Script ─speech─▶ Speech ─sound─▶ Clip, Timeline ─▶ Episode ─▶ publishing
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

# --- reading --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rules:
    """Where a producer knows better than a reader: CSS selectors of what to keep and to drop."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How sources are read. sites: rules by host. chapters: a book is an article a chapter.

    part: of a feed's articles that one alone is read, the others are not fetched; from 1.
    """

    rules: Rules = Rules()
    sites: tuple[tuple[str, Rules], ...] = ()
    chapters: bool = False
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """Text of the source that is not spoken, and why, in words for the listener.

    after: the id of the body's element that it stood after; None at the beginning.
    """

    text: str
    reason: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An article's leading image. src: as the source has it. alt: what it shows, or ""."""

    src: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a reader made of a source.

    body is an <article> of clean semantic HTML (h1-h6, p, blockquote, q, ul/ol/li, dl/dt/dd,
    table, figure, figcaption, img, aside, pre, hr and inline markup) that holds everything
    to be spoken, headline and credits included, in reading order. Every block has an id.
    A body is never changed once it is in an Article: copy it first.

    language is a BCP 47 tag. published is aware; a day without a time is noon UTC.
    source is a URL or a file's name (never its path, for it is published). section: of the
    site, such as "Politics". licence: a URL or words.
    """

    title: str
    language: str
    source: str
    body: HtmlElement
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    description: str = ""
    canonical_url: str | None = None
    modified: datetime | None = None
    section: str = ""
    site: str = ""
    licence: str = ""
    image: Picture | None = None
    omissions: tuple[Omission, ...] = ()
    warnings: tuple[str, ...] = ()


# --- narration ------------------------------------------------------------------------------

Gender = Literal["male", "female", "neutral"]
Age = Literal["child", "young", "old"]
Quote = Literal["direct", "block", "fragment", "title", "nested"]
SpeakAs = Literal["spell-out", "digits", "literal-punctuation", "no-punctuation"]


@dataclass(frozen=True, slots=True)
class VoiceFamily:
    """One alternative of voice-family: a voice's name, or a generic voice (CSS Speech 11.1)."""

    name: str | None = None
    gender: Gender | None = None
    age: Age | None = None
    variant: int = 1

    def __str__(self) -> str:
        if self.name is not None:
            return self.name
        words = [self.age, self.gender, str(self.variant) if self.variant > 1 else None]
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class VoiceStyle:
    """The computed voice of an utterance, in terms that any engine can follow.

    rate: a factor of the voice's normal rate. pitch_st: semitones from its normal pitch.
    range: a factor of its normal variation in pitch. volume_db: decibels from the show's
    loudness, or None when silent. balance: -100 left … 100 right. speak_as: how text is put
    into words (CSS Speech, 7.2). letter_s: how long a letter or digit of the text is to last on
    average, where a profile gives the whole a duration; the rate is then fitted to it.
    """

    family: tuple[VoiceFamily, ...] = ()
    rate: float = 1.0
    pitch_st: float = 0.0
    range: float = 1.0
    volume_db: float | None = 0.0
    balance: float = 0.0
    speak_as: tuple[SpeakAs, ...] = ()
    letter_s: float | None = None


@dataclass(frozen=True, slots=True)
class Respelling:
    """A stretch of an utterance that is said otherwise than it is written.

    begin, end: in its text. spoken_begin, spoken_end: in spoken. ipa: how it sounds, where a
    lexicon says so in the International Phonetic Alphabet.
    """

    begin: int
    end: int
    spoken_begin: int
    spoken_end: int
    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said in one breath by one voice.

    id: of its element in the article's tree; text that a stylesheet adds has the id of the
    element and the pseudo-element: "p-1a2b3c::before". text: as written, white space folded.
    lead, trail: what is written around it and not said (quotation marks, spaces), so that
    lead + text + trail of a passage's utterances is the passage as written.
    spoken: as the engine gets it; respellings: where it differs from text, in order.
    language: BCP 47.
    """

    id: str
    text: str
    spoken: str
    role: str
    language: str
    voice: VoiceStyle
    speaker: str | None = None
    quote: Quote | None = None
    lead: str = ""
    trail: str = ""
    respellings: tuple[Respelling, ...] = ()

    @property
    def letters(self) -> int:
        """How many letters and digits its text has."""
        return sum(character.isalnum() for character in self.text)

    @property
    def is_announcement(self) -> bool:
        """Whether a stylesheet added it: it is not in the article."""
        return "::" in self.id


@dataclass(frozen=True, slots=True)
class Cue:
    """A short sound. gain_db is relative to speech at the show's loudness: 0 is as loud."""

    src: Path
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    ms: int


Item = Utterance | Cue | Pause


@dataclass(frozen=True, slots=True)
class Chapter:
    """A passage that a listener can jump to. level: 1 (outermost) and up."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of the article: the unit of rendering, caching and parallel work.

    A show's intro and outro are passages too.
    """

    id: str
    role: str
    language: str
    items: tuple[Item, ...]
    chapter: Chapter | None = None

    @property
    def is_added(self) -> bool:
        """Whether the show added it: it is not in the article."""
        return "::" in self.id

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """What is said in this passage, in order."""
        return tuple(item for item in self.items if isinstance(item, Utterance))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Words of the article: in it, spoken, omitted. The last two sum to the first.

    A word is an unbroken run of letters and digits, so that counts add up wherever text
    is divided.
    """

    words_in_article: int
    words_spoken: int
    words_omitted: int


@dataclass(frozen=True, slots=True)
class Script:
    """What will be narrated, in order, and what will not, with reasons."""

    passages: tuple[Passage, ...]
    omitted: tuple[Omission, ...]
    coverage: Coverage


# --- speech ---------------------------------------------------------------------------------

NO_OPTIONS = "{}"
TABLE = "[table]"  # among options: the show's name for an engine, where it has its own


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How text[begin:end] of what an engine gets sounds, in the International Phonetic Alphabet."""

    begin: int
    end: int
    ipa: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that an engine has. languages: BCP 47 tags, the best first."""

    id: str
    name: str
    languages: tuple[str, ...]
    gender: Gender | None = None
    age: Age | None = None


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine that a show speaks with, under the show's own name for it.

    engine: the name it is registered under. options: a JSON object.
    """

    name: str
    engine: str
    options: str = NO_OPTIONS


@dataclass(frozen=True, slots=True)
class Company:
    """The engines that a show speaks with. default: who speaks unless a family names another."""

    default: EngineChoice
    others: tuple[EngineChoice, ...] = ()

    def named(self, name: str) -> EngineChoice | None:
        """The engine of that name, if the show has one."""
        return next((it for it in (self.default, *self.others) if it.name == name), None)


@dataclass(frozen=True, slots=True)
class CastVoice:
    """An utterance's voice once casting has found it: all that an engine needs to know.

    engine: the name it is registered under. rate, pitch_st and range are as in VoiceStyle.
    options: what show.toml gives the engine, as a JSON object.
    """

    engine: str
    voice_id: str
    language: str
    rate: float = 1.0
    pitch_st: float = 0.0
    range: float = 1.0
    options: str = NO_OPTIONS

    @property
    def table(self) -> str:
        """The show's own name for its engine, if it has one."""
        return str(json.loads(self.options).get(TABLE, self.engine))


@dataclass(frozen=True, slots=True)
class Price:
    """What an engine's speech costs. currency: a text, such as "USD"."""

    per_million_characters: float
    currency: str

    def of(self, characters: int) -> float:
        """What so many characters cost."""
        return characters * self.per_million_characters / 1_000_000


@dataclass(frozen=True, slots=True)
class WordMark:
    """When a word of an utterance begins. offset, length: characters of its text, from 0."""

    begin_s: float
    offset: int
    length: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What an engine returns. samples: float32, mono, shape (n,), within -1…1."""

    samples: Samples
    sample_rate_hz: int
    words: tuple[WordMark, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz


# --- sound ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How an episode sounds and is encoded, whatever is said in it. channels: 1, or 2 (stereo)."""

    sample_rate_hz: int = 22050
    bit_rate_kbps: int = 64
    channels: int = 1
    lame_quality: int = 5
    loudness_lufs: float = -16.0
    true_peak_db: float = -1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an utterance sounds in its clip, in seconds from the clip's start."""

    begin_s: float
    end_s: float
    words: tuple[WordMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A passage's run of MP3 frames. marks: one an utterance, in order.

    problems: what of it does not sound as it should, for a person to hear; each with its text.
    levels_lufs: momentary loudness (EBU Tech 3341, 400 ms) every 100 ms; -inf in silence.
    """

    frames: bytes
    duration_s: float
    marks: tuple[Mark, ...]
    problems: tuple[str, ...] = ()
    levels_lufs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """When an element of the article sounds, in seconds from the episode's start."""

    id: str
    begin_s: float
    end_s: float
    words: tuple[WordMark, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """The only clock: passages and their utterances, each in order of time.

    A passage's span covers its cues and pauses; an utterance's only its speech.
    """

    passages: tuple[Span, ...]
    utterances: tuple[Span, ...]
    duration_s: float

    @cached_property
    def by_id(self) -> dict[str, Span]:
        """Every span by its id; an utterance's wins over a passage's of the same id."""
        return {span.id: span for span in (*self.passages, *self.utterances)}


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter on the timeline. end_s is where the next one begins."""

    id: str
    title: str
    level: int
    begin_s: float
    end_s: float


# --- publishing -----------------------------------------------------------------------------

EditionKind = Literal["m4b", "opus"]


@dataclass(frozen=True, slots=True)
class Edition:
    """An episode's audio in another form, beside its MP3 and with its timeline.

    key: a hash of all that it was made of. bit_rate_bps: of its audio, bits a second.
    """

    kind: EditionKind
    path: Path
    key: str
    bit_rate_bps: int


@dataclass(frozen=True, slots=True)
class ShowElement:
    """What begins or ends each episode: a recording, or a text to be narrated; one of them.

    text: with {title}, {authors} and {show} to be filled. Fades are the recording's, in seconds.
    """

    file: Path | None = None
    text: str | None = None
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast: what is the same for all its episodes.

    intro, outro: what begins and ends each of them, if anything does.
    slug: its folder's name under the output folder. base_url: where that folder is served,
    with a trailing slash. language: BCP 47. categories: Apple's, each "Category" or
    "Category > Subcategory". artwork: a JPEG or PNG file, or None for a generated cover.
    editions: what its episodes' audio is made into beside the MP3.
    """

    title: str = "My articles"
    slug: str = "my-articles"
    author: str = "audiostory"
    description: str = "Articles to listen to, narrated by audiostory."
    language: str = "en"
    base_url: str = "http://localhost:8000/"
    categories: tuple[str, ...] = ("News",)
    artwork: Path | None = None
    intro: ShowElement | None = None
    outro: ShowElement | None = None
    email: str | None = None
    explicit: bool = False
    editions: tuple[EditionKind, ...] = ()


@dataclass(frozen=True)
class Episode:
    """An article that has been narrated. audio: the finished MP3, not yet in its place.

    bit_rate_bps: the MP3's, where it is known. editions: not in their places either, unless they
    were published before.
    """

    article: Article
    script: Script
    timeline: Timeline
    audio: Path
    guid: str
    published: datetime
    loudness_lufs: float | None = None
    bit_rate_bps: int | None = None
    editions: tuple[Edition, ...] = ()

    @cached_property
    def chapters(self) -> tuple[ChapterMark, ...]:
        """The script's chapters on the timeline, in order of time.

        Where the show has an intro, it is in the chapter that the article begins with, and in that
        of its headline, should a line stand above that.
        """
        passages = self.script.passages
        begins = {span.id: span.begin_s for span in self.timeline.passages}
        heads = [(p.id, p.chapter, begins[p.id]) for p in passages if p.chapter]
        if heads and passages[0].is_added:
            id_, chapter, _ = heads[0]
            if chapter.level == 1 or id_ == passages[1].id:
                heads[0] = (id_, chapter, 0.0)
        ends = [*(begin for _, _, begin in heads[1:]), self.timeline.duration_s][: len(heads)]
        return tuple(
            ChapterMark(id_, chapter.title, chapter.level, begin, end)
            for (id_, chapter, begin), end in zip(heads, ends, strict=True)
        )
