"""What `audiostory make --dry-run` says: what the episodes would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from audiostory.cli.terminal import (
    FAILED,
    complain,
    echo_event,
    interruptible,
    reporting,
    tell_error,
)

if TYPE_CHECKING:
    from audiostory.config import Settings
    from audiostory.estimate import Estimate, Share


def tell_estimates(sources: Sequence[str], settings: Settings, as_json: bool) -> None:
    """Say what each article would take, and all of them; fails where one could not be read."""
    from audiostory import app as audiostory_app
    from audiostory.estimate import in_all

    found: list[Estimate] = []
    failed = 0
    with interruptible(), reporting(as_json) as (report, aside):
        for outcome in audiostory_app.estimate(sources, settings, report):
            with aside():
                if outcome.made is None:
                    failed += 1
                    tell_error(outcome, as_json)
                    continue
                found.append(outcome.made)
                if as_json:
                    title = outcome.made.title
                    told = _as_data(outcome.made)
                    echo_event("estimate", source=str(outcome.source), title=title, **told)
                else:
                    _tell(outcome.made.title, outcome.made)
    together = in_all(found)
    if as_json:
        echo_event("sum", articles=len(found), failed=failed, **_as_data(together))
    elif len(found) > 1:
        _tell(f"{len(found)} articles in all", together)
    if failed:
        if failed + len(found) > 1 and not as_json:
            complain(f"{failed} of {failed + len(found)} could not be read.")
        raise typer.Exit(FAILED)


def _tell(title: str, estimate: Estimate) -> None:
    typer.echo(title)
    typer.echo(f"  length      about {_time(estimate.duration_s)}")
    typer.echo(f"  passages    {estimate.passages:>11,}   to render {estimate.to_render:>11,}")
    typer.echo(f"  characters  {estimate.characters:>11,}   to say    {estimate.to_say:>11,}")
    for share in estimate.shares:
        typer.echo(f"    {share.engine + '/' + share.voice:<32} {_share(share)}".rstrip())
    if estimate.costs:
        typer.echo(f"  cost        {_costs(estimate.costs)}")


def _share(share: Share) -> str:
    measuring = f"and {share.measuring:,} to set its volume" if share.measuring else ""
    cost = "" if share.price is None else _costs({share.price.currency: share.cost or 0})
    return f"{share.characters:>11,}  {measuring:<28}  {cost}"


def _costs(costs: Mapping[str, float]) -> str:
    return " + ".join(f"{_amount(costs[currency])} {currency}" for currency in sorted(costs))


def _amount(cost: float) -> str:
    return "less than 0.01" if 0 < cost < 0.01 else f"{cost:,.2f}"


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _as_data(estimate: Estimate) -> dict[str, Any]:
    return {
        "passages": estimate.passages,
        "to_render": estimate.to_render,
        "characters": estimate.characters,
        "characters_to_say": estimate.to_say,
        "duration_s": round(estimate.duration_s, 1),
        "voices": [_share_as_data(share) for share in estimate.shares],
        "costs": {currency: round(cost, 6) for currency, cost in estimate.costs.items()},
    }


def _share_as_data(share: Share) -> dict[str, Any]:
    return {
        "engine": share.engine,
        "voice": share.voice,
        "characters": share.characters,
        "characters_to_measure": share.measuring,
        "cost": None if share.cost is None else round(share.cost, 6),
        "currency": share.price.currency if share.price else None,
    }
