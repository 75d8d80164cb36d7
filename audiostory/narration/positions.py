"""Who speaks by where he stands beside speech, whatever the verb: «…», — laughs X."""

from __future__ import annotations

from audiostory.narration.mentions import Mention, mention_in, noun_of
from audiostory.narration.narrator import Narration
from audiostory.narration.subjects import following

_NAME_WORDS = 6


def by_place(narration: Narration, start: int, end: int) -> Mention | None:
    """Who speaks by where he stands, whatever the verb: «…», — laughs X; "…," X marvels."""
    verb = start
    while verb < end and narration.may_stand_between(verb):
        verb += 1
    if verb >= end:
        verb = start
    if start < verb < end and (found := _within_verb(narration, start, verb, end)):
        return found
    if narration.looks_like_verb(verb) and verb + 1 < end:
        found = following(narration, verb + 1, end)
        return found if found and _stands_at(narration, found, verb + 1) else None
    if narration.words.inflects or narration.words.inversions:
        return None
    return _before_any_verb(narration, start, end)


def _within_verb(narration: Narration, start: int, at: int, end: int) -> Mention | None:
    """… has X OBSERVED, as German has it: between an auxiliary and a participle."""
    tokens, words = narration.tokens, narration.words
    last = end - 1
    while last > at and tokens[last].is_stop:
        last -= 1
    is_framed = words.capitalises_nouns and tokens[start].low in words.auxiliaries
    if not is_framed or last <= at or not tokens[last].text.islower():
        return None
    found = following(narration, at, last)
    return found if found is not None and found.kind == "name" and found.start == at else None


def _stands_at(narration: Narration, found: Mention, at: int) -> bool:
    """Whether somebody is named right from token at on, a description of him before the name."""
    words = narration.words
    if found.kind == "role" and not words.is_person(noun_of(found.words, words)):
        return False
    skipped = narration.tokens[at : found.start]
    is_description = all(t.text.islower() and t.low not in words.prepositions for t in skipped)
    return is_description and (len(skipped) <= 1 or len(found.words) > 1)


def _before_any_verb(narration: Narration, start: int, end: int) -> Mention | None:
    """X marvels: a name and a verb, and no more."""
    tokens = narration.tokens
    verb = start
    while verb < end and verb - start <= _NAME_WORDS and tokens[verb].is_capitalised:
        verb += 1
    ends = verb + 1 >= len(tokens) or tokens[verb + 1].is_stop
    if verb == start or verb >= end or not ends or not narration.looks_like_verb(verb):
        return None
    found = mention_in(narration, start, verb)
    return found if found is not None and found.kind == "name" else None
