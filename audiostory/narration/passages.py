"""From what sounds, in order, to passages: silences joined, utterances made whole.

Adjoining pauses collapse to the longest time and the strongest break, which add up, as rests do
(CSS Speech 8.3 and 9.1).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audiostory.model import Chapter, Cue, Item, Passage, Pause, Utterance
from audiostory.narration.roles import role_of
from audiostory.narration.speakable import Replacement, given, respelt
from audiostory.narration.tree import folded, has_words, language_of
from audiostory.narration.walk import Begin, Break, Closed, End, Event

_OPENING = re.compile(r"(?<=\s)[«‹]\s*$")
_CLOSING = ("»", "›")
_OPENERS = tuple("“„«‘‚‹「『([")
_SPACES = re.compile(r"\s{2,}")
_STOP = re.compile(r"[.,;:!?…]+\s*")  # ends what was said before, though a pause came between


def collapsed(events: Sequence[Event]) -> list[Event]:
    """The events with silences joined, at the end of what they follow."""
    out: list[Event] = []
    silence_ms = pause_ms = break_ms = 0  # so far, and in the pauses that adjoin
    held: list[Event] = []  # passage borders met since the silence began
    for event in events:
        if isinstance(event, Break):
            if event.is_rest:
                silence_ms += pause_ms + break_ms + event.ms
                pause_ms = break_ms = 0
            elif event.is_named:
                break_ms = max(break_ms, event.ms)
            else:
                pause_ms = max(pause_ms, event.ms)
        elif isinstance(event, Begin | End | Closed):
            held.append(event)
        elif isinstance(event, Utterance) and not _is_said(event):
            silent = silence_ms or pause_ms or break_ms or held
            (held if silent else out).append(event)
        else:
            if total_ms := silence_ms + pause_ms + break_ms:
                out.append(Break(total_ms, is_rest=False))
            out.extend(held)
            out.append(event)
            silence_ms = pause_ms = break_ms = 0
            held = []
    if total_ms := silence_ms + pause_ms + break_ms:
        out.append(Break(total_ms, is_rest=False))
    return [*out, *held]


def passages_of(events: Sequence[Event]) -> Iterator[Passage]:
    """Group events by the passage they are in; what lies between two goes to the nearer."""
    begin: Begin | None = None
    items: list[Utterance | Cue | Pause] = []
    waiting: list[Utterance | Cue | Pause] = []
    done: Passage | None = None
    for event in events:
        if isinstance(event, Begin):
            begin, items, waiting = event, waiting, []
        elif isinstance(event, Closed):
            if done is not None and begin is None:
                done = replace(done, items=(*done.items, *waiting))
                waiting = []
        elif isinstance(event, End):
            assert begin is not None
            if any(isinstance(item, Utterance) and _is_said(item) for item in items):
                if done is not None:
                    yield done
                done = _passage(begin, items)
            else:
                waiting = [item for item in items if not isinstance(item, Utterance)]
            begin = None
        else:
            item: Utterance | Cue | Pause = Pause(event.ms) if isinstance(event, Break) else event
            if begin is not None:
                items.append(item)
            elif not isinstance(item, Utterance) or _is_said(item):
                waiting.append(item)
    if done is not None:
        yield replace(done, items=(*done.items, *waiting)) if waiting else done


def _is_said(utterance: Utterance) -> bool:
    """Whether there are words in it, or a producer gave it some: "★★★", three stars."""
    return bool(utterance.respellings or has_words(utterance.text))


def _passage(begin: Begin, items: Sequence[Utterance | Cue | Pause]) -> Passage:
    element = begin.element
    level = begin.style.bookmark_level
    return Passage(
        id=str(element.get("id") or element.tag),
        role=role_of(element),
        language=language_of(element),
        items=tuple(_joined(items)),
        chapter=Chapter(level, begin.title) if level is not None and begin.title else None,
    )


def _joined(items: Sequence[Item]) -> list[Item]:
    """Utterances of one element and voice joined; what is not said goes to lead and trail."""
    joined: list[Item] = []
    current: Utterance | None = None  # the last item, if it is of the article
    between = ""  # what is written since the last word
    otherwise: dict[int, list[Replacement]] = {}  # what a producer has said so, by place in joined
    for item in items:
        if isinstance(item, Utterance) and not item.is_announcement:
            said = item.text.strip() if _is_said(item) else ""
            before, _, after = item.text.partition(said) if said else (item.text, "", "")
            between += before
            if not said:
                continue
            if current is not None and _continues(current, item):
                text = current.text + between
                if item.respellings:
                    moved = _moved(item, len(text) - len(before))
                    otherwise.setdefault(len(joined) - 1, []).extend(moved)
                joined[-1] = current = replace(current, text=text + said)
                between = after
                continue
            if item.respellings:
                otherwise[len(joined)] = _moved(item, -len(before))
        if current is not None:
            trail, between = _divided(between, said_next=_first(item))
            joined[-1] = replace(current, trail=trail)
        current = None
        if isinstance(item, Utterance) and not item.is_announcement:
            begun = any(isinstance(it, Utterance) and not it.is_announcement for it in joined)
            if begun and (stop := _STOP.match(between)):
                joined = _with_rest(joined, stop.group())
                between = between[stop.end() :]
            item = current = replace(item, text=said, lead=between)
            between = after
        joined.append(item)
    return _numbered(_with_rest(joined, between), otherwise)


def _with_rest(items: list[Item], rest: str) -> list[Item]:
    """The items, with what is written after the last word in the last trail."""
    for at in range(len(items) - 1, -1, -1):
        item = items[at]
        if isinstance(item, Utterance) and not item.is_announcement:
            items[at] = replace(item, trail=item.trail + rest)
            break
    return items


def _first(item: Item) -> str:
    is_text = isinstance(item, Utterance) and not item.is_announcement
    return item.text.lstrip()[:1] if is_text and isinstance(item, Utterance) else ""


def _divided(between: str, said_next: str) -> tuple[str, str]:
    """What is written between two utterances, divided after its last space.

    A mark that closes stays with what is before it and one that opens goes with what follows,
    though a space may part them from it: « oui », « non ».
    """
    if found := _OPENING.search(between):
        return between[: found.start()], between[found.start() :]
    at = max((i + 1 for i, character in enumerate(between) if character.isspace()), default=None)
    if at is None and between[-1:] in _OPENERS and said_next.isalnum():
        return "", between
    if at is None or (between[at:] in _CLOSING and not said_next.isalnum()):
        return between, ""
    return between[:at], between[at:]


def _continues(current: Utterance, item: Utterance) -> bool:
    return (current.id, current.voice, current.language, current.quote) == (
        item.id,
        item.voice,
        item.language,
        item.quote,
    )


def _moved(item: Utterance, shift: int) -> list[Replacement]:
    return [replace(r, begin=r.begin + shift, end=r.end + shift) for r in given(item)]


def _numbered(items: Sequence[Item], otherwise: Mapping[int, list[Replacement]]) -> list[Item]:
    """The items with white space folded, and every id unlike the others.

    otherwise: what is said otherwise than written, by the number of its item.
    """
    used: dict[str, int] = {}
    numbered: list[Item] = []
    for at, item in enumerate(items):
        if isinstance(item, Utterance):
            used[item.id] = number = used.get(item.id, 0) + 1
            text = folded(item.text)
            spoken, respellings = respelt(text, _folded(otherwise.get(at, ()), item.text))
            item = replace(
                item,
                id=item.id if number == 1 else f"{item.id}-{number}",
                text=text,
                spoken=spoken,
                respellings=respellings,
                lead=_outside(item.lead),
                trail=_outside(item.trail),
            )
        numbered.append(item)
    return numbered


def _folded(found: Sequence[Replacement], text: str) -> Iterator[Replacement]:
    """What is said otherwise in a text, at its place once white space is folded."""
    if not found:
        return
    ends: list[int] = []
    gone = [0]  # characters, before each end
    for space in _SPACES.finditer(text):
        ends.append(space.end())
        gone.append(gone[-1] + len(space.group()) - 1)
    for r in found:
        begin, end = (at - gone[bisect_right(ends, at)] for at in (r.begin, r.end))
        yield replace(r, begin=begin, end=end)


def _outside(text: str) -> str:
    """Marks and spaces around an utterance, white space folded to at most one space."""
    inner = folded(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return before + inner + after
