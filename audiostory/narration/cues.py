"""What beside a quotation says who speaks: "…," X said; X said: "…"; according to X, "…"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from audiostory.narration.mentions import Mention, noun_of
from audiostory.narration.narrator import DASHES, ENDS, Narration, Token, tokens_of
from audiostory.narration.positions import by_place
from audiostory.narration.reporting import Reporting
from audiostory.narration.subjects import (
    begins,
    following,
    main_subject,
    participle_subject,
    subject_before,
)

_BREAKS_IN = re.compile(
    r"(?:[,.!?…]\s*[—–-]\s|\s[—–](?=\w)|,\s)(?=[^\W\d_A-ZА-ЯЁЄІЇҐ])([^,.!?—–«»“”\"]{3,120})"
    r"(?=[,.]?\s*[—–]|[,.]|$)"
)
_MOST_BREAKS = 40  # of a quotation that are looked at
_LEFT_OPEN = (",", "?", "!", "—", "–", "-", "…", "...")
_LEADS_IN = 0.93  # how surely a person speaks whom a sentence before a colon is about
_BY_PLACE = 0.95  # how surely whoever stands where who speaks does, speaks
_COMMAS = 6  # of a clause after a quotation that are looked at
_TAIL = 4  # tokens from a verb to its clause's end: X said on Monday
_VERBS = 8  # of a sentence before a quotation that are looked at
_ANOTHERS = 0.65  # how surely whoever quotes somebody speaks
_NEW_SENTENCE = 0.6  # the weight of what may belong to the next quotation as well


@dataclass(frozen=True, slots=True)
class Cue:
    """Who is named as the speaker, and how surely (0…1) that is the one who speaks."""

    mention: Mention
    confidence: float


# --- after the quotation ---


def after(narration: Narration, at: int, said: str) -> Cue | None:
    """What follows the quotation that is token at. said: its text, without marks."""
    tokens = narration.tokens
    end = narration.clause_end(at + 1)
    start = at + 1
    while start < end and (tokens[start].text == "," or tokens[start].text in DASHES):
        start += 1
    if start >= end:
        return None
    weight = _weight(narration, start, end, said, apart=start == at + 1)
    if stop := _according_to(narration, start, end):
        found = following(narration, stop, end)
        return Cue(found, 0.96 * weight) if found else None
    if tokens[start].low in narration.words.as_said:
        start += 1
    if cue := _by_clause(narration, start, end, weight):
        return cue
    is_open = weight == 1.0 and said.rstrip()[-1:] != "."
    found = by_place(narration, start, end) if is_open else None
    return Cue(found, _BY_PLACE) if found else _at_the_end(narration, start, end)


def _weight(narration: Narration, start: int, end: int, said: str, *, apart: bool) -> float:
    """How surely the clause after a quotation belongs to it. apart: no comma, no dash between."""
    said = said.rstrip()
    if not apart or said.endswith(","):
        return 1.0
    if _leads_in(narration, end):
        return _NEW_SENTENCE  # "Why?" Mills then wrote, "…"
    if said[-1:] == "." and not said.endswith("..."):
        return _NEW_SENTENCE if narration.tokens[start].is_capitalised else 0.93
    return 1.0 if said.endswith(_LEFT_OPEN) else 0.93


def _leads_in(narration: Narration, end: int) -> bool:
    """Whether a clause leads in the quotation that follows it, one that does not go on."""
    tokens = narration.tokens
    return (
        end < len(tokens)
        and not tokens[end].goes_on
        and tokens[end].quotation is not None
        and tokens[end - 1].text in (",", ":")
    )


def _by_clause(narration: Narration, start: int, end: int, weight: float) -> Cue | None:
    """… said X; … X said."""
    verb = start
    while verb < end and narration.may_stand_between(verb):
        verb += 1
    if verb < end and narration.is_beside(verb):
        found = following(narration, verb + 1, end)
        if found is not None:
            sure = 0.97 if _agrees(narration, verb, found) else _ANOTHERS
            return Cue(found, sure * weight)
        if narration.words.drops_subjects and narration.is_said(verb):
            return Cue(Mention(start, start, "pronoun", ("",)), 0.95 * weight)
    first = next((n for n in range(start, end) if narration.is_beside(n)), None)
    if first is None or _is_apart(narration, start, first):
        return None
    found = subject_before(narration, first, start)
    if found is not None and begins(narration, found, start):
        return Cue(found, 0.97 * weight)
    return None


def _agrees(narration: Narration, verb: int, found: Mention) -> bool:
    """Whether a verb may be of one person: riefen die Kinder Anna Weiß zu is not of Anna Weiß."""
    is_plural = narration.words.capitalises_nouns and narration.tokens[verb].low.endswith("en")
    return not is_plural or found.kind != "name"


def _is_apart(narration: Narration, start: int, verb: int) -> bool:
    """Whether the narrator goes on before the verb: "…" in contrast to earlier years, said X."""
    tokens, words = narration.tokens, narration.words
    first = tokens[start]
    goes_on = first.text.islower() and first.low not in words.determiners
    return (
        verb > start
        and goes_on
        and tokens[verb - 1].text == ","
        and tokens[verb].low in words.plain
    )


def _at_the_end(narration: Narration, start: int, end: int) -> Cue | None:
    """ "…" and that was that, said X; …, X said."""
    commas = [n for n in range(start, end - 1) if narration.tokens[n].text == ","]
    for comma in commas[-_COMMAS:]:
        if narration.is_said(comma + 1):
            found = following(narration, comma + 2, end)
            return Cue(found, 0.9) if found is not None and found.kind == "name" else None
        verb = narration.first_verb(comma + 1, end)
        if verb is not None and end - verb <= _TAIL:
            found = subject_before(narration, verb, comma + 1)
            return Cue(found, 0.9) if found is not None and found.start == comma + 1 else None
    return None


def _according_to(narration: Narration, start: int, end: int) -> int | None:
    """The token after "according to" where it stands at token start."""
    for phrase in narration.words.according_to:
        stop = start + len(phrase)
        if stop < end and tuple(t.low for t in narration.tokens[start:stop]) == phrase:
            return stop
    return None


# --- within its marks ---


def inside(said: str, at: int, words: Reporting) -> Cue | None:
    """What breaks in, within the marks: «Да, — сказал X. — Я иду»; « Oui, dit-il, je viens ».

    said: the text of the quotation that is token at.
    """
    places = _BREAKS_IN.finditer(said) if words.breaks_in else iter(())
    for found in islice(places, _MOST_BREAKS):
        narration = Narration(tokens_of(found.group(1), (), words), words)
        tokens = narration.tokens
        verb = next((n for n in range(min(3, len(tokens))) if narration.is_beside(n)), None)
        cue = _by_clause(narration, 0, len(tokens), 0.98) if verb is not None else None
        if cue is None and _is_set_off(found.group(), tokens, words):
            placed = by_place(narration, 0, len(tokens))
            cue = Cue(placed, _BY_PLACE) if placed else None
        if cue is not None and _is_told(cue.mention, words):
            return Cue(replace(cue.mention, start=at, end=at), cue.confidence)
    return None


def _is_told(mention: Mention, words: Reporting) -> bool:
    """Whether a mention within marks is one, and no word of what is said (he asks what …)."""
    described = mention.words[0].casefold() in words.determiners
    return mention.kind != "role" or described or words.is_person(_noun_of(mention, words))


def _is_set_off(broken_in: str, tokens: Sequence[Token], words: Reporting) -> bool:
    """Whether a dash parts what breaks in, or its verb has its subject after it (confie-t-il)."""
    return any(dash in broken_in for dash in "—–") or any(t.low in words.inversions for t in tokens)


# --- before the quotation ---


def before(narration: Narration, at: int) -> Cue | None:
    """What leads in the quotation that is token at, in its own sentence."""
    start = narration.sentence_start(at)
    cue = _leading_in(narration, start, at) if start < at else None
    if cue is not None and _is_of_document(cue.mention, narration):
        return Cue(cue.mention, min(cue.confidence, _ANOTHERS))
    if cue is None or not _is_anothers(narration, start, at):
        return cue
    return Cue(cue.mention, min(cue.confidence, _ANOTHERS))


def _is_anothers(narration: Narration, start: int, at: int) -> bool:
    """Whether the words may be another's: X quoted Y: "…"; X, whose brother Y came, said: "…"."""
    words = narration.words
    low = [token.low for token in narration.tokens[start:at]]
    if not words.whose.isdisjoint(low) or any(pair in words.signed for pair in pairwise(low)):
        return True
    for n in range(len(low)):
        if any(tuple(low[n : n + len(phrase)]) == phrase for phrase in words.quoting):
            return not any(narration.is_said(later) for later in range(start + n + 1, at))
    return False


