"""audiostory cache: what is kept of what was rendered."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiostory.cli.terminal import ShowFile, resolved
from audiostory.errors import UsageError

if TYPE_CHECKING:
    from audiostory.cache import Usage

cache_app = typer.Typer(name="cache", help="Show what is kept of rendered passages, or remove it.")

Folder = Annotated[Path | None, typer.Option("--cache", help="Folder of rendered passages.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a line of JSON.")]
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@cache_app.callback(invoke_without_command=True)
def _without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show()


@cache_app.command()
def show(cache: Folder = None, show: ShowFile = None, as_json: AsJson = False) -> None:
    """Show where the cache is, and what it holds."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = resolved(Flags(cache=cache, show=show))
    held, most = audiostory_app.cache_usage(settings), settings.cache_limit_bytes
    if as_json:
        _echo(settings.cache, held, limit_bytes=most)
        return
    typer.echo(f"{settings.cache}: {_told(held)}; at most {_size(most)}")
    if held.oldest and held.newest:
        typer.echo(
            f"{_counted(held.clips, 'clip')}, {_counted(held.utterances, 'utterance')}, "
            f"{_counted(held.measured, 'measured sound')}, {_counted(held.made, 'finished source')}"
        )
        typer.echo(
            f"unused longest: since {_moment(held.oldest)}; last used: {_moment(held.newest)}"
        )


@cache_app.command()
def prune(
    to: Annotated[
        str | None, typer.Option("--to", help="How much may be left: 500MB, 2GB, or 0.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Leave nothing.")] = False,
    cache: Folder = None,
    show: ShowFile = None,
    as_json: AsJson = False,
) -> None:
    """Remove what is unused longest, until the limit or --to is kept.

    It costs nothing but the time to render it again.
    """
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    if everything and to is not None:
        raise UsageError("--all and --to say how much may be left.", "Give one of them.")
    most = _bytes(to) if to is not None else 0 if everything else None
    settings = resolved(Flags(cache=cache, show=show))
    gone = audiostory_app.prune_cache(
        settings, settings.cache_limit_bytes if most is None else most
    )
    left = audiostory_app.cache_usage(settings)
    if as_json:
        _echo(settings.cache, gone, left_bytes=left.bytes)
        return
    typer.echo(f"removed {_told(gone)}")
    typer.echo(f"{settings.cache}: {_told(left)}")


def _echo(folder: Path, usage: Usage, **more: int) -> None:
    moments = {"oldest": usage.oldest, "newest": usage.newest}
    data = {
        "cache": str(folder),
        "files": usage.files,
        "bytes": usage.bytes,
        "clips": usage.clips,
        "utterances": usage.utterances,
        "measured": usage.measured,
        "made": usage.made,
        **{name: moment and moment.isoformat() for name, moment in moments.items()},
        **more,
    }
    typer.echo(json.dumps(data, ensure_ascii=False))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([KMGT]?B)?", text.strip().upper(), re.ASCII)
    if not found:
        raise UsageError(f"--to is {text!r}.", "Give a size such as 500MB or 2GB.")
    return round(float(found[1]) * _UNITS[found[2] or ""])


def _told(usage: Usage) -> str:
    return f"{_counted(usage.files, 'file')}, {_size(usage.bytes)}"


def _size(count: int) -> str:
    for unit in ("TB", "GB", "MB", "KB"):
        if count >= _UNITS[unit]:
            return f"{count / _UNITS[unit]:.1f} {unit}"
    return f"{count} B"
