"""Whom words can mean: who is somebody, and who only looks like a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from audiostory.narration.mentions import gender_told, noun_of
from audiostory.narration.names import Cast, without_opener
from audiostory.narration.narrator import Narration
from audiostory.narration.reporting import Gender, Reporting

_ACRONYM = 4  # letters


@dataclass(slots=True)
class People:
    """Those of whom an article speaks. named: who spoke so far and has a name."""

    reporting: Reporting
    cast: Cast
    named: set[str] = field(default_factory=set)

    def named_in(
        self, narration: Narration, start: int, end: int
    ) -> Iterator[tuple[str, Gender | None]]:
        """Whom a sentence names in full, man or woman, where it is about nobody."""
        n = start
        while n < end:
            first = n
            while n < end and narration.tokens[n].is_capitalised:
                n += 1
            if n - first >= 2:
                written = [token.text for token in narration.tokens[first:n]]
                words = without_opener(written, self.reporting)
                name, known = self.cast.full_name(words, None) if words else ("", None)
                if " " in name and (known or self.reporting.is_first_name_in_a_case(words[0])):
                    yield name, known
            n += 1

    def is_somebody(self, speaker: str) -> bool:
        """Whether HE or SHE may mean who speaks: no office, no ministry."""
        noun = noun_of(speaker.split(), self.reporting)
        if speaker in self.named or speaker.split()[-1][:1].isupper():
            return noun not in self.reporting.bodies or speaker in self.named
        return self.reporting.is_person(noun) or self.gender_of(speaker) is not None

    def has_title(self, described: str) -> bool:
        """Whether a description's noun is one of persons."""
        return self.reporting.is_person(noun_of(described.split(), self.reporting))

    def may_be_person(self, name: str) -> bool:
        """Whether a name could be a person's: no heading, no common noun, no place."""
        if name.isupper() and len(name) > _ACRONYM:  # a heading
            return False
        noun = self.reporting.capitalises_nouns and " " not in name and name not in self.named
        return not noun and name.casefold() not in self.reporting.no_persons

    def gender_of(self, speaker: str) -> Gender | None:
        """Of a name, or of a description (his wife, a boy)."""
        if speaker in self.named:
            return self.cast.gender_of(speaker)
        words = speaker.split()
        if words and words[-1][:1].isupper():
            return self.cast.gender_of(speaker)
        return gender_told(words, self.reporting)
