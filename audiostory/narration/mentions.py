"""Which words of the narrator name somebody: a name, a description, a pronoun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from audiostory.narration.names import core_of, one_name, without_opener
from audiostory.narration.narrator import LONGEST, Narration
from audiostory.narration.reporting import Gender, Reporting

_GAP = 2  # characters between two words of a name
_APOSTROPHE = re.compile("['’]")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name somebody. start, end: tokens; kind: by what they name them."""

    start: int
    end: int
    kind: Literal["name", "role", "pronoun"]
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words, as they are written."""
        return " ".join(self.words)


def mention_in(
    narration: Narration, first: int, end: int, *, leading: bool = False
) -> Mention | None:
    """Whom tokens first … end name; leading: whether other words may stand before the name."""
    tokens, words = narration.tokens, narration.words
    first, end = _trimmed(narration, first, end)
    if first < end and leading and tokens[first].low in words.prepositions:
        first = _after_last_preposition(narration, first, end)
    if first >= end:
        return None
    if tuple(token.low for token in tokens[first:end]) in words.others:
        return Mention(first, end, "pronoun", tuple(t.text for t in tokens[first:end]))
    if tokens[end - 1].low in words.pronouns and (leading or end - first == 1):
        return Mention(end - 1, end, "pronoun", (tokens[end - 1].text,))
    if tokens[first].low in words.pronouns:
        return Mention(first, first + 1, "pronoun", (tokens[first].text,))
    owns = end - first > 1 and tokens[first].low in words.determiners  # её коллега
    if _APOSTROPHE.split(tokens[first].low)[0] in words.no_speaker and not owns:  # It’s unclear …
        return None
    is_word = tokens[first].low in words.not_names or tokens[first].low in words.articles
    if end - first == 1 and is_word and tokens[first].low not in words.persons:
        return None
    return _named(narration, first, end) or _described(narration, first, end)


def _trimmed(narration: Narration, first: int, end: int) -> tuple[int, int]:
    """Without what opens a sentence, and without adverbs and prepositions at the end."""
    tokens, words = narration.tokens, narration.words
    while first < end and _is_opener(narration, first, end):
        first += 1
    for n in range(first + 1, end):
        if tokens[n].start - tokens[n - 1].end > _GAP:  # brackets were left out there
            end = n
            break
    while end > first:
        last = tokens[end - 1]
        adverb = last.low in words.adverbs and last.text.islower()
        ended = words.inflects and narration.is_adverb(last.low) and last.text.islower()
        if not (adverb or ended or last.low in words.selves or last.low in words.prepositions):
            break
        end -= 1
    return first, end


def _is_opener(narration: Narration, n: int, end: int) -> bool:
    low, words = narration.tokens[n].low, narration.words
    if n + 1 == end and low in words.pronouns:
        return False
    return low in words.openers or (low in words.adverbs and low not in words.determiners)


def _after_last_preposition(narration: Narration, first: int, end: int) -> int:
    tokens, words = narration.tokens, narration.words
    for n in range(end - 1, first - 1, -1):
        low = tokens[n].low
        if low not in words.prepositions or low in words.particles:
            continue
        if not (low in words.ties and n - 1 > first and tokens[n - 1].text.islower()):
            return n + 1
    return first


def _described(narration: Narration, first: int, end: int) -> Mention | None:
    end = _before_terms(narration, first, end)
    words: list[str] = []
    for n in range(first, end):
        token = narration.tokens[n]
        if words and token.start == narration.tokens[n - 1].end:  # l'avocat
            words[-1] += token.text
        else:
            words.append(token.text)
    lettered = any(word[:1].isalpha() for word in words)
    if noun_of(words, narration.words) in narration.words.things:  # a sign says nothing
        return None
    return Mention(first, end, "role", tuple(words)) if lettered else None


def _before_terms(narration: Narration, first: int, end: int) -> int:
    """Where a description ends: before on what terms somebody speaks (anonymously)."""
    low = [token.low for token in narration.tokens[first:end]]
    for phrase in narration.words.terms:
        for at in range(1, len(low) - len(phrase) + 1):
            if tuple(low[at : at + len(phrase)]) == phrase:
                return first + at
    return end


def _named(narration: Narration, first: int, end: int) -> Mention | None:
    run = _last_name(narration, first, end)
    if run is None:
        return None
    tokens, words = narration.tokens, narration.words
    named = without_opener([token.text for token in tokens[run[0] : run[1]]], words)
    if not named or named[0].casefold() in words.no_speaker:
        return None
    core = core_of(named, words)
    if len(core) == 1 and words.is_title(core[0].casefold()):
        return None
    if len(core) < len(named) and set(core[:2]) & words.particles & words.determiners:
        return None  # ein Sprecher der Polizei
    first_word, end_word = one_name(named, words)
    if end_word - first_word < len(named):
        run = (run[1] - len(named) + first_word, run[1] - len(named) + end_word)
        named = named[first_word:end_word]
    return Mention(run[0], run[1], "name", tuple(named))


def _last_name(narration: Narration, first: int, end: int) -> tuple[int, int] | None:
    """The name that the words end with, or that stands before a tie (X of the campaign)."""
    tokens, words = narration.tokens, narration.words
    stop = _name_end(narration, first, end)
    if stop is None or not tokens[stop - 1].is_capitalised:
        return None
    if tokens[stop - 1].low.endswith(words.possessives or ("\0",)):
        return None
    run = stop
    while run > first:
        token = tokens[run - 1]
        before = tokens[run - 2] if run - 1 > first else None
        within = token.low in words.particles and run < stop
        within = within and (
            before is None or before.is_capitalised or before.low in words.particles
        )
        ends = run < stop and token.low.endswith(words.possessives or ("\0",))
        ends = ends or (run < stop and token.end == tokens[run].start)
        if ends or not (token.is_capitalised or within):
            break
        run -= 1
    return run, stop


def _name_end(narration: Narration, first: int, end: int) -> int | None:
    tokens, words = narration.tokens, narration.words
    for at in range(first + 1, end):
        n, token = at, tokens[at]
        if token.low not in words.prepositions or not token.text.islower():
            continue
        if token.low in words.particles:
            continue
        while (
            n - 1 > first
            and tokens[n - 1].text.islower()
            and narration.is_adverb(tokens[n - 1].low)
        ):
            n -= 1  # X later, in a letter, …
        before = tokens[n - 1]
        return n if before.is_capitalised and not words.is_title(before.low) else None
    return end


def noun_of(described: Sequence[str], words: Reporting) -> str:
    """A description's noun, in lower case: what stands before what ties more to it."""
    for n in range(1, len(described)):
        if described[n].casefold() in words.prepositions or described[n - 1].endswith(","):
            return described[n - 1].rstrip(",").casefold()
    return described[-1].casefold() if described else ""


