"""The one place that picks concrete parts and joins them: what the command line calls."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from audiostory import made_before, saying
from audiostory.batch import Outcome, Steps, make_all
from audiostory.cache import ClipCache, Usage, prune, usage
from audiostory.cast_list import CAST_FILE, cast_lexemes, read_cast, show_casting
from audiostory.checking import Checked, check_episode
from audiostory.config import Settings, find_profile, voices_folder
from audiostory.errors import SourceError, UsageError
from audiostory.estimate import Estimate, Known, estimate_episode, nothing_to_do
from audiostory.executors import open_executor
from audiostory.model import Article, ReadingOptions, Script, Voice
from audiostory.narration import (
    NO_LEXICON,
    Lexicon,
    Narrator,
    Problem,
    load_lexicons,
    load_stylesheet,
    script_as_html,
    script_as_json,
    script_as_ssml,
    script_as_text,
)
from audiostory.pipeline import Made, make_episode, read_articles
from audiostory.planning import write
from audiostory.preview import Sample, make_sample
from audiostory.publishing.cover import Covers, covers
from audiostory.publishing.site import check_show, rebuild_feed
from audiostory.reading import check_options
from audiostory.reading.serialise import article_as_html, article_as_json, article_as_text
from audiostory.render import warm_up
from audiostory.report import Report
from audiostory.saying import Said
from audiostory.scratch import scratch, sweep_scratch
from audiostory.show_elements import check_recordings
from audiostory.speech import piper_voices
from audiostory.speech.engine import (
    EngineStatus,
    check_company,
    engine_statuses,
    open_engine,
    voice_named,
    voices_of,
)
from audiostory.speech.piper_files import default_folder
from audiostory.speech.piper_voices import Added


def make(
    sources: Sequence[str | os.PathLike[str]], settings: Settings, report: Report
) -> Iterator[Outcome[Made]]:
    """Make the episodes of the sources, files and folders, one after the other.

    Raises ProfileError, LexiconError, EngineError, UsageError, SoundError and PublishingError
    before any work when no source could succeed.
    """
    began = time.time()
    narrator = _ready(settings, report, writes=True)
    sweep_scratch()
    ClipCache(settings.cache).begin_run()
    with open_executor(settings.workers) as executor:
        names = [os.fspath(source) for source in sources]
        yield from make_all(names, _steps(settings, narrator, executor, report, began))
    prune(settings.cache, settings.cache_limit_bytes, in_use_since=began)


def _steps(
    settings: Settings, narrator: Narrator, executor: Executor, report: Report, began: float
) -> Steps[Made]:
    """What make does with a source. began: when the run did, in seconds since the epoch."""
    recall, keep = _memory(settings, narrator, report, began)

    @cache
    def warm_up_workers() -> None:
        default = settings.company.default
        for _ in range(settings.workers if settings.workers > 1 else 0):
            executor.submit(warm_up, default.engine, default.options)

    def read_one(source: str) -> Sequence[Article | SourceError]:
        warm_up_workers()  # they get ready while the first article is read
        return read_articles(source, settings.reading, report)

    @cache
    def drawn() -> Future[Covers]:
        return executor.submit(covers, settings.show)

    def make_one(source: str, article: Article) -> Made:
        return make_episode(source, article, settings, narrator, executor, drawn(), report)

    return Steps(read_one, make_one, recall, keep)


def _memory(
    settings: Settings, narrator: Narrator, report: Report, began: float
) -> tuple[Callable[[str], Sequence[Made] | None], Callable[[str, Sequence[Made]], None]]:
    """What was made of a source before, if nothing has changed since; and how to keep it."""
    keys: dict[str, str | None] = {}  # before each is read: it may be saved again meanwhile
    key_of = _keys(settings, narrator)

    @cache
    def mend_show() -> None:
        """Make feed and cover as the episodes have them, which publishing does else."""
        folder = settings.output / settings.show.slug
        for warning in rebuild_feed(settings.show, folder, report.warn).warnings:
            report.warn(warning)

    def recall(source: str) -> Sequence[Made] | None:
        key = keys[source] = key_of(source)
        made = _recalled(source, key, settings, narrator, report)
        if made is not None:
            mend_show()
        return made

    def keep(source: str, made: Sequence[Made]) -> None:
        key = keys.get(source)
        if key is not None and key == key_of(source):
            made_before.keep(key, made, settings, began)

    return recall, keep


def _keys(settings: Settings, narrator: Narrator) -> Callable[[str], str | None]:
    """How a source's key is found; all else that it depends on is looked through once, if ever."""

    @cache
    def circumstances() -> str:
        return made_before.circumstances(settings, narrator)

    return lambda source: made_before.key_of(source, circumstances())


