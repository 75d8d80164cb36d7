"""The commands `audiostory profile check` and `audiostory profile preview`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiostory.cli.terminal import FAILED, Engine, ShowFile, complain, resolved

if TYPE_CHECKING:
    from audiostory.narration import Problem

profile_app = typer.Typer(
    name="profile",
    help="Check a voice profile, or hear it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Named = Annotated[str, typer.Argument(metavar="PROFILE", help="A CSS file, or a profile's name.")]


@profile_app.command()
def check(profile: Named) -> None:
    """Say what in a voice profile cannot be used, with file, line and column."""
    from audiostory import app as audiostory_app

    problems, own, imported = audiostory_app.check_profile(profile)
    for problem in problems:
        typer.echo(_line(problem))
    if problems:
        raise typer.Exit(FAILED)
    more = f", and {imported} imported" if imported else ""
    typer.echo(f"{profile} is good: {own} {'rule' if own == 1 else 'rules'}{more}.")


@profile_app.command()
def preview(
    profile: Named,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The MP3 to write. Default: PROFILE-preview.mp3."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", "-l", help="Of the text, such as de. Default: the show's."),
    ] = None,
    show: ShowFile = None,
    engine: Engine = None,
) -> None:
    """Make an MP3 of about a minute in which each role is said by its name."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags
    from audiostory.report import Report

    settings = resolved(Flags(show=show, profile=profile, engine=engine))
    report = Report(lambda *_step: None, lambda message: complain(f"Warning: {message}"))
    name = f"{settings.profile.stem}-preview.mp3"
    path = output / name if output and output.is_dir() else output or Path(name)
    sample = audiostory_app.preview_profile(
        settings, language or settings.show.language, path, report
    )
    minutes, seconds = divmod(round(sample.duration_s), 60)
    typer.echo(f"{sample.path} ({minutes}:{seconds:02})")


def _line(problem: Problem) -> str:
    """A problem as compilers print one, so that editors find the place."""
    path = problem.path
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}:{problem.line}:{problem.column}: {problem.message}"
