from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from audiostory.config import Flags, resolve
from audiostory.errors import EngineError, UsageError
from audiostory.model import NO_OPTIONS, CastVoice, Company, EngineChoice, Price
from audiostory.speech import engine as engine_module
from audiostory.speech.engine import (
    check_company,
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


def test_an_unknown_engine_of_a_show_is_told_beside_the_tables_that_the_show_has() -> None:
    booth = EngineChoice("booth", "http", '{"url": "http://127.0.0.1:1/v1"}')
    with pytest.raises(UsageError, match=r'no engine "bath"\. Choose one of: booth, command, http'):
        check_company(Company(EngineChoice("bath", "bath"), (booth,)))
    with pytest.raises(
        UsageError, match=r'\[engines\.bath\].*no engine "htp".*one of: command, http'
    ):
        check_company(Company(booth, (EngineChoice("bath", "htp"),)))
    check_company(Company(booth, (booth,)))


def test_an_engine_is_told_the_name_of_its_table(tmp_path: Path) -> None:
    (tmp_path / "show.toml").write_text(
        '[engines.crier]\ntype = "command"\ncommand = ["no-crier"]\n'
    )
    (crier,) = resolve(Flags(), {}, tmp_path).company.others
    assert CastVoice("command", "default", "en", options=crier.options).table == "crier"
    with pytest.raises(EngineError, match=r"\[engines\.crier\]"):
        voices_of(crier.engine, crier.options)
    with pytest.raises(
        UsageError, match=r'"crier" has no option "table".*It takes: command, voices, timeout_s\.'
    ):
        open_engine("command", json.dumps({**json.loads(crier.options), "table": "x"}))


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
