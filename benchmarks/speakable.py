"""How much is said as a careful narrator would say it: cases in six languages, each right or not.

    python -m benchmarks.speakable [--json] [LANGUAGE …]

A case is a sentence and what is said for it; those under "same" are said as they are written.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiostory.narration.normalise import normalised
from audiostory.narration.speakable import respelt

CASES = Path(__file__).parent / "data" / "speakable"

Case = tuple[str, str]


def main() -> None:
    """Print the share of cases that are right, and each that is not."""
    arguments = _arguments()
    languages = arguments.languages or [path.stem for path in sorted(CASES.glob("*.toml"))]
    results = {language: list(wrong(language)) for language in languages}
    totals = {language: len(cases(language)) for language in languages}
    rights = {language: totals[language] - len(results[language]) for language in languages}
    share = sum(rights.values()) / sum(totals.values())
    if arguments.json:
        table: dict[str, object] = {
            language: {"right": rights[language], "total": totals[language]}
            for language in languages
        }
        lines = [json.dumps({**table, "right": round(share, 4)})]
    else:
        lines = [f"{language}: {rights[language]} of {totals[language]}" for language in languages]
        lines.append(f"right: {share:.1%}")
        for language in languages:
            lines += [line for failure in results[language] for line in _told(language, *failure)]
    sys.stdout.write("\n".join((*lines, "")))


def cases(language: str) -> Sequence[Case]:
    """What is written and what is said, in a language."""
    table = tomllib.loads((CASES / f"{language}.toml").read_text("utf-8"))
    return [
        (entry, entry) if isinstance(entry, str) else (entry[0], entry[1])
        for entries in table.values()
        for entry in entries
    ]


def wrong(language: str) -> Iterator[tuple[str, str, str]]:
    """Each case that is not said as it should be: written, expected, said."""
    for written, expected in cases(language):
        said = respelt(written, normalised(written, language))[0]
        if said != expected:
            yield written, expected, said


def _told(language: str, written: str, expected: str, said: str) -> Iterator[str]:
    yield f"\n{language}: {written}"
    yield f"  expected: {expected}"
    yield f"  said:     {said}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("languages", nargs="*", help="by their tags; all if none")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    main()
