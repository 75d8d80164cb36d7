"""Marks of an encyclopedia in the copy of its page: [edit], note numbers, a table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audiostory.model import Omission
from audiostory.reading.furniture import PageWords, essence
from audiostory.reading.tree import folded

EDIT, NOTE, CONTENTS = "page furniture", "note number", "table of contents"

_ENTRY = re.compile(r"\s*\d+(?:\.\d+)*\.?\s+(\S.*)$")
_LONGEST_HEADING = 100
_UNDER = re.compile(r"\s*\^\s*(?=\S)")  # before a note


def without_marks(text: str, words: PageWords) -> tuple[str, tuple[Omission, ...]]:
    """A text without an encyclopedia's marks, and those marks; any other text stays as it is.

    A text is a copy of an encyclopedia's page when two of its lines end in [edit]: those lines
    are headings, and the numbers in brackets are of notes.
    """
    edit = re.compile(rf"\s*\[\s*(?:{_either(words.edit)})\s*\]\s*$", re.IGNORECASE)
    lines = text.split("\n")
    headings = {
        n: edit.sub("", line)
        for n, line in enumerate(lines)
        if "[" in line and len(line) <= _LONGEST_HEADING and edit.search(line)
    }
    if len(headings) < 2:
        return text, ()
    note = re.compile(
        rf"\[\s*(?:\d{{1,3}}|[a-z]|note \d+|{_either(words.unsourced)})\s*\]", re.IGNORECASE
    )
    contents = _contents(lines, set(headings.values()), words)
    kept: list[str] = []
    omissions: list[Omission] = []
    for number, line in enumerate(lines):
        if number in contents:
            omissions.append(Omission(folded(line), CONTENTS))
        elif number in headings:
            kept += ["", f"## {headings[number].strip()}", ""]
            omissions.append(Omission(line[len(headings[number]) :].strip(), EDIT))
        else:
            if marks := note.findall(line):
                omissions.append(Omission(" ".join(marks), NOTE))
            kept.append(_UNDER.sub("", note.sub("", line)))
    return "\n".join(kept), tuple(omissions)


def _either(names: Sequence[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _contents(lines: Sequence[str], headings: set[str], words: PageWords) -> set[int]:
    """The lines of a table of contents: its label, and the headings with their numbers."""
    for number, line in enumerate(lines):
        if essence(re.sub(r"\s*\[[^\]]*\]$", "", line)) not in words.contents:
            continue
        found = {number}
        for below in range(number + 1, len(lines)):
            entry = _ENTRY.match(lines[below])
            text = (entry.group(1) if entry else lines[below]).strip()
            if text and text not in headings:
                break
            found |= {below} if text else set()
        return found if len(found) > 2 else set()
    return set()
