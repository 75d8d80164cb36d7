"""Any server of POST /v1/audio/speech: OpenAI, Kokoro-FastAPI, Speaches, LocalAI and others."""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import numpy as np

from audiostory.errors import EngineError, UnreachableError, UsageError
from audiostory.model import CastVoice, Price, Pronunciation, Speech, Voice
from audiostory.speech.encoded import decode, decode_pcm
from audiostory.speech.http_server import KEY_VARIABLE, BusyError, SpeechServer
from audiostory.speech.pieces import pieces
from audiostory.speech.voice_map import Voices, own_name, voice_map
from audiostory.speech.wav import with_length
from audiostory.speech.words import word_marks, written_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiostory.model import Samples

Format = Literal["wav", "mp3", "opus", "flac", "pcm"]
_FORMATS = ("wav", "mp3", "opus", "flac", "pcm")
_SPEEDS = (0.25, 4.0)
_REST_S = 30.0  # after a server could not be reached, nobody tries again for so long
_SILENT_RATE_HZ = 24000
_FILE_BEGINS = (b"RIFF", b"OggS", b"fLaC")  # of a server that gives no bare PCM
_LARGEST_NUMBER, _MOST_AT_ONCE = 10**6, 1000


class HttpEngine:
    """A speech server as an engine; the options are those of [engines.http] in show.toml.

    url: the server's, up to and with /v1. format: what it answers in. concurrent: how many
    requests are under way at once, of all workers together. price_per_million_characters, currency:
    what an estimate reckons with. table: the show's name for it.
    """

    name = "http"
    costly = True

    def __init__(
        self,
        url: str = "",
        model: str = "tts-1",
        voices: Voices = ("alloy",),
        format: Format = "wav",  # noqa: A002
        pcm_rate_hz: int = 24000,
        key_variable: str = "",
        timeout_s: float = 60,
        retries: int = 4,
        concurrent: int = 4,
        max_characters: int = 4000,
        price_per_million_characters: float | None = None,
        currency: str = "USD",
        table: str = name,
    ) -> None:
        _check_url(table, url)
        _check_words(table, format, model, key_variable)
        _check_numbers(
            *(table, (pcm_rate_hz, concurrent, max_characters), concurrent), timeout_s, retries
        )
        self._table = table
        self._price = _price(table, price_per_million_characters, currency)
        self._server = SpeechServer(table, url, key_variable, timeout_s, concurrent)
        self._model = model
        self._known = voice_map(table, voices)
        self._format = format
        self._pcm_rate_hz = pcm_rate_hz
        self._retries = retries
        self._most_characters = max_characters
        self._resting_until = 0.0
        self._resting_for: UnreachableError | None = None

    def version(self, voice: CastVoice) -> str:
        """Server, model, voice and format; not the key, nor how long is waited."""
        name = own_name(self._table, self._known, voice.voice_id)
        told = json.dumps([self._server.url, self._model, name, self._format, self._pcm_rate_hz, 1])
        return hashlib.sha256(told.encode()).hexdigest()

    def voices(self) -> tuple[Voice, ...]:
        """Those that show.toml names."""
        return tuple(voice for voice, _ in self._known.values())

    def price(self) -> Price | None:
        """What show.toml says that it costs."""
        return self._price

    def speak(
        self, text: str, voice: CastVoice, _pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """See Engine.speak. Word marks are in proportion, for servers tell none."""
        name = own_name(self._table, self._known, voice.voice_id)
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        plain = text.encode("utf-8", "replace").decode()
        parts = [
            self._piece(piece, name, voice.rate)
            for piece in pieces(plain, self._most_characters)
            if written_words(piece)
        ]
        rate = parts[0][1]
        if any(other != rate for _, other in parts):
            raise EngineError(
                f"{self._server.place} answers in several sample rates.", self._server.advice
            )
        samples = np.concatenate([samples for samples, _ in parts])
        return Speech(samples, rate, word_marks(text, [(0, 0.0)], len(samples) / rate))

    def _piece(self, text: str, voice: str, rate: float) -> tuple[Samples, int]:
        low, high = _SPEEDS
        body = {
            "model": self._model,
            "voice": voice,
            "input": text,
            "response_format": self._format,
            "speed": round(min(max(rate, low), high), 3),
        }
        for attempt in range(self._retries + 1):
            try:
                return self._samples(self._answer(body))
            except BusyError as error:
                if attempt == self._retries or error.asks_too_much:
                    raise self._given_up(error) from error
                time.sleep(error.wait_s(attempt))
        raise AssertionError  # the last attempt returns or raises

    def _given_up(self, error: BusyError) -> EngineError:
        """What is said after the last try; who gives no answer is left alone for a while."""
        if error.asked_s is not None and error.asks_too_much:
            what = f"{error.what} It asks to wait {error.asked_s:.0f} s."
            return self._left_alone(UnreachableError(what, error.advice), error.asked_s)
        if error.is_unreachable:
            return self._left_alone(UnreachableError(error.what, error.advice), _REST_S)
        return EngineError(error.what, error.advice)

    def _left_alone(self, error: UnreachableError, for_s: float) -> UnreachableError:
        self._resting_for = error
        self._resting_until = time.monotonic() + for_s
        return error

    def _samples(self, data: bytes) -> tuple[Samples, int]:
        """Raises BusyError where the sound has no samples, or half a one."""
        if self._format == "pcm" and data[:4] not in _FILE_BEGINS:
            if len(data) % 2:
                raise BusyError(f"The answer of {self._server.place} broke off.")
            return decode_pcm(data, self._pcm_rate_hz)
        samples, rate_hz = decode(with_length(data))
        if not len(samples):
            raise BusyError(f"The answer of {self._server.place} is empty.")
        return samples, rate_hz

    def _answer(self, body: dict[str, Any]) -> bytes:
        """The sound that the server answers with. Raises BusyError where another try may help."""
        if self._resting_for and time.monotonic() < self._resting_until:
            raise UnreachableError(self._resting_for.what, self._resting_for.advice)
        return self._server.ask(body)


def _check_url(table: str, url: str) -> None:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        _ = parts.port  # of one out of range, too
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f'The engine "{table}" has no server.',
            f'Give show.toml one: [engines.{table}] url = "http://127.0.0.1:8880/v1".',
        )
    if parts.username or parts.password or parts.query:
        raise UsageError(
            f'The url of the engine "{table}" holds a password or a key.',
            f"Put the key into the environment: {KEY_VARIABLE}.",
        )


