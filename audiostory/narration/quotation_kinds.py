"""What a quotation is: speech, a title, or a word or phrase in the narrator's own sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from audiostory.narration.quotation_marks import Span
from audiostory.narration.quotation_words import WORD, QuotationWords, parts

Kind = Literal["direct", "fragment", "title", "nested"]

_SENTENCE_END = re.compile(r"[.!?…。！？]")
_STOPS = tuple(".!?…")
_ENDS = tuple(".,!?…。！？，—–-")
_INTERRUPTION = re.compile(r"\s*[—–][^—–.!?“”„«»\"]{1,80}[—–]\s*")  # "I think" — she paused — "…"
_SIGNED = re.compile(r"\s*[—–-]\s*[^\W\d_a-zа-я][\w.’-]*(?: [\w.’-]+){0,3}\s*$")  # «Да» — Песков
_OWNER = re.compile(r"[^\W\d_a-z]\w*['’]s$")  # HBO’s “Succession”
_OPENING_BRACKETS = " \u00a0\u202f([{"
_BEFORE_A_CAPITAL = "“”‘’'\"«»„[({¿¡—–- \u00a0\u202f"
_APPOSITION = re.compile(r"\s*(?:,|\s[—–-])\s*")
_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    )
)
_FEW_WORDS = 3
_SPEECH_WORDS = 5
_CLAUSE_WORDS = 4  # of what ends as a sentence does
_LONG_WORDS = 9  # of what has no verb that we know
_LONG_SPEECH_WORDS = 12
_TITLE_WORDS = 12
_NAME_WORDS = 5  # of a title that nothing announces
_NEAR = 60  # characters around a quotation that are looked at


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation where it stands.

    previous: the one before it in the paragraph, and whether it is speech. following: where
    the next one starts, or -1.
    """

    text: str
    span: Span
    words: QuotationWords
    previous: Span | None
    follows_speech: bool
    following: int

    @property
    def inner(self) -> str:
        """What is in the marks."""
        return self.text[self.span.inner_start : self.span.inner_end].strip()

    @property
    def before(self) -> str:
        """What stands just before, up to the quotation before."""
        start = self.span.start
        edge = self.previous.end if self.previous else 0
        return self.text[max(edge, start - _NEAR) : start].rstrip()

    @property
    def after(self) -> str:
        """What stands just after, up to the next quotation."""
        end = self.span.end
        edge = end + _NEAR if self.following < 0 else min(end + _NEAR, self.following)
        return self.text[end:edge]


def kind_of(place: Place) -> Kind:
    """Direct speech is a clause or more: it stands on its own (a sentence's capital and a
    sentence's end), or is led in by a comma, a colon, a conjunction ("said that …"), or
    continues what was just quoted ("…," she said, "…"), or has a subject and a verb.
    """
    inner = place.inner
    count = _count(inner)
    if not count:
        return "fragment"
    if is_title(place):
        return "title"
    if _sentences_inside(inner) or count >= _LONG_SPEECH_WORDS:
        return "direct"
    return "direct" if _is_speech(place, inner, count) else "fragment"


def _count(inner: str) -> int:
    """How many words there are, as far as it matters; two signs of Chinese count as one."""
    if "\u3040" <= inner[:1] <= "\u9fff":
        return (len(inner) + 1) // 2
    return sum(1 for _ in islice(WORD.finditer(inner), _LONG_SPEECH_WORDS + 1))


def _is_speech(place: Place, inner: str, count: int) -> bool:
    words = place.words
    if _is_mentioned(place):
        return False
    if place.after[:1] and place.after[0] in words.particles:
        return True
    reported = is_reported(place)
    if not reported and count < _FEW_WORDS and _lacks_dash(place, inner):
        return False
    ends = reported or _ends(place, inner)
    led_in, paused = _led_in(place), place.before[-1:] in (",", "，", ";")
    if (led_in or paused) and ends and _goes_on(place):
        return True
    if starts_sentence(inner):
        told = reported or _is_announced_speech(place) or count >= _FEW_WORDS
        alone = led_in or _stands_alone(place) or (paused and told)
        announced = told and place.before[-1:] == ":"
        if alone and (announced or (ends and not _is_label(place))):
            return True
        if alone and place.after[:1] == ":":  # a headline: ‘We were never asked’: tenants sue
            return count >= _FEW_WORDS and _has_clause(inner, words)
    elif ends and (led_in or (paused and _is_clause(place, inner))):
        if _has_clause(inner, words):
            return len(parts(inner)) >= _CLAUSE_WORDS or (led_in and count >= _FEW_WORDS)
        return count >= (_CLAUSE_WORDS if inner[-1:] in _STOPS else _SPEECH_WORDS)
    return count >= _SPEECH_WORDS and (
        count >= _LONG_WORDS or reported or _has_clause(inner, words)
    )


