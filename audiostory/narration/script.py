"""The walk: a marked-up tree and a stylesheet become passages of utterances, cues and pauses.

Around an element, in order: pause, cue, rest, ::before, content, ::after, rest, cue, pause
(CSS Speech 2). Adjoining pauses collapse to the longest; rests add up (sections 5 and 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import cssselect2
from lxml.html import HtmlElement
from tinycss2 import ast

from audiostory.model import (
    Article,
    Chapter,
    Coverage,
    Cue,
    Item,
    Omission,
    Passage,
    Pause,
    Quote,
    Script,
    Utterance,
    VoiceStyle,
)
from audiostory.narration.annotate import UTTERANCE_CLASS
from audiostory.narration.stylesheet import Styles, Stylesheet
from audiostory.narration.tree import (
    PASSAGES,
    folded,
    holds_text,
    is_block,
    language_of,
    own_text,
    text_of,
    words,
)
from audiostory.narration.values import CueValue, Style

_ROLES = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "p": "paragraph",
    "li": "listitem",
    "dt": "term",
    "dd": "definition",
    "figcaption": "caption",
    "caption": "caption",
    "img": "image",
    "tr": "row",
    "pre": "code",
    "hr": "separator",
}
_CLASS_ROLES = ("standfirst", "byline", "dateline", "credits", "attribution", "footnote")
_ANCESTOR_ROLES = {
    "blockquote": "blockquote",
    "li": "listitem",
    "dd": "definition",
    "aside": "note",
}
_NEVER_SPOKEN = "the voice profile does not speak it"
_SILENT = "the voice profile gives it no volume"


@dataclass(frozen=True, slots=True)
class _Break:
    """Silence on its way to being a Pause: rests add up, pauses collapse."""

    ms: int
    is_rest: bool


@dataclass(frozen=True, slots=True)
class _Begin:
    element: HtmlElement
    style: Style


@dataclass(frozen=True, slots=True)
class _End:
    """A passage ends."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A block that is no passage ends: what it sounded since belongs to what went before."""


_Event = Utterance | Cue | _Break | _Begin | _End | _Closed


def write_script(article: Article, body: HtmlElement, stylesheet: Stylesheet) -> Script:
    """The narration of an article. body: article.body, annotated."""
    walk = _Walk(stylesheet)
    root = cssselect2.ElementWrapper.from_html_root(body)
    events = list(walk.element(root, Style(), inside_passage=False))
    passages = tuple(_passages(_collapsed(events)))
    omitted = (*article.omissions, *walk.omitted)
    spoken = sum(words(u.text) for p in passages for u in p.utterances if _is_heard(u))
    left_out = sum(words(omission.text) for omission in omitted)
    coverage = Coverage(_words_in(article), spoken, left_out)
    return Script(passages, omitted, coverage)


def _words_in(article: Article) -> int:
    """Counted on the tree as it was read, not on the script."""
    return words(text_of(article.body)) + sum(words(o.text) for o in article.omissions)


def _is_heard(utterance: Utterance) -> bool:
    return not utterance.is_announcement and utterance.voice.volume_db is not None


