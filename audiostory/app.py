"""The one place that picks concrete parts and joins them: what the command line calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from audiostory.batch import Outcome, make_all
from audiostory.config import Settings, voices_folder
from audiostory.executors import open_executor
from audiostory.model import Article, Script, Voice
from audiostory.narration import load_stylesheet, script_as_json, script_as_text
from audiostory.pipeline import Made, Report, make_episode, write
from audiostory.publishing.site import check_show
from audiostory.scratch import sweep_scratch
from audiostory.speech.engine import engine_statuses, voices_of


def make(sources: Sequence[Path], settings: Settings, report: Report) -> Iterator[Outcome]:
    """Make the episodes of the sources, files and folders, one after the other.

    Raises ProfileError, EngineError, UsageError and PublishingError before any work when no
    source could succeed.
    """
    stylesheet = load_stylesheet(settings.profile, voices_folder())
    for warning in (*settings.warnings, *stylesheet.warnings):
        report.warn(warning)
    voices_of(settings.engine)
    check_show(settings.show, settings.output / settings.show.slug)
    sweep_scratch()
    with open_executor(settings.workers) as executor:

        def make_one(source: Path) -> Made:
            return make_episode(source, settings, stylesheet, executor, report)

        yield from make_all(sources, make_one)


def script(source: Path, profile: Path, report: Report) -> tuple[Article, Script]:
    """Read and narrate a source, without a sound."""
    stylesheet = load_stylesheet(profile, voices_folder())
    for warning in stylesheet.warnings:
        report.warn(warning)
    return write(source, stylesheet, report)


def script_text(article: Article, narration: Script) -> str:
    """A script for a person."""
    return script_as_text(article, narration)


def script_data(article: Article, narration: Script) -> dict[str, Any]:
    """A script for a program."""
    return script_as_json(article, narration)


def voices(language: str | None = None) -> Iterator[tuple[str, str | None, tuple[Voice, ...]]]:
    """Each engine's name, what is wrong with it (or None), and its voices for a language."""
    for status in engine_statuses():
        found = status.engine.voices() if status.engine else ()
        if language:
            wanted = language.lower()
            found = tuple(v for v in found if any(_speaks(t, wanted) for t in v.languages))
        yield status.name, status.error, found


def _speaks(tag: str, wanted: str) -> bool:
    tag = tag.lower()
    return tag in ("*", wanted) or tag.startswith(f"{wanted}-")
