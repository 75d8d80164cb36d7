"""Addresses as they are read out: links, e-mail, handles, hashtags, telephone numbers, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiostory.narration.normalise.lexis import Lexis
from audiostory.narration.speakable import Replacement

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})"
_TOP = (
    r"(?:com|org|net|edu|gov|int|mil|info|io|eu|uk|us|de|fr|es|ru|ua|it|pl|pt|nl|at|ch|be|br|ca|au"
    r"|in|jp|cn|tv|me|co|ai|app|dev|news|media|рф|укр)"
)
_EMAIL = re.compile(
    rf"(?<![\w.+@-])(?P<user>[\w.+-]{{1,64}})@(?P<host>{_LABEL}(?:\.{_LABEL}){{1,6}})(?![\w@])"
)
_URL = re.compile(
    rf"(?<![\w@.])(?:(?:https?|ftp)://(?:www\.)?|www\.)(?P<host>{_LABEL}(?:\.{_LABEL}){{0,8}})"
    r"(?P<port>:\d{1,5})?(?P<path>[/?#][^\s<>\"«»“”]{0,2000})?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w@./-])(?P<host>(?:{_LABEL}\.){{1,4}}{_TOP})(?P<path>/[\w/.-]{{0,80}})?(?![\w@])"
)
_HANDLE = re.compile(r"(?<![\w@./])@(?P<name>\w{2,40})(?![\w@])")
_HASHTAG = re.compile(r"(?<![\w&#/])#(?P<name>\w{2,100})")
_NUMBER_SIGN = re.compile(r"(?<![\w&#/])#(?=\d{1,5}(?!\w))")
_PHONE = re.compile(
    r"(?<![\w.,:/-])(?P<phone>(?:\+\d{1,3}[ \u00a0.-]?)?(?:\(\d{2,5}\)[ \u00a0-]?)?"
    r"\d{1,5}(?:[ \u00a0.-]\d{2,5}){1,5})(?![\w:%/]|[.,-]\d)"
)
_VERSION = re.compile(
    r"(?<![\w.,])(?P<v>[vV]\.? ?(?=\d))?(?P<n>\d{1,4}(?:\.\d{1,5}){1,4})(?![\w]|[.,]\d)"
)
_CAMEL = re.compile(
    r"[^\W\d_][^\W\d_A-ZА-ЯЁЄІЇҐÄÖÜ]+|[A-ZА-ЯЁЄІЇҐÄÖÜ]+(?![^\W\d_A-ZА-ЯЁЄІЇҐÄÖÜ])|[^\W\d_]|\d+"
)
_READABLE = re.compile(r"[^\W\d_]{1,24}(?:[._-][^\W\d_]{1,24}){0,4}|\d{1,4}")
_LONG_PATH = 40
_PATH_PARTS = 2
_SPANISH = 9  # digits; nothing marks the first
_PHONE_DIGITS = range(7, 16)


def web(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for addresses, handles and tags."""
    words = lexis.table("web")
    if words and "@" in text:
        for found in _EMAIL.finditer(text):
            said = f"{_dotted(found['user'], lexis)} {words['at']} {_dotted(found['host'], lexis)}"
            yield Replacement(found.start(), found.end(), said)
    if words and "." in text:
        yield from _links(text, lexis)
    if words and "@" in text:
        for found in _HANDLE.finditer(text):
            said = f"{words.get('handle', words['at'])} {_apart(found['name'], lexis)}"
            yield Replacement(found.start(), found.end(), said)
    if "number" in words and "#" in text:
        for found in _NUMBER_SIGN.finditer(text):
            yield Replacement(found.start(), found.end(), f"{words['number']} ")
    if words and "#" in text:
        for found in _HASHTAG.finditer(text):
            if not found["name"].isdigit():
                said = f"{words['hashtag']} {_tag(found['name'], lexis)}"
                yield Replacement(found.start(), found.end(), said)


def _links(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for pattern in (_URL, _BARE):
        for found in pattern.finditer(text):
            path = found["path"] or ""
            kept = path.rstrip(".,;:!?)]'’\u2026")
            end = found.end() - (len(path) - len(kept))
            yield Replacement(found.start(), end, _link_said(found["host"], kept, lexis))


def _link_said(host: str, path: str, lexis: Lexis) -> str:
    """The host, and a short path; what is long nobody would write down."""
    said = _dotted(host, lexis)
    parts = [part for part in path.split("/") if part]
    plain = all(_READABLE.fullmatch(part) for part in parts)
    if plain and len(path) <= _LONG_PATH and len(parts) <= _PATH_PARTS:
        slash = lexis.table("web")["slash"]
        said += "".join(f" {slash} {_dotted(part, lexis)}" for part in parts)
    return said


def _dotted(name: str, lexis: Lexis) -> str:
    words = lexis.table("web")
    said = name.replace(".", f" {words['dot']} ").replace("-", f" {words['dash']} ")
    said = said.replace("+", f" {lexis.number('plus', 'plus')} ").replace("_", " ")
    return " ".join(said.split())


def _apart(name: str, lexis: Lexis) -> str:
    return " ".join(name.replace("_", " ").split()) or name


def _tag(name: str, lexis: Lexis) -> str:
    """The words of a tag: ClimateStrike is "climate strike"."""
    parts = _CAMEL.findall(name)
    if len(parts) < 2:
        return _apart(name, lexis)
    keep = lexis.table("web").get("keep_case", False)
    return " ".join(
        part if keep or (part.isupper() and len(part) > 1) else part.lower() for part in parts
    )


def phones(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Telephone numbers, digit by digit, in their groups."""
    for found in _PHONE.finditer(text):
        written = found["phone"]
        groups = re.findall(r"\d+", written)
        if sum(map(len, groups)) in _PHONE_DIGITS and _is_phone(written, groups, lexis):
            said = ", ".join(" ".join(group) for group in groups)
            plus = f"{lexis.number('plus', '+')} " if written.startswith("+") else ""
            yield Replacement(found.start(), found.end(), plus + said)


def _is_phone(written: str, groups: list[str], lexis: Lexis) -> bool:
    """A plus, a bracket or hyphens between groups; not "1 200 300", not a date."""
    if written.startswith("+") or "(" in written:
        return True
    if re.search(r"[ \u00a0.]", written):
        if lexis.language == "es" and written[0] in "6789" and len("".join(groups)) == _SPANISH:
            return True
        american = [len(group) for group in groups] == [3, 3, 4] and written.count(".") == 2
        return american or (groups[0].startswith("0") and len(groups) > 2 and "." not in written)
    return len(groups) > 2 or (len(groups[-1]) == 4 and len(groups[0]) == 3)


def versions(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """v2.10.3, and what has two dots without a v."""
    point = lexis.number("point")
    if not point:
        return
    for found in _VERSION.finditer(text):
        dots = found["n"].count(".")
        if not found["v"] and (
            dots < 2 or (lexis.number("group") == "." and _is_grouped(found["n"]))
        ):
            continue
        word = f"{lexis.number('version')} " if found["v"] else ""
        said = f" {point} ".join(found["n"].split("."))
        yield Replacement(found.start(), found.end(), word + said)


def _is_grouped(written: str) -> bool:
    return all(len(part) == 3 for part in written.split(".")[1:])
