"""Short forms in full, by what stands around them: St. James, Main St., No. 5, z. B., и т. д."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from audiostory.narration.normalise.lexis import (
    SPACE,
    Lexis,
    any_of,
    begins,
    is_last,
    word_after,
    word_before,
)
from audiostory.narration.speakable import Replacement

_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻА-ЯЁЄІЇҐ]"
_ENDS = re.compile(rf"[\"'»”’)\]]*(?:\s*\Z|\s+[\"'«„“(]*{_CAPITAL})")
_INITIALS = re.compile(
    rf"(?<![\w.'’-])(?P<all>(?:{_CAPITAL}\.{SPACE}?){{1,6}})(?={_CAPITAL}[^\W\d_])"
)
_NAME_BEFORE = re.compile(rf"{_CAPITAL}[^\W\d_]+{SPACE}\Z")
_NAME_OR_NUMBER = re.compile(rf"(?:{_CAPITAL}[\w'’-]*|\d+(?:st|nd|rd|th)?){SPACE}\Z")
_GERMAN_STREET = re.compile(rf"(?<![\w-])(?P<name>[A-ZÄÖÜ][\w-]{{2,40}}?)str\.(?={SPACE}?\d|,)")


def abbreviations(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for short forms."""
    yield from _anywhere(text, lexis)
    yield from _before_number(text, lexis)
    yield from _after_name(text, lexis)
    yield from _before_name(text, lexis)
    yield from _between_names(text, lexis)
    yield from _initials(text, lexis)
    if lexis.language == "de":
        for found in _GERMAN_STREET.finditer(text):
            yield Replacement(found.start(), found.end(), found["name"] + "straße")


# --- wherever they stand ---------------------------------------------------------------------


@cache
def _anywhere_pattern(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){any_of(lexis.table('anywhere'))}(?!\w)")


@cache
def _anywhere_table(lexis: Lexis) -> dict[str, str]:
    return {re.sub(SPACE, "", key): said for key, said in lexis.table("anywhere").items()}


def _anywhere(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _anywhere_pattern(lexis).finditer(text):
        begin, end = found.span()
        written = found.group()
        said = _anywhere_table(lexis)[re.sub(SPACE, "", written)]
        if written.endswith(".") and _ends_sentence(text, end, lexis, written):
            end -= 1
        yield Replacement(begin, end, said)


def _ends_sentence(text: str, end: int, lexis: Lexis, written: str) -> bool:
    """Whether the dot of a short form ends its sentence, too."""
    if is_last(text, end):
        return True
    final = lexis.words("often_last", "words")
    return written in final and _ENDS.match(text, end) is not None


# --- before a number -------------------------------------------------------------------------


@cache
def _number_pattern(lexis: Lexis) -> re.Pattern[str]:
    words = any_of(lexis.table("before_number"))
    return re.compile(
        rf"(?<![\w.])(?P<word>{words})(?P<dot>\.?){SPACE}?(?=(?P<next>\d|(?!I\b)[IVX]+\b))"
    )


def _before_number(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """No. 5, pp. 3–5, № 5. Letters need their dot, or what looks like one, unless a sign."""
    for found in _number_pattern(lexis).finditer(text):
        word, end = found["word"], found.end("dot")
        if word[-1].isalpha() and word[-1] != "º" and not found["dot"]:
            undotted = word in lexis.words("answers", "undotted")  # "at No 10", and not "No 5 came"
            if not undotted or begins(text, found.start()):
                continue
        if _answers(text, found.start(), end, lexis):
            continue
        gap = "" if text[end : end + 1].isspace() else " "
        said = str(lexis.table("before_number")[_key(word, lexis)])
        several = lexis.table("before_several").get(_key(word, lexis))
        if several and re.match(rf"{SPACE}?\d+{SPACE}?[-–—]{SPACE}?\d", text[end : end + 16]):
            said = several
        yield Replacement(found.start(), end, said + gap)


def _answers(text: str, begin: int, end: int, lexis: Lexis) -> bool:
    """Whether "No." is an answer that a number follows: No. 5 people came."""
    if text[begin:end] not in lexis.words("answers", "words"):
        return False
    people = re.match(
        rf"{SPACE}\d+{SPACE}(?:of{SPACE}\w+|people|men|women)\b", text[end : end + 40]
    )
    return people is not None or text[max(0, begin - 8) : begin].rstrip(" \"'”’").endswith("?")


def _key(word: str, lexis: Lexis) -> str:
    table = lexis.table("before_number")
    return word if word in table else next(k for k in table if _squeezed(k) == _squeezed(word))


def _squeezed(word: str) -> str:
    return re.sub(SPACE, "", word)


# --- beside a name ---------------------------------------------------------------------------


@cache
def _street_pattern(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.])(?P<word>{any_of(lexis.table('streets'))})(?P<dot>\.?)(?![\w.-])"
    )


