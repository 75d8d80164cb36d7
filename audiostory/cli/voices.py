"""The commands `audiostory voices` and `audiostory voices add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiostory.cli.terminal import ShowFile, complain, interruptible, resolved

voices_app = typer.Typer(
    name="voices",
    help="List the engines and the voices that they have, or add a voice.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@voices_app.callback()
def voices(
    context: typer.Context,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Only voices of it, such as en or de-CH.")
    ] = None,
    show: ShowFile = None,
) -> None:
    """List the engines and the voices that they have, or add a voice."""
    if context.invoked_subcommand is not None:
        return
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    for status, found in audiostory_app.voices(resolved(Flags(show=show)), language):
        name = status.name if status.name == status.kind else f"{status.name} ({status.kind})"
        count = f"{len(found)} voice{'' if len(found) == 1 else 's'}"
        typer.echo(f"{name}: {status.error or count}")
        for voice in found:
            kind = " ".join(word for word in (voice.age, voice.gender) if word)
            languages = ", ".join(voice.languages)
            typer.echo(f"  {voice.id:<24} {kind:<14} {languages:<16} {voice.name}")


@voices_app.command()
def add(
    voice: Annotated[
        str, typer.Argument(metavar="VOICE", help="Such as piper/en_US-lessac-medium.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where to. Default: the user's data folder.")
    ] = None,
) -> None:
    """Fetch a voice of Piper."""
    from audiostory import app as audiostory_app

    with interruptible():
        added = audiostory_app.add_voice(voice, folder, complain)
    typer.echo(f"{added.name} {'was' if added.was_there else 'is'} in {added.folder}")
    typer.echo(f'  in a stylesheet  voice-family: "piper/{added.name}"')
    if added.card:
        typer.echo(f"  its licence      {added.card}")
