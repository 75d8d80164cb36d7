"""What dashes tell of speech: paragraphs that open with one, and where the narrator breaks in.

— Привет, — сказал он. — Пойдём.      «Мы дома, — сказала она. — Всё хорошо».
—Ven —dijo ella—. Ya es hora.         « Oui, dit-il, je viens. »
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from audiostory.narration.quotation_words import WORD, QuotationWords, parts

# A dash at a paragraph's beginning; in old typing, one or two hyphens and a space.
_OPENING = re.compile(r"\s*(?:[—–―]|--?(?=\s))\s*(?=[^\s—–―-])")
_DASH = re.compile(r"\s{0,4}(?:[—–―]|(?<=\s)--?(?=\s))\s*")
_RESUMES = re.compile(r"[.,;:!?…]+\s*")  # after the dash: —dijo ella—. Ya
_PAUSE = tuple(",.!?…;:")
# A verb before its subject: dit-il, s'étonne-t-elle, a-t-on dit; explique Jean, dit le maire.
_INCISE = re.compile(
    r"[,!?…»]\s+(?=[^\W\d_])(?:"
    r"(?P<inverted>(?:s['’])?[^\W\d_]{1,20}(?:-t)?-(?:il|elle|ils|elles|on|je))\b(?!\s*\?)"
    r"|(?:(?:a|ont|avait)\s+|s['’])?[^\W\d_]{1,20}\s+"
    r"(?=[^\W\d_a-zà-ÿ]|(?:le|la|les|un|une|son|sa)\s|l['’]))"
)
_CLAUSE_END = re.compile(r"[.;!?…»]|,(?=\s+[a-zà-ÿ])")
_MORE = re.compile(r"[^\s»”\"]")
_VERB_WITHIN = 6  # words
_LONGEST = 300  # characters of the narrator's between two dashes
_LONGEST_WITHOUT_VERB = 12  # words
_LONGEST_TURN = 45  # words of a turn in a dialogue without any reporting clause
_MOST_TURNS = 8

Stretch = tuple[int, int]


def opening(text: str) -> int:
    """Where the words begin after the dash that opens a paragraph; 0 if none does."""
    found = _OPENING.match(text)
    return found.end() if found else 0


def interruptions(
    text: str, start: int, end: int, words: QuotationWords, *, to_end: bool
) -> list[Stretch]:
    """Where, in what is said from start to end, the narrator says who speaks.

    A stretch has the dashes, or the spaces, around it. to_end: whether the narrator may have
    the last word.
    """
    if not words.dialogue:
        return []
    found = list(_between_dashes(text, start, end, words, to_end))
    if not found and words.inverts:
        found = list(_inverted(text, start, end, words))
    return found


def _between_dashes(
    text: str, start: int, end: int, words: QuotationWords, to_end: bool
) -> Iterator[Stretch]:
    dashes = [d for d in _DASH.finditer(text, start, end) if _parts_words(text, d, start)]
    index = 0
    while index < len(dashes):
        first = dashes[index]
        index += 1
        if first.start() == start:
            continue
        last = _resumption(text, dashes, index, words)
        stop = dashes[last].start() if last is not None else end
        if last is None and not to_end:
            return
        if not _says_who(text, first, stop, words, closed=last is not None):
            continue
        if last is None:
            yield first.start(), end
            return
        index = last + 1
        again = _RESUMES.match(text, dashes[last].end(), end)
        yield first.start(), again.end() if again else dashes[last].end()


def _parts_words(text: str, dash: re.Match[str], start: int) -> bool:
    """Whether a dash stands between words, and is not part of one or of a range."""
    at, end = dash.span()
    return at == start or not (
        end - at == 1 and text[at - 1 : at].isalnum() and text[end : end + 1].isalnum()
    )


def _resumption(
    text: str, dashes: Sequence[re.Match[str]], index: int, words: QuotationWords
) -> int | None:
    """The dash with which what is said goes on, of those from index."""
    for at in range(index, min(len(dashes), index + 4)):
        dash = dashes[at]
        attached = not dash.group()[0].isspace()
        if text[dash.start() - 1] in _PAUSE or attached or words.loose_dash:
            return at
    return None


def _says_who(
    text: str, dash: re.Match[str], stop: int, words: QuotationWords, *, closed: bool
) -> bool:
    """Whether the narrator speaks between a dash and stop."""
    first = text[dash.end() : dash.end() + 1]
    if not first.isalpha() or stop - dash.end() > _LONGEST:
        return False
    clause = parts(text[dash.end() : stop])
    paused = text[dash.start() - 1] == "," and closed
    if not first.islower():  # — Это не я, — Марина покачала головой, — это ветер.
        return paused and words.dash_after and 1 < len(clause) <= _LONGEST_WITHOUT_VERB
    if words.reporting.any_of(clause[:_VERB_WITHIN]):
        return True
    if dash.group()[0].isspace() and not dash.group()[-1].isspace() and not closed:
        return True  # —Buenos días —saludó el juez.
    if not words.goes_on.words or text[dash.start() - 1] not in tuple(",!?…"):
        return False
    ended = closed or text[stop - 1 : stop] in tuple(".!?…:")
    return ended and clause[0] not in words.goes_on and len(clause) <= _LONGEST_WITHOUT_VERB


def _inverted(text: str, start: int, end: int, words: QuotationWords) -> Iterator[Stretch]:
    """The narrator's clauses that commas alone part: « Oui, dit-il, je viens. »"""
    at = start
    for found in _INCISE.finditer(text, start, end):
        if found.start() < at or not _is_reporting(text, found, end, words):
            continue
        over = _CLAUSE_END.search(text, found.end(), min(end, found.end() + _LONGEST))
        more = _MORE.search(text, over.end(), end) if over else None
        at = more.start() if more else end
        yield found.start() + 1, at
        if more is None:
            return