# --- the walk -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    stylesheet: Stylesheet
    omitted: list[Omission] = field(default_factory=list)

    def element(
        self, wrapper: cssselect2.ElementWrapper, inherited: Style, *, inside_passage: bool
    ) -> Iterator[_Event]:
        """What an element sounds like, in order."""
        element = wrapper.etree_element
        styles = self.stylesheet.styles(wrapper, inherited)
        if not styles.own.speak:
            yield from self._unspoken(wrapper, styles, inside_passage)
            return
        begins = not inside_passage and _is_passage(element)
        if begins:
            yield _Begin(element, styles.own)
        yield from _edge(styles.own, before=True)
        yield from self._generated(element, styles.before, "before")
        yield from self._content(wrapper, styles.own, inside_passage or begins)
        yield from self._generated(element, styles.after, "after")
        yield from _edge(styles.own, before=False)
        if begins:
            yield _End()
        elif is_block(element):
            yield _Closed()

    def _unspoken(
        self, wrapper: cssselect2.ElementWrapper, styles: Styles, inside_passage: bool
    ) -> Iterator[_Event]:
        """Nothing of the element itself, but what in it says speak: always."""
        element = wrapper.etree_element
        known = len(self.omitted)
        self._omit(own_text(element), _NEVER_SPOKEN)
        heard: list[_Event] = []
        for child in wrapper.iter_children():
            heard.extend(self.element(child, styles.own, inside_passage=inside_passage))
            self._omit(child.etree_element.tail or "", _NEVER_SPOKEN)
        if not heard:
            del self.omitted[known:]
            self._omit(text_of(element), _NEVER_SPOKEN)
        yield from heard

    def _content(
        self, wrapper: cssselect2.ElementWrapper, style: Style, inside_passage: bool
    ) -> Iterator[_Event]:
        element = wrapper.etree_element
        if style.content is not None:
            yield from self._replaced(element, style)
            return
        if element.tag == "img":
            self._omit(own_text(element), _NEVER_SPOKEN)
            return
        yield from self._say(element, element.text or "", style)
        for child in wrapper.iter_children():
            yield from self.element(child, style, inside_passage=inside_passage)
            gap = " " if child.etree_element.tag == "br" else ""
            yield from self._say(element, gap + (child.etree_element.tail or ""), style)

    def _replaced(self, element: HtmlElement, style: Style) -> Iterator[_Event]:
        """What content says in place of an element: its own text, or other words."""
        text = _generated_text(style.content or (), element)
        if folded(text) == folded(text_of(element)):
            yield from self._say(element, text, style)
        else:
            self._omit(text_of(element), _NEVER_SPOKEN)
            yield from _announcement(element, style, text, "content")

    def _generated(self, element: HtmlElement, style: Style | None, which: str) -> Iterator[_Event]:
        if style is None or not style.speak or style.content is None:
            return
        yield from _edge(style, before=True)
        text = _generated_text(style.content, element)
        yield from _announcement(element, style, text, which)
        yield from _edge(style, before=False)

    def _say(self, element: HtmlElement, text: str, style: Style) -> Iterator[_Event]:
        if not text:
            return
        if words(text) and style.voice.volume_db is None:
            self._omit(text, _SILENT)
        span = _utterance_element(element)
        yield Utterance(
            id=str(span.get("id") or span.tag),
            text=text,
            spoken=folded(text),
            role=_role(element),
            language=language_of(element),
            voice=style.voice,
            speaker=_speaker(element),
            quote=_quote(element),
        )

    def _omit(self, text: str, reason: str) -> None:
        if words(text):
            self.omitted.append(Omission(folded(text), reason))


def _is_passage(element: HtmlElement) -> bool:
    if element.tag == "img":
        return is_block(element)
    if element.tag in ("li", "dd", "dt", "caption", "figcaption"):
        return holds_text(element)
    return element.tag in PASSAGES


def _announcement(element: HtmlElement, style: Style, text: str, which: str) -> Iterator[Utterance]:
    if words(text):
        yield Utterance(
            id=f"{element.get('id', element.tag)}::{which}",
            text=folded(text),
            spoken=folded(text),
            role="announcement",
            language=language_of(element),
            voice=style.voice,
        )


def _edge(style: Style, *, before: bool) -> Iterator[_Event]:
    pause = _Break(style.pause_before_ms if before else style.pause_after_ms, is_rest=False)
    cue = _cue(style.cue_before if before else style.cue_after, style.voice)
    rest = _Break(style.rest_before_ms if before else style.rest_after_ms, is_rest=True)
    for event in (pause, cue, rest) if before else (rest, cue, pause):
        if isinstance(event, Cue) or (event is not None and event.ms):
            yield event


def _cue(value: CueValue | None, voice: VoiceStyle) -> Cue | None:
    """A cue's decibels are relative to the element's voice-volume (CSS Speech 6.1)."""
    if value is None or voice.volume_db is None:
        return None
    return Cue(value.src, value.gain_db + voice.volume_db)


def _generated_text(content: Sequence[ast.Node], element: HtmlElement) -> str:
    parts: list[str] = []
    for token in content:
        if token.type == "string":
            parts.append(token.value)
        else:
            name = next((t.value for t in token.arguments if t.type == "ident"), "")
            parts.append(element.get(name) or "")
    return "".join(parts)


def _utterance_element(element: HtmlElement) -> HtmlElement:
    for ancestor in (element, *element.iterancestors()):
        if ancestor.get("id") and (ancestor.get("class") == UTTERANCE_CLASS or is_block(ancestor)):
            return ancestor
        if ancestor.tag == "img" and ancestor.get("id"):
            return ancestor
    return element


def _role(element: HtmlElement) -> str:
    """The block's ARIA role, or the class that a reader gave it."""
    for ancestor in (element, *element.iterancestors()):
        classes = (ancestor.get("class") or "").split()
        for name in _CLASS_ROLES:
            if name in classes:
                return name
        if ancestor.tag == "q" and "direct" in classes:
            return "quotation"
        if ancestor.tag == "p":
            continue
        if ancestor.tag in _ANCESTOR_ROLES:
            return _ANCESTOR_ROLES[ancestor.tag]
        if ancestor.tag in _ROLES:
            return _ROLES[ancestor.tag]
    return "paragraph"


def _quote(element: HtmlElement) -> Quote | None:
    found: Quote | None = None
    for ancestor in (element, *element.iterancestors()):
        classes = (ancestor.get("class") or "").split()
        if "attribution" in classes:
            return None
        if ancestor.tag == "blockquote":
            return "block"
        if ancestor.tag == "q" and found is None:
            found = "direct" if "direct" in classes else "fragment"
    return found


