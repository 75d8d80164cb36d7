from __future__ import annotations

import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import Company, EngineChoice, Voice, VoiceFamily, VoiceStyle
from audiostory.speech import casting
from audiostory.speech.casting import cast
from audiostory.speech.languages import distance

VOICES = (
    Voice("scot", "Hamish", ("en-gb-scotland",), "male"),
    Voice("gb", "Emma", ("en-gb",), "female"),
    Voice("us", "Joe", ("en-us",), "male"),
    Voice("us-f", "Ann", ("en-us",), "female"),
    Voice("us-g", "Granny", ("en-us",), "female", "old"),
    Voice("fr", "Ann", ("fr-fr",), "female"),
    Voice("zh", "Li", ("cmn", "zh"), "female"),
)

COMPANY = Company(EngineChoice("test", "test"), (EngineChoice("booth", "http", '{"url": "x"}'),))
BOOTH = (Voice("alloy", "Alloy", ("*",)), Voice("lea", "Léa", ("fr",), "female"))


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch) -> None:
    def voices_of(engine: str, options: str) -> tuple[Voice, ...]:
        if engine == "broken":
            raise EngineError("It is broken.", "Mend it.")
        if engine == "bare":
            raise UsageError("It has no server.", "Give it one.")
        return BOOTH if engine == "http" else VOICES

    monkeypatch.setattr(casting, "voices_of", voices_of)

    def voice_named(_engine: str, _options: str, name: str) -> Voice | None:
        return Voice("gb+whisper", "whisper", ("en-gb",)) if name == "gb+whisper" else None

    monkeypatch.setattr(casting, "voice_named", voice_named)
    monkeypatch.setattr(casting, "engine_names", lambda: ("test", "broken", "bare"))


def chosen(family: VoiceFamily | None, language: str) -> str:
    style = VoiceStyle(family=(family,) if family else ())
    return cast(style, language, COMPANY)[0][0].voice_id