def _is_reporting(text: str, found: re.Match[str], end: int, words: QuotationWords) -> bool:
    own = parts(found.group())
    if words.reporting.any_of(own):
        return True
    clause = parts(text[found.start() : min(end, found.end() + 30)])[:_VERB_WITHIN]
    if own[0] in ("a", "ont", "avait"):
        return words.reporting.any_of(clause)
    return found["inverted"] is not None and own[0] not in words.finite


# --- paragraphs -----------------------------------------------------------------------------


def spoken_paragraphs(texts: Sequence[str], words: QuotationWords) -> list[bool]:
    """Which paragraphs open with a dash and are dialogue.

    Sure is one in which the narrator says who speaks, and then its neighbours. A run without
    any such clause is dialogue only if it is short and someone asks or calls; a list, whose
    items begin small or end with a semicolon, and an interview, in which questions and
    answers alternate, are none.
    """
    spoken = [False] * len(texts)
    if not words.dialogue:
        return spoken
    begins = [opening(text) for text in texts]
    told = [
        bool(begin) and bool(interruptions(text, begin, len(text), words, to_end=True))
        for text, begin in zip(texts, begins, strict=True)
    ]
    established = any(told)
    for is_run, group in groupby(range(len(texts)), key=lambda index: begins[index] > 0):
        run = list(group)
        if not is_run:
            continue
        turns = [texts[index][begins[index] :].rstrip() for index in run]
        whole = not _is_list(turns) and (established or _is_dialogue(turns))
        for index in run:
            spoken[index] = told[index] or whole
    return spoken


def _is_list(turns: Sequence[str]) -> bool:
    return any(turn[:1].islower() or turn.endswith((";", ",")) for turn in turns)


def _is_dialogue(turns: Sequence[str]) -> bool:
    asked = [turn.endswith("?") for turn in turns]
    alternates = sum(asked) >= 2 and not any(a and b for a, b in pairwise(asked))
    return (
        2 <= len(turns) <= _MOST_TURNS
        and any(turn.endswith(("?", "!", "…")) for turn in turns)
        and all(len(WORD.findall(turn[:600])) <= _LONGEST_TURN for turn in turns)
        and not (alternates and len(turns) > 3)
    )
