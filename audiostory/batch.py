"""Many sources: each a job of its own, whose failure stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audiostory.errors import AudiostoryError, SourceError, fault, system_error
from audiostory.pipeline import Made
from audiostory.publishing import layout
from audiostory.reading import SUFFIXES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a source: an episode, or an error."""

    source: Path
    made: Made | None
    error: AudiostoryError | None


def _in_folder(folder: Path) -> list[Path]:
    """The articles in a folder, but for hidden ones and the pages of a show published there."""
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        if layout.SHOW in files:
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(here, name) for name in files if not name.startswith("."))
        found.extend(p for p in paths if p.suffix.lower() in SUFFIXES and p.is_file())
    return sorted(found)


def make_all(sources: Iterable[Path], make: Callable[[Path], Made]) -> Iterator[Outcome]:
    """Make each source in turn, and say what became of it as soon as it is known."""
    for source in sources:
        if os.path.isdir(source):  # Path.is_dir raises when a name is too long
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
        except Exception as error:  # Ours to mend, and no reason to leave the others undone.
            yield Outcome(source, None, fault(error))


def _nothing_in(folder: Path) -> SourceError:
    return SourceError(
        f"There is no article in {folder}.", f"It reads files that end in {', '.join(SUFFIXES)}."
    )