def _after_name(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Main St., Sammy Davis Jr.; "Beta St. James" stays for the titles."""
    if not lexis.table("streets"):
        return
    for found in _street_pattern(lexis).finditer(text):
        begin, end = found.start(), found.end()
        before = text[max(0, begin - 40) : begin].rstrip(",")
        name = _NAME_OR_NUMBER.search(re.sub(r",(\s)\Z", r"\1", before))
        if name is None or name.group().strip() in lexis.words("sentence_starters", "words"):
            continue
        also_title = found["word"] in lexis.table("titles")
        followed = re.match(rf"{SPACE}{_CAPITAL}", text[end : end + 2]) is not None
        stops = found["dot"] or is_last(text, end) or text[end] in ",;)"
        if also_title and (followed or not stops):
            continue
        if found["dot"] and (followed or is_last(text, end)):
            end -= 0 if followed and _is_company(text, end, found["word"], lexis) else 1
        yield Replacement(begin, end, str(lexis.table("streets")[found["word"]]))


def _is_company(text: str, end: int, word: str, lexis: Lexis) -> bool:
    """Whether a sentence goes on with a capital after "Corp.", as it may not after "St."."""
    goes_on = word_after(text, end) not in lexis.words("sentence_starters", "words")
    return goes_on and word not in ("St", "Dr", "Ave", "Blvd", "Rd", "Ln", "Sq")


@cache
def _title_pattern(lexis: Lexis) -> re.Pattern[str]:
    bare = any_of(lexis.words("titles_without_dot", "names"))
    hyphen = "-?" if lexis.language == "fr" else ""
    paired = any_of(lexis.words("titles_paired", "names"))
    pair = rf"{paired}\.(?={SPACE}{lexis.number('and') or 'and'}{SPACE})"
    return re.compile(
        rf"(?<![\w.'-])(?:(?P<word>{any_of(lexis.table('titles'))}\.|{bare}(?!\.))"
        rf"(?={SPACE}?{hyphen}[«„“\"]?(?P<next>{_CAPITAL}|\d))|(?P<paired>{pair}))"
    )


def _before_name(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _title_pattern(lexis).finditer(text):
        word, end = (found["word"] or found["paired"]).removesuffix("."), found.end()
        if text[end : end + 1].isdigit() or (found["next"] or "").isdigit():
            continue
        if _is_lone_letter(found, word, lexis):
            continue
        before = word_before(text, found.start()).lower()
        said = str(lexis.table("titles")[word])
        after = lexis.table("titles_after").get(word, {})
        name = word_after(text, end)
        said = after.get(f"{before} …{name[-1:]}", after.get(before, said))
        gap = "" if text[end : end + 1].isspace() or text[end : end + 1] == "-" else " "
        yield Replacement(found.start(), end, said + gap)


def _is_lone_letter(found: re.Match[str], word: str, lexis: Lexis) -> bool:
    """ "M. Dupont" is monsieur; "vitamine M. Puis" ends a sentence."""
    if len(word) > 1 or lexis.in_words:
        return False
    after = re.match(rf"{SPACE}?([^\W\d_]+)", found.string[found.end() : found.end() + 30])
    if after is not None and after[1] in lexis.words("sentence_starters", "words"):
        return True
    before = word_before(found.string, found.start()).lower()
    return before in lexis.words("sentence_starters", "letters_after")


@cache
def _between_pattern(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(lexis.table("between_names"))
    return re.compile(rf"(?<=\w{SPACE})(?P<word>{signs})(?={SPACE}{_CAPITAL})")


def _between_names(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Roe v. Wade."""
    if not lexis.table("between_names"):
        return
    for found in _between_pattern(lexis).finditer(text):
        if _NAME_BEFORE.search(text, max(0, found.start() - 40), found.start()):
            said = str(lexis.table("between_names")[found["word"]])
            yield Replacement(found.start(), found.end(), said)


# --- initials --------------------------------------------------------------------------------


def _initials(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """J. K. Rowling without the stops that dots would make; A U.S. Senate panel likewise."""
    for found in _INITIALS.finditer(text):
        letters = re.findall(_CAPITAL, found["all"])
        after = re.match(r"[^\W\d_]+", text[found.end() : found.end() + 30])
        starts = after is not None and after.group() in lexis.words("sentence_starters", "words")
        together = len(letters) > 1 and SPACE_BETWEEN.search(found["all"].rstrip()) is None
        begins_name = _begins_name(text, found.start(), lexis)
        if starts or (len(letters) == 1 and not begins_name):
            continue
        dense = together and lexis.number("dotted_letters")
        said = ".".join(letters) if dense else " ".join(letters)
        end = found.start() + len(found["all"].rstrip())
        gap = "" if text[end : end + 1].isspace() else " "
        yield Replacement(found.start(), end, said + gap)


SPACE_BETWEEN = re.compile(SPACE)


def _begins_name(text: str, at: int, lexis: Lexis) -> bool:
    """Whether a single initial follows a first name or begins a sentence's name."""
    before = text[max(0, at - 40) : at]
    name = _NAME_BEFORE.search(before)
    if name is None:
        return lexis.in_words or word_before(text, at) in lexis.table("titles")
    return name.group().strip() not in lexis.words("sentence_starters", "words")
