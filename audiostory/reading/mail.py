"""An article that came by mail: the letter's head and foot are taken off it."""

from __future__ import annotations

import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass

from audiostory.model import Omission
from audiostory.reading.furniture import PageWords, essence
from audiostory.reading.tree import folded, has_words

HEADER, SIGNATURE = "mail header", "signature"

_SOFT_BREAK = re.compile(r"=(?:20)?[ \t]*$", re.MULTILINE)
_ENCODED = re.compile(r"(?:=[0-9A-F]{2})+|=[ \t]*\n")
_FIELD = re.compile(r"[>*\s]*([^\W\d][\w .-]{0,30}?)\s*:\**(?:\s+|$)(.*)$")
_REPLY = re.compile(r"(?:re|fwd?|wg|aw|tr|rv|fw|отв|пер)\s*:\s*", re.IGNORECASE)
_HEAD_LINES = 40
_FOOT_LINES = 12


@dataclass(frozen=True, slots=True)
class Letter:
    """What is in a letter. title: its subject, "" when it has no head."""

    text: str
    title: str = ""
    omissions: tuple[Omission, ...] = ()


def opened(text: str, words: PageWords) -> Letter:
    """Take an article out of a letter; any other text is handed back as it is."""
    lines = _decoded(text).split("\n")
    head, title, omissions = _head(lines, words)
    body = lines[head:]
    foot = _foot(body, words, is_mail=head > 0)
    signed = tuple(Omission(folded(line), SIGNATURE) for line in body[foot:] if has_words(line))
    body = body[:foot]
    if head:
        body = _unquoted(body)
    return Letter("\n".join(body), title, (*omissions, *signed))


def _decoded(text: str) -> str:
    """A text without the marks of quoted-printable that mail leaves in it (RFC 2045, 6.7)."""
    if len(_SOFT_BREAK.findall(text)) < 2:
        return text

    def letters(match: re.Match[str]) -> str:
        return quopri.decodestring(match.group().encode("ascii")).decode("utf-8", "replace")

    return "\n".join(line.rstrip(" \t") for line in _ENCODED.sub(letters, text).split("\n"))


def _head(lines: Sequence[str], words: PageWords) -> tuple[int, str, list[Omission]]:
    """How many lines are a letter's head, its subject, and what is left out of the head."""
    title, omissions, end, fields = "", list[Omission](), 0, 0
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if not line.strip(" >\t"):
            continue
        match = _FIELD.match(line)
        name = match.group(1).casefold() if match else ""
        if match and name in words.subject:
            omissions += [Omission(title, HEADER)] if title else []  # of the letter around this one
            label, title = _subject(line, match)
            omissions.append(Omission(label, HEADER))
        elif (match and name in words.mail) or _is_forwarded(line, words):
            omissions.append(Omission(folded(line), HEADER))
        else:
            break
        fields += match is not None
        end = number + 1
    return (end, title, omissions) if fields >= 3 and title else (0, "", [])


def _subject(line: str, match: re.Match[str]) -> tuple[str, str]:
    """The label of a subject, marks of replies included, and the subject."""
    title = match.group(2)
    while (reply := _REPLY.match(title)) is not None:
        title = title[reply.end() :]
    return folded(line[: len(line) - len(title)]).lstrip("> "), folded(title).rstrip("*")


def _is_forwarded(line: str, words: PageWords) -> bool:
    return len(line) < 100 and essence(line.strip("-_ >")) in words.forwarded


def _foot(lines: Sequence[str], words: PageWords, *, is_mail: bool) -> int:
    """Where a signature begins: at "-- " (RFC 3676, 4.3), or at what a telephone adds."""
    filled = [n for n, line in enumerate(lines) if line.strip()]
    for number in filled[-_FOOT_LINES:]:
        line = lines[number].strip(" >\t\r")
        if is_mail and line == "--":
            return number
        if len(line) < 80 and line.casefold().startswith(words.signed) and number in filled[-3:]:
            return number
    return len(lines)


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Lines of a letter that quotes nearly all of itself, without the marks of that."""
    filled = [line for line in lines if line.strip()]
    quoted = sum(line.startswith(">") for line in filled)
    if not filled or quoted < 0.8 * len(filled):
        return list(lines)
    return [re.sub(r"^> ?", "", line) for line in lines]
