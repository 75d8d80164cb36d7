"""Many sources: each a job of its own, whose failure stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from audiostory.errors import AudiostoryError, SourceError, fault, system_error
from audiostory.model import Article
from audiostory.publishing import layout
from audiostory.reading import SUFFIXES, may_be_article

Found = Article | SourceError
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What became of a source, or of one of the articles in it.

    made: an episode, or what else was to be made of it; None where there is an error.
    """

    source: str
    made: Result | None
    error: AudiostoryError | None


def _in_folder(folder: Path) -> list[Path]:
    """The articles in a folder, but for hidden ones and the pages of a show published there.

    Of an article and the script that a producer edited, beside it, the script is made.
    """
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        if layout.SHOW in files:
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        scripts = frozenset(files)
        paths = (Path(here, name) for name in files if not name.startswith("."))
        paths = (p for p in paths if f"{p.stem}.script.html" not in scripts)
        found.extend(p for p in paths if may_be_article(p.name) and p.is_file())
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Steps(Generic[Result]):
    """What is done with a source.

    made_before: what was made of it, if nothing has changed since. Else it is read, and each
    article is made; keep gets what was made, when all of it was.
    """

    read: Callable[[str], Sequence[Found]]
    make: Callable[[str, Article], Result]
    made_before: Callable[[str], Sequence[Result] | None] = lambda _source: None
    keep: Callable[[str, Sequence[Result]], None] = lambda _source, _made: None


def make_all(sources: Iterable[str], steps: Steps[Result]) -> Iterator[Outcome[Result]]:
    """Make every article of each source, and say what became of it as soon as it is known."""
    for source in sources:
        if os.path.isdir(source):  # Path.is_dir raises when a name is too long
            found = _in_folder(Path(source))
            if not found:
                yield Outcome(source, None, _nothing_in(source))
            yield from make_all(map(str, found), steps)
        else:
            yield from _make_one(source, steps)


def _make_one(source: str, steps: Steps[Result]) -> Iterator[Outcome[Result]]:
    before = _attempt(steps.made_before, source)
    if before is not None and not isinstance(before, AudiostoryError):
        yield from (Outcome(source, made, None) for made in before)
        return
    articles = _attempt(steps.read, source)
    failed = isinstance(articles, AudiostoryError)
    all_made: list[Result] = []
    for article in [articles] if failed else articles:
        failed = isinstance(article, AudiostoryError)
        made = article if failed else _attempt(steps.make, source, article)
        if isinstance(made, AudiostoryError):
            yield Outcome(source, None, made)
        else:
            all_made.append(made)
            yield Outcome(source, made, None)
    if not isinstance(articles, AudiostoryError) and len(all_made) == len(articles):
        _attempt(steps.keep, source, all_made)


def _attempt(call: Callable[..., Any], *arguments: object) -> Any:
    """What a call returns, or why it could not: the one place that isolates a job's failure."""
    try:
        return call(*arguments)
    except AudiostoryError as error:
        return error
    except OSError as error:
        return system_error(error)
    except Exception as error:  # Ours to mend, and no reason to leave the others undone.
        return fault(error)


def _nothing_in(folder: str) -> SourceError:
    return SourceError(
        f"There is no article in {folder}.", f"It reads files that end in {', '.join(SUFFIXES)}."
    )
