"""Who says what: the speaker of each quotation, where the text says so, and how surely.

The words beside a quotation come first (cues.py); then what stands in the same paragraph,
in the paragraph before, and who was last spoken of. A person has one name through the
article, the fullest that it gives; a pronoun is the person last spoken of whom it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from audiostory.narration.cues import Cue, after, before, inside, lead_in
from audiostory.narration.genders import Told, gender_of_speaker
from audiostory.narration.mentions import Mention, is_description, noun_of, with_circle
from audiostory.narration.names import cast_of
from audiostory.narration.narrator import DASHES, Narration, may_be_speech, tokens_of
from audiostory.narration.people import People
from audiostory.narration.quotations import Quotation
from audiostory.narration.reporting import Gender, reporting_in
from audiostory.narration.signatures import is_signature, signature
from audiostory.narration.subjects import subjects
from audiostory.narration.turns import holds_dialogue, holds_on, is_whole

SURE = 0.9  # the confidence from which a speaker is named
_LOOK_BACK = 4  # paragraphs, for whom a pronoun means
_SENTENCES = 12  # of each of these
_GUESS = 0.6  # the confidence below which a speaker is a guess
_OTHER = 0.6  # the confidence of somebody else than the one last spoken of: тот, der, este
_SHARED = 0.7  # the weight of a surname that two people of the article have


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a quotation. confidence: 0…1; mention: the words that name the speaker."""

    speaker: str
    confidence: float
    mention: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether the speaker may be named."""
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its quotations.

    blockquote: which block quotation it is part of. signs: whether it is who says that one.
    """

    text: str
    quotations: Sequence[Quotation] = ()
    blockquote: int | None = None
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Attributions:
    """The speakers of each block's quotations, in order, and of each block quotation.

    genders: of the sure speakers, as far as they are known.
    """

    quotations: Sequence[Sequence[Attribution | None]]
    blockquotes: dict[int, Attribution]
    genders: dict[str, Told] = field(default_factory=dict)


def attribute(
    texts: Sequence[str], quotations: Sequence[Sequence[Quotation]], language: str
) -> list[list[Attribution | None]]:
    """The speaker of each quotation of each paragraph, or None where nothing says who.

    texts: the paragraphs in reading order. quotations: those of each, in order.
    language: BCP 47.
    """
    blocks = [Block(text, found) for text, found in zip(texts, quotations, strict=True)]
    return [list(said) for said in attribute_blocks(blocks, language).quotations]


def attribute_blocks(blocks: Sequence[Block], language: str) -> Attributions:
    """Who says the quotations in an article's blocks, given in reading order."""
    said: list[list[Attribution | None]] = [[None] * len(block.quotations) for block in blocks]
    reporting = reporting_in(language)
    quoted = any(block.quotations or block.blockquote is not None for block in blocks)
    if reporting is None or not quoted:
        return Attributions(said, _signed_only(blocks) if quoted else {})
    people = People(reporting, cast_of((block.text for block in blocks), reporting))
    scene = _Scene(blocks, said, people)
    for index, block in enumerate(blocks):
        if block.blockquote is not None:
            scene.attribute_blockquote(index)
        if any(_is_speech(block.text, q) for q in block.quotations):
            scene.attribute(index)
    return Attributions(said, scene.blockquotes, scene.genders())


def _signed_only(blocks: Sequence[Block]) -> dict[int, Attribution]:
    """Who signs the block quotations, in a language whose words are not known."""
    return {
        block.blockquote: Attribution(name, 0.95, name)
        for block in blocks
        if block.signs and block.blockquote is not None and (name := signature(block.text))
    }


def _is_speech(text: str, q: Quotation) -> bool:
    return may_be_speech(text[q.inner_start : q.inner_end], q)


