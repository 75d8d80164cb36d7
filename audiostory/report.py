"""How a run tells what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """How a run tells what it does.

    step: a room's name, how much is done there, of how much. begin: an article's turn has come.
    """

    step: Callable[[str, int, int], None]
    warn: Callable[[str], None]
    begin: Callable[[str], None] = lambda _source: None
