"""Whose words a verb reports: the subject before it, or after it, or that of the sentence."""

from __future__ import annotations

from collections.abc import Iterator

from audiostory.narration.mentions import Mention, mention_in
from audiostory.narration.narrator import DASHES, LONGEST, STOPS, Narration

_NAME_WORDS = 6
_COMMAS = 4  # that may stand between a subject and its verb
_INTRODUCTION = frozenset({"–", "—", "-", ",", "…", "..."})
_DATELINE = 12  # tokens


def subject_before(narration: Narration, verb: int, start: int) -> Mention | None:
    """Who stands before a finite verb, not before token start."""
    tokens, words = narration.tokens, narration.words
    at = verb - 1
    while at >= start and narration.may_stand_between(at):
        at -= 1
    if at < start:
        return None
    token = tokens[at]
    if token.low in words.who:
        return _antecedent(narration, at, start)
    if token.text == "," or token.text in DASHES:
        return _before_apposition(narration, at, start)
    if token.low in words.conjunctions or token.low in words.prepositions:  # went on TO say
        return main_subject(narration, start, verb)
    return _ending_at(narration, at, start)


def _ending_at(narration: Narration, last: int, start: int) -> Mention | None:
    """The description or name whose last word is token last."""
    tokens, words = narration.tokens, narration.words
    first = last
    while first >= start and last - first < LONGEST and not narration.breaks(first):
        first -= 1
    if start < first < last and tokens[first].low in words.who:
        begins = tokens[first + 1]  # X who SPOKE anonymously (said)
        if begins.text.islower() and begins.low not in words.pronouns | words.determiners:
            return _antecedent(narration, first, start)
    return mention_in(narration, first + 1, last + 1, leading=True)


def _antecedent(narration: Narration, at: int, start: int) -> Mention | None:
    """X, (who): what stands before the relative pronoun at token at."""
    last = at - 1
    if last >= start and narration.tokens[last].text == ",":
        last -= 1
    first = last
    while first >= start and last - first < LONGEST and not narration.breaks(first):
        if first < last and narration.tokens[first].low in narration.words.prepositions:
            break
        first -= 1
    return mention_in(narration, first + 1, last + 1, leading=True) if last >= start else None


def _before_apposition(narration: Narration, comma: int, start: int) -> Mention | None:
    """X, the deputy head of the region, (said)."""
    described: Mention | None = None
    commas = 0
    for n in range(comma - 1, start, -1):
        if narration.tokens[n].text != "," and narration.tokens[n].text not in DASHES:
            continue
        commas += 1
        found = _opening(narration, n - 1, start)
        if found is not None and found.kind == "name":
            return found
        described = found or described
        if commas >= _COMMAS:
            break
    direct = _opening(narration, comma - 1, start) if comma > start else None
    if direct is not None and direct.kind == "name":
        return direct
    return described or main_subject(narration, start, comma)


def _opening(narration: Narration, last: int, start: int) -> Mention | None:
    """The mention that ends with token last, where it opens a clause."""
    found = _ending_at(narration, last, start)
    if found is None or found.start <= start:
        return found
    before, words = narration.tokens[found.start - 1], narration.words
    opens = before.is_stop or before.low in words.breaks or before.low in words.openers
    return found if opens or before.low in words.conjunctions else None


def participle_subject(narration: Narration, n: int, start: int) -> Mention | None:
    """Who says what the participle at token n leads in."""
    tokens, words = narration.tokens, narration.words
    first = n - 1
    while (
        first > start and not narration.breaks(first) and tokens[first].low not in words.beside_with
    ):
        first -= 1
    if start <= first < n - 1 and tokens[first].low in words.beside_with:  # with X tweeting
        return mention_in(narration, first + 1, n)
    return next(subjects(narration, start, n), None)


# --- after the verb ---


def following(narration: Narration, at: int, end: int) -> Mention | None:
    """Who is named from token at on (… said X)."""
    tokens, words = narration.tokens, narration.words
    while at < end and narration.may_stand_between(at) and tokens[at].low not in words.pronouns:
        at += 1
    if words.inflects:
        return _among_objects(narration, at, end)
    last = at
    while last < end and last - at < LONGEST and not narration.breaks(last):
        if last > at and _leaves(narration, last, at):
            break
        last += 1
    found = mention_in(narration, at, last)
    return _name_beside(narration, found, last, end) or found