def _speaker(element: HtmlElement) -> str | None:
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("q", "blockquote"):
            return ancestor.get("data-speaker")
    return None


# --- from events to passages ----------------------------------------------------------------


def _collapsed(events: Sequence[_Event]) -> list[_Event]:
    """The events with silences joined, at the end of what they follow."""
    out: list[_Event] = []
    pause_ms = rest_ms = 0
    held: list[_Event] = []  # passage borders met since the silence began
    for event in events:
        if isinstance(event, _Break):
            if event.is_rest:
                rest_ms += event.ms
            else:
                pause_ms = max(pause_ms, event.ms)
        elif isinstance(event, _Begin | _End | _Closed):
            held.append(event)
        elif isinstance(event, Utterance) and not words(event.text):
            (held if pause_ms or rest_ms or held else out).append(event)
        else:
            if pause_ms or rest_ms:
                out.append(_Break(pause_ms + rest_ms, is_rest=False))
            out.extend(held)
            out.append(event)
            pause_ms = rest_ms = 0
            held = []
    if pause_ms or rest_ms:
        out.append(_Break(pause_ms + rest_ms, is_rest=False))
    return [*out, *held]


def _passages(events: Sequence[_Event]) -> Iterator[Passage]:
    """Group events by the passage they are in; what lies between two goes to the nearer."""
    begin: _Begin | None = None
    items: list[Utterance | Cue | Pause] = []
    waiting: list[Utterance | Cue | Pause] = []
    done: Passage | None = None
    for event in events:
        if isinstance(event, _Begin):
            begin, items, waiting = event, waiting, []
        elif isinstance(event, _Closed):
            if done is not None and begin is None:
                done = replace(done, items=(*done.items, *waiting))
                waiting = []
        elif isinstance(event, _End):
            assert begin is not None
            if any(isinstance(item, Utterance) and words(item.text) for item in items):
                if done is not None:
                    yield done
                done = _passage(begin, items)
            else:
                waiting = [item for item in items if not isinstance(item, Utterance)]
            begin = None
        else:
            item: Utterance | Cue | Pause = Pause(event.ms) if isinstance(event, _Break) else event
            if begin is not None:
                items.append(item)
            else:
                waiting.append(item)
    if done is not None:
        yield replace(done, items=(*done.items, *waiting)) if waiting else done


def _passage(begin: _Begin, items: Sequence[Utterance | Cue | Pause]) -> Passage:
    element = begin.element
    level = begin.style.bookmark_level
    title = folded("".join(element.itertext()))
    return Passage(
        id=str(element.get("id") or element.tag),
        role=_role(element),
        language=language_of(element),
        items=tuple(_joined(items)),
        chapter=Chapter(level, title) if level is not None and title else None,
    )


def _joined(items: Sequence[Utterance | Cue | Pause]) -> Iterator[Item]:
    """Utterances of one element and voice joined; what is not said goes to lead and trail."""
    current: Utterance | None = None
    between = ""  # what is written since the last word
    used: dict[str, int] = {}
    for item in items:
        if isinstance(item, Utterance) and not words(item.text):
            between += item.text
        elif isinstance(item, Utterance) and current is not None and _continues(current, item):
            current = replace(current, text=current.text + between + item.text)
            between = ""
        else:
            trail, lead = _divided(between) if current is not None else ("", between)
            if current is not None:
                yield _finished(replace(current, trail=trail), used)
            current = replace(item, lead=lead) if isinstance(item, Utterance) else None
            between = "" if current is not None else lead
            if current is None:
                yield item
    if current is not None:
        yield _finished(replace(current, trail=between), used)


def _divided(between: str) -> tuple[str, str]:
    """What is written between two utterances, divided after its last space."""
    at = max((i + 1 for i, character in enumerate(between) if character.isspace()), default=None)
    return (between, "") if at is None else (between[:at], between[at:])


def _continues(current: Utterance, item: Utterance) -> bool:
    return (current.id, current.voice, current.language, current.is_announcement) == (
        item.id,
        item.voice,
        item.language,
        item.is_announcement,
    ) and current.quote == item.quote


def _finished(utterance: Utterance, used: dict[str, int]) -> Utterance:
    used[utterance.id] = number = used.get(utterance.id, 0) + 1
    text = folded(utterance.text)
    return replace(
        utterance,
        id=utterance.id if number == 1 else f"{utterance.id}-{number}",
        text=text,
        spoken=text,
        lead=_outside(utterance.lead),
        trail=_outside(utterance.trail),
    )


def _outside(text: str) -> str:
    """Marks and spaces around an utterance, white space folded to at most one space."""
    inner = folded(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return before + inner + after
