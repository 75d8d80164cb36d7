from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint

import pytest

from audiostory.errors import EngineError, UsageError
from audiostory.model import NO_OPTIONS, CastVoice, Price
from audiostory.speech import engine as engine_module
from audiostory.speech.engine import (
    engine_names,
    engine_statuses,
    open_engine,
    price_of,
    speak_safely,
    transcription,
    unknown_sounds,
    voice_named,
    voices_of,
)

ANN = CastVoice("stranger", "ann", "en")


def test_the_built_in_engines_are_registered() -> None:
    assert {"pyttsx3", "silent"} <= set(engine_names())


def test_an_unknown_engine_is_an_error_that_lists_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"no engine \"festivus\".*pyttsx3.*silent"):
        open_engine("festivus")


@pytest.mark.parametrize("target", ["no_such_package:Engine", "os:no_such_name", "math:sqrt"])
def test_a_broken_plug_in_is_reported_and_harms_no_other(
    monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    silent = EntryPoint("silent", "audiostory.speech.silent_engine:SilentEngine", "")
    broken = EntryPoint("broken", target, "")
    monkeypatch.setattr(engine_module, "entry_points", lambda group: [broken, silent])
    engine_module._opened.cache_clear()
    statuses = {status.name: status for status in engine_statuses()}
    engine_module._opened.cache_clear()
    assert statuses["silent"].error is None
    assert statuses["silent"].engine is not None
    assert statuses["broken"].engine is None
    assert 'The engine "broken" could not be loaded' in (statuses["broken"].error or "")


def test_a_stranger_may_tell_its_price_or_fail_at_it() -> None:
    class Dear:
        name = "dear"

        def price(self) -> Price:
            return Price(15, "USD")

    class Broken(Dear):
        def price(self) -> Price:
            raise LookupError("sold out")

    assert price_of(Dear()) == Price(15, "USD")
    assert price_of(open_engine("silent")) is None
    with pytest.raises(EngineError, match="cannot tell its price: LookupError: sold out"):
        price_of(Broken())


def test_options_reach_the_engine_and_unknown_ones_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint("decimal", "fractions:Fraction", "")
    monkeypatch.setattr(engine_module, "entry_points", lambda group: [entry])
    engine_module._opened.cache_clear()
    assert open_engine("decimal", '{"numerator": 3}') == 3
    with pytest.raises(UsageError, match=r'"decimal" has no option "colour".*numerator'):
        open_engine("decimal", '{"colour": 1}')
    engine_module._opened.cache_clear()


def test_an_engine_that_needs_options_is_no_failure_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint(
        "needy", "audiostory.speech.command_engine:CommandEngine", engine_module.GROUP
    )
    monkeypatch.setattr(engine_module, "_entries", lambda: {"needy": entry})
    (status,) = engine_statuses()
    assert status.engine is None
    assert "has no command" in (status.error or "")


def test_an_engine_may_know_more_voices_than_it_lists() -> None:
    assert voice_named("silent", NO_OPTIONS, "male-1") is None
    whisper = voice_named("pyttsx3", NO_OPTIONS, "en-us+whisper")
    assert whisper is not None
    assert whisper not in open_engine("pyttsx3").voices()


class Stranger:
    """An engine of somebody else's, that fails wherever it is asked."""

    name = "stranger"

    def __init__(self) -> None:
        self.voice = self.voices = self.speak = self._fail
        self.unknown_sounds = self.transcription = self._fail

    def _fail(self, *_arguments: object) -> None:
        raise KeyError("mine")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: voices_of("stranger"),
        lambda: voice_named("stranger", NO_OPTIONS, "ann"),
        lambda: speak_safely(Stranger(), "Hi", ANN, ()),
        lambda: unknown_sounds(Stranger(), "a", ANN),
        lambda: transcription(Stranger(), "Hi", ANN),
    ],
)
def test_whatever_a_stranger_raises_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object]
) -> None:
    monkeypatch.setattr(engine_module, "open_engine", lambda *_: Stranger())
    with pytest.raises(EngineError, match=r'engine "stranger" .*KeyError: .mine'):
        ask()
