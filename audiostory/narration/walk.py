"""The walk over the marked-up tree: what each element sounds like, in order, by the stylesheet.

Around an element, in order: pause, cue, rest, ::before, content, ::after, rest, cue, pause
(CSS Speech 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lxml.html import HtmlElement

from audiostory.model import Cue, Omission, Utterance, VoiceStyle
from audiostory.narration.annotated import UTTERANCE_CLASS
from audiostory.narration.cast import recast
from audiostory.narration.content import Variable, resolved, text_of_content
from audiostory.narration.counters import Counters
from audiostory.narration.matching import Element
from audiostory.narration.roles import quote_of, role_of, speaker_of
from audiostory.narration.speakable import Replacement, respelt
from audiostory.narration.style import CueValue, Style
from audiostory.narration.stylesheet import Styles, Stylesheet
from audiostory.narration.tree import (
    BLOCKS,
    PASSAGES,
    block_images,
    folded,
    has_words,
    holds_text,
    language_of,
    letters,
    own_text,
    text_of,
)

_NEVER_SPOKEN = "the voice profile does not speak it"
_SILENT = "the voice profile gives it no volume"
_SILENCED = "silenced in the script"
# The custom property that names the language of what the others hold: "de".
_LANGUAGE = "--language"


@dataclass(frozen=True, slots=True)
class Break:
    """Silence on its way to being a Pause: rests add up, adjoining pauses collapse.

    is_named: given as a strength, which adds to what is given as a time.
    """

    ms: int
    is_rest: bool
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """A passage begins. title: what it is called, should it be a chapter."""

    element: HtmlElement
    style: Style
    title: str


@dataclass(frozen=True, slots=True)
class End:
    """A passage ends."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A block that is no passage ends: what it sounded since belongs to what went before."""


Event = Utterance | Cue | Break | Begin | End | Closed
_Step: TypeAlias = "Event | Iterator[_Step]"


