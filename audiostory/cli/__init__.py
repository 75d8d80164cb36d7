"""The command line: parse, call app, print."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from audiostory.cli.cache import cache_app
from audiostory.cli.check import check
from audiostory.cli.estimate import tell_estimates
from audiostory.cli.profile import profile_app
from audiostory.cli.say import say
from audiostory.cli.terminal import (
    FAILED,
    Chapters,
    Drop,
    Engine,
    Keep,
    Part,
    Profile,
    ShowFile,
    Source,
    complain,
    interruptible,
    reporting,
    resolved,
    tell,
    tell_feed,
)
from audiostory.cli.voices import voices_app
from audiostory.errors import AudiostoryError, fault, system_error

app = typer.Typer(
    name="audiostory",
    help="Turn articles into podcast episodes: narrated, tagged, transcribed, published.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(cache_app)
app.add_typer(profile_app)
app.add_typer(voices_app)


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
        complain(str(error))
        sys.exit(error.exit_status)
    except OSError as error:
        complain(str(system_error(error)))
        sys.exit(FAILED)
    except Exception as error:  # Ours to mend: said as such, in words.
        complain(str(fault(error)))
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
    engine: Engine = None,
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make nothing: say what it would take and cost.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each event.")
    ] = False,
) -> None:
    """Make episodes, and the feed that apps subscribe to."""
    from audiostory.executors import get_ready

    get_ready()  # while we import what we need
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = resolved(
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
    if dry_run:
        tell_estimates(sources, settings, as_json)
        return
    failed = total = 0
    changed, last = False, None
    with interruptible(), reporting(as_json) as (report, aside):
        for outcome in audiostory_app.make(sources, settings, report):
            total += 1
            failed += outcome.error is not None
            with aside():
                tell(outcome, as_json)
            if outcome.made is not None:
                last = outcome.made.published
                changed |= last.changed
    if last and not as_json:
        tell_feed(last, total - failed, changed=changed)
    if failed:
        if total > 1 and not as_json:
            complain(f"{failed} of {total} could not be made.")
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
    settings = resolved(rules)
    with reporting(as_json=False, quiet=True) as (report, _):
        article = audiostory_app.read(source, part, settings.reading, report)
    for warning in article.warnings:
        complain(f"Warning: {warning}")
    typer.echo(audiostory_app.article_text(article, format_, omitted=omitted), nl=False)


@app.command()
def script(
    source: Source,
    profile: Profile = None,
    show: ShowFile = None,
    format_: Annotated[
        Literal["text", "html", "ssml", "json"],
        typer.Option("--format", help="To read, to edit, for an engine, or for a program."),
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
    settings = resolved(rules)
    with reporting(as_json=False, quiet=True) as (report, _):
        article, narration = audiostory_app.script(source, part, settings, report)
    typer.echo(audiostory_app.script_text(article, narration, format_), nl=False)


app.command()(check)
app.command()(say)
