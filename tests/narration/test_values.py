from __future__ import annotations

import math
from pathlib import Path

import pytest
import tinycss2

from audiostory.model import VoiceFamily, VoiceStyle
from audiostory.narration.style import CueValue, Style, computed
from audiostory.narration.tokens import BadValueError
from audiostory.narration.values import PARSERS, near_to, parse
from audiostory.narration.voice_values import VOICE_PARSERS

LOUD = Style(voice=VoiceStyle(rate=2.0, pitch_st=3.0, range=0.5, volume_db=-6.0, balance=10.0))


@pytest.fixture
def base(tmp_path: Path) -> str:
    """The address of a stylesheet that has a sound beside it."""
    (tmp_path / "a b.wav").write_bytes(b"RIFF")
    (tmp_path / "c.wav").write_bytes(b"RIFF")
    return (tmp_path / "house.css").as_uri()


def style_of(declaration: str, parent: Style = LOUD, base: str = "file:///none/x.css") -> Style:
    """The computed style of a child of parent with that declaration."""
    name, _, value = declaration.partition(":")
    tokens = tinycss2.parse_component_value_list(value)
    return computed(parent.inherit(), parse(name, tokens, base), parent)


@pytest.mark.parametrize(
    ("value", "families"),
    [
        ("male", [VoiceFamily(gender="male")]),
        ("female 2", [VoiceFamily(gender="female", variant=2)]),
        ("old male", [VoiceFamily(gender="male", age="old")]),
        ("young neutral 3", [VoiceFamily(gender="neutral", age="young", variant=3)]),
        ("Paul Bettany", [VoiceFamily(name="Paul Bettany")]),
        ('"Paul", female', [VoiceFamily(name="Paul"), VoiceFamily(gender="female")]),
        ("FEMALE", [VoiceFamily(gender="female")]),
        ('"male"', [VoiceFamily(name="male")]),
    ],
)
def test_a_family_is_a_name_or_an_age_a_gender_and_a_number(
    value: str, families: list[VoiceFamily]
) -> None:
    assert style_of(f"voice-family: {value}").voice.family == tuple(families)


def test_a_preserved_family_is_the_parents() -> None:
    parent = Style(voice=VoiceStyle(family=(VoiceFamily(name="Ann"),)))
    style = style_of("voice-family: preserve", parent)
    assert (style.voice, style.preserved) == (parent.voice, True)
    assert style_of("voice-rate: 90%", style).preserved
    assert not style_of("voice-family: female", style).preserved


@pytest.mark.parametrize(
    ("declaration", "field", "value"),
    [
        ("voice-rate: normal", "rate", 1.0),
        ("voice-rate: fast", "rate", 1.3),
        ("voice-rate: 50%", "rate", 1.0),  # of what is inherited
        ("voice-rate: slow 200%", "rate", 1.5),
        ("voice-rate: 900%", "rate", 4.0),
        ("voice-pitch: medium", "pitch_st", 0.0),
        ("voice-pitch: +2st", "pitch_st", 5.0),
        ("voice-pitch: high -1st", "pitch_st", 2.0),
        ("voice-pitch: 100%", "pitch_st", 15.0),  # as much again as what is inherited
        ("voice-pitch: -50%", "pitch_st", -9.0),
        ("voice-pitch: 0%", "pitch_st", 3.0),
        ("voice-pitch: -900%", "pitch_st", -24.0),
        ("voice-pitch: 1e999st", "pitch_st", 24.0),
        ("voice-pitch: x-low -90st", "pitch_st", -24.0),
        ("voice-range: x-high", "range", 1.8),
        ("voice-range: 50%", "range", 0.75),
        ("voice-range: medium -50%", "range", 0.5),
        ("voice-range: +12st", "range", 1.0),
        ("voice-volume: silent", "volume_db", None),
        ("voice-volume: -2dB", "volume_db", -8.0),
        ("voice-volume: loud +1dB", "volume_db", 4.0),
        ("voice-volume: 90dB", "volume_db", 12.0),
        ("voice-balance: left", "balance", -100.0),
        ("voice-balance: 42.5", "balance", 42.5),
        ("voice-balance: 101", "balance", 100.0),
        ("voice-balance: -1000", "balance", -100.0),
        ("voice-balance: leftwards", "balance", -10.0),  # 20 from what is inherited
        ("voice-balance: rightwards", "balance", 30.0),
    ],
)
def test_a_voice_is_computed_from_what_it_inherits(
    declaration: str, field: str, value: float | None
) -> None:
    got = getattr(style_of(declaration).voice, field)
    assert got is None if value is None else math.isclose(got, value)


