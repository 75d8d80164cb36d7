"""Any server of POST /v1/audio/speech: OpenAI, Kokoro-FastAPI, Speaches, LocalAI and others.

The key comes from the environment alone, is sent to no other host, and stands in no message.
filelock, else publishing's alone, counts the requests that all workers have under way.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import numpy as np

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Price, Pronunciation, Speech, Voice
from audiostory.speech.encoded import decode, decode_pcm
from audiostory.speech.pieces import pieces
from audiostory.speech.voice_map import Voices, own_name, voice_map
from audiostory.speech.wav import is_cut, with_length
from audiostory.speech.words import word_marks, written_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import urllib3

    from audiostory.model import Samples

Format = Literal["wav", "mp3", "opus", "flac", "pcm"]
_FORMATS = ("wav", "mp3", "opus", "flac", "pcm")
_KEY_VARIABLE = "AUDIOSTORY_HTTP_KEY"
_OPENAI_HOST, _OPENAI_VARIABLE = "api.openai.com", "OPENAI_API_KEY"
_PATH = "/audio/speech"
_SPEEDS = (0.25, 4.0)
_BUSY = (408, 409, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT_S = 60.0
_REST_S = 30.0  # after a server could not be reached, nobody tries again for so long
_SHOWN_CHARACTERS = 200
_SILENT_RATE_HZ = 24000
_FILE_BEGINS = (b"RIFF", b"OggS", b"fLaC")  # of a server that gives no bare PCM
_SLOT_S = 0.05
_LARGEST_NUMBER, _MOST_AT_ONCE = 10**6, 1000


class HttpEngine:
    """A speech server as an engine; the options are those of [engines.http] in show.toml.

    url: the server's, up to and with /v1. format: what it answers in. concurrent: how many
    requests are under way at once, of all workers together. price_per_million_characters, currency:
    what an estimate reckons with.
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
    ) -> None:
        _check_url(url)
        _check_words(format, model, key_variable)
        _check_numbers((pcm_rate_hz, concurrent, max_characters), concurrent, timeout_s, retries)
        self._price = _price(price_per_million_characters, currency)
        self._url = f"{url.rstrip('/').removesuffix(_PATH)}{_PATH}"
        self._host = urlsplit(url).hostname or ""
        self._model = model
        self._known = voice_map(self.name, voices)
        self._format = format
        self._pcm_rate_hz = pcm_rate_hz
        self._key_variable = key_variable
        self._timeout_s = timeout_s
        self._retries = retries
        self._concurrent = concurrent
        self._most_characters = max_characters
        self._resting_until = 0.0

    def version(self, voice: CastVoice) -> str:
        """Server, model, voice and format; not the key, nor how long is waited."""
        name = own_name(self.name, self._known, voice.voice_id)
        told = json.dumps([self._url, self._model, name, self._format, self._pcm_rate_hz, 1])
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
        name = own_name(self.name, self._known, voice.voice_id)
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
            raise EngineError(f"{self._host} answers in several sample rates.", _ADVICE)
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
            except _BusyError as error:
                if attempt == self._retries:
                    if error.unreachable:
                        self._resting_until = time.monotonic() + _REST_S
                    raise EngineError(error.what, error.advice) from error
                time.sleep(error.wait_s(attempt))
        raise AssertionError  # the last attempt returns or raises

    def _samples(self, data: bytes) -> tuple[Samples, int]:
        """Raises _BusyError where the sound has no samples, or half a one."""
        if self._format == "pcm" and data[:4] not in _FILE_BEGINS:
            if len(data) % 2:
                raise _BusyError(f"The answer of {self._host} broke off.")
            return decode_pcm(data, self._pcm_rate_hz)
        samples, rate_hz = decode(with_length(data))
        if not len(samples):
            raise _BusyError(f"The answer of {self._host} is empty.")
        return samples, rate_hz

    def _answer(self, body: dict[str, Any]) -> bytes:
        """The sound that the server answers with. Raises _BusyError where another try may help."""
        if time.monotonic() < self._resting_until:
            raise EngineError(
                f"{self._host} could not be reached a moment ago.", "See that the server runs."
            )
        headers = self._headers()
        with self._slot():
            answer = self._ask(body, headers)
        return self._sound_in(answer)

    def _ask(self, body: dict[str, Any], headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        import urllib3

        try:
            return self._pool.request(
                "POST",
                self._url,
                json=body,
                headers=headers,
                timeout=self._timeout_s,
                redirect=False,
                retries=False,
            )
        except urllib3.exceptions.LocationValueError as error:
            raise EngineError(f"{self._url} cannot be used: {error}.", _ADVICE) from error
        except (urllib3.exceptions.IncompleteRead, urllib3.exceptions.ProtocolError) as error:
            raise _BusyError(f"The answer of {self._host} broke off.") from error
        except urllib3.exceptions.NameResolutionError as error:
            what = f"The name {self._host} is not known to the network."
            raise _BusyError(what, _NAME_ADVICE, unreachable=True) from error
        except (urllib3.exceptions.NewConnectionError, OSError) as error:
            what = f"{self._host} could not be reached."
            raise _BusyError(what, _START_ADVICE, unreachable=True) from error
        except urllib3.exceptions.TimeoutError as error:
            what = f"{self._host} did not answer within {self._timeout_s:g} s."
            raise _BusyError(what, _TIME_ADVICE, unreachable=True) from error
        except urllib3.exceptions.HTTPError as error:
            what = f"{self._host} could not be reached ({type(error).__name__})."
            raise _BusyError(what, unreachable=True) from error

    def _sound_in(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        if answer.status in _BUSY:
            raise _BusyError(
                f"{self._host} answers {answer.status} ({self._said(answer)}).",
                retry_after=answer.headers.get("Retry-After"),
            )
        if answer.status != 200:
            raise self._refusal(answer)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind.startswith("text/") or kind.endswith(("json", "xml")):
            raise EngineError(
                f"{self._host} answers {kind} where sound was expected ({self._said(answer)}).",
                _ADVICE,
            )
        data = answer.data
        if not data:
            raise _BusyError(f"The answer of {self._host} is empty.")
        if is_cut(data):
            raise _BusyError(f"The answer of {self._host} broke off.")
        return data

    def _headers(self) -> dict[str, str]:
        key = self._key()
        if not all("!" <= char <= "~" for char in key):  # http.client would quote it, refusing it
            raise EngineError(
                f"What {self._key_name()} holds is no key.",
                "A key is one word of ASCII: set the variable to the key alone.",
            )
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _refusal(self, answer: urllib3.BaseHTTPResponse) -> EngineError:
        what = f"{self._host} answers {answer.status} ({self._said(answer)})."
        if answer.status in (401, 403):
            name = self._key_name()
            asked = f"Is the key in {name} the right one?"
            return EngineError(what, asked if self._key() else f"Put the server's key into {name}.")
        if answer.status in range(300, 400):
            return EngineError(what, "It sends elsewhere: give the address where the server is.")
        if answer.status == 404:
            return EngineError(what, f"Is {self._url} its address? Set url up to and with /v1.")
        return EngineError(what, _ADVICE)

    def _said(self, answer: urllib3.BaseHTTPResponse) -> str:
        """What a server said of an error, in a line; without the key, should it repeat it."""
        key = self._key()
        said = _in_a_line(answer.data.decode("utf-8", "replace"))
        said = said.replace(key, "…") if key else said
        return _without_keys(said)[:_SHOWN_CHARACTERS] or "no word of why"

    def _key(self) -> str:
        return os.environ.get(self._key_name(), "").strip()

    def _key_name(self) -> str:
        if self._key_variable:
            return self._key_variable
        is_openai = self._host == _OPENAI_HOST and _KEY_VARIABLE not in os.environ
        return _OPENAI_VARIABLE if is_openai else _KEY_VARIABLE

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        import urllib3

        return urllib3.PoolManager(maxsize=self._concurrent)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the requests that may be under way at once, of all processes of this user."""
        from filelock import FileLock, Timeout

        digest = hashlib.sha256(self._url.encode()).hexdigest()[:16]
        folder = _slot_folder()
        locks = [FileLock(folder / f"{digest}-{number}") for number in range(self._concurrent)]
        while True:
            for lock in locks:
                try:
                    lock.acquire(blocking=False)
                except Timeout:
                    continue
                except OSError as error:
                    raise _slot_error(error) from error
                try:
                    yield
                finally:
                    lock.release()
                return
            time.sleep(_SLOT_S)


_ADVICE = "Compare [engines.http] in show.toml with what the server's documentation says."
_LATER_ADVICE = "Run the command again later: it goes on where it stopped."
_NAME_ADVICE = "See that url in show.toml is spelt right, and that there is a network."
_START_ADVICE = "See that the server runs, and that url in show.toml is its address."
_TIME_ADVICE = "See that the server is well, or set timeout_s higher in show.toml."


class _BusyError(Exception):
    """What another try may mend. retry_after: as the server said (RFC 9110, 10.2.3)."""

    def __init__(
        self,
        what: str,
        advice: str = _LATER_ADVICE,
        *,
        retry_after: str | None = None,
        unreachable: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.unreachable = unreachable
        self._retry_after = retry_after

    def wait_s(self, attempt: int) -> float:
        """How long to wait: as long as the server asks for, else twice as long each time.

        Then up to half as long again, so that workers do not all come back at once.
        """
        import urllib3

        asked: float | None = None
        if self._retry_after:
            try:
                asked = urllib3.Retry().parse_retry_after(self._retry_after)
            except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
                asked = None
        if asked is None:
            asked = 0.5 * 2 ** min(attempt, 10) * random.uniform(1, 1.5)  # noqa: S311
        return min(asked, _LONGEST_WAIT_S)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            'The engine "http" has no server.',
            'Give show.toml one: [engines.http] url = "http://127.0.0.1:8880/v1".',
        )
    if parts.username or parts.password or parts.query:
        raise UsageError(
            'The url of the engine "http" holds a password or a key.',
            f"Put the key into the environment: {_KEY_VARIABLE}.",
        )


def _check_words(format_: str, model: str, key_variable: str) -> None:
    if format_ not in _FORMATS:
        raise UsageError(
            f'The engine "http" cannot ask for the format "{format_}".',
            f"Choose one of: {', '.join(_FORMATS)}.",
        )
    if not isinstance(model, str) or not model:
        raise UsageError('The model of the engine "http" is no name.', 'Such as model = "tts-1".')
    if not isinstance(key_variable, str) or not re.fullmatch(r"\w*", key_variable):
        raise UsageError(  # It may be the key itself: it is not repeated.
            'The key_variable of the engine "http" is no name of an environment variable.',
            f"Put the key into the environment, and its name there: such as {_KEY_VARIABLE}.",
        )


def _check_numbers(
    counts: tuple[int, ...], concurrent: int, timeout_s: float, retries: int
) -> None:
    whole = all(isinstance(count, int) and 0 < count <= _LARGEST_NUMBER for count in counts)
    few = whole and concurrent <= _MOST_AT_ONCE  # each has a lock of its own
    tries = isinstance(retries, int) and retries >= 0
    timed = isinstance(timeout_s, int | float) and 0 < timeout_s < math.inf
    if not (few and tries and timed):
        raise UsageError(
            "A number in [engines.http] cannot be used.",
            f"Numbers there are greater than 0, and concurrent is {_MOST_AT_ONCE} at most.",
        )


def _price(per_million_characters: float | None, currency: str) -> Price | None:
    if not isinstance(currency, str) or not currency.strip():
        raise UsageError('The currency of the engine "http" is no name.', 'Such as "USD".')
    if per_million_characters is None:
        return None
    is_number = type(per_million_characters) in (int, float)
    if not is_number or not 0 <= per_million_characters < math.inf:
        raise UsageError(
            f"price_per_million_characters in [engines.http] is {per_million_characters!r}.",
            "Give a number, such as 15.",
        )
    return Price(per_million_characters, currency.strip())


def _in_a_line(text: str) -> str:
    """What an error's JSON, page or text says, in one line of what can be printed."""
    try:
        told = json.loads(text)
        error = told.get("error", told.get("detail", text)) if isinstance(told, dict) else text
        text = str(error.get("message", error)) if isinstance(error, dict) else str(error)
    except (ValueError, RecursionError):
        pass
    line = " ".join(re.sub(r"<[^<>]*>", " ", text).split())
    return "".join(char for char in line if char.isprintable())


def _without_keys(text: str) -> str:
    """A server may repeat the key that it refuses, whole or in part."""
    return re.sub(r"\b(sk|pk|key|Bearer)[-_ ][\w*-]{6,}", r"\1-…", text)


def _slot_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"audiostory-slots-{_user()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _slot_error(error) from error
    return folder


def _slot_error(error: OSError) -> EngineError:
    return EngineError(
        f"The engine cannot lock files in the folder for temporary files: {error.strerror}.",
        "Set TMPDIR to a folder that can be written to.",
    )


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"
