"""What the commands share: options, settings, progress, and how results are told."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from audiostory.batch import Outcome
    from audiostory.config import Settings
    from audiostory.pipeline import Made
    from audiostory.publishing.site import Published
    from audiostory.report import Report

FAILED, INTERRUPTED = 1, 130
_LONG = re.compile(r"\S{300,}")
_SHOWN_CHARACTERS = 80
_HERE_ONLY = "(apps on this machine only; for others, set base_url in show.toml)"

Aside = Callable[[], AbstractContextManager[None]]

ShowFile = Annotated[
    Path | None, typer.Option("--show", help="show.toml, or its folder. Default: ./show.toml.")
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", help="Voice profile: news (default), another's name, or a CSS file."),
]
Engine = Annotated[
    str | None,
    typer.Option("--engine", help="Who speaks: one that `voices` lists. Default: pyttsx3."),
]
Source = Annotated[str, typer.Argument(help="An article, a link, a feed or a book.")]
Part = Annotated[int, typer.Option("--part", min=1, help="Which of a feed's or book's articles.")]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", help="CSS selector of what to keep in a page. Repeatable."),
]
Drop = Annotated[
    list[str] | None,
    typer.Option("--drop", help="CSS selector of what to leave out of a page. Repeatable."),
]
Chapters = Annotated[
    bool | None,
    typer.Option("--chapters/--whole", help="A book: an episode a chapter, or one in all."),
]


def resolved(flags: Any) -> Settings:
    """The settings of a run in this folder. flags: config.Flags. Raises UsageError."""
    from audiostory.config import resolve

    return resolve(flags, os.environ, Path.cwd())


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends the work with a word on how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        complain("Stopped. Run the same command again: it goes on where it stopped.")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def reporting(as_json: bool, *, quiet: bool = False) -> Iterator[tuple[Report, Aside]]:
    """Progress for a terminal, a line of JSON for each event, or (piped) warnings only.

    With the report comes what puts the progress aside while something else is printed.
    """
    from audiostory.report import Report

    if as_json:
        yield (
            Report(
                _json_step,
                lambda message: echo_event("warning", message=message),
                lambda source: echo_event("begin", source=str(source)),
            ),
            nullcontext,
        )
    elif quiet or not sys.stderr.isatty():
        yield Report(lambda *_step: None, lambda m: complain(f"Warning: {m}")), nullcontext
    else:
        with _progress() as report_and_aside:
            yield report_and_aside


@contextmanager
def _progress() -> Iterator[tuple[Report, Aside]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from audiostory.report import Report

    console = Console(stderr=True)
    source = TextColumn("{task.fields[source]}", markup=False)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), source)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=1, source="")

        def begin(source: str) -> None:
            bar.update(task, source=os.path.basename(source.rstrip("/")))

        def step(room: str, done: int, total: int) -> None:
            bar.update(task, description=room, completed=done, total=total)

        def warn(message: str) -> None:
            console.print(f"Warning: {message}", style="yellow", markup=False, highlight=False)

        @contextmanager
        def aside() -> Iterator[None]:
            bar.stop()
            yield
            bar.start()

        yield Report(step, warn, begin), aside


def tell(outcome: Outcome[Made], as_json: bool) -> None:
    """Say what became of a source."""
    if outcome.made is not None:
        made = outcome.made
        published = made.published
        if as_json:
            echo_event(
                "episode",
                source=str(outcome.source),
                title=made.title,
                guid=published.manifest.guid,
                directory=str(published.directory),
                mp3=str(published.audio),
                page=str(published.directory / "index.html"),
                feed=str(published.feed),
                feed_url=published.feed_url,
                duration_s=round(made.duration_s, 3),
                passages=made.passages,
                rendered=made.rendered,
                loudness_lufs=None if made.loudness_lufs is None else round(made.loudness_lufs, 2),
                changed=published.changed,
            )
            return
        minutes, seconds = divmod(round(made.duration_s), 60)
        state = "" if published.changed else " (nothing had changed)"
        typer.echo(f"{made.title}{state}")
        typer.echo(f"  listen     {published.audio} ({minutes}:{seconds:02})")
        typer.echo(f"  read       {published.directory / 'index.html'}")
    else:
        tell_error(outcome, as_json)


def tell_feed(last: Published, episodes: int, *, changed: bool) -> None:
    """Say at the end of a run where to subscribe; once, and to whom that is no use.

    last: an episode of the feed. changed: whether anything new is in it.
    """
    from audiostory.config import is_local

    if episodes > 1:
        typer.echo(f"{episodes} episodes in all")
    typer.echo(f"  subscribe  {last.feed_url} (the file {last.feed})")
    if changed and is_local(last.feed_url):
        typer.echo(f"             {_HERE_ONLY}")


def tell_error(outcome: Outcome[Any], as_json: bool) -> None:
    """Say why nothing became of a source."""
    error = outcome.error
    assert error is not None
    if as_json:
        echo_event("error", source=str(outcome.source), message=error.what, advice=error.advice)
    else:
        message, source = str(error), str(outcome.source)
        complain(message if source in message else f"{source}: {message}")


def _json_step(room: str, done: int, total: int) -> None:
    echo_event("progress", room=room, done=done, total=total)


def echo_event(event: str, **data: Any) -> None:
    """Print a line of JSON."""
    typer.echo(json.dumps({"event": event, **data}, ensure_ascii=False, allow_nan=False))


def complain(message: str) -> None:
    """Say what is wrong; of what is very long, such as a file's name, the beginning."""
    typer.echo(_LONG.sub(lambda found: f"{found[0][:_SHOWN_CHARACTERS]}…", message), err=True)