def _check_words(table: str, format_: str, model: str, key_variable: str) -> None:
    if format_ not in _FORMATS:
        raise UsageError(
            f'The engine "{table}" cannot ask for the format "{format_}".',
            f"Choose one of: {', '.join(_FORMATS)}.",
        )
    if not isinstance(model, str) or not model:
        raise UsageError(
            f'The model of the engine "{table}" is no name.', 'Such as model = "tts-1".'
        )
    if not isinstance(key_variable, str) or not re.fullmatch(r"\w*", key_variable):
        raise UsageError(  # It may be the key itself: it is not repeated.
            f'The key_variable of the engine "{table}" is no name of an environment variable.',
            f"Put the key into the environment, and its name there: such as {KEY_VARIABLE}.",
        )


def _check_numbers(
    table: str, counts: tuple[int, ...], concurrent: int, timeout_s: float, retries: int
) -> None:
    whole = all(isinstance(count, int) and 0 < count <= _LARGEST_NUMBER for count in counts)
    few = whole and concurrent <= _MOST_AT_ONCE  # each has a lock of its own
    tries = isinstance(retries, int) and retries >= 0
    timed = isinstance(timeout_s, int | float) and 0 < timeout_s < math.inf
    if not (few and tries and timed):
        raise UsageError(
            f"A number in [engines.{table}] cannot be used.",
            f"Numbers there are greater than 0, and concurrent is {_MOST_AT_ONCE} at most.",
        )


def _price(table: str, per_million_characters: float | None, currency: str) -> Price | None:
    if not isinstance(currency, str) or not currency.strip():
        raise UsageError(f'The currency of the engine "{table}" is no name.', 'Such as "USD".')
    if per_million_characters is None:
        return None
    is_number = type(per_million_characters) in (int, float)
    if not is_number or not 0 <= per_million_characters < math.inf:
        raise UsageError(
            f"price_per_million_characters in [engines.{table}] is {per_million_characters!r}.",
            "Give a number, such as 15.",
        )
    return Price(per_million_characters, currency.strip())