def _unrolled(walk: Iterator[_Step]) -> Iterator[Event]:
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
class Walk:
    """What an article sounds like by a stylesheet; what is not said is noted as omitted.

    broken_words: how often a word goes on, unspoken, where what is said of it ends, or the
    other way about: "office<sup>1</sup>" counts as two words then.
    """

    stylesheet: Stylesheet
    omitted: list[Omission] = field(default_factory=list)
    broken_words: int = 0
    _counters: Counters = field(default_factory=Counters)
    _images: frozenset[HtmlElement] = frozenset()  # those that are blocks
    _left_out: list[str] = field(default_factory=list)  # omitted, but not yet in omitted
    _reason: str = ""
    _last: str = ""  # the last character, in this block
    _said: bool = False  # whether it is said

    def events(self, body: HtmlElement) -> Iterator[Event]:
        """All that sounds, in order. body: an article's, annotated."""
        self._images = block_images(body)
        root = Element.from_html_root(body)
        return _unrolled(self._element(root, Style(), inside_passage=False))

    def _element(
        self, wrapper: Element, inherited: Style, *, inside_passage: bool
    ) -> Iterator[_Step]:
        """What an element sounds like, in order."""
        element = wrapper.etree_element
        _ = wrapper.lang  # cssselect2 would climb, by recursion, to the last one known
        if element.get("hidden") is not None or (
            element.get("style") and self.stylesheet.silences(element)
        ):
            yield from self._silenced(element, inherited, inside_passage)
            return
        styles = recast(element, self.stylesheet.styles(wrapper, inherited), inherited)
        styles = _timed(styles, element)
        styles = _preserved(styles, element)
        self._counters.enter(element, styles.own)
        apart = element.tag in BLOCKS or element.tag == "br"
        if apart:
            yield from self._part(inherited, element, inside_passage)
        begins = not inside_passage and self._is_passage(element)
        if begins:
            yield Begin(element, styles.own, self._title(element, styles.own))
        if styles.own.speak:
            yield self._spoken(wrapper, styles, inside_passage or begins)
        else:
            yield self._unspoken(wrapper, styles, inside_passage or begins)
        if begins:
            yield End()
        elif styles.own.speak and self._is_block(element):
            yield Closed()
        if inherited.speak and (begins or not styles.own.speak):
            self._leave_no_more()
        self._counters.leave()
        if apart:
            yield from self._part(inherited, element, inside_passage)

    def _title(self, element: HtmlElement, style: Style) -> str:
        """What bookmark-label says, or all text in the element."""
        if style.bookmark_level is None:
            return ""
        text = folded(text_of(element))
        label = resolved(style.bookmark_label or (), style.variables)
        if not label:
            return text
        return folded(text_of_content(label, element, self._counters.in_scope, text)) or text

    def _silenced(
        self, element: HtmlElement, inherited: Style, inside_passage: bool
    ) -> Iterator[Event]:
        """Nothing of what a producer silenced, nor the silence around it."""
        apart = element.tag in BLOCKS or element.tag == "br"
        if apart:
            yield from self._part(inherited, element, inside_passage)
        self._omit(own_text(element) if element.tag == "img" else text_of(element), _SILENCED)
        if apart:
            yield from self._part(inherited, element, inside_passage)

    def _part(self, style: Style, element: HtmlElement, inside_passage: bool) -> Iterator[Event]:
        """What parts the words before from the words after: a space, inside a passage."""
        self._last = ""
        if not style.speak:
            self._leave_out(" ", self._reason)
        elif inside_passage:
            yield from self._say(element, " ", style)

    def _spoken(self, wrapper: Element, styles: Styles, inside_passage: bool) -> Iterator[_Step]:
        element = wrapper.etree_element
        yield from _edge(styles.own, before=True)
        yield from self._generated(element, styles.before, "before")
        yield self._content(wrapper, styles.own, inside_passage)
        yield from self._generated(element, styles.after, "after")
        yield from _edge(styles.own, before=False)

    def _unspoken(self, wrapper: Element, styles: Styles, inside_passage: bool) -> Iterator[_Step]:
        """Nothing of the element itself, but what in it says speak: always."""
        self._leave_out(own_text(wrapper.etree_element), _NEVER_SPOKEN)
        for child in wrapper.iter_children():
            yield self._element(child, styles.own, inside_passage=inside_passage)
            self._leave_out(child.etree_element.tail or "", _NEVER_SPOKEN)

    def _content(self, wrapper: Element, style: Style, inside_passage: bool) -> Iterator[_Step]:
        element = wrapper.etree_element
        if (text := self._text_of_content(style, element)) is not None:
            yield from self._replaced(element, style, text)
            return
        if element.tag == "img":
            self._omit(own_text(element), _NEVER_SPOKEN)
            return
        if inside_passage and (element.get("data-spoken") or element.get("data-ipa")):
            for utterance in self._say(element, text_of(element), style):
                yield _said_as(utterance, element)
            return
        yield from self._say(element, element.text or "", style)
        for child in wrapper.iter_children():
            yield self._element(child, style, inside_passage=inside_passage)
            yield from self._say(element, child.etree_element.tail or "", style)

    def _replaced(self, element: HtmlElement, style: Style, text: str) -> Iterator[Event]:
        """What content says in place of an element: its own text, or other words."""
        if folded(text) == folded(text_of(element)):
            yield from self._say(element, text, style)
        else:
            self._omit(text_of(element), _NEVER_SPOKEN)
            yield from _announcement(element, style, text, "content")

    def _generated(self, element: HtmlElement, style: Style | None, which: str) -> Iterator[Event]:
        if style is None or not style.speak or style.content is None:
            return
        self._counters.count(style)
        text = self._text_of_content(style, element)
        if text is None:
            return
        yield from _edge(style, before=True)
        yield from _announcement(element, style, text, which)
        yield from _edge(style, before=False)

    def _text_of_content(self, style: Style, element: HtmlElement) -> str | None:
        """What content says; None where it is not set, or not all of its variables are."""
        if style.content is None or (content := resolved(style.content, style.variables)) is None:
            return None
        return text_of_content(content, element, self._counters.in_scope)

    def _say(self, element: HtmlElement, text: str, style: Style) -> Iterator[Utterance]:
        if not text or element.get("class") == "empty":
            return
        if style.voice.volume_db is None:
            self._leave_out(text, _SILENT)
        else:
            if text.strip():
                self._leave_no_more()
            text = self._unbroken(text, said=True)
        span = self._utterance_element(element)
        yield Utterance(
            id=str(span.get("id") or span.tag),
            text=text,
            spoken=folded(text),
            role=role_of(element),
            language=style.language or language_of(element),
            voice=style.voice,
            speaker=speaker_of(element),
            quote=quote_of(element),
        )

    def _is_block(self, element: HtmlElement) -> bool:
        return element in self._images if element.tag == "img" else element.tag in BLOCKS

    def _is_passage(self, element: HtmlElement) -> bool:
        if element.tag == "img":
            return element in self._images
        if element.tag in ("li", "dd", "dt", "caption", "figcaption"):
            return holds_text(element)
        return element.tag in PASSAGES

    def _utterance_element(self, element: HtmlElement) -> HtmlElement:
        for ancestor in (element, *element.iterancestors()):
            if not ancestor.get("id"):
                continue
            if ancestor.get("class") == UTTERANCE_CLASS or self._is_block(ancestor):
                return ancestor
            if ancestor.tag == "img":
                return ancestor
        return element

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
        if has_words(text):
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


