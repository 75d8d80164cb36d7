"""The transcript: WebVTT cues of what is said, in time with the audio."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiostory.model import Episode, Span, Utterance
from audiostory.publishing.text import clean, fold, timestamp

MEDIA_TYPE = "text/vtt"
LINE_CHARACTERS = 65
LINES = 2

_WORD = re.compile(r"\S+")
_LANGUAGE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_BLOCK_NAMES = ("WEBVTT", "NOTE", "STYLE", "REGION")
_JOINERS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True)
class _Word:
    """A run of text that is not broken. offset: characters from the utterance's beginning."""

    text: str
    offset: int


_Line = list[_Word]


def vtt(episode: Episode) -> str:
    """The episode's utterances, announcements included, as WebVTT.

    Cues have at most two lines of 65 characters (podcast namespace, transcripts); a longer
    utterance becomes several. They are in order, never overlap, never are empty and last for a
    millisecond at least. A cue's identifier is the id of its utterance (the second and later
    cues of one add "/2", …), and its speaker and language are marked (WebVTT 4.2.2).
    """
    said = {u.id: u for passage in episode.script.passages for u in passage.utterances}
    blocks = ["WEBVTT"]
    end_ms = 0
    for span in episode.timeline.utterances:
        utterance = said[span.id]
        for number, (begin_s, end_s, lines) in enumerate(_cues(utterance, span), start=1):
            begin_ms = max(round(begin_s * 1000), end_ms)
            end_ms = max(round(end_s * 1000), begin_ms + 1)
            payload = _payload(lines, utterance, episode.article.language)
            times = f"{timestamp(begin_ms)} --> {timestamp(end_ms)}"
            blocks.append("\n".join((*_identifier(span.id, number), times, payload)))
    return "\n\n".join(blocks) + "\n"


def _cues(utterance: Utterance, span: Span) -> Iterator[tuple[float, float, list[_Line]]]:
    """Begin, end and lines of each cue of an utterance."""
    lines = _balanced(_words(utterance))
    groups = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    begins = [span.begin_s]
    for group in groups[1:]:
        begin_s = _begin_s(group[0][0], utterance, span)
        begins.append(min(max(begin_s, begins[-1]), span.end_s))
    return zip(begins, [*begins[1:], span.end_s], groups, strict=False)


def _words(utterance: Utterance) -> list[_Word]:
    """The words as written, quotation marks included, none longer than a line."""
    written = utterance.lead + utterance.text + utterance.trail
    words = []
    for match in _WORD.finditer(written):
        offset = match.start()
        for piece in _pieces(match[0]):
            if text := clean(piece):
                words.append(_Word(text, offset))
            offset += len(piece)
    return words


def _pieces(word: str) -> Iterator[str]:
    """A word longer than a line, in pieces; letters are not parted from their marks."""
    while len(word) > LINE_CHARACTERS:
        at = LINE_CHARACTERS
        while at > 1 and (word[at] in _JOINERS or unicodedata.category(word[at]).startswith("M")):
            at -= 1
        yield word[:at]
        word = word[at:]
    yield word


def _balanced(words: Sequence[_Word]) -> list[_Line]:
    """The words on as few lines as can be, of about the same length."""
    fewest = len(_wrapped(words, LINE_CHARACTERS))
    longest = max((len(word.text) for word in words), default=0)
    widths = range(longest, LINE_CHARACTERS)  # the narrower, the more lines
    enough = bisect_left(widths, True, key=lambda width: len(_wrapped(words, width)) <= fewest)
    return _wrapped(words, longest + enough)


def _wrapped(words: Sequence[_Word], width: int) -> list[_Line]:
    lines: list[_Line] = []
    room = 0
    for word in words:
        if lines and len(word.text) < room:
            lines[-1].append(word)
            room -= len(word.text) + 1
        else:
            lines.append([word])
            room = width - len(word.text)
    return lines


def _begin_s(word: _Word, utterance: Utterance, span: Span) -> float:
    """When a word sounds: by the marks, or else in proportion to the text."""
    offset = word.offset - len(utterance.lead)
    for mark in span.words:
        if mark.offset + mark.length > offset:
            return mark.begin_s
    share = max(0, offset) / max(1, len(utterance.text))
    return span.begin_s + (span.end_s - span.begin_s) * share


def _identifier(name: str, number: int) -> tuple[str, ...]:
    """The line with a cue's identifier, when the id can be one (WebVTT 4.1)."""
    if not name or fold(name) != name or "-->" in name or name.startswith(_BLOCK_NAMES):
        return ()
    return (name if number == 1 else f"{name}/{number}",)


def _payload(lines: Sequence[_Line], utterance: Utterance, language: str) -> str:
    text = "\n".join(_escaped(" ".join(word.text for word in line)) for line in lines)
    if utterance.language.lower() != language.lower() and _LANGUAGE.fullmatch(utterance.language):
        text = f"<lang {utterance.language}>{text}</lang>"
    if speaker := fold(utterance.speaker or ""):
        text = f"<v {_escaped(speaker)}>{text}"
    return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
