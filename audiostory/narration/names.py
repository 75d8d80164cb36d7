"""Names of persons by their shape, and one canonical name for each person of an article.

A name is a run of capitalised words ("Recep Tayyip Erdoğan", "Ursula von der Leyen"); titles
before it are not part of it ("Zelensky Advisor Mykhailo Podolyak" is Mykhailo Podolyak). Who
is named in full somewhere is called so everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from audiostory.narration.reporting import Gender, Reporting

_UPPER = (
    "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚΑ-ΩΆΈΉΊΌΎΏА-ЯЁЄІЇҐЎ"
)
_CAPITALISED = rf"[{_UPPER}]\w*(?:['’-][{_UPPER}]\w*|['’-]\w{{3,}})*"
_NAMESAKES = 50  # kept of one surname
_PATRONYMICS = ("вич", "вна", "ична", "инична", "івна", "йович")
_STEM = 4  # letters that forms of one name share at least


@cache
def name_pattern(words: Reporting) -> re.Pattern[str]:
    """Runs of capitalised words, with what may stand within a name."""
    between = "|".join(sorted(map(re.escape, words.particles)))
    dotted = "|".join(sorted(re.escape(t) for t in words.titles if t.endswith(".")))
    title = rf"(?i:{dotted})|" if dotted else ""
    word = rf"(?:{title}[{_UPPER}]\.(?:[{_UPPER}]\.)*|{_CAPITALISED})"
    middle = rf"(?:(?:{between})[ \u00a0]){{0,3}}" if between else ""
    return re.compile(rf"(?<!\w){word}(?:[ \u00a0]{middle}{word}){{0,8}}")


def core_of(words: Sequence[str], reporting: Reporting) -> list[str]:
    """A name's words without the titles before it, or all where nothing else is left."""
    low = [word.casefold() for word in words]
    first = 0
    for phrase in reporting.title_phrases:
        for at in range(len(low) - len(phrase)):
            if tuple(low[at : at + len(phrase)]) == phrase:
                first = max(first, at + len(phrase))
    for at in range(len(low) - 1):
        if reporting.is_title(low[at]):
            first = max(first, at + 1)
    if len(words) - first > 2 and _is_role(low[first], low[first + 1], reporting):
        first += 1  # Wirtin Anna Weiss
    if reporting.capitalises_nouns and len(words) - first == 2 and low[first] in reporting.titled:
        first += reporting.is_first_name(low[first + 1])  # Mann Karl
    while first + 2 < len(words) and words[first].isupper() and words[first].isalpha():
        first += 1  # CDU, МИД
    return list(words[first:])


def _is_role(word: str, follows: str, reporting: Reporting) -> bool:
    """Whether a word before a first name says what somebody is."""
    if reporting.is_person(word):
        return True
    is_first_name = reporting.is_first_name(follows) and not reporting.is_first_name(word)
    return is_first_name and (reporting.inflects or reporting.capitalises_nouns)


def one_name(words: Sequence[str], reporting: Reporting) -> tuple[int, int]:
    """Where, among capitalised words, one person's name stands: case endings tell two apart.

    «Орлова Кириллу Седову» is Орлова, who speaks to somebody; «Седова Инна Бек» is Инна Бек,
    and whose lawyer she is stands before her.
    """
    if not reporting.inflects:
        return 0, len(words)
    low = [word.casefold() for word in words]
    for n in range(1, len(words)):
        if reporting.is_first_name(low[0]) and n == 1:
            continue
        if reporting.is_first_name_declined(low[n]):
            return 0, n
        has_surname = n + 1 < len(words) and not low[n + 1].endswith(_PATRONYMICS)
        if reporting.is_first_name(low[n]) and has_surname:
            return (n, len(words)) if not reporting.is_first_name(low[0]) else (0, len(words))
    return 0, len(words)