def _preserved(styles: Styles, element: HtmlElement) -> Styles:
    """The styles; where voice-family: preserve begins, with the language of what is around.

    The voice is then not chosen anew for another language (CSS Speech 11.1.1).
    """
    if not styles.own.preserved or styles.own.language is not None:
        return styles
    around = element.getparent()
    language = language_of(element if around is None else around)
    own, before, after = (
        replace(style, language=language) if style and style.preserved else style
        for style in (styles.own, styles.before, styles.after)
    )
    return Styles(own or styles.own, before, after)


def _timed(styles: Styles, element: HtmlElement) -> Styles:
    """The styles, with an element's voice-duration spread over all the letters in it.

    What is in an element that has one has none of its own: the outermost holds.
    """
    own = styles.own
    if own.duration_s is None or own.voice.letter_s is not None:
        return styles
    letter_s = own.duration_s / max(1, letters(text_of(element)))
    return replace(styles, own=replace(own, voice=replace(own.voice, letter_s=letter_s)))


def _said_as(utterance: Utterance, element: HtmlElement) -> Utterance:
    """The utterance as a producer has it said: in other words, or by its sounds."""
    text = utterance.text
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    said = element.get("data-spoken") or text[begin:end]
    if begin >= end:
        return utterance
    spoken, respellings = respelt(text, [Replacement(begin, end, said, element.get("data-ipa"))])
    return replace(utterance, spoken=spoken, respellings=respellings)


def _announcement(element: HtmlElement, style: Style, text: str, which: str) -> Iterator[Utterance]:
    if not has_words(text):
        return
    voice, text = style.voice, folded(text)
    if style.duration_s is not None:
        voice = replace(voice, letter_s=style.duration_s / max(1, letters(text)))
    yield Utterance(
        id=f"{element.get('id', element.tag)}::{which}",
        text=text,
        spoken=text,
        role="announcement",
        language=_language_of_words(style, element),
        voice=voice,
    )


def _language_of_words(style: Style, element: HtmlElement) -> str:
    """The language of what content says: where it has variables, that which theirs names.

    Of that language it is the variety in force around the element: "en-GB" for "en".
    """
    here = style.language or language_of(element)
    if not any(isinstance(part, Variable) for part in style.content or ()):
        return here
    named = style.variables.get(_LANGUAGE, ())
    wanted = named[0] if len(named) == 1 and isinstance(named[0], str) else here
    for ancestor in (element, *element.iterancestors()):
        lang = str(ancestor.get("lang") or "")
        if lang.partition("-")[0].lower() == wanted.lower():
            return lang
    return wanted


def _edge(style: Style, *, before: bool) -> Iterator[Event]:
    pause = (
        Break(style.pause_before_ms, is_rest=False, is_named=style.pause_before_named)
        if before
        else Break(style.pause_after_ms, is_rest=False, is_named=style.pause_after_named)
    )
    cue = _cue(style.cue_before if before else style.cue_after, style.voice)
    rest = Break(style.rest_before_ms if before else style.rest_after_ms, is_rest=True)
    for event in (pause, cue, rest) if before else (rest, cue, pause):
        if isinstance(event, Cue) or (event is not None and event.ms):
            yield event


def _cue(value: CueValue | None, voice: VoiceStyle) -> Cue | None:
    """A cue's decibels are relative to the element's voice-volume (CSS Speech 10.1)."""
    if value is None or voice.volume_db is None:
        return None
    return Cue(value.src, value.gain_db + voice.volume_db)
