"""The walk: a marked-up tree and a stylesheet become passages of utterances, cues and pauses.

Around an element, in order: pause, cue, rest, ::before, content, ::after, rest, cue, pause
(CSS Speech 2). Adjoining pauses collapse to the longest; rests add up (sections 5 and 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

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
    BLOCKS,
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
    """Silence on its way to being a Pause: rests add up, adjoining pauses collapse."""

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
_Step: TypeAlias = "_Event | Iterator[_Step]"


def write_script(article: Article, body: HtmlElement, stylesheet: Stylesheet) -> Script:
    """The narration of an article. body: article.body, annotated."""
    walk = _Walk(stylesheet)
    root = cssselect2.ElementWrapper.from_html_root(body)
    events = list(_unrolled(walk.element(root, Style(), inside_passage=False)))
    passages = tuple(_passages(_collapsed(events)))
    omitted = (*article.omissions, *walk.omitted)
    spoken = sum(words(_heard(passage)) for passage in passages)
    left_out = sum(words(omission.text) for omission in omitted)
    coverage = Coverage(_words_in(article) + walk.broken_words, spoken, left_out)
    return Script(passages, omitted, coverage)


def _words_in(article: Article) -> int:
    """Counted on the tree as it was read, not on the script."""
    return words(text_of(article.body)) + sum(words(o.text) for o in article.omissions)


def _heard(passage: Passage) -> str:
    """What is heard of the article in a passage: a word may go on from voice to voice."""
    return "".join(
        " " if u.voice.volume_db is None else u.lead + u.text + u.trail
        for u in passage.utterances
        if not u.is_announcement
    )


# --- the walk -------------------------------------------------------------------------------


def _unrolled(walk: Iterator[_Step]) -> Iterator[_Event]:
    """The events of a walk whose steps may be walks: markup nests deeper than calls can."""
    stack = [walk]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
        elif isinstance(step, Iterator):
            stack.append(step)
        else:
            yield step


@dataclass(slots=True)
class _Walk:
    """broken_words: how often a word goes on, unspoken, where what is said of it ends, or
    the other way about: "office<sup>1</sup>" counts as two words then.
    """

    stylesheet: Stylesheet
    omitted: list[Omission] = field(default_factory=list)
    broken_words: int = 0
    _left_out: list[str] = field(default_factory=list)  # omitted, but not yet in omitted
    _reason: str = ""
    _last: str = ""  # the last character, in this block
    _said: bool = False  # whether it is said

    def element(
        self, wrapper: cssselect2.ElementWrapper, inherited: Style, *, inside_passage: bool
    ) -> Iterator[_Step]:
        """What an element sounds like, in order."""
        element = wrapper.etree_element
        _ = wrapper.lang  # cssselect2 would climb, by recursion, to the last one known
        styles = self.stylesheet.styles(wrapper, inherited)
        apart = element.tag in BLOCKS or element.tag == "br"
        if apart:
            yield from self._part(inherited, element, inside_passage)
        begins = not inside_passage and _is_passage(element)
        if begins:
            yield _Begin(element, styles.own)
        if styles.own.speak:
            yield self._spoken(wrapper, styles, inside_passage or begins)
        else:
            yield self._unspoken(wrapper, styles, inside_passage or begins)
        if begins:
            yield _End()
        elif styles.own.speak and is_block(element):
            yield _Closed()
        if inherited.speak and (begins or not styles.own.speak):
            self._leave_no_more()
        if apart:
            yield from self._part(inherited, element, inside_passage)

    def _part(self, style: Style, element: HtmlElement, inside_passage: bool) -> Iterator[_Event]:
        """What parts the words before from the words after: a space, inside a passage."""
        self._last = ""
        if not style.speak:
            self._leave_out(" ", self._reason)
        elif inside_passage:
            yield from self._say(element, " ", style)

    def _spoken(
        self, wrapper: cssselect2.ElementWrapper, styles: Styles, inside_passage: bool
    ) -> Iterator[_Step]:
        element = wrapper.etree_element
        yield from _edge(styles.own, before=True)
        yield from self._generated(element, styles.before, "before")
        yield self._content(wrapper, styles.own, inside_passage)
        yield from self._generated(element, styles.after, "after")
        yield from _edge(styles.own, before=False)

    def _unspoken(
        self, wrapper: cssselect2.ElementWrapper, styles: Styles, inside_passage: bool
    ) -> Iterator[_Step]:
        """Nothing of the element itself, but what in it says speak: always."""
        self._leave_out(own_text(wrapper.etree_element), _NEVER_SPOKEN)
        for child in wrapper.iter_children():
            yield self.element(child, styles.own, inside_passage=inside_passage)
            self._leave_out(child.etree_element.tail or "", _NEVER_SPOKEN)

    def _content(
        self, wrapper: cssselect2.ElementWrapper, style: Style, inside_passage: bool
    ) -> Iterator[_Step]:
        element = wrapper.etree_element
        if style.content is not None:
            yield from self._replaced(element, style)
            return
        if element.tag == "img":
            self._omit(own_text(element), _NEVER_SPOKEN)
            return
        yield from self._say(element, element.text or "", style)
        for child in wrapper.iter_children():
            yield self.element(child, style, inside_passage=inside_passage)
            yield from self._say(element, child.etree_element.tail or "", style)

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
        if style.voice.volume_db is None:
            self._leave_out(text, _SILENT)
        else:
            if text.strip():
                self._leave_no_more()
            text = self._unbroken(text, said=True)
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
        self._leave_no_more()
        self._leave_out(text, reason)
        self._leave_no_more()

    def _leave_out(self, text: str, reason: str) -> None:
        """Leave text out. What follows for the same reason is one omission with it."""
        if reason != self._reason:
            self._leave_no_more()
            self._reason = reason
        self._left_out.append(self._unbroken(text, said=False))

    def _leave_no_more(self) -> None:
        text = "".join(self._left_out)
        self._left_out.clear()
        if words(text):
            self.omitted.append(Omission(folded(text), self._reason))

    def _unbroken(self, text: str, *, said: bool) -> str:
        """The text, with a space before it where it would be read as part of a word."""
        if not text:
            return ""
        last, crosses = self._last, said != self._said
        self._last, self._said = text[-1], said
        if not last or not crosses or not text[0].isalnum():
            return text
        self.broken_words += last.isalnum()
        return " " + text


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
    silence_ms = pause_ms = 0  # so far, and in the pauses that adjoin
    held: list[_Event] = []  # passage borders met since the silence began
    for event in events:
        if isinstance(event, _Break):
            if event.is_rest:
                silence_ms, pause_ms = silence_ms + pause_ms + event.ms, 0
            else:
                pause_ms = max(pause_ms, event.ms)
        elif isinstance(event, _Begin | _End | _Closed):
            held.append(event)
        elif isinstance(event, Utterance) and not words(event.text):
            (held if silence_ms or pause_ms or held else out).append(event)
        else:
            if silence_ms or pause_ms:
                out.append(_Break(silence_ms + pause_ms, is_rest=False))
            out.extend(held)
            out.append(event)
            silence_ms = pause_ms = 0
            held = []
    if silence_ms or pause_ms:
        out.append(_Break(silence_ms + pause_ms, is_rest=False))
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
            elif not isinstance(item, Utterance) or words(item.text):
                waiting.append(item)
    if done is not None:
        yield replace(done, items=(*done.items, *waiting)) if waiting else done


def _passage(begin: _Begin, items: Sequence[Utterance | Cue | Pause]) -> Passage:
    element = begin.element
    level = begin.style.bookmark_level
    title = folded(text_of(element))
    return Passage(
        id=str(element.get("id") or element.tag),
        role=_role(element),
        language=language_of(element),
        items=tuple(_joined(items)),
        chapter=Chapter(level, title) if level is not None and title else None,
    )


def _joined(items: Sequence[Item]) -> list[Item]:
    """Utterances of one element and voice joined; what is not said goes to lead and trail."""
    joined: list[Item] = []
    current: Utterance | None = None  # the last item, if it is of the article
    between = ""  # what is written since the last word
    for item in items:
        if isinstance(item, Utterance) and not item.is_announcement:
            said = item.text.strip() if words(item.text) else ""
            before, _, after = item.text.partition(said) if said else (item.text, "", "")
            between += before
            if not said:
                continue
            if current is not None and _continues(current, item):
                joined[-1] = current = replace(current, text=current.text + between + said)
                between = after
                continue
        if current is not None:
            trail, between = _divided(between)
            joined[-1] = replace(current, trail=trail)
        current = None
        if isinstance(item, Utterance) and not item.is_announcement:
            item = current = replace(item, text=said, lead=between)
            between = after
        joined.append(item)
    return _numbered(_with_rest(joined, between))


def _with_rest(items: list[Item], rest: str) -> list[Item]:
    """The items, with what is written after the last word in the last trail."""
    for at in range(len(items) - 1, -1, -1):
        item = items[at]
        if isinstance(item, Utterance) and not item.is_announcement:
            items[at] = replace(item, trail=item.trail + rest)
            break
    return items


def _divided(between: str) -> tuple[str, str]:
    """What is written between two utterances, divided after its last space."""
    at = max((i + 1 for i, character in enumerate(between) if character.isspace()), default=None)
    return (between, "") if at is None else (between[:at], between[at:])


def _continues(current: Utterance, item: Utterance) -> bool:
    return (current.id, current.voice, current.language, current.quote) == (
        item.id,
        item.voice,
        item.language,
        item.quote,
    )


def _numbered(items: Sequence[Item]) -> list[Item]:
    """The items with white space folded, and every id unlike the others."""
    used: dict[str, int] = {}
    numbered: list[Item] = []
    for item in items:
        if isinstance(item, Utterance):
            used[item.id] = number = used.get(item.id, 0) + 1
            text = folded(item.text)
            item = replace(
                item,
                id=item.id if number == 1 else f"{item.id}-{number}",
                text=text,
                spoken=text,
                lead=_outside(item.lead),
                trail=_outside(item.trail),
            )
        numbered.append(item)
    return numbered


def _outside(text: str) -> str:
    """Marks and spaces around an utterance, white space folded to at most one space."""
    inner = folded(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return before + inner + after