@dataclass(slots=True)
class _Scene:
    """The article as far as it is read: who was named, who spoke."""

    blocks: Sequence[Block]
    said: list[list[Attribution | None]]
    people: People
    blockquotes: dict[int, Attribution] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)  # a description, by its noun
    narrations: dict[int, Narration] = field(default_factory=dict)  # of the last blocks
    pronouns: dict[str, set[Gender]] = field(default_factory=dict)  # that surely mean whom

    def attribute(self, index: int) -> None:
        """Find the speakers of a block's quotations; those before are found."""
        block, said = self.blocks[index], self.said[index]
        narration = self.narration(index)
        places = {t.quotation: n for n, t in enumerate(narration.tokens) if t.quotation is not None}
        in_lines = holds_dialogue(block.text, block.quotations)
        for number, q in enumerate(block.quotations):
            if (at := places.get(number)) is not None:
                cue = _cue(narration, at, block.text[q.inner_start : q.inner_end])
                weak = cue is not None and cue.confidence < 0.6
                if cue is not None and not (weak and number and said[number - 1]):
                    said[number] = self.resolved(index, cue)
                said[number] = said[number] or self._carried(index, number, at)
                is_named = cue is not None and cue.mention.kind != "pronoun"
                if number and not is_named and in_lines:
                    said[number] = _weaker(said[number], 0.6)
        self._carry_back(index)

    def narration(self, index: int) -> Narration:
        """A block's narrator's words."""
        if (found := self.narrations.get(index)) is not None:
            return found
        block = self.blocks[index]
        tokens = tokens_of(block.text, block.quotations, self.people.reporting)
        self.narrations[index] = found = Narration(tokens, self.people.reporting)
        if len(self.narrations) > 2 * _LOOK_BACK:  # a book's words take much room
            del self.narrations[min(self.narrations)]
        return found

    # --- from the paragraph, and those before ---

    def _carried(self, index: int, number: int, at: int) -> Attribution | None:
        """Who speaks where nothing beside the quotation says so."""
        block = self.blocks[index]
        quotations = block.quotations
        back = range(number - 1, -1, -1)
        last = next((n for n in back if _is_speech(block.text, quotations[n])), None)
        if last is not None:
            between = block.text[quotations[last].end : quotations[number].start]
            holds = holds_on(between)
            if not between.strip() and number and is_whole(block.text, quotations[last]):
                holds = 0.8  # an answer may follow, or a question
            return _weaker(self.said[index][last], holds)
        if self._goes_on(index):
            return _weaker(self.said[index - 1][-1], 0.99)
        if self.blocks[index].quotations[0].start == 0:
            if index and self.blocks[index - 1].text.rstrip().endswith(":"):
                cue = lead_in(self.narration(index - 1))
                return self.resolved(index - 1, cue) if cue else None
            if signed := self._signed_below(index):
                return signed
        found = self._last_named(index, at, None)
        return Attribution(found[0], 0.5) if found else None

    def _goes_on(self, index: int) -> bool:
        """Whether a block goes on with the quotation that the one before left open."""
        if not index or self.blocks[index].quotations[0].start > 0:
            return False
        before = self.blocks[index - 1]
        last = before.quotations[-1] if before.quotations else None
        return last is not None and last.end == last.inner_end == len(before.text)

    def _signed_below(self, index: int) -> Attribution | None:
        """ "…" and in the next paragraph: — Anna Weiss."""
        block = self.blocks[index]
        if index + 1 >= len(self.blocks) or block.quotations[0].end < len(block.text.rstrip()):
            return None
        below, speech = self.blocks[index + 1].text, self.blocks[index + 1].quotations
        if any(q.kind == "direct" for q in speech) or block.text.lstrip()[:1] in DASHES:
            return None  # a dialogue's next line
        name = signature(below) if is_signature(below) else None
        if name is not None and not self._is_name(name.split()):
            return None
        return self._as_written(name, 0.92) if name else None

    def _is_name(self, words: Sequence[str]) -> bool:
        """Whether words are a name: of two words with capitals, or one that the article knows."""
        capitals = sum(word[:1].isupper() for word in words)
        known = self.people.cast.full_name(words, None)[0]
        return capitals >= 2 or (capitals == len(words) == 1 and " " in known)

    def _carry_back(self, index: int) -> None:
        """ "A." "B," X said: both are X's."""
        quotations, said = self.blocks[index].quotations, self.said[index]
        for number in range(len(said) - 2, -1, -1):
            here, follows = said[number], said[number + 1]
            between = self.blocks[index].text[quotations[number].end : quotations[number + 1].start]
            if follows and (here is None or here.confidence < 0.6) and not between.strip():
                said[number] = _weaker(follows, 0.95)

    # --- block quotations ---

    def attribute_blockquote(self, index: int) -> None:
        """Find who says a block quotation: who signs it, or who is named before it."""
        block = self.blocks[index]
        assert block.blockquote is not None
        if block.signs:
            signed = self._as_written(signature(block.text) or "", 0.95)
            if signed is not None:
                self.blockquotes[block.blockquote] = signed
            return
        found = self._leading_in(index - 1) if index else None
        if found is not None:
            self.blockquotes.setdefault(block.blockquote, found)

    def _leading_in(self, index: int) -> Attribution | None:
        """Who is named by a paragraph that a block quotation follows."""
        if self.blocks[index].blockquote is not None:
            return None
        narration = self.narration(index)
        cue = lead_in(narration)
        found = self.resolved(index, cue) if cue else None
        if found is None or self.blocks[index].text.rstrip().endswith(":"):
            return found
        return _weaker(found, 0.8)  # the sentence before may say something else

    # --- whom words mean ---

    def resolved(self, index: int, cue: Cue) -> Attribution | None:
        """Whom a cue in a block names."""
        mention = cue.mention
        if mention.kind == "name":
            name, _ = self.people.cast.full_name(mention.words, None)
            self.people.named.add(name)
            sure = _SHARED if self.people.cast.is_shared(mention.words) else 1
            return Attribution(name, cue.confidence * sure, mention.text)
        if mention.kind == "role":
            narration = self.narration(index)
            is_noun = is_description(narration, mention)
            mention = with_circle(narration, mention)
            return self._described(mention, cue.confidence * (1 if is_noun else 0.8))
        gender = self.people.reporting.gender_of(mention.words[0].casefold())
        if tuple(word.casefold() for word in mention.words) in self.people.reporting.others:
            return Attribution(mention.text, _OTHER, mention.text)
        found = self._last_named(index, mention.start, gender)
        if found is None:
            return None
        meant = Attribution(found[0], cue.confidence * found[1], mention.text)
        if meant.is_sure and gender is not None:
            self.pronouns.setdefault(meant.speaker, set()).add(gender)
        return meant

    def genders(self) -> dict[str, Told]:
        """Of the sure speakers, as far as they are known."""
        attributions = [*(a for said in self.said for a in said), *self.blockquotes.values()]
        sure = {a.speaker for a in attributions if a is not None and a.is_sure}
        told = {
            name: gender_of_speaker(name, self.people.cast, frozenset(self.pronouns.get(name, ())))
            for name in sure
        }
        return {name: gender for name, gender in told.items() if gender is not None}

    def _as_written(self, signed: str, confidence: float) -> Attribution | None:
        """Somebody who signs; none where a thing does (From the report)."""
        words = signed.split()
        outside = self.people.reporting.prepositions - self.people.reporting.particles
        ties = (n for n, word in enumerate(words) if word.casefold() in outside)
        if not words or (end := next(ties, len(words))) == 0:
            return None
        words = words[:end]
        name = " ".join(words)
        known = self.people.cast.full_name(words, None)[0] if words[-1][:1].isupper() else name
        return Attribution(known, confidence, name)

    def _described(self, mention: Mention, confidence: float) -> Attribution:
        """Somebody without a name; THE source is the source that was described before."""
        words = list(mention.words)
        if words[0].casefold() in self.people.reporting.determiners:
            words[0] = words[0].lower()
        phrase = " ".join(words)
        noun = noun_of(words, self.people.reporting)
        if words[0] in self.people.reporting.definite and len(words) <= 3 and noun in self.roles:
            phrase = self.roles[noun]
        else:
            self.roles[noun] = phrase
        return Attribution(phrase, confidence, mention.text)

    def _last_named(
        self, index: int, token: int, gender: Gender | None
    ) -> tuple[str, float] | None:
        """Who of that gender was last spoken of before a token of a block, and how surely."""
        first: tuple[str, tuple[int, int], bool, bool] | None = None
        others: dict[str, tuple[int, int]] = {}  # and where: block, sentence
        just_before = False  # whether it is who spoke in the sentence before
        for n in range(index, max(-1, index - _LOOK_BACK - 1), -1):
            if first is not None and n < index - 1:
                break
            end = token if n == index else None
            for name, known, spoke, sentence in self._people(n, end, gender):
                if known and gender and known != gender:
                    continue
                if first is None:
                    just_before = spoke and n == index
                    first = (name, (n, sentence), spoke or known is not None, spoke)
                elif name != first[0]:
                    others.setdefault(name, (n, sentence))
        if first is None:
            return None
        if " " not in first[0] and not first[2]:
            return first[0], 0.6  # a word with a capital, and nothing says that it is a person
        is_here = first[1][0] == index
        if not just_before and is_here:  # nobody else stands in the same sentence
            is_alone = first[1] not in others.values()
        else:
            is_alone = not others or just_before
        is_told = first[1][0] >= index - (2 if first[3] else 1) and is_alone
        alone_here = is_here and all(block < index for block, _ in others.values())
        is_told = is_told and (first[2] or (alone_here and " " in first[0]))
        return first[0], 0.97 if is_told else 0.85

    def _people(
        self, index: int, end: int | None, gender: Gender | None
    ) -> Iterator[tuple[str, Gender | None, bool, int]]:
        """Whom a block speaks of, the last sentence first.

        Who, of what gender, whether that one speaks, how many sentences back.
        """
        narration, said = self.narration(index), self.said[index]
        stop = len(narration.tokens) if end is None else end
        for sentence in range(_SENTENCES):
            if stop <= 0:
                break
            start = narration.sentence_start(stop - 1)
            for token in reversed(narration.tokens[start:stop]):
                found = said[token.quotation] if token.quotation is not None else None
                if found is None or found.confidence < _GUESS:
                    continue
                if gender is None or self.people.is_somebody(found.speaker):
                    yield (
                        found.speaker,
                        self.people.gender_of(found.speaker),
                        found.is_sure,
                        sentence,
                    )
            nobody = True
            for subject in subjects(narration, start, stop):
                for name, known in self._person(narration, subject, start, gender):
                    nobody = False
                    yield name, known, False, sentence
            if nobody:
                for name, known in self.people.named_in(narration, start, stop):
                    yield name, known, False, sentence
            stop = start

    def _person(
        self, narration: Narration, subject: Mention, start: int, gender: Gender | None
    ) -> Iterator[tuple[str, Gender | None]]:
        """Whom a sentence is about, if it is somebody whom a pronoun can mean."""
        if subject.kind == "name":
            name, known = self.people.cast.full_name(subject.words, gender)
            before = narration.tokens[subject.start - 1].low if subject.start > start else ""
            known = known or (self.people.reporting.gender_of(before) if before else None)
            opens = subject.start == start and " " not in name and name not in self.people.named
            is_word = opens and name.casefold() not in self.people.cast.addressed
            if known or (self.people.may_be_person(name) and not is_word):
                yield name, known
        elif subject.kind == "role" and gender and is_description(narration, subject):
            described = self._described(subject, 0).speaker
            if self.people.has_title(described):
                yield described, self.people.gender_of(described)


def _cue(narration: Narration, at: int, said: str) -> Cue | None:
    """The surer of what follows and what leads in the quotation that is token at."""
    cues = (after(narration, at, said), before(narration, at), inside(said, at, narration.words))
    return max((cue for cue in cues if cue), key=lambda cue: cue.confidence, default=None)


def _weaker(found: Attribution | None, weight: float) -> Attribution | None:
    if found is None:
        return None
    return Attribution(found.speaker, found.confidence * weight, found.mention)
