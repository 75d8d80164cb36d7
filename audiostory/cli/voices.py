"""The commands `audiostory voices` and `audiostory voices add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiostory.cli.terminal import complain, interruptible

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
) -> None:
    """List the engines and the voices that they have, or add a voice."""
    if context.invoked_subcommand is not None:
        return
    from audiostory import app as audiostory_app

    for name, error, found in audiostory_app.voices(language):
        typer.echo(f"{name}: {error or f'{len(found)} voices'}")
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
