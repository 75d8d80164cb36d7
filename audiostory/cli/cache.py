"""audiostory cache: what is kept of what was rendered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiostory.cli.terminal import ShowFile, resolved
from audiostory.errors import UsageError

if TYPE_CHECKING:
    from audiostory.cache import Usage

cache_app = typer.Typer(
    name="cache", help="Show what is kept of rendered passages, or remove it.", no_args_is_help=True
)

Folder = Annotated[Path | None, typer.Option("--cache", help="Folder of rendered passages.")]
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@cache_app.command()
def show(cache: Folder = None, show: ShowFile = None) -> None:
    """Show where the cache is, and how much it holds."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = resolved(Flags(cache=cache, show=show))
    held = audiostory_app.cache_usage(settings)
    typer.echo(f"{settings.cache}: {_told(held)}; at most {_size(settings.cache_limit_bytes)}")
    if held.oldest:
        typer.echo(f"unused longest: since {held.oldest.astimezone():%Y-%m-%d %H:%M}")


@cache_app.command()
def prune(
    to: Annotated[str, typer.Option("--to", help="How much may be left: 500MB, 2GB, or 0.")],
    cache: Folder = None,
    show: ShowFile = None,
) -> None:
    """Remove what is unused longest. It costs nothing but the time to render it again."""
    from audiostory import app as audiostory_app
    from audiostory.config import Flags

    settings = resolved(Flags(cache=cache, show=show))
    gone = audiostory_app.prune_cache(settings, _bytes(to))
    typer.echo(f"removed {_told(gone)}")
    typer.echo(f"{settings.cache}: {_told(audiostory_app.cache_usage(settings))}")


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([KMGT]?B)?", text.strip().upper(), re.ASCII)
    if not found:
        raise UsageError(f"--to is {text!r}.", "Give a size such as 500MB or 2GB.")
    return round(float(found[1]) * _UNITS[found[2] or ""])


def _told(usage: Usage) -> str:
    return f"{usage.files} {'file' if usage.files == 1 else 'files'}, {_size(usage.bytes)}"


def _size(count: int) -> str:
    for unit in ("TB", "GB", "MB", "KB"):
        if count >= _UNITS[unit]:
            return f"{count / _UNITS[unit]:.1f} {unit}"
    return f"{count} B"
