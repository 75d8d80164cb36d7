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


def make_all(
    sources: Iterable[str],
    read: Callable[[str], Sequence[Found]],
    make: Callable[[str, Article], Result],
) -> Iterator[Outcome[Result]]:
    """Make every article of each source, and say what became of it as soon as it is known."""
    for source in sources:
        if os.path.isdir(source):  # Path.is_dir raises when a name is too long
            found = _in_folder(Path(source))
            if not found:
                yield Outcome(source, None, _nothing_in(source))
            yield from make_all(map(str, found), read, make)
            continue
        articles = _attempt(read, source)
        for article in [articles] if isinstance(articles, AudiostoryError) else articles:
            failed = isinstance(article, AudiostoryError)
            made = article if failed else _attempt(make, source, article)
            if isinstance(made, AudiostoryError):
                yield Outcome(source, None, made)
            else:
                yield Outcome(source, made, None)


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
