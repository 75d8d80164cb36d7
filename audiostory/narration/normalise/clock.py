"""Times of day and their zones: "10:00", "6:05 pm", "5 p.m. EST", "14h30", "9.30 Uhr"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from audiostory.narration.normalise.lexis import DASH, SPACE, Lexis, any_of, is_last, word_before
from audiostory.narration.normalise.numerals import cardinal, ordinal_in_case, said_number
from audiostory.narration.speakable import Replacement

_TIME = re.compile(r"(?<![\w.,:/-])(?P<h>[01]?\d|2[0-4])[:](?P<m>[0-5]\d)(?![\w%/]|[:.,]\d)")
_ENGLISH = re.compile(
    rf"(?<![\w.,:/-])(?P<h>1[0-2]|0?[1-9])(?P<dot>[:.])(?P<m>[0-5]\d){SPACE}?"
    r"(?P<half>[ap]\.?m\b\.?|[AP]\.?M\b\.?)"
)
_SPAN = re.compile(
    rf"(?<![\w.,:/-])\d{{1,2}}(?:[:.]\d\d|h(?:\d\d)?)(?:{SPACE}?[ap]\.?m\.?)?"
    rf"(?P<dash>{SPACE}?{DASH}{SPACE}?)(?=\d{{1,2}}(?:[:.]\d\d(?!\d)|h|{SPACE}?(?:Uhr|[ap]\.?m)))"
)
_ENGLISH_SCALE = 12


def clock(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for times that the engine would read otherwise."""
    if lexis.number("range") and not lexis.in_words:
        for found in _SPAN.finditer(text):
            dash_begin, dash_end = found.span("dash")
            yield Replacement(dash_begin, dash_end, f" {lexis.number('range')} ")
    if lexis.language == "en":
        yield from _english(text, lexis)
    elif lexis.language == "de":
        yield from _german(text, lexis)
    elif lexis.table("clock").get("hours_after"):
        yield from _by_ordinals(text, lexis)
    elif lexis.table("clock"):
        yield from _with_hours(text, lexis)


# --- English ---------------------------------------------------------------------------------


def _english(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _ENGLISH.finditer(text):
        minutes = found["m"]
        if found["dot"] == "." or minutes.startswith("0"):
            said = _hour_minutes(int(found["h"]), minutes, lexis, with_half=True)
            gap = "" if found["half"] and text[found.end("m")].isspace() else " "
            yield Replacement(found.start(), found.end("m"), said + gap)
    for found in _DURATION.finditer(text):
        hours = "hour" if found["h"] == "1" else "hours"
        said = f"{found['h']} {hours} {int(found['m'])} minutes"
        yield Replacement(found.start(), found.end(), said)
    for found in _TIME.finditer(text):
        if found["m"].startswith("0"):
            said = _hour_minutes(int(found["h"]), found["m"], lexis, with_half=False)
            yield Replacement(found.start(), found.end(), said)
    for found in _zones(lexis).finditer(text):
        yield Replacement(found.start("zone"), found.end("zone"), _zone(found["zone"], lexis))


_DURATION = re.compile(r"(?<![\w.,:])(?P<h>\d{1,3}) ?h(?:rs?)? ?(?P<m>\d{1,2}) ?m(?:ins?)?(?!\w)")


def _hour_minutes(hour: int, minutes: str, lexis: Lexis, *, with_half: bool) -> str:
    words = lexis.table("clock")
    if minutes != "00":
        return f"{hour} {words['oh']} {minutes[1]}" if minutes[0] == "0" else f"{hour}:{minutes}"
    if with_half:
        return str(hour)
    if hour == 0:
        return str(words["midnight"])
    if hour > _ENGLISH_SCALE:
        return f"{cardinal(hour, 'en')} {words['hundred']}"
    return f"{hour} {words['oclock']}"


@cache
def _zones(lexis: Lexis) -> re.Pattern[str]:
    zones = any_of(lexis.table("time_zones"))
    return re.compile(rf"(?:\d|[AaPp]\.?[Mm]\.?){SPACE}?\(?(?P<zone>{zones})(?!\w)")


def _zone(sign: str, lexis: Lexis) -> str:
    return str(lexis.table("time_zones")[sign])


# --- German ----------------------------------------------------------------------------------

_UHR = re.compile(
    rf"(?<![\w.,:/-])(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?(?P<uhr>{SPACE}Uhr)(?!\w)"
)


def _german(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _UHR.finditer(text):
        hour, minutes = int(found["h"]), int(found["m"] or 0)
        said = f"{'ein' if hour == 1 else hour} Uhr" + (f" {minutes}" if minutes else "")
        if found["m"] or hour == 1:
            yield Replacement(found.start(), found.end(), said)


# --- Ukrainian -------------------------------------------------------------------------------


def _by_ordinals(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """о 9:00: о дев'ятій. With no preposition only full hours are sure to be times."""
    for found in _TIME.finditer(text):
        hour, minutes = int(found["h"]), found["m"]
        case = lexis.table("clock")["hours_after"].get(word_before(text, found.start()).lower())
        if hour == 0 or (case is None and minutes != "00"):
            continue
        said = ordinal_in_case(hour, lexis, case or "n", "f")
        zero = f"{said_number('0', lexis)} " if minutes[0] == "0" else ""
        if minutes != "00":
            said += f" {zero}{said_number(str(int(minutes)), lexis, 'n', 'f')}"
        yield Replacement(found.start(), found.end(), said)


# --- hours with their word -------------------------------------------------------------------


@cache
def _hours(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(lexis.words("clock", "signs"))
    return re.compile(
        rf"(?<![\w.,:/-])(?P<h>[01]?\d|2[0-4])(?:"
        rf"{SPACE}?(?P<sign>{signs}){SPACE}?(?P<m>[0-5]\d)?"
        rf"|:(?P<m2>[0-5]\d)(?:{SPACE}(?P<sign2>{signs}))?)(?![\w%/:]|[.,]\d)"
    )


def _with_hours(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """14h30, 14:30, 18:15 h; a language's templates say what is said."""
    table = lexis.table("clock")
    for found in _hours(lexis).finditer(text):
        if _is_score(found, lexis):
            continue
        hour, minutes = int(found["h"]), found["m"] or found["m2"] or "00"
        has_word = bool(found["sign"] or found["sign2"])
        key = "sharp" if minutes == "00" else "under_ten" if minutes < "10" else "plain"
        template = table.get(f"{key}_word" if has_word else key)
        if template is None:
            continue
        noun = table["hour"] if hour < table.get("plural_from", 2) else table["hours"]
        said = str(template).format(
            h=said_number(str(hour), lexis, "n", "f") if table.get("agrees") else hour,
            m=int(minutes),
            mm=minutes,
            hours=noun,
        )
        end = found.end() - (text[found.end() - 1] == "." and is_last(text, found.end()))
        yield Replacement(found.start(), end, said)


def _is_score(found: re.Match[str], lexis: Lexis) -> bool:
    """Whether "3:10" counts goals: the words around say so."""
    return found["sign"] is None and found["m2"] is None and not lexis.table("clock").get("bare")
