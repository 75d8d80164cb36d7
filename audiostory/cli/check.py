"""The command `audiostory check`: whether finished episodes are whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiostory.cli.terminal import FAILED, complain, interruptible, reporting
from audiostory.errors import AudiostoryError

if TYPE_CHECKING:
    from audiostory.checking import Checked


def check(
    episodes: Annotated[
        list[Path], typer.Argument(metavar="EPISODE", help="Its folder, or its episode.json.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each finding.")
    ] = False,
) -> None:
    """Listen to finished episodes: is each sentence to be heard, and no word missing?"""
    from audiostory import app as audiostory_app

    failed = False
    with interruptible(), reporting(as_json=False) as (report, aside):
        for path in episodes:
            report.begin(str(path))
            try:
                checked = audiostory_app.check(path, report)
            except AudiostoryError as error:
                if len(episodes) == 1:
                    raise
                failed = True
                with aside():
                    complain(str(error))
                continue
            failed |= bool(checked.findings)
            with aside():
                _tell_as_json(path, checked) if as_json else _tell(checked)
    if failed:
        raise typer.Exit(FAILED)


def _tell(checked: Checked) -> None:
    for finding in checked.findings:
        typer.echo(str(finding))
    minutes, seconds = divmod(round(checked.duration_s), 60)
    count = len(checked.findings)
    found = {0: "nothing is wrong", 1: "1 thing is wrong"}.get(count, f"{count} things are wrong")
    utterances = f"{checked.utterances} utterance{'' if checked.utterances == 1 else 's'}"
    typer.echo(f"{checked.title}: {utterances}, {minutes}:{seconds:02}: {found}.")


def _tell_as_json(path: Path, checked: Checked) -> None:
    for finding in checked.findings:
        _echo("finding", at_s=finding.at_s, text=finding.text, message=finding.message)
    _echo(
        "checked",
        episode=str(path),
        title=checked.title,
        utterances=checked.utterances,
        duration_s=checked.duration_s,
        findings=len(checked.findings),
    )


def _echo(event: str, **data: object) -> None:
    typer.echo(json.dumps({"event": event, **data}, ensure_ascii=False))