def with_circle(narration: Narration, described: Mention) -> Mention:
    """A description with whom it is close to, where a comma parts them: источник, близкий к …"""
    tokens, words = narration.tokens, narration.words
    last = described.end
    if not described.start < last < len(tokens) - 1 or tokens[last].text != ",":
        return described
    if tokens[last + 1].low not in words.close:
        return described
    end = last + 1
    while end < len(tokens) and end - last < LONGEST and not narration.breaks(end):
        end += 1
    named = (*described.words[:-1], described.words[-1] + ",")
    return Mention(
        described.start, end, "role", named + tuple(t.text for t in tokens[last + 1 : end])
    )


def gender_told(described: Sequence[str], words: Reporting) -> Gender | None:
    """What a description says of a person: his wife, a woman on the bus; not: Mr. X's deputy."""
    noun = noun_of(described, words)
    low = [word.casefold() for word in described]
    if noun in words.titled or any(w.endswith(words.possessives or ("\0",)) for w in low):
        return words.gender_of(noun)
    told = (words.gender_of(word) for word in low if word in words.titled)
    return next((gender for gender in told if gender), None)


def is_description(narration: Narration, mention: Mention) -> bool:
    """Whether a role's words look like a noun's: an article, a capital, a title, a plural."""
    words = narration.words
    first, last = mention.words[0], mention.words[-1]
    return (
        first.casefold() in words.determiners
        or first[:1].isupper()
        or any(words.is_title(w.casefold()) or w.casefold() in words.persons for w in mention.words)
        or (last.endswith("s") and len(mention.words) <= 4)
    )