def test_a_balance_moves_no_further_than_the_edge() -> None:
    parent = Style(voice=VoiceStyle(balance=90.0))
    assert style_of("voice-balance: rightwards", parent).voice.balance == 100.0


@pytest.mark.parametrize(
    ("value", "ways"),
    [
        ("normal", ()),
        ("spell-out", ("spell-out",)),
        ("spell-out digits", ("digits", "spell-out")),
        ("no-punctuation DIGITS", ("digits", "no-punctuation")),
    ],
)
def test_ways_to_speak_are_in_one_order_and_inherited(value: str, ways: tuple[str, ...]) -> None:
    style = style_of(f"speak-as: {value}")
    assert style.voice.speak_as == ways
    assert style.inherit().voice.speak_as == ways


def test_a_duration_is_a_time_or_none_and_not_inherited() -> None:
    assert style_of("voice-duration: 1500ms").duration_s == 1.5
    assert style_of("voice-duration: 2s").inherit().duration_s is None
    assert style_of("voice-duration: auto", Style(duration_s=2.0)).duration_s is None
    assert style_of("voice-duration: 9000s").duration_s == 600


def test_decibels_do_not_wake_a_silent_voice_but_a_keyword_does() -> None:
    silent = Style(voice=VoiceStyle(volume_db=None))
    assert style_of("voice-volume: +6dB", silent).voice.volume_db is None
    assert style_of("voice-volume: medium", silent).voice.volume_db == 0.0


@pytest.mark.parametrize(
    ("declaration", "before_ms", "after_ms"),
    [
        ("pause: 300ms", 300, 300),
        ("pause: 1.5s 700ms", 1500, 700),
        ("pause: strong none", 600, 0),
        ("pause: 0", 0, 0),
        ("pause-before: x-weak", 50, 0),
        ("pause-after: 999s", 0, 60_000),
    ],
)
def test_a_pause_is_a_time_or_a_strength(declaration: str, before_ms: int, after_ms: int) -> None:
    style = style_of(declaration)
    assert (style.pause_before_ms, style.pause_after_ms) == (before_ms, after_ms)
    style = style_of(declaration.replace("pause", "rest"))
    assert (style.rest_before_ms, style.rest_after_ms) == (before_ms, after_ms)


def test_a_cue_is_a_file_beside_the_stylesheet_and_decibels(base: str, tmp_path: Path) -> None:
    a, c = tmp_path / "a b.wav", tmp_path / "c.wav"
    style = style_of("cue: url('a%20b.wav') -6dB url(c.wav)", base=base)
    assert (style.cue_before, style.cue_after) == (CueValue(a, -6.0), CueValue(c))
    style = style_of("cue: url('a b.wav') +3dB", base=base)
    assert style.cue_before == style.cue_after == CueValue(a, 3.0)
    style = style_of("cue: none url(c.wav) 40dB", base=base)
    assert (style.cue_before, style.cue_after) == (None, CueValue(c, 12.0))
    assert style_of("cue-after: url(c.wav)", base=base).cue_before is None