def _is_of_document(mention: Mention, narration: Narration) -> bool:
    """Whether a description is of what somebody wrote, named by whose it is: a letter from X."""
    words = narration.words
    first = next((w for w in mention.words if w.casefold() not in words.determiners), "")
    names_whose = any(word[:1].isupper() for word in mention.words[1:])
    return mention.kind == "role" and names_whose and first.casefold() in words.documents


def _leading_in(narration: Narration, start: int, at: int) -> Cue | None:
    beside = _beside(narration, start, at)
    if beside is not None and (cue := _by_verb(narration, start, beside, at)):
        return cue
    for n in range(at - 1, start - 1, -1):
        stop = _according_to(narration, n, at)
        if stop and (found := following(narration, stop, at)):
            return Cue(found, 0.93)
    if cue := _as_put(narration, start, at):
        return cue
    colon = narration.tokens[at - 1].text == ":"
    verbs = (n for n in range(at - 1, start - 1, -1) if _reports(narration, n, colon=colon))
    for n in islice(verbs, _VERBS):
        if cue := _by_verb(narration, start, n, at):
            return cue
    return _without_verb(narration, start, at)


def _reports(narration: Narration, n: int, *, colon: bool) -> bool:
    """Whether token n is a verb of saying; a colon makes one of what only stands beside speech."""
    if narration.is_said(n) or narration.is_saying(n):
        return True
    return colon and narration.is_beside(n)


