"""Many sources: each a job of its own, whose failure stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audiostory.errors import AudiostoryError, SourceError, system_error
from audiostory.pipeline import Made
from audiostory.reading import SUFFIXES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a source: an episode, or an error."""

    source: Path
    made: Made | None
    error: AudiostoryError | None


def _in_folder(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def make_all(sources: Iterable[Path], make: Callable[[Path], Made]) -> Iterator[Outcome]:
    """Make each source in turn, and say what became of it as soon as it is known."""
    for source in sources:
        if source.is_dir():
            found = _in_folder(source)
            if not found:
                yield Outcome(source, None, _nothing_in(source))
            yield from make_all(found, make)
            continue
        try:
            yield Outcome(source, make(source), None)
        except AudiostoryError as error:
            yield Outcome(source, None, error)
        except OSError as error:
            yield Outcome(source, None, system_error(error))


def _nothing_in(folder: Path) -> SourceError:
    return SourceError(
        f"There is no article in {folder}.", f"It reads files that end in {', '.join(SUFFIXES)}."
    )
