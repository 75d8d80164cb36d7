"""How alike an article reads in every format: a table of the blocks that are the same.

    python -m benchmarks.round_trip [--verbose] [--json] [--only FORMAT] [NAME …]

Chromium, pandoc and pdftotext make the copies, in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from audiostory.errors import SourceError
from audiostory.reading import read
from tests.round_trip import (
    CARRIED,
    FORMATS,
    PAGES,
    Comparison,
    blocks_of,
    compare,
    expected_blocks,
    in_format,
    lines_of,
)

Results = Mapping[str, Mapping[str, Comparison | None]]


def main() -> None:
    """Print the table."""
    arguments = _arguments()
    pages = [page for page in PAGES if not arguments.names or page.stem in arguments.names]
    formats = arguments.only or list(FORMATS)
    with TemporaryDirectory() as folder:
        results = {name: _results(name, pages, Path(folder)) for name in formats}
    if arguments.json:
        lines = [json.dumps(_as_json(results), ensure_ascii=False)]
    else:
        lines = list(_table(results, [page.stem for page in pages]))
        lines += _differences(results) if arguments.verbose else []
    sys.stdout.write("\n".join((*lines, "")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="articles, by their files' names; all if none")
    parser.add_argument("--only", action="append", choices=list(FORMATS), help="this format")
    parser.add_argument("--verbose", action="store_true", help="print what differs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def _results(format_: str, pages: Sequence[Path], folder: Path) -> dict[str, Comparison | None]:
    """By article, what is the same in a format; None where there is no reader of it."""
    found: dict[str, Comparison | None] = {}
    for page, copy in zip(pages, in_format(format_, pages, folder), strict=True):
        wanted = expected_blocks(page) if format_ == "html" else blocks_of(read(page))
        try:
            blocks = blocks_of(read(copy))
        except SourceError:
            found[page.stem] = None
        else:
            found[page.stem] = compare(wanted, blocks, CARRIED[format_], lines_of(copy))
    return found


def _total(comparisons: Sequence[Comparison | None]) -> Comparison | None:
    known = [c for c in comparisons if c]
    if not known:
        return None
    return Comparison(sum(c.same for c in known), sum(c.of for c in known), ())


def _table(results: Results, names: Sequence[str]) -> Iterator[str]:
    width = max(map(len, (*names, "same role and text")))
    yield " ".join([" " * width, *(f"{name:>9}" for name in results)])
    for name in names:
        cells = [_cell(by_name[name]) for by_name in results.values()]
        yield " ".join([f"{name:<{width}}", *cells])
    totals = {name: _total(list(by_name.values())) for name, by_name in results.items()}
    yield " ".join([f"{'all':<{width}}", *map(_cell, totals.values())])
    shares = [f"{total.share:9.1%}" if total else f"{'pending':>9}" for total in totals.values()]
    yield " ".join([f"{'same role and text':<{width}}", *shares])
    if whole := _total(list(totals.values())):
        yield f"in all: {whole.same} of {whole.of} blocks, {whole.share:.1%}"


def _cell(comparison: Comparison | None) -> str:
    return f"{comparison.same}/{comparison.of}".rjust(9) if comparison else f"{'pending':>9}"


def _differences(results: Results) -> Iterator[str]:
    for format_, by_name in results.items():
        for name, comparison in by_name.items():
            if comparison and comparison.differences:
                yield f"\n{name}, {format_}: - the page, + the copy"
                yield from (f"  {line}" for line in comparison.differences)


def _as_json(results: Results) -> dict[str, object]:
    return {
        format_: {
            "same": total.same,
            "of": total.of,
            "share": round(total.share, 4),
            "articles": {n: [c.same, c.of] for n, c in by_name.items() if c},
        }
        if (total := _total(list(by_name.values())))
        else None
        for format_, by_name in results.items()
    }


if __name__ == "__main__":
    main()