def _recalled(
    source: str, key: str | None, settings: Settings, narrator: Narrator, report: Report
) -> Sequence[Made] | None:
    """What was made under a key, if nothing has changed; what was told then is told again."""
    told: list[str] = []
    made = made_before.recall(key, settings, narrator, told.append) if key else None
    if made is not None:
        report.begin(source)
        for warning in told:
            report.warn(warning)
    return made


def estimate(
    sources: Sequence[str | os.PathLike[str]], settings: Settings, report: Report
) -> Iterator[Outcome[Estimate]]:
    """What make would take, article by article, without making or writing anything.

    What one article leaves to be rendered is not counted again for the next. Raises as make does.
    """
    narrator = _ready(settings, report, writes=False)
    known = Known()

    key_of = _keys(settings, narrator)

    def recall(source: str) -> Sequence[Estimate] | None:
        made = _recalled(source, key_of(source), settings, narrator, report)
        return None if made is None else tuple(map(nothing_to_do, made))

    def read_one(source: str) -> Sequence[Article | SourceError]:
        return read_articles(source, settings.reading, report)

    def estimate_one(_source: str, article: Article) -> Estimate:
        return estimate_episode(article, settings, narrator, known, report)

    names = [os.fspath(source) for source in sources]
    yield from make_all(names, Steps(read_one, estimate_one, recall))


def _ready(settings: Settings, report: Report, *, writes: bool) -> Narrator:
    """The narrator of a run whose settings can be used, as far as can be told before any work.

    writes: whether what comes up may be kept: new speakers, and that a recording can be heard.
    """
    for warning in settings.warnings:
        report.warn(warning)
    narrator = open_narrator(settings, report, adds_speakers=writes)
    check_options(settings.reading)
    check_company(settings.company)
    default = settings.company.default
    voices_of(default.engine, default.options)
    for choice in settings.company.others:  # opening one touches no network
        open_engine(choice.engine, choice.options)
    check_show(settings.show, settings.output / settings.show.slug)
    check_recordings(settings, keeps=writes)
    return narrator


def read(source: str, part: int, options: ReadingOptions, report: Report) -> Article:
    """One article of a source, the part-th from 1. Raises SourceError."""
    check_options(options)
    found = read_articles(source, replace(options, part=part), report)
    if not 1 <= part <= len(found):
        raise SourceError(
            f"Of articles {source} holds {len(found)}, and none is number {part}.",
            "Give a smaller number with --part.",
        )
    if len(found) > 1:
        report.warn(f"This is article {part} of {len(found)}; --part shows another.")
    article = found[part - 1]
    if isinstance(article, SourceError):
        raise article
    return article


def script(source: str, part: int, settings: Settings, report: Report) -> tuple[Article, Script]:
    """Read and narrate an article of a source, without a sound."""
    narrator = open_narrator(settings, report)
    return write(read(source, part, settings.reading, report), narrator, report)


def open_narrator(settings: Settings, report: Report, *, adds_speakers: bool = False) -> Narrator:
    """The show's voice profile, lexicons and cast.

    adds_speakers: whether those who are new are added to its cast.toml. Raises ProfileError,
    LexiconError, and UsageError for a cast.toml that cannot be used.
    """
    stylesheet = load_stylesheet(settings.profile, voices_folder())
    lexicon = load_lexicons(settings.lexicons)
    for warning in (*stylesheet.warnings, *lexicon.warnings):
        report.warn(warning)
    if settings.show_folder is None:
        return Narrator(stylesheet, lexicon)
    path = settings.show_folder / CAST_FILE
    names = cast_lexemes(read_cast(path), settings.show.language)
    lexicon = Lexicon((*names, *lexicon.lexemes), lexicon.warnings)
    casting = show_casting(path, report.warn, writes=adds_speakers)
    return Narrator(stylesheet, lexicon, casting)