@pytest.mark.parametrize(
    "declaration",
    [
        "voice-family: male 0",
        "voice-family: ,",
        "voice-family: ''",
        "voice-rate: -10%",
        "voice-rate: quick",
        "voice-rate: fast slow",
        "voice-pitch: 440Hz",
        "voice-pitch: 2st 3st",
        "voice-range: 20Hz",
        "voice-rate: 2st",
        "voice-pitch: 0st high 1px",
        "voice-range: 0",
        "voice-volume: silent loud",
        "voice-volume: 11",
        "voice-balance: 10%",
        "voice-balance: leftwards 5",
        "voice-duration: 0s",
        "voice-duration: soon",
        "voice-duration: 1s 2s",
        "speak-as: digits digits",
        "speak-as: literal-punctuation no-punctuation",
        "speak-as: normal digits",
        "speak-as: digits 5",
        "counter-reset: 5",
        "counter-reset: a 1 2",
        "counter-increment: a 1.5",
        "counter-set: none a",
        "bookmark-label: content(marker)",
        "content: content()",
        "content: counter()",
        "content: counter(a b)",
        "content: counter(a, hebrew)",
        "content: counter('a')",
        "content: counters(a)",
        "content: counters(a '.' decimal)",
        "content: var()",
        "content: var(a)",
        "content: var(--a b)",
        "voice-balance: left right",
        "pause: 1s 2s 3s",
        "pause: -1s",
        "pause: 5px",
        "pause-before: 1s 1s",
        "rest: long",
        "cue: -6dB",
        "cue: url(none.wav)",
        "cue: url(https://example.org/a.wav)",
        "cue: url(data:audio/wav;base64,AA)",
        "cue: none none none",
        "cue-before: none none",
        "speak: loudly",
        "speak: auto auto",
        "bookmark-level: 0",
        "bookmark-level: 1.5",
        "bookmark-level: first",
        "content: url(a.wav)",
        "content: 5",
        "content: attr()",
        'content: attr("alt")',
        "content: attr(alt title)",
        "content: attr(alt, 'none')",
        r"content: attr(\{\}x)",
        f"content: '{'x' * 1001}'",
        "content: " + "'x' " * 33,
        "pause:",
        "pause: ()",
    ],
)
def test_a_bad_value_says_what_the_property_takes(declaration: str) -> None:
    with pytest.raises(BadValueError) as error:
        style_of(declaration)
    assert len(str(error.value)) >= len("a value")


def test_an_unknown_property_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        style_of("color: red")


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_every_property_takes_the_words_that_all_properties_take(name: str) -> None:
    """CSS Cascade 4, section 7."""
    parent = Style(
        VoiceStyle((VoiceFamily("Ann"),), 2.0, 3.0, 0.5, -6.0, 10.0, ("digits",)),
        speak=False,
        pause_before_ms=1,
        pause_after_ms=2,
        rest_before_ms=3,
        rest_after_ms=4,
        cue_before=CueValue(Path("b.wav")),
        cue_after=CueValue(Path("a.wav")),
        bookmark_level=5,
        bookmark_label=("a",),
        content=(),
        duration_s=6.0,
        counter_reset=(("a", 7),),
        counter_increment=(("b", 8),),
        counter_set=(("c", 9),),
    )
    voice = name in VOICE_PARSERS and name != "voice-duration"
    initial = style_of(f"{name}: initial", parent)
    inherited = style_of(f"{name}: inherit", parent)
    for word in ("unset", "revert", "revert-layer"):
        assert style_of(f"{name}: {word}", parent) == parent.inherit()
    assert (initial == parent.inherit()) == (not voice and name != "speak")
    assert (inherited == parent.inherit()) == (voice or name == "speak")


@pytest.mark.parametrize(
    ("value", "of_said", "of_unsaid"),
    [
        ("auto", True, False),
        ("always", True, True),
        ("none", False, False),
        ("never", False, False),
    ],
)
def test_speak_passes_on_unless_it_is_said_again(
    value: str, of_said: bool, of_unsaid: bool
) -> None:
    assert style_of(f"speak: {value}", Style(speak=True)).speak is of_said
    assert style_of(f"speak: {value}", Style(speak=False)).speak is of_unsaid


def test_only_the_voice_and_speak_are_inherited() -> None:
    parent = Style(LOUD.voice, speak=False, pause_before_ms=9, bookmark_level=1)
    assert parent.inherit() == Style(LOUD.voice, speak=False)


def test_a_bookmark_level_is_a_whole_number_or_none() -> None:
    assert style_of("bookmark-level: 3").bookmark_level == 3
    assert style_of("bookmark-level: none").bookmark_level is None


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("none", ()),
        ("part", (("part", 0),)),
        ("part 4 item", (("part", 4), ("item", 0))),
        ("part -3", (("part", -3),)),
    ],
)
def test_counters_are_names_with_numbers(value: str, changes: tuple[tuple[str, int], ...]) -> None:
    assert style_of(f"counter-reset: {value}").counter_reset == changes
    assert style_of(f"counter-set: {value}").counter_set == changes


def test_a_counter_counts_on_by_one_unless_it_says_otherwise() -> None:
    assert style_of("counter-increment: a b 2").counter_increment == (("a", 1), ("b", 2))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        *(("voice-rat", "voice-rate"), ("pause-bofore", "pause-before"), ("cues", "cue")),
        *(("speech-rate", "voice-rate"), ("azimuth", "voice-balance"), ("color", None)),
    ],
)
def test_a_property_that_is_not_known_may_be_near_to_one(name: str, near: str | None) -> None:
    assert near_to(name) == near
