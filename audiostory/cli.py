"""The command line: parse, call app, print."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from audiostory.cli_profile import profile_app
from audiostory.errors import AudiostoryError, fault, system_error

if TYPE_CHECKING:
    from audiostory.batch import Outcome
    from audiostory.config import Settings
    from audiostory.pipeline import Report

FAILED, INTERRUPTED = 1, 130
_LONG = re.compile(r"\S{300,}")
_SHOWN_CHARACTERS = 80

Aside = Callable[[], AbstractContextManager[None]]

app = typer.Typer(
    name="audiostory",
    help="Turn articles into podcast episodes: narrated, tagged, transcribed, published.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(profile_app)

ShowFile = Annotated[
    Path | None, typer.Option("--show", help="show.toml, or its folder. Default: ./show.toml.")
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", help="Voice profile: news (default), another's name, or a CSS file."),
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


def main() -> None:
    """Run the command line: the one place that exits."""
    _open_closed_streams()
    _end_in_order()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe gets UTF-8, whatever the locale
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    try:
        app()
    except AudiostoryError as error:
        _complain(str(error))
        sys.exit(error.exit_status)
    except OSError as error:
        _complain(str(system_error(error)))
        sys.exit(FAILED)
    except Exception as error:  # Ours to mend: said as such, in words.
        _complain(str(fault(error)))
        sys.exit(FAILED)


def _open_closed_streams() -> None:
    """Give a process whose input, output or errors are closed (2>&-) ones that go nowhere.

    Else Python has None for them, and the next file to be opened would be taken for them.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
            stream = os.fdopen(descriptor, "w" if number else "r", encoding="utf-8")
            setattr(sys, name, stream)


def _end_in_order() -> None:
    """When the system ends the program, it still ends its workers and removes its files."""

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        sys.exit(128 + number)  # as a shell says it

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores it
            signal.signal(number, end)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"audiostory {version('audiostory')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass


@app.command()
def make(
    sources: Annotated[
        list[str], typer.Argument(help="Articles, links, feeds, books, or folders of them.")
    ],
    show: ShowFile = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to publish. Default: output.")
    ] = None,
    profile: Profile = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Who speaks: pyttsx3 (default) or silent.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Where the show's folder is served.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes. Default: one a core.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Folder of rendered passages.")
    ] = None,
    keep: Keep = None,
    drop: Drop = None,
    chapters: Chapters = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each event.")
    ] = False,
) -> None:
    """Make episodes, and the feed that apps subscribe to."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = _settings(
        Flags(
            show=show,
            output=output,
            cache=cache,
            workers=workers,
            engine=engine,
            profile=profile,
            base_url=base_url,
            keep=tuple(keep or ()),
            drop=tuple(drop or ()),
            chapters=chapters,
        )
    )
    failed = total = 0
    with _interruptible(), _reporting(as_json) as (report, aside):
        for outcome in audiostory_app.make(sources, settings, report):
            total += 1
            failed += outcome.error is not None
            with aside():
                _tell(outcome, as_json)
    if failed:
        if total > 1 and not as_json:
            _complain(f"{failed} of {total} could not be made.")
        raise typer.Exit(FAILED)


@app.command()
def read(
    source: Source,
    show: ShowFile = None,
    format_: Annotated[
        Literal["text", "html", "json"], typer.Option("--format", help="How to show it.")
    ] = "text",
    omitted: Annotated[
        bool, typer.Option("--omitted", help="Show what was left out, where it stood, and why.")
    ] = False,
    part: Part = 1,
    keep: Keep = None,
    drop: Drop = None,
    chapters: Chapters = None,
) -> None:
    """Show what was read: the article's blocks and what is known of it."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    rules = Flags(show=show, keep=tuple(keep or ()), drop=tuple(drop or ()), chapters=chapters)
    settings = _settings(rules)
    with _reporting(as_json=False, quiet=True) as (report, _):
        article = audiostory_app.read(source, part, settings.reading, report)
    for warning in article.warnings:
        _complain(f"Warning: {warning}")
    typer.echo(audiostory_app.article_text(article, format_, omitted=omitted), nl=False)


@app.command()
def script(
    source: Source,
    profile: Profile = None,
    show: ShowFile = None,
    format_: Annotated[
        Literal["text", "json"], typer.Option("--format", help="For a person, or for a program.")
    ] = "text",
    part: Part = 1,
    keep: Keep = None,
    drop: Drop = None,
    chapters: Chapters = None,
) -> None:
    """Show what would be said: passages, voices, cues, pauses, and what is left out."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    rules = Flags(
        show=show,
        profile=profile,
        keep=tuple(keep or ()),
        drop=tuple(drop or ()),
        chapters=chapters,
    )
    settings = _settings(rules)
    with _reporting(as_json=False, quiet=True) as (report, _):
        article, narration = audiostory_app.script(source, part, settings, report)
    if format_ == "json":
        data = audiostory_app.script_data(article, narration)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        typer.echo(audiostory_app.script_text(article, narration), nl=False)


@app.command()
def voices(
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Only voices of it, such as en or de-CH.")
    ] = None,
) -> None:
    """List the engines and the voices that they have."""
    from audiostory import app as audiostory_app

    for name, error, found in audiostory_app.voices(language):
        typer.echo(f"{name}: {error or f'{len(found)} voices'}")
        for voice in found:
            kind = " ".join(word for word in (voice.age, voice.gender) if word)
            languages = ", ".join(voice.languages)
            typer.echo(f"  {voice.id:<24} {kind:<14} {languages:<16} {voice.name}")


# --- settings, progress, results ------------------------------------------------------------


def _settings(flags: Any) -> Settings:
    from audiostory.config import resolve

    return resolve(flags, os.environ, Path.cwd())


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends the work with a word on how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        _complain("Stopped. Run the same command again: it goes on where it stopped.")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _reporting(as_json: bool, *, quiet: bool = False) -> Iterator[tuple[Report, Aside]]:
    """Progress for a terminal, a line of JSON for each event, or (piped) warnings only.

    With the report comes what puts the progress aside while something else is printed.
    """
    from audiostory.pipeline import Report

    if as_json:
        yield (
            Report(
                _json_step,
                lambda message: _json("warning", message=message),
                lambda source: _json("begin", source=str(source)),
            ),
            nullcontext,
        )
    elif quiet or not sys.stderr.isatty():
        yield Report(lambda *_step: None, lambda m: _complain(f"Warning: {m}")), nullcontext
    else:
        with _progress() as report_and_aside:
            yield report_and_aside


@contextmanager
def _progress() -> Iterator[tuple[Report, Aside]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from audiostory.pipeline import Report

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


def _tell(outcome: Outcome, as_json: bool) -> None:
    if outcome.made is not None:
        made = outcome.made
        published = made.published
        if as_json:
            _json(
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
        typer.echo(f"  subscribe  {published.feed_url} (the file {published.feed})")
    elif as_json:
        error = outcome.error
        assert error is not None
        _json("error", source=str(outcome.source), message=error.what, advice=error.advice)
    else:
        message, source = str(outcome.error), str(outcome.source)
        _complain(message if source in message else f"{source}: {message}")


def _json_step(room: str, done: int, total: int) -> None:
    _json("progress", room=room, done=done, total=total)


def _json(event: str, **data: Any) -> None:
    typer.echo(json.dumps({"event": event, **data}, ensure_ascii=False, allow_nan=False))


def _complain(message: str) -> None:
    """Say what is wrong; of what is very long, such as a file's name, the beginning."""
    typer.echo(_LONG.sub(lambda found: f"{found[0][:_SHOWN_CHARACTERS]}…", message), err=True)