def say(
    text: str,
    language: str | None,
    voice: str | None,
    settings: Settings,
    report: Report,
    *,
    plain: bool,
) -> Said:
    """Say a text as an episode would; plain: without lexicons.

    language: BCP 47, or None for the show's. voice: an id or a name that the engine lists.
    """
    check_company(settings.company)
    narrator = open_narrator(settings, report)
    if plain:
        narrator = replace(narrator, lexicon=NO_LEXICON)
    default = settings.company.default
    known = voices_of(default.engine, default.options)
    if (
        voice is not None
        and not any(voice in (v.id, v.name) for v in known)
        and voice_named(default.engine, default.options, voice) is None
    ):
        raise UsageError(
            f'The engine "{default.name}" has no voice "{voice}".',
            "`audiostory voices` lists those that it has.",
        )
    return saying.say(text, language or settings.show.language, voice, narrator, settings, report)


def write_wav(said: Said, path: Path) -> None:
    """Write what was said to a WAV file. Raises SoundError."""
    saying.write_wav(said, path)


@contextmanager
def temporary_wav(said: Said) -> Iterator[Path]:
    """What was said in a WAV file that is removed afterwards."""
    with scratch() as folder:
        path = folder / "said.wav"
        write_wav(said, path)
        yield path


def article_text(article: Article, format_: str, *, omitted: bool) -> str:
    """An article as "text", "html" or "json"; with what was left out, where it stood."""
    if format_ == "json":
        data = article_as_json(article, omitted=omitted)
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return _ARTICLE_FORMATS[format_](article, omitted=omitted)


_ARTICLE_FORMATS = {"html": article_as_html, "text": article_as_text}


def script_text(article: Article, narration: Script, format_: str) -> str:
    """A script as "text", "html" (to edit), "ssml" or "json"."""
    return _SCRIPT_FORMATS[format_](article, narration)


def _script_json(article: Article, narration: Script) -> str:
    data = script_as_json(article, narration)
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


_SCRIPT_FORMATS = {
    "html": script_as_html,
    "json": _script_json,
    "ssml": script_as_ssml,
    "text": script_as_text,
}


def cache_usage(settings: Settings) -> Usage:
    """How much the cache of rendered passages holds."""
    return usage(settings.cache)


def prune_cache(settings: Settings, most_bytes: int) -> Usage:
    """Remove what is unused longest until so much is left at most; returns what went."""
    return prune(settings.cache, most_bytes)


def voices(
    settings: Settings, language: str | None = None
) -> Iterator[tuple[EngineStatus, tuple[Voice, ...]]]:
    """Each engine, the show's own among them, and its voices (for a language)."""
    for status in engine_statuses(settings.company.others):
        found = status.engine.voices() if status.engine else ()
        if language:
            wanted = language.lower()
            found = tuple(v for v in found if any(_speaks(t, wanted) for t in v.languages))
        yield status, found


def check(episode: Path, report: Report) -> Checked:
    """Whether a finished episode is whole: its folder, or its episode.json.

    Raises UsageError and PublishingError when there is none.
    """

    def progress(heard_s: float, of_s: float) -> None:
        report.step("listening", int(heard_s), int(of_s))

    return check_episode(episode, progress)


def add_voice(voice: str, folder: Path | None, tell: Callable[[str], None]) -> Added:
    """Fetch a voice, such as "piper/en_US-lessac-medium". tell: is told what takes a while.

    folder: where to, or None for the user's data folder. Raises UsageError and EngineError.
    """
    engine, slash, name = voice.partition("/")
    if slash and engine != "piper":
        raise UsageError(
            f'Voices cannot be added to "{engine}".',
            "Piper's can be: audiostory voices add piper/en_US-lessac-medium",
        )
    return piper_voices.add_voice(name if slash else voice, folder or default_folder(), tell)


def check_profile(profile: str) -> tuple[Sequence[Problem], int, int]:
    """What in a profile cannot be used, how many rules it has, and how many it imports.

    profile: a built-in one's name or a CSS file. Raises UsageError and ProfileError.
    """
    path = find_profile(profile)
    sheet = load_stylesheet(path, voices_folder())
    own = sheet.rules[Path(os.path.realpath(path))]
    return sheet.problems, own, sheet.rules.total() - own


def preview_profile(settings: Settings, language: str, output: Path, report: Report) -> Sample:
    """Make the MP3 in which a profile says each of its roles by name. Raises AudiostoryError."""
    check_company(settings.company)
    narrator = open_narrator(settings, report)
    ClipCache(settings.cache).begin_run()
    with open_executor(settings.workers) as executor:
        return make_sample(settings, narrator, language, output, executor, report)


def _speaks(tag: str, wanted: str) -> bool:
    tag = tag.lower()
    return tag in ("*", wanted) or tag.startswith(f"{wanted}-")
