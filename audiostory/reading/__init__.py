"""Source -> Article: one reader a format; clean.py is the one door into the vocabulary."""

from __future__ import annotations

import os

from audiostory.errors import SourceError
from audiostory.model import Article, ReadingOptions, Rules
from audiostory.reading.formats import SUFFIXES, may_be_article
from audiostory.reading.sources import is_link, read_all
from audiostory.reading.worker import Limits, in_worker

__all__ = ["SUFFIXES", "check_options", "is_link", "may_be_article", "read", "read_safely"]

_LIMITS = Limits()


def read(source: str | os.PathLike[str], options: ReadingOptions | None = None) -> Article:
    """Read a source's first article in this process. Raises SourceError: it says what to do."""
    first = read_all(_named(source), options or ReadingOptions())[0]
    if isinstance(first, SourceError):
        raise first
    return first


def read_safely(
    source: str | os.PathLike[str], options: ReadingOptions, limits: Limits = _LIMITS
) -> tuple[Article | SourceError, ...]:
    """A source's articles, read in a process of its own that may use so much and no more.

    Of a feed's article that cannot be read there is the error. Raises SourceError.
    """
    name = _named(source)
    found: tuple[Article | SourceError, ...] = in_worker(
        os.path.basename(name) or name, read_all, name, options, limits=limits
    )
    return found


def check_options(options: ReadingOptions) -> None:
    """Raises UsageError for rules that cannot be used, before anything is read."""
    every = (options.rules, *(rules for _, rules in options.sites))
    if any(rules != Rules() for rules in every):
        from audiostory.reading.rules import check_rules

        for rules in every:
            check_rules(rules)


def _named(source: str | os.PathLike[str]) -> str:
    """A source as text; a link that went through a path has its slashes again."""
    name = os.fspath(source)
    for scheme in ("http", "https"):
        if name.startswith(f"{scheme}:/") and not name.startswith(f"{scheme}://"):
            return name.replace(":/", "://", 1)
    return name