def surname_of(words: Sequence[str], reporting: Reporting) -> str:
    """The last word of a name that is not Jr. or III, in lower case."""
    for word in reversed(words):
        if word.casefold() not in reporting.suffixes:
            return word.casefold()
    return words[-1].casefold() if words else ""


@dataclass(slots=True)
class Person:
    """Somebody named in full. first: where among the names of the article.

    firsts: the first name, in the cases that it is written in.
    """

    name: str
    gender: Gender | None
    first: int
    firsts: frozenset[str]
    count: int = 1


@dataclass(slots=True)
class Cast:
    """Whom an article names, by surname and by first name."""

    reporting: Reporting
    by_surname: dict[str, list[Person]] = field(default_factory=dict)
    by_first_name: dict[str, list[Person]] = field(default_factory=dict)
    by_stem: dict[str, list[Person]] = field(default_factory=dict)
    addressed: dict[str, Gender | None] = field(default_factory=dict)  # by surname; None: both
    titled_at: dict[str, int] = field(default_factory=dict)  # where first so, by surname

    def full_name(self, words: Sequence[str], gender: Gender | None) -> tuple[str, Gender | None]:
        """The canonical name, and the gender it tells, of a name as written with its titles."""
        core = core_of(words, self.reporting)
        told = self.gender(words) or self.addressed.get(surname_of(core, self.reporting))
        gender = told or gender
        surname = surname_of(core, self.reporting)
        known = self.by_surname.get(surname, [])
        if len(core) > 1:
            first = core[0].casefold()
            same = [p for p in known if first in p.firsts]
            chosen = max(same, key=lambda p: (len(p.name.split()), -p.first), default=None)
        else:
            known = known or self.by_first_name.get(surname, []) or self._alike(surname)
            fits = [p for p in known if self._fits(p, surname, gender)]
            chosen = max(fits, key=lambda p: (p.count, -p.first), default=None)
        if chosen is not None and self._is_better(chosen, core):
            return chosen.name, self.gender_of(chosen.name) or told
        kept = core if len(core) > 1 or len(words) == 1 else self._addressed(words, core)
        return " ".join(kept), told

    def _fits(self, person: Person, surname: str, gender: Gender | None) -> bool:
        """Whether a surname may mean a person. Of a first name that tells no gender, the titles
        say what he or she is: after the full name they are of the same person."""
        sure = self.gender(person.name.split()[:1]) or person.gender
        if gender is None or sure is not None:
            return gender in (None, sure)
        titled_at = self.titled_at.get(surname)
        return titled_at is None or person.first < titled_at or not self.addressed[surname]

    def is_shared(self, words: Sequence[str]) -> bool:
        """Whether a surname alone may mean two people of the article."""
        core = core_of(words, self.reporting)
        surname = surname_of(core, self.reporting)
        if len(core) != 1:
            return False
        gender = self.gender(words) if len(words) > 1 else None
        people = [p for p in self.by_surname.get(surname, []) if self._fits(p, surname, gender)]
        firsts = {min(p.firsts) for p in people}
        return sum(self.reporting.is_first_name(first) for first in firsts) > 1

    def _is_better(self, person: Person, core: Sequence[str]) -> bool:
        """Whether a person's full name is to stand for what is written: not in another case."""
        if not self.reporting.inflects or len(core) > 1:
            return True
        words = person.name.split()
        return words[-1] == core[-1] or bool(self.reporting.gender_of(words[0].casefold()))

    def _addressed(self, words: Sequence[str], core: Sequence[str]) -> Sequence[str]:
        """Mr. Smith is called so where nobody gives his first name."""
        before = words[: len(words) - len(core)][-1:]
        low = before[0].casefold() if before else ""
        said = self.reporting.is_title(low) and self.reporting.gender_of(low) is not None
        return [*before, *core] if said else core

    def gender(self, words: Sequence[str]) -> Gender | None:
        """What the titles and the first name say."""
        if len(words) == 1 and words[0].casefold() in self.reporting.surnames_too:
            return None
        for word in words[:-1] or words:
            if found := self.reporting.gender_of(word.casefold()):
                return found
        return None

    def gender_of(self, name: str) -> Gender | None:
        """What a canonical name and the titles that it has somewhere say."""
        words = name.split()
        return self.gender(words[:1] if len(words) > 1 else words) or self.addressed.get(
            surname_of(words, self.reporting)
        )

    def _alike(self, surname: str) -> list[Person]:
        """Whose surname differs in its ending (cases), or in one letter (misprints)."""
        near = self.by_stem.get(surname[:_STEM], []) if len(surname) > _STEM else []
        named = [(surname_of(p.name.split(), self.reporting), p) for p in near]
        if self.reporting.inflects:
            found = [person for name, person in named if _forms(name, surname)]
            if found:
                return found
        return [person for name, person in named if _misprint(name, surname)]


