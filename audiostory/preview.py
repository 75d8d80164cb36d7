"""A sample of a voice profile: a minute in which each of its roles is said by its name."""

from __future__ import annotations

import shutil
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from audiostory.cache import ClipCache
from audiostory.config import Settings, sample_file
from audiostory.errors import ProfileError, SourceError
from audiostory.model import ReadingOptions
from audiostory.narration import Narrator
from audiostory.pipeline import read_articles
from audiostory.planning import plan_jobs, write
from audiostory.rendering import QUEUED, Rendering
from audiostory.report import Report
from audiostory.scratch import scratch
from audiostory.sound.stitch import stitch


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was made. language: of the text there was."""

    path: Path
    language: str
    duration_s: float


def make_sample(
    settings: Settings,
    narrator: Narrator,
    language: str,
    path: Path,
    executor: Executor,
    report: Report,
) -> Sample:
    """Make a sample of a profile. path: of the MP3. Raises AudiostoryError and OSError."""
    (article,) = read_articles(str(sample_file(language)), ReadingOptions(), report)
    if isinstance(article, SourceError):
        raise article
    if language.partition("-")[0].lower() != article.language:
        report.warn(f'There is no text in "{language}" to hear a profile with: it is in English.')
    article, script = write(article, narrator, report)
    if not script.passages:
        raise ProfileError(
            f"The voice profile {narrator.stylesheet.name} has nothing to say.",
            "`audiostory profile check` may tell why.",
        )
    jobs = plan_jobs(script, article.language, settings, report, narrator.lexicon)
    clips = ClipCache(settings.cache)
    rendering = Rendering(jobs, clips, executor, QUEUED * settings.workers, report)
    with scratch() as folder:
        audio = folder / "sample.mp3"
        timeline = stitch(script.passages, rendering, settings.sound, audio)
        shutil.move(audio, path)
    return Sample(path, article.language, timeline.duration_s)
