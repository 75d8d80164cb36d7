"""What was published of an episode, read back: what its transcript says and its page shows."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import lxml.html
from lxml.etree import ParserError, iterwalk
from lxml.html import HtmlElement

from audiostory.model import Span
from audiostory.publishing.labels import labels
from audiostory.publishing.text import fold

_TIMES = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)\.(\d{3}) --> ")
_TAG = re.compile(r"<[^>]*>")
_LATER_CUE = re.compile(r"/\d+$")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"-\d+$")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of its article. article: None when it has none.

    omitted: the texts that it says were left out.
    """

    language: str
    article: HtmlElement | None
    omitted: tuple[str, ...]


def said(transcript: str, timeline: Sequence[Span]) -> dict[str, str]:
    """The text of each utterance by its id, in order, as a WebVTT transcript has it.

    timeline: where a cue without an identifier finds its utterance, by the time it begins.
    """
    by_ms = {round(span.begin_s * 1000): span.id for span in timeline}
    texts: dict[str, str] = {}
    for block in re.split(r"\n{2,}", transcript.replace("\r\n", "\n")):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines[:2]) if _TIMES.match(line)), None)
        if at is None:
            continue
        id_ = _LATER_CUE.sub("", lines[0]) if at else by_ms.get(_ms(lines[0]), "")
        text = html.unescape(_TAG.sub("", " ".join(lines[at + 1 :])))
        texts[id_] = f"{texts[id_]} {text}" if id_ in texts else text
    return texts


def _ms(line: str) -> int:
    found = _TIMES.match(line)
    if found is None:
        return -1
    hours, minutes, seconds, ms = (int(number or 0) for number in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def shown(page: bytes) -> Shown:
    """What a page shows; a page that is none has no article."""
    try:
        document = lxml.html.document_fromstring(page, parser=_parser())
    except ParserError:  # it is empty
        return Shown("", None, ())
    article = document.find(".//main/article")
    items = document.iterfind(".//main/details/ul/li")
    return Shown(document.get("lang", ""), article, tuple(map(_omission, items)))


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _omission(item: HtmlElement) -> str:
    """The text of an item of what was left out, without the reason."""
    reason = item.find("span[@class='reason']")
    written = "".join(map(str, item.itertext()))
    return written[: len(written) - len("".join(reason.itertext()))] if reason is not None else ""


def unsaid(page: Shown, texts: Mapping[str, str]) -> Iterator[str]:
    """What a page shows of its article that is neither said nor among what was left out.

    texts: of the utterances, by id. What differs is given as it is on the page.
    """
    if page.article is None:
        return
    cues: dict[str, list[str]] = {}
    ids = {id_ for element in page.article.iter() if (id_ := element.get("id"))}
    for id_, text in texts.items():
        if "::" not in id_:  # which no article holds: a stylesheet says it
            cues.setdefault(id_ if id_ in ids else _PART.sub("", id_), []).append(text)
    spare = Counter(word for text in page.omitted for word in _words(text))
    for id_, text in _stretches(page.article, cues, f"{labels(page.language).image}: "):
        heard = " ".join(cues.get(id_, ()))
        if _letters(heard) != _letters(text) and not _excused(text, heard, spare):
            yield fold(text)


def _excused(text: str, heard: str, spare: Counter[str]) -> bool:
    """Whether all words that are not heard are among the spare ones, which are then used up."""
    missing = Counter(_words(text)) - Counter(_words(heard))
    lacking = False
    for word, count in missing.items():
        taken = min(count, spare[word])
        lacking |= taken < count
        if taken:
            spare[word] -= taken
    return not lacking


def _stretches(
    article: HtmlElement, owners: Container[str], image: str
) -> Iterator[tuple[str, str]]:
    """The text of a tree by whose it is: an owner's, or the nearest element's that has an id.

    image: what stands before the alt text in the place of a picture.
    """
    whose: dict[HtmlElement | None, str] = {None: ""}
    texts: dict[str, list[str]] = {}
    for event, element in iterwalk(article, events=("start", "end")):
        id_, outer = element.get("id"), whose.get(element.getparent(), "")
        space = " " if id_ or element.tag == "br" else ""  # where a block ends, words do
        if event == "start":
            whose[element] = id_ if id_ and (id_ in owners or outer not in owners) else outer
            texts.setdefault(whose[element], []).append(space + _own_text(element, image))
        elif element is not article:
            texts.setdefault(outer, []).append(space + (element.tail or ""))
    return ((id_, "".join(parts)) for id_, parts in texts.items())


def _own_text(element: HtmlElement, image: str) -> str:
    if element.tag == "img":
        return element.get("alt") or ""
    text = element.text or ""
    return text.removeprefix(image) if element.get("class") == "image" else text


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))