def _forms(one: str, other: str, stem: int = _STEM) -> bool:
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= max(stem, min(len(one), len(other)) - 2) and abs(len(one) - len(other)) <= 3


def _misprint(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def cast_of(texts: Iterable[str], reporting: Reporting) -> Cast:
    """Everybody whom the texts name in full."""
    cast = Cast(reporting)
    pattern = name_pattern(reporting)
    seen: dict[str, Person] = {}
    place = 0
    for text in texts:
        for found in pattern.finditer(text):
            place += 1
            run = found.group()
            if " " not in run:
                continue
            words = without_opener(run.split(), reporting)
            first, end = one_name(words, reporting)
            _add(cast, seen, words[first:end], place)
    if reporting.inflects:
        for people in cast.by_stem.values():
            _put_in_nominative(people, reporting)
    return cast


def _put_in_nominative(people: Sequence[Person], reporting: Reporting) -> None:
    """Call each by the form whose first name is one: Сергея Лаврова is Сергей Лавров."""
    nominative = [p for p in people if reporting.gender_of(p.name.split()[0].casefold())]
    for person in people:
        if person in nominative:
            continue
        words = person.name.casefold().split()
        for other in nominative:
            named = other.name.casefold().split()
            if _forms(named[-1], words[-1]) and _forms(named[0], words[0], 3):
                person.name, person.gender = other.name, other.gender
                break


def without_opener(words: list[str], reporting: Reporting) -> list[str]:
    """The words without those that open a sentence ("But Angela Merkel"), or a day's name."""
    at = 0
    while at < len(words) and _is_no_name(words[at].casefold(), reporting):
        at += 1
    return words[at:]


def _is_no_name(word: str, reporting: Reporting) -> bool:
    return (
        word in reporting.openers
        or word in reporting.prepositions
        or word in reporting.determiners
        or word in reporting.not_names
        or word in reporting.breaks
        or word in reporting.no_speaker
        or word in reporting.auxiliaries
        or word in reporting.pronouns
    )


def _add(cast: Cast, seen: dict[str, Person], words: list[str], place: int) -> None:
    core = core_of(words, cast.reporting)
    if len(core) == 1 and len(words) == 2 and (told := cast.gender(words[:1])):
        surname = core[0].casefold()
        cast.titled_at.setdefault(surname, place)
        cast.addressed[surname] = told if cast.addressed.get(surname, told) == told else None
    if not 2 <= len(core) <= 6 or core[0].casefold() in cast.reporting.titles:
        return
    name = " ".join(core)
    if known := seen.get(name):
        known.count += 1
        return
    gender = cast.gender(words)
    person = Person(name, gender, place, frozenset({core[0].casefold()}))
    seen[name] = person
    surname = surname_of(core, cast.reporting)
    _list(cast.by_surname, surname, person)
    _list(cast.by_first_name, core[0].casefold(), person)
    _list(cast.by_stem, surname[:_STEM], person)


def _list(index: dict[str, list[Person]], key: str, person: Person) -> None:
    people = index.setdefault(key, [])
    if len(people) < _NAMESAKES:
        people.append(person)
