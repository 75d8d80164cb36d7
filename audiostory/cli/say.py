"""audiostory say: hear how a text sounds, and see why."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer

from audiostory.cli.terminal import Engine, Profile, ShowFile, complain, reporting, resolved

if TYPE_CHECKING:
    from audiostory.saying import Said

# Programs that play a WAV file, and what they take before its name.
_PLAYERS = {
    "paplay": (),
    "aplay": ("-q",),
    "afplay": (),
    "ffplay": ("-autoexit", "-nodisp", "-loglevel", "error"),
}
_UNNAMED = Path("said.wav")


def say(
    text: Annotated[str, typer.Argument(help="What to say.")],
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Its language. Default: the show's.")
    ] = None,
    voice: Annotated[
        str | None, typer.Option("--voice", help="Who says it, by a name that `voices` lists.")
    ] = None,
    profile: Profile = None,
    engine: Engine = None,
    show: ShowFile = None,
    plain: Annotated[bool, typer.Option("--plain", help="Say it without lexicons.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A WAV file, in place of playing it.")
    ] = None,
) -> None:
    """Say a text as an episode would, and show what the engine gets and makes of it."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = resolved(Flags(show=show, profile=profile, engine=engine))
    with reporting(as_json=False, quiet=True) as (report, _):
        said = audiostory_app.say(text, language, voice, settings, report, plain=plain)
    for part in said.parts:
        _tell_part(part.voice_id, part.lines)
    if output is not None:
        audiostory_app.write_wav(said, output)
    elif not _play(said):
        audiostory_app.write_wav(said, _UNNAMED)
        complain(f"No program here can play it: it is in {_UNNAMED}.")


def _tell_part(voice_id: str, lines: tuple[tuple[str, str], ...]) -> None:
    typer.echo(f"[{voice_id}]")
    for name, value in lines:
        typer.echo(f"  {name:<9} {value}")


def _play(said: Said) -> bool:
    """Whether a program of this system played it."""
    from audiostory import app as audiostory_app

    for name, arguments in _PLAYERS.items():
        if (program := which(name)) is None:
            continue
        with audiostory_app.temporary_wav(said) as path:
            if _ran([program, *arguments, str(path)], said.duration_s + 10):
                return True
    return False


def _ran(command: list[str], longest_s: float) -> bool:
    try:
        done = subprocess.run(
            command,
            timeout=longest_s,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return True  # it hangs at the end: what was said was heard
    except OSError:
        return False
    return done.returncode == 0
