"""The narrator's own words around quotations: tokens, sentences, verbs of saying.

No grammar is known here, only which words open, break and tie (reporting.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from audiostory.narration.quotations import Quotation
from audiostory.narration.reporting import Reporting

REACH = 120  # tokens back or on, in which a sentence's edge is sought
LONGEST = 14  # words of a description
DASHES = frozenset("—–-―")
ENDS = frozenset({".", "!", "?", "…", "..."})
STOPS = frozenset(',;:()[]/“”"«»„') | ENDS | DASHES
_LAST_WORD = re.compile(r"(\w+)\W*$")
_LONGEST_WORD = 40  # characters
_SHORTEST_VERB = 2  # letters
_FEWEST_WORDS = 3  # of a quoted phrase that may be somebody's speech
_PARENTHESIS = 8  # tokens that may stand in brackets between a subject and its verb


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a whole quotation. start, end: in the paragraph's text.

    last: the last word of a quotation, in lower case; goes_on: whether it begins in lower case.
    """

    text: str
    low: str
    start: int
    end: int
    quotation: int | None = None
    ends_sentence: bool = False
    last: str = ""
    goes_on: bool = False

    @property
    def is_capitalised(self) -> bool:
        """Whether it is written with a capital."""
        return self.text[:1].isupper()

    @property
    def is_stop(self) -> bool:
        """Whether it is a mark, or a quotation."""
        return self.quotation is not None or self.text in STOPS


@cache
def _token_pattern(words: Reporting) -> re.Pattern[str]:
    dotted = "|".join(sorted((re.escape(t) for t in words.titles if t.endswith(".")), reverse=True))
    parts = [rf"(?<!\w)(?i:{dotted})"] if dotted else []
    parts += [r"(?:[^\W\d_]\.){2,}", r"(?<![\w.])[^\W\d_a-z]\.(?=\s+[^\W\d_a-z])", r"@\w+"]
    if words.elisions:  # l'avocat
        parts.append(rf"(?<!\w)(?i:{'|'.join(words.elisions)})['’](?=\w)")
    if words.inversions:  # dit-il
        inverted = "|".join(sorted(words.inversions, reverse=True))
        parts += [rf"(?<=\w)(?:{inverted})\b", rf"\w+(?=(?:{inverted})\b)"]
    parts += [r"\w+(?:['’.\-‑]\w+)*", r"\.{3}", r"[^\w\s]"]
    return re.compile("|".join(parts))


def tokens_of(text: str, quotations: Sequence[Quotation], words: Reporting) -> list[Token]:
    """The narrator's words and marks; each quotation is one token. Brackets are left out."""
    tokens: list[Token] = []
    at = 0
    pattern = _token_pattern(words)
    for index, q in enumerate(quotations):
        if q.start < at:
            continue
        _add_words(pattern, text, at, q.start, tokens)
        tokens += _quoted(text, index, q)
        at = q.end
    _add_words(pattern, text, at, len(text), tokens)
    return _without_brackets(tokens)


def _quoted(text: str, index: int, q: Quotation) -> list[Token]:
    """A quotation as a token; a title, a quoted word or two are a word of the narrator's."""
    inner = text[q.inner_start : q.inner_end]
    end = inner[-_LONGEST_WORD:].rstrip(" ’'\u00a0”»")
    found = _LAST_WORD.search(end)
    last = found.group(1).casefold() if found else ""
    if may_be_speech(inner, q):
        goes_on = inner[:1].islower()
        return [Token("", "", q.start, q.end, index, end[-1:] in ENDS, last, goes_on)]
    word = Token(text[q.start : q.end], "“”", q.start, q.end, None, last=last)
    mark = end[-1:]
    stops = mark == ","
    return [word, Token(mark, mark, q.end, q.end)] if stops else [word]


def may_be_speech(inner: str, q: Quotation) -> bool:
    """Whether a quotation is speech, or a phrase that is long enough to have been said."""
    if q.kind != "fragment":
        return q.kind == "direct"
    return len(inner.split(None, _FEWEST_WORDS)) >= _FEWEST_WORDS


def _add_words(
    pattern: re.Pattern[str], text: str, start: int, end: int, tokens: list[Token]
) -> None:
    for found in pattern.finditer(text, start, end):
        word = found.group()
        tokens.append(Token(word, word.casefold(), found.start(), found.end()))