def _ends(place: Place, inner: str) -> bool:
    """Whether what is quoted ends as speech does, or is broken off."""
    text, end = place.text, place.span.end
    after = text[end : end + 1]
    return (
        inner[-1:] in _ENDS
        or end == len(text)
        or after in tuple(",.!?;)")
        or text[end : end + 3].lstrip()[:1] in tuple("—–")
        or interrupted(text, end, place.following)
        or (_SIGNED.match(text, end) is not None and len(inner.split()) > 1)
    )


def _lacks_dash(place: Place, inner: str) -> bool:
    """Whether a comma follows where speech has a dash after it: «Зенит», по словам тренера."""
    after = place.after
    follows = after[:1] == "," and after[1:].lstrip()[:1] not in tuple("—–-")
    return place.words.dash_after and follows and inner[-1:].isalnum() and not _led_in(place)


def _is_clause(place: Place, inner: str) -> bool:
    return _has_clause(inner, place.words) or _is_announced_speech(place)


def _is_mentioned(place: Place) -> bool:
    """Whether words are spoken of: the slogan “Hands on”, a man called “the Fox”."""
    before, gap = _before(place)
    if gap == "" and place.words.naming.any_of(before[-3:]):
        return True
    return gap in ("", ",") and bool(before) and before[-1] in place.words.sayings


def _is_announced_speech(place: Place) -> bool:
    return place.words.reporting.any_of(parts(place.before)[-5:])


def _before(place: Place) -> tuple[list[str], str]:
    """The words before a quotation, and the punctuation between, if any."""
    before = place.before
    return WORD.findall(before), "" if before[-1:].isalnum() else before[-1:]


def _has_clause(inner: str, words: QuotationWords) -> bool:
    """Whether somebody does something in a few words."""
    found = parts(inner)
    return words.subjects.any_of(found) or words.finite.any_of(found[1:])


def is_reported(place: Place) -> bool:
    """Whether the narrator says, right after a quotation, who said it."""
    after = place.after
    if place.inner[-1:] not in tuple(",!?…") and not after.lstrip().startswith(
        (",", "—", "–", "-")
    ):
        return False
    clause = _SENTENCE_END.split(after, maxsplit=1)[0]
    return place.words.reporting.any_of(parts(clause)[:8])


def interrupted(text: str, end: int, following: int) -> bool:
    """Whether the narrator breaks in, between dashes, before the next quotation."""
    found = _INTERRUPTION.match(text, end)
    return found is not None and found.end() == following


def _goes_on(place: Place) -> bool:
    """Whether the speech before was left with a comma or an end, to be gone on with."""
    previous, text = place.previous, place.text
    if previous is None or not place.follows_speech:
        return False
    said = text[previous.inner_start : previous.inner_end].rstrip()
    if said[-1:] in (",", "!", "?", ".") or text[previous.end : previous.end + 1] == ",":
        return True
    return interrupted(text, previous.end, place.span.start)


def _stands_alone(place: Place) -> bool:
    """Whether a quotation begins where a sentence may, or right after another's speech."""
    before = place.before.rstrip(_OPENING_BRACKETS)
    if not before:
        return place.follows_speech or place.previous is None
    return before[-1:] in tuple(".!?…:—–-")


def _is_label(place: Place) -> bool:
    """A whole paragraph of one or two quoted words is speech; a quoted subject is not."""
    follows = place.after.lstrip()
    return place.inner[-1:].isalnum() and bool(follows) and follows[0].isalpha()


def _sentences_inside(inner: str) -> bool:
    return any(
        inner[found.end() : found.end() + 1].isspace()
        and inner[found.end() : found.end() + 16].lstrip(" .!?…)”’")[:1].isupper()
        and len(WORD.findall(inner[: found.start()])) >= 2
        for found in _SENTENCE_END.finditer(inner)
    )