def _beside(narration: Narration, start: int, at: int) -> int | None:
    """The verb right before the quotation, or before the comma, colon or "that" before it."""
    tokens, words = narration.tokens, narration.words
    n = at - 1
    while n >= start and at - n <= 3 and not narration.is_beside(n):
        led_in = tokens[n].text in (",", ":") or tokens[n].low in words.that
        if not led_in and not narration.may_stand_between(n):
            break
        n -= 1
    if n >= start and (narration.is_beside(n) or narration.is_saying(n)):
        return n
    if n > start and (narration.is_said(n - 1) or narration.is_saying(n - 1)):
        return n - 1
    return None


def _as_put(narration: Narration, start: int, at: int) -> Cue | None:
    """As X put it, …"""
    if narration.tokens[start].low not in narration.words.as_said:
        return None
    comma = narration.comma_in(start, at) or at
    verb = next((n for n in range(start, comma) if narration.is_beside(n)), None)
    found = subject_before(narration, verb, start + 1) if verb is not None else None
    return Cue(found, 0.9) if found is not None else None


def _by_verb(narration: Narration, start: int, verb: int, at: int) -> Cue | None:
    if narration.is_saying(verb):
        found = participle_subject(narration, verb, start)
        set_off = verb > start and narration.tokens[verb - 1].text == ","
        confidence = 0.93 if set_off else 0.88
    else:
        found = _subject(narration, start, verb, at)
        confidence = 0.95
    if found is None:
        return None
    near = _nearness(narration, verb, at)
    of_person = narration.words.is_person(_noun_of(found, narration.words))
    if found.kind == "role" and near < 1 and narration.tokens[at - 1].text != ":" and not of_person:
        near *= 0.93
    return Cue(found, confidence * near)


def _subject(narration: Narration, start: int, verb: int, at: int) -> Mention | None:
    found = subject_before(narration, verb, start)
    if narration.words.capitalises_nouns and found is not None and _is_after(narration, found):
        return following(narration, verb + 1, at) or found  # Auf Nachfrage sagte er:
    inverted = (
        verb == start
        or narration.words.inflects
        or narration.tokens[verb - 1].quotation is not None
        or narration.tokens[verb - 1].text == ","
    )
    if inverted and (found is None or found.kind == "role"):
        follows = following(narration, verb + 1, at)
        if found is None or (follows is not None and follows.kind == "name"):
            return follows
    return found


def _is_after(narration: Narration, found: Mention) -> bool:
    """Whether a preposition stands before what is found: it is no subject."""
    before = narration.tokens[found.start - 1] if found.start else None
    words = narration.words
    return before is not None and before.low in words.prepositions - words.particles


def _nearness(narration: Narration, verb: int, at: int) -> float:
    """How surely what a verb reports is the quotation that follows it."""
    between, words = narration.tokens[verb + 1 : at], narration.words
    if not between or (len(between) == 1 and between[0].text in (",", ":")):
        return 1.0
    lows = {token.last or token.low for token in between}
    if between[-1].text == ":" and lows & words.that and lows & words.speech_nouns:
        return 0.6  # it may be the argument, the slogan, the question that is quoted
    return 0.99 if all(token.quotation is None for token in between) else 0.97


def _without_verb(narration: Narration, start: int, at: int) -> Cue | None:
    found = main_subject(narration, start, at)
    if found is None:
        return None
    mark = narration.tokens[at - 1].text
    leads_in = mark == ":" or narration.tokens[at - 1].low in narration.words.that
    if leads_in and _is_somebody(narration, found):
        return Cue(found, _LEADS_IN)
    return Cue(found, {":": 0.85, ",": 0.7}.get(mark, 0.5))


def _is_somebody(narration: Narration, found: Mention) -> bool:
    """Whether a subject is surely a person: a name in full, or after a title; a person's noun."""
    words, at = narration.words, found.start - 1
    if found.kind == "name":
        at -= at > 0 and narration.tokens[at].text == ","  # his wife, X,
        titled = at >= 0 and words.is_person(narration.tokens[at].low)
        low = [word.casefold() for word in found.words]
        is_noun = words.is_person(low[-1]) or low[-1] in words.bodies
        of_person = words.capitalises_nouns and is_noun  # der Kämmerer
        return titled or of_person or any(w in words.men or w in words.women for w in low)
    noun = _noun_of(found, words)
    return found.kind == "role" and (words.is_person(noun) or noun in words.bodies)


def _noun_of(found: Mention, words: Reporting) -> str:
    """A description's noun, in the singular where an S makes it a plural."""
    if words.inflects:
        nouns = (word.casefold().rstrip(",") for word in found.words)
        return next((noun for noun in nouns if words.is_person(noun)), "")
    noun = noun_of(found.words, words)
    return noun[:-1] if not words.inflects and words.is_person(noun[:-1]) else noun


def lead_in(narration: Narration) -> Cue | None:
    """Who is named by a paragraph that leads in what follows it: X wrote on Twitter:"""
    at = len(narration.tokens)
    while at and narration.tokens[at - 1].text in ENDS:
        at -= 1
    return before(narration, at)