def _name_beside(
    narration: Narration, found: Mention | None, comma: int, end: int
) -> Mention | None:
    """The mayor's deputy, X: the name that a description has beside it."""
    if found is None or comma >= end or narration.tokens[comma].text != ",":
        return None
    may_be_noun = found.kind == "name" and len(found.words) == 1 and narration.words.inflects
    if found.kind != "role" and not may_be_noun:
        return None
    last = comma + 1
    while last < end and last - comma <= _NAME_WORDS and not narration.breaks(last):
        last += 1
    named = mention_in(narration, comma + 1, last)
    if named is None or named.kind != "name" or (named.start, named.end) != (comma + 1, last):
        return None
    set_off = last + 1 < end and narration.tokens[last].text == ","
    if len(named.words) > 1:
        return named if set_off or not may_be_noun else None
    return named if set_off and _is_of_person(narration, found) else None


def _is_of_person(narration: Narration, described: Mention) -> bool:
    """Whether a description is one of a person: his wife, the mayor."""
    return narration.words.is_person(described.words[-1].casefold())


def _leaves(narration: Narration, n: int, first: int) -> bool:
    """Whether token n is no longer part of the name or description that begins at first."""
    token, words = narration.tokens[n], narration.words
    if token.low in words.not_names and token.low not in words.articles:
        return narration.tokens[n - 1].low not in words.articles
    if not token.text.islower():
        return False
    if narration.is_adverb(token.low):
        return True
    before = narration.tokens[n - 1]
    if token.low in words.particles:
        if before.low in words.particles:
            return False
        if token.low in words.determiners:  # sagte Müller DER Zeitung; der Sprecher DER Polizei
            return not words.is_title(before.low)
        if not _ends_in_name(narration, first, n):
            return False
    if token.low in words.prepositions:
        stretch = narration.tokens[first:n]
        described = any(t.text.islower() and t.low not in words.particles for t in stretch)
        return token.low not in words.ties or not described or _ends_in_name(narration, first, n)
    if token.low in words.determiners:
        return before.is_capitalised
    return narration.is_participle(token.low) and _ends_in_name(narration, first, n)


def _ends_in_name(narration: Narration, first: int, end: int) -> bool:
    run = end
    while run > first and narration.tokens[run - 1].is_capitalised:
        run -= 1
    return end - run >= 2


def _among_objects(narration: Narration, at: int, end: int) -> Mention | None:
    """Who speaks, where cases and not places tell it: сказал в интервью газете Иван Петров."""
    tokens, words = narration.tokens, narration.words
    if at < end and tokens[at].low in words.pronouns:
        return mention_in(narration, at, at + 1)
    stop = at
    while stop < end and stop - at < 2 * LONGEST and not narration.breaks(stop):
        stop += 1
    runs = list(_capitalised_runs(narration, at, stop))
    full = [run for run in runs if run[1] - run[0] >= 2]
    if full:
        return mention_in(narration, *full[-1])
    for n in range(at, stop):
        if words.is_title(tokens[n].low) and not _is_object(narration, n, at):
            return mention_in(narration, n, stop)
    single = next((run for run in runs if not _is_object(narration, run[0], at)), None)
    if single is not None:
        return mention_in(narration, *single)
    led = at < stop and tokens[at].low not in words.prepositions
    return mention_in(narration, at, stop) if led else None


def _capitalised_runs(narration: Narration, start: int, end: int) -> Iterator[tuple[int, int]]:
    n = start
    while n < end:
        first = n
        while n < end and narration.tokens[n].is_capitalised:
            n += 1
        if n > first:
            yield first, n
        n += 1


def _is_object(narration: Narration, n: int, start: int) -> bool:
    tokens = narration.tokens
    return start < n <= len(tokens) and tokens[n - 1].low in narration.words.prepositions


# --- of the sentence ---


def subjects(narration: Narration, start: int, end: int) -> Iterator[Mention]:
    """Who speaks in a sentence, and whom it is about."""
    verb = narration.first_verb(start, end)
    if verb is not None:
        found = None
        if verb > start and narration.tokens[verb - 1].text == ",":
            found = following(narration, verb + 1, end)
        if found is None or found.kind != "name":
            found = subject_before(narration, verb, start)
        if found is not None:
            yield found
    about = main_subject(narration, start, end)
    if about is not None:
        yield about


def main_subject(narration: Narration, start: int, end: int) -> Mention | None:
    """Whom a sentence is about: what stands first in it, introductions left out."""
    at = _after_dateline(narration, start, end)
    last_comma = next((n for n in range(end - 1, start, -1) if narration.tokens[n].text == ","), -1)
    while at < end:
        if _introduces(narration, at):
            comma = narration.comma_in(at, end) if at <= last_comma else None
            at = at if comma is None else _after_place(narration, comma, end)
        elif not (_opens(narration, at) or narration.tokens[at].text in _INTRODUCTION):
            break
        at += 1
    return _first_from(narration, at, end)


