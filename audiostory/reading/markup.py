"""What is broken in the markup of a producer's script, with its line, and what that would lose.

HTML has no errors that stop a reader: what is not closed goes on, or is dropped in silence. A
producer wants to know. Names of elements whose end tag may be left out: HTML, 13.1.2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from audiostory.reading.tree import folded, has_words

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)(?:[^\"'<>]|\"[^\"]*+\"|'[^']*+')*+>")
_INNER_TAG = re.compile(r"<[^<>]*>")
_RAW_END = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea")
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)
_MAY_BE_OPEN = frozenset(
    {"html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot"}
    | {"caption", "colgroup", "option", "optgroup", "rp", "rt"}
)
_ENDS_P = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "figure"}
    | {"aside", "pre", "hr", "section", "article", "div", "details"}
)


@dataclass(slots=True)
class Markup:
    """A script's text as it can be parsed without loss. problems: of a line, what is wrong there.

    commented: text that stood between <!-- and --> in the article.
    """

    text: str
    problems: list[tuple[int, str]] = field(default_factory=list)
    commented: list[str] = field(default_factory=list)


def check_markup(text: str) -> Markup:
    """Find what is broken. A "<" that begins no tag is made text: it would swallow what follows."""
    markup = Markup(text)
    tags = _Tags(markup)
    parts: list[str] = []
    at = copied = 0
    line, counted = 1, 0
    while (at := text.find("<", at)) >= 0:
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith("<!--", at):
            at = _comment(markup, at, line, tags)
        elif found := _TAG.match(text, at):
            at = found.end()
            name = found[2].lower()
            if found[1]:
                tags.end(name, line)
            elif not found[0].endswith("/>") or name not in _VOID:
                tags.start(name, line)
                at = _after_raw(text, at, name)
        else:
            if text[at + 1 : at + 2].isalpha() or text[at + 1 : at + 2] == "/":
                markup.problems.append((line, "a tag is not closed with >: it is read as text"))
                parts += [text[copied:at], "&lt;"]
                copied = at + 1
            at += 1
    tags.done()
    markup.text = "".join((*parts, text[copied:])) if parts else text
    return markup


def _comment(markup: Markup, at: int, line: int, tags: _Tags) -> int:
    """Where a comment ends; what was the article's in it is noted."""
    text = markup.text
    end = text.find("-->", at + 4)
    if end < 0:
        markup.problems.append((line, "a comment is not closed with -->"))
        end = len(text)
    inner = text[at + 4 : end]
    if tags.in_article and _INNER_TAG.search(inner):
        left = folded(unescape(_INNER_TAG.sub("", inner)))
        markup.commented += [left] if has_words(left) else []
    return end + 3


def _after_raw(text: str, at: int, name: str) -> int:
    """Where the text of an element without markup in it ends."""
    if name not in _RAW_END:
        return at
    end = _RAW_END[name].search(text, at)
    return end.start() if end else len(text)


class _Tags:
    """The elements that are open at a place in a text."""

    def __init__(self, markup: Markup) -> None:
        self._markup = markup
        self._open: list[tuple[str, int]] = []
        self._counts: dict[str, int] = {}

    @property
    def in_article(self) -> bool:
        return self._counts.get("article", 0) > 0

    def start(self, name: str, line: int) -> None:
        if name in _ENDS_P and self._counts.get("p"):
            self._close("p")
        if name not in _VOID:
            self._open.append((name, line))
            self._counts[name] = self._counts.get(name, 0) + 1

    def end(self, name: str, line: int) -> None:
        if self._counts.get(name):
            self._close(name)
        elif name not in _VOID:
            self._markup.problems.append((line, f"</{name}> closes nothing"))

    def done(self) -> None:
        self._markup.problems += self._unclosed(self._open)
        self._markup.problems.sort(key=lambda problem: problem[0])

    def _close(self, name: str) -> None:
        left: list[tuple[str, int]] = []
        while True:
            inner, line = self._open.pop()
            self._counts[inner] -= 1
            if inner == name:
                break
            left.append((inner, line))
        self._markup.problems += self._unclosed(left)

    def _unclosed(self, left: list[tuple[str, int]]) -> Iterator[tuple[int, str]]:
        for name, line in left:
            if name not in _MAY_BE_OPEN:
                yield line, f"<{name}> is not closed"