def starts_sentence(inner: str) -> bool:
    """Whether a text begins as a sentence does, or in the middle of what was said."""
    if inner.startswith(("…", "...")):
        return True
    first = inner.lstrip(_BEFORE_A_CAPITAL)[:1]
    return (
        first.isupper() or first.isdigit() or (first.isalpha() and first.lower() == first.upper())
    )


def _led_in(place: Place) -> bool:
    before, gap = _before(place)
    if gap in tuple(":：—–"):
        return bool(gap)
    return bool(before) and before[-1] in place.words.conjunctions


# --- titles ---------------------------------------------------------------------------------


def is_title(place: Place) -> bool:
    """Whether a quotation is a work's, a ship's, a paper's or an organisation's name."""
    inner, count = place.inner, _count(place.inner)
    if not 0 < count <= _TITLE_WORDS or not starts_sentence(inner) or inner[:1] in "….":
        return False
    before, gap = _before(place)
    last = before[-1] if before else ""
    if gap in (":", "：") or (gap in ("", ",") and last in place.words.sayings):
        return False
    if is_announced_title(place):
        return True
    words, found = place.words, WORD.findall(inner)
    if is_reported(place) or (words.title_case and gap == "" and last in words.reporting):
        return found[-1] in words.names and count <= _NAME_WORDS and bool(before)
    if found[-1] in words.names and count <= _NAME_WORDS:
        return True
    return _explained(place, inner) or _shaped(place, inner, found, gap)


def is_announced_title(place: Place) -> bool:
    """The novel “Dune”; her memoir, “Dune”; a report entitled “Dune”."""
    words = place.words
    before, gap = _before(place)
    if not before or gap not in ("", ",") or not starts_sentence(place.inner):
        return False
    if before[-1] in words.titled:
        return True
    if gap:
        works = words.title_case and before[-1].islower() and before[-1] in words.works
        return works and not is_reported(place)
    if before[-1] in words.works:
        return True
    return not words.title_case and len(before) > 1 and before[-2] in words.works


def _explained(place: Place, inner: str) -> bool:
    """The “Dune” novel; “Dune,” a novel; «Дюна» — роман."""
    after = place.after
    found = _APPOSITION.match(after)
    apart = found is not None or inner.endswith(",")
    follows = WORD.findall(after[found.end() :] if found else after)[: 4 if apart else 1]
    if inner[-1:] in tuple("!?…"):
        return False
    return place.words.works.any_of(follows)


def _shaped(place: Place, inner: str, found: Sequence[str], gap: str) -> bool:
    """Whether capitals alone make a title of it."""
    words = place.words
    if inner[-1:] in tuple("!?…") or _has_clause(inner, words):
        return False
    if words.title_case:
        owned = gap == "" and _OWNER.search(place.before) is not None
        return (len(found) > 1 or owned) and _in_title_case(place, found, 1 if owned else 2)
    if len(found) > _NAME_WORDS or inner[-1:] in (".", ","):
        return False
    inside = gap == "" and bool(place.before)
    if len(found) == 1 and inside and _is_abbreviation(found[0]):
        return True
    if words.articles.words:
        return inside and len(found) > 1 and found[0] in words.articles
    begins = not place.before and place.previous is None
    follows = place.after[:1] == " " and place.after[1:2].islower()
    subject = (begins or gap in tuple(".!?…")) and (follows or _lacks_dash(place, inner))
    return bool(words.works.words) and (inside or subject)


def _is_abbreviation(word: str) -> bool:
    return 1 < len(word) < 5 and word.isupper()


def _in_title_case(place: Place, found: Sequence[str], fewest: int) -> bool:
    """Whether a quotation has capitals throughout, and the sentence around it has not."""
    start, end = place.span.start, place.span.end
    if not WORD.search(place.before + place.after):
        return False
    beside = place.text[max(0, start - _NEAR) : start] + " " + place.text[end : end + _NEAR]
    around = [w for w in WORD.findall(beside) if w.lower() not in _SMALL]
    if all(w[0].isupper() or w[0].isdigit() for w in around):
        return False
    large = [w for w in found if w.lower() not in _SMALL or w is found[0]]
    return len(large) >= fewest and all(w[0].isupper() or w[0].isdigit() for w in large)