def _after_dateline(narration: Narration, start: int, end: int) -> int:
    """LONDON, 5 May (Agency) — Where a report begins."""
    tokens = narration.tokens
    if start == 0 and end and tokens[0].text.isupper() and len(tokens[0].text) > 2:
        for n in range(1, min(end, _DATELINE)):
            if tokens[n].text in DASHES:
                return n + 1
    return start


def _introduces(narration: Narration, at: int) -> bool:
    """Whether a phrase that ends with a comma begins at token at."""
    tokens, words = narration.tokens, narration.words
    low = tokens[at].low
    if low in words.prepositions or low in words.introducers or low in words.breaks:
        return True
    if narration.is_participle(low) or narration.is_adverb(low):
        return True
    comma = next(
        (n for n in range(at + 1, min(len(tokens), at + 4)) if tokens[n].text == ","), None
    )
    if comma is None:
        return False
    return low in words.openers or narration.is_adverb(tokens[comma - 1].low)  # Hours later, …


def _opens(narration: Narration, at: int) -> bool:
    low, words = narration.tokens[at].low, narration.words
    return low in words.openers or low in words.conjunctions


def _after_place(narration: Narration, comma: int, end: int) -> int:
    """In Salem, New Hampshire, X …: the comma after the place."""
    tokens = narration.tokens
    if tokens[comma - 1].is_capitalised:
        for n in range(comma + 1, min(end - 1, comma + 4)):
            if tokens[n].text == "," and tokens[n + 1].is_capitalised:
                return n
            if not tokens[n].is_capitalised:
                break
    return comma


def _first_from(narration: Narration, at: int, end: int) -> Mention | None:
    """The name or description that begins at token at, up to its verb."""
    tokens, words = narration.tokens, narration.words
    if at < end and tokens[at].low in words.pronouns:
        return mention_in(narration, at, at + 1)
    last = at
    named = False
    while last < end and last - at < LONGEST and not narration.breaks(last):
        token = tokens[last]
        if token.is_capitalised and not _is_function_word(narration, token.low):
            named = True
        elif named and token.text.islower() and token.low not in words.particles:
            if words.is_person(token.low) and _describes(narration, at, last):
                named = False
                if last + 1 < end and not tokens[last + 1].is_capitalised:
                    last += 1
                    break
            elif not _leads_to_name(narration, last, end):
                break
        elif (
            not named
            and last > at
            and (
                narration.is_beside(last)
                or narration.may_stand_between(last)
                or _is_after_person(narration, last)
            )
        ):
            break
        last += 1
    found = mention_in(narration, at, last)
    return _name_beside(narration, found, last, end) or found


def _is_after_person(narration: Narration, n: int) -> bool:
    """Whether a verb may be token n, right after a person's noun: the mayor disagrees."""
    tokens, words = narration.tokens, narration.words
    is_noun = tokens[n - 1].text.islower() and words.is_person(tokens[n - 1].low)
    return is_noun and narration.looks_like_verb(n) and not words.inflects


def _describes(narration: Narration, first: int, noun: int) -> bool:
    """Whether what stands before a noun tells more of it: Mr. X's deputy, Окружной инженер."""
    owner = narration.tokens[noun - 1].low
    return noun == first + 1 or owner.endswith(narration.words.possessives or ("\0",))


def _is_function_word(narration: Narration, low: str) -> bool:
    words = narration.words
    return low in words.determiners or low in words.openers or low in words.prepositions


def _leads_to_name(narration: Narration, at: int, end: int) -> bool:
    """White House PRESS SECRETARY Josh Earnest."""
    tokens = narration.tokens
    for n in range(at, min(end, at + 4)):
        if tokens[n].is_capitalised:
            return n > at and narration.words.is_title(tokens[n - 1].low)
        if not tokens[n].text.islower():
            return False
    return False


def begins(narration: Narration, mention: Mention, start: int) -> bool:
    """Whether a subject begins the clause from token start on."""
    tokens, words = narration.tokens, narration.words
    skipped = tokens[start : mention.start]
    if all(t.low in words.openers or t.low in words.adverbs for t in skipped):
        return mention.kind != "role" or not narration.is_participle(tokens[mention.start].low)
    return (
        mention.kind == "name"
        and len(skipped) < LONGEST
        and skipped[0].low not in words.breaks
        and skipped[0].low not in words.conjunctions
        and all(_within_description(narration, n) for n in range(start, mention.start))
    )


def _within_description(narration: Narration, n: int) -> bool:
    token, words = narration.tokens[n], narration.words
    return (
        token.quotation is None
        and token.text not in STOPS
        and (token.low not in words.prepositions or token.low in words.ties)
        and not narration.is_beside(n)
        and not narration.is_participle(token.low)
    )