def _without_brackets(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        at = _after_bracket(tokens, at) if tokens[at].text in ("(", "[") else at
        if at < len(tokens):
            kept.append(tokens[at])
        at += 1
    return kept


def _after_bracket(tokens: Sequence[Token], at: int) -> int:
    for n in range(at + 1, min(len(tokens), at + 2 + _PARENTHESIS)):
        if tokens[n].quotation is not None:
            break
        if tokens[n].text in (")", "]"):
            return n + 1
    return at


@dataclass(frozen=True, slots=True)
class Narration:
    """A paragraph's tokens, and what its language makes of them."""

    tokens: Sequence[Token]
    words: Reporting

    def sentence_start(self, at: int) -> int:
        """The token that begins the sentence in which token at stands."""
        lowest = max(0, at - REACH)
        for n in range(at - 1, lowest - 1, -1):
            if self._ends_sentence(n):
                return n + 1
        return lowest

    def clause_end(self, at: int) -> int:
        """The token after the last one before the next quotation or full stop."""
        highest = min(len(self.tokens), at + REACH)
        for n in range(at, highest):
            token = self.tokens[n]
            if token.quotation is not None or token.text == ";" or self._ends_sentence(n):
                return n
        return highest

    def _ends_sentence(self, n: int) -> bool:
        token = self.tokens[n]
        if n + 1 >= len(self.tokens):
            return token.text in ENDS
        following = self.tokens[n + 1]
        if token.quotation is not None:
            starts = following.is_capitalised or following.quotation is not None
            return token.ends_sentence and starts
        return token.text in ENDS and not following.text[:1].islower()

    def comma_in(self, start: int, end: int) -> int | None:
        """The first comma in tokens start … end."""
        return next((n for n in range(start, end) if self.tokens[n].text == ","), None)

    # --- verbs ---

    def is_said(self, n: int) -> bool:
        """Whether token n is a finite verb that reports speech."""
        return (
            self._verb(n) in self.words.said
            and not self._is_noun(n)
            and not (n and self.tokens[n - 1].low in self.words.infinitive)
        )

    def is_beside(self, n: int) -> bool:
        """Whether token n is a verb that reports the speech right beside it."""
        low = self._verb(n)
        return (low in self.words.said or low in self.words.beside) and not self._is_noun(n)

    def is_saying(self, n: int) -> bool:
        """Whether token n is a participle of saying."""
        return self._verb(n) in self.words.saying

    def _verb(self, n: int) -> str:
        token = self.tokens[n]
        return token.low if token.text[:1].islower() or n == 0 else ""

    def _is_noun(self, n: int) -> bool:
        """Their CALLS, in QUESTION; or said of a person: was ASKED."""
        if n == 0:
            return False
        before, words = self.tokens[n - 1], self.words
        return (
            before.low in words.noun_markers
            or before.low in words.passive
            or before.low.endswith(words.possessives or ("\0",))
        )

    def first_verb(self, start: int, end: int) -> int | None:
        """The first finite verb of saying in tokens start … end."""
        return next((n for n in range(start, end) if self.is_said(n)), None)

    def looks_like_verb(self, n: int) -> bool:
        """Whether token n may be a verb that stands beside speech: laughs, s'étonne."""
        low, words = self.tokens[n].low, self.words
        if not (self.tokens[n].text.islower() and low.isalpha() and len(low) > _SHORTEST_VERB):
            return False
        if self._is_noun(n) or self.is_adverb(low) or self.breaks(n) or words.is_person(low):
            return False
        no_verb = low in words.prepositions or low in words.determiners or low in words.pronouns
        return not no_verb and low.endswith(words.verb_endings or ("\0",))

    def may_stand_between(self, n: int) -> bool:
        """Whether token n may stand between a subject and its verb."""
        low, words = self.tokens[n].low, self.words
        return self.tokens[n].text.islower() and (
            low in words.auxiliaries
            or low in words.selves
            or low in words.between
            or self.is_adverb(low)
        )

    def is_adverb(self, low: str) -> bool:
        """Whether a word in lower case is an adverb."""
        endings = self.words.adverb_endings
        return low in self.words.adverbs or (bool(endings) and low.endswith(endings))

    def is_participle(self, low: str) -> bool:
        """Whether a word in lower case has a participle's ending."""
        return low in self.words.saying or low.endswith(self.words.participle_endings or ("\0",))

    def breaks(self, n: int) -> bool:
        """Whether no name or description goes on beyond token n."""
        token, words = self.tokens[n], self.words
        return (
            token.is_stop
            or token.low in words.breaks
            or token.low in words.conjunctions
            or token.low in words.who
            or (
                token.text.islower()
                and (token.low in words.auxiliaries or token.low in words.plain)
            )
        )