@pytest.mark.parametrize(
    ("language", "voice_id"),
    [
        ("en", "us"),
        ("en-US", "us"),
        ("en_GB", "gb"),
        ("en-GB-scotland", "scot"),
        ("en-AU", "us"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("zh-CN", "zh"),
        ("en-x-twain", "us"),
        ("en-GB-x-twain", "gb"),
        ("en-u-ca-buddhist", "us"),
    ],
)
def test_the_nearest_language_speaks(language: str, voice_id: str) -> None:
    assert chosen(None, language) == voice_id


@pytest.mark.parametrize(
    ("family", "voice_id"),
    [
        (VoiceFamily(name="ANN"), "us-f"),
        (VoiceFamily(name="scot"), "scot"),
        (VoiceFamily(gender="female"), "us-f"),
        (VoiceFamily(gender="female", variant=2), "gb"),
        (VoiceFamily(gender="female", variant=3), "us-f"),
        (VoiceFamily(gender="female", age="old"), "us-g"),
        (VoiceFamily(gender="male", age="child"), "us"),
        (VoiceFamily(gender="male", variant=2), "scot"),
    ],
)
def test_names_and_generic_families(family: VoiceFamily, voice_id: str) -> None:
    assert chosen(family, "en") == voice_id


def test_the_language_outranks_the_family() -> None:
    assert chosen(VoiceFamily(gender="male"), "fr") == "fr"
    assert chosen(VoiceFamily(name="Ann"), "fr") == "fr"


def test_an_unknown_family_warns_and_gives_way_to_the_next() -> None:
    style = VoiceStyle(family=(VoiceFamily(name="Zed"), VoiceFamily(gender="female")))
    (voice, *_), warnings = cast(style, "en", COMPANY)
    assert voice.voice_id == "us-f"
    assert warnings == ('No voice "Zed" of test speaks "en": "us-f" speaks instead.',)


def test_prosody_and_language_are_handed_on() -> None:
    style = VoiceStyle(rate=1.2, pitch_st=-2, range=0.5)
    (voice, *_), warnings = cast(style, "en-AU", COMPANY)
    assert (voice.engine, voice.language) == ("test", "en-AU")
    assert (voice.rate, voice.pitch_st, voice.range) == (1.2, -2, 0.5)
    assert warnings == ()


def test_a_language_nobody_speaks_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(EngineError, match=r'speaks "tlh"\. It speaks: cmn, en, fr, zh\.'):
        cast(VoiceStyle(), "tlh", COMPANY)


def test_a_script_nobody_asked_for_comes_last() -> None:
    tags = ["en-shaw", "en-gb-scotland", "en-gb", "en-us", "en"]
    ranked = sorted(tags, key=lambda tag: distance("en", tag) or ())
    assert ranked == ["en", "en-us", "en-gb", "en-gb-scotland", "en-shaw"]
    assert distance("en", "eng") is None
    assert distance("", "en") is None


def family(*names: str) -> VoiceStyle:
    return VoiceStyle(family=tuple(VoiceFamily(name=name) for name in names))


def test_a_family_names_an_engine_of_the_show_and_the_next_ones_stand_by() -> None:
    style = family("booth/alloy", "Emma", "booth/lea", "Ann")
    voices, warnings = cast(style, "en", COMPANY)
    assert [(v.engine, v.voice_id) for v in voices] == [
        ("http", "alloy"),
        ("test", "gb"),
        ("test", "us-f"),
    ]
    assert voices[0].options == '{"url": "x"}'
    assert warnings == ()


def test_the_default_engine_stands_by_when_no_family_names_it() -> None:
    voices, _ = cast(family("booth/alloy"), "en", COMPANY)
    assert [v.voice_id for v in voices] == ["alloy", "us"]


def test_what_an_engine_cannot_give_is_said_and_the_next_family_speaks() -> None:
    voices, warnings = cast(family("broken/ann", "booth/lea", "Ann"), "en", COMPANY)
    assert [v.voice_id for v in voices] == ["us-f"]
    assert warnings == (
        'It is broken. Mend it. "us-f" speaks instead.',
        'No voice "booth/lea" of booth speaks "en": "us-f" speaks instead.',
    )


def test_only_what_nobody_could_take_before_the_first_is_told() -> None:
    voices, warnings = cast(family("Ann", "broken/ann", "booth/lea"), "en", COMPANY)
    assert [v.voice_id for v in voices] == ["us-f"]
    assert warnings == ()


def test_an_engine_that_the_show_has_no_table_for_is_told_of() -> None:
    _, warnings = cast(family("bare/x"), "en", COMPANY)
    assert warnings == ('It has no server. Give it one. "us" speaks instead.',)


def test_the_default_engine_stands_by_another_of_its_kind() -> None:
    booths = Company(EngineChoice("home", "http", '{"url": "y"}'), COMPANY.others)
    voices, _ = cast(family("booth/alloy"), "en", booths)
    assert [v.options for v in voices] == ['{"url": "x"}', '{"url": "y"}']


def test_a_language_of_another_engine_alone_is_spoken_by_it() -> None:
    voices, _ = cast(family("booth/alloy"), "tlh", COMPANY)
    assert [v.voice_id for v in voices] == ["alloy"]


def test_a_voice_that_an_engine_knows_but_does_not_list_speaks_its_language() -> None:
    voices, warnings = cast(family("gb+whisper"), "en", COMPANY)
    assert [v.voice_id for v in voices] == ["gb+whisper"]
    assert warnings == ()
    assert cast(family("gb+whisper"), "fr", COMPANY)[0][0].voice_id == "fr"


def test_a_family_that_names_an_engine_which_is_not_there_says_so() -> None:
    _, warnings = cast(family("both/lea"), "en", COMPANY)
    assert warnings == (
        'No voice "both/lea" of test speaks "en", and there is no engine "both": '
        '"us" speaks instead.',
    )
