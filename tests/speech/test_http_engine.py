"""A speech server as an engine: what it is asked, and what becomes of each way to fail."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import threading
import time
import tracemalloc
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from email.utils import formatdate

import numpy as np
import pytest
from filelock import FileLock

from audiostory.errors import EngineError, UnreachableError, UsageError
from audiostory.model import CastVoice, Price
from audiostory.speech import http_engine, http_slots
from audiostory.speech.http_engine import HttpEngine

from .speech_server import RATE_HZ, Answer, sound, speech_server

VOICE = CastVoice("http", "alloy", "en")
TEXT = "The council met on the quay, and nobody agreed."
SECRET = "sk-abcdefghijklmnop"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the engine would have waited."""
    waited: list[float] = []

    class Clock:
        monotonic = staticmethod(time.monotonic)

        @staticmethod
        def sleep(seconds: float) -> None:
            waited.append(seconds)
            time.sleep(min(seconds, 0.01))

    monkeypatch.setattr(http_engine, "time", Clock)
    return waited


def then_sound(*answers: Answer):
    """These answers first, and sound after."""
    waiting = list(answers)
    return lambda body: waiting.pop(0) if waiting else sound(body)


def say(url: str, **options) -> float:
    """How long a server's speech is; here, so that another process can do it too."""
    return HttpEngine(url, **options).speak(TEXT, VOICE).duration_s


def fails(*answers: Answer, **options) -> str:
    """The message when a server gives nothing but this."""
    with speech_server(lambda _: answers[0]) as server:
        with pytest.raises(EngineError) as raised:
            HttpEngine(server.url, retries=1, **options).speak(TEXT, VOICE)
        return str(raised.value)


@pytest.mark.parametrize("format_", ["wav", "mp3", "opus", "flac", "pcm"])
def test_every_format_of_answer_is_read(format_):
    with speech_server() as server:
        speech = HttpEngine(server.url, format=format_).speak(TEXT, VOICE)
    assert speech.duration_s == pytest.approx(0.065 * len(TEXT), abs=0.1)
    assert np.abs(speech.samples).max() == pytest.approx(0.45, abs=0.05)
    assert len(speech.words) == 9


def test_the_request_is_what_the_interface_says(monkeypatch):
    monkeypatch.setenv("AUDIOSTORY_HTTP_KEY", SECRET)
    voices = {"alloy": {"voice": "af_heart", "languages": ["en-US"], "gender": "female"}}
    with speech_server() as server:
        engine = HttpEngine(server.url, model="kokoro", voices=voices)
        engine.speak(TEXT, CastVoice("http", "alloy", "en", rate=1.25))
    assert server.asked == [
        {
            "path": "/v1/audio/speech",
            "model": "kokoro",
            "voice": "af_heart",
            "input": TEXT,
            "response_format": "wav",
            "speed": 1.25,
        }
    ]
    assert server.keys == [f"Bearer {SECRET}"]
    assert engine.voices()[0].languages == ("en-US",)


def test_a_server_that_is_busy_is_asked_again_when_it_says(waits):
    later = formatdate(time.time() + 9, usegmt=True)
    answers = [
        Answer(429, headers={"Retry-After": "3"}),
        Answer(503, headers={"Retry-After": later}),
    ]
    with speech_server(then_sound(*answers)) as server:
        assert HttpEngine(server.url).speak(TEXT, VOICE).duration_s > 1
    assert waits == [3, pytest.approx(8.5, abs=1)]


def test_a_server_that_says_nothing_is_given_more_time_each_time(waits):
    broken = [Answer(500), Answer(502), Answer(), Answer(data=b"RIFF", length=90)]
    with speech_server(then_sound(*broken)) as server:
        assert HttpEngine(server.url).speak(TEXT, VOICE).duration_s > 1
    assert len(waits) == 4
    for attempt, waited in enumerate(waits):
        assert 0.5 * 2**attempt <= waited <= 0.75 * 2**attempt


def test_a_wav_that_stops_before_its_end_is_asked_for_again(waits):
    whole = sound({"input": TEXT, "speed": 1, "voice": "x", "response_format": "wav"})
    cut = Answer(data=whole.data[: len(whole.data) // 2])
    with speech_server(then_sound(cut)) as server:
        speech = HttpEngine(server.url).speak(TEXT, VOICE)
    assert len(server.asked) == 2
    assert speech.duration_s == pytest.approx(0.065 * len(TEXT), abs=0.05)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(401, b'{"error": {"message": "No key"}}', "application/json"), "401 (No key)"),
        (Answer(403), "Put the server's key into AUDIOSTORY_HTTP_KEY."),
        (Answer(404, b"<h1>Not\n found</h1>", "text/html"), "404 (Not found)"),
        (Answer(400, b'{"detail": "bad voice"}', "application/json"), "400 (bad voice)"),
        (Answer(429, b"slow down"), "429 (slow down)"),
        (Answer(500), "it goes on where it stopped"),
        (Answer(200), "is empty"),
        (Answer(200, b"{}", "application/json"), "application/json where sound was expected"),
        (Answer(200, b"<p>Hello", "text/html"), "text/html where sound was expected"),
        (Answer(200, b"nonsense"), "no sound that can be read"),
        (Answer(200, b"RIFF", length=9000), "broke off"),
    ],
)
def test_what_goes_wrong_is_said_in_words(answer, why):
    assert why in fails(answer)


def test_the_key_is_sent_nowhere_else_and_stands_in_no_message(monkeypatch):
    monkeypatch.setenv("AUDIOSTORY_HTTP_KEY", SECRET)
    told = json.dumps({"error": {"message": f"Incorrect API key provided: {SECRET}"}})
    message = fails(Answer(401, told.encode(), "application/json"))
    assert "Incorrect API key" in message
    assert SECRET not in message
    with speech_server() as other:
        fails(Answer(307, headers={"Location": f"{other.url}/audio/speech"}))
        assert other.asked == []
        assert SECRET not in HttpEngine(other.url).version(VOICE)


def test_a_server_that_is_not_there_is_not_asked_for_each_passage(waits):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    engine = HttpEngine(url, retries=2)
    for _ in range(2):
        with pytest.raises(UnreachableError, match="could not be reached"):
            engine.speak(TEXT, VOICE)
    assert len(waits) == 2


def test_who_cannot_be_reached_is_named_with_port_and_table():
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    engine = HttpEngine(f"http://{place}/v1", retries=0, table="booth")
    with pytest.raises(EngineError) as raised:
        engine.speak(TEXT, VOICE)
    assert raised.value.what == f"{place} could not be reached."
    assert "url in [engines.booth] of show.toml" in raised.value.advice
    with pytest.raises(
        UsageError, match=r'The engine "booth" has no server.*\[engines\.booth\] url'
    ):
        HttpEngine("", table="booth")


def test_a_server_that_does_not_answer_in_time(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(EngineError, match=r"did not answer within 0\.2 s"):
            HttpEngine(url, retries=0, timeout_s=0.2).speak(TEXT, VOICE)


@pytest.mark.parametrize("later", ["61", "9" * 30, formatdate(time.time() + 7200, usegmt=True)])
def test_a_server_that_asks_for_a_long_rest_gets_it(later, waits):
    busy = Answer(429, b"quota", headers={"Retry-After": later})
    with speech_server(lambda _: busy) as server:
        engine = HttpEngine(server.url)
        for _ in range(2):
            with pytest.raises(UnreachableError, match=r"429 \(quota\)\. It asks to wait \d+ s\."):
                engine.speak(TEXT, VOICE)
    assert len(server.asked) == 1
    assert waits == []


def test_a_moment_that_is_past_is_no_moment_to_come_back_at(waits):
    busy = Answer(503, headers={"Retry-After": "Mon, 02 Jan 2006 15:04:05 GMT"})
    with speech_server(then_sound(busy, busy)) as server:
        assert say(server.url) > 1
    assert 0.5 <= waits[0] <= 0.75 < 1 <= waits[1] <= 1.5


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """The address of a server that sends a byte now and then, for ever."""

    def drip() -> None:
        connection, _ = listening.accept()
        with suppress(OSError), connection:
            connection.recv(65536)
            connection.sendall(head)
            while True:
                connection.sendall(b"1\r\nx\r\n")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        thread.join(5)
        assert not thread.is_alive()  # nobody listens any more


@pytest.mark.parametrize("header", ["Content-Length: 9999", "Transfer-Encoding: chunked", "X: y"])
def test_an_answer_that_never_ends_has_an_end(header):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n{header}\r\n\r\n".encode()
    began = time.monotonic()
    with dripping(head) as url:
        engine = HttpEngine(url, retries=0, timeout_s=0.3)
        with pytest.raises(UnreachableError, match=r"had not sent all of its answer after 1 s"):
            engine.speak("Hmm.", VOICE)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(("status", "asked"), [(200, "sends more than 9 MB"), (400, "answers 400")])
def test_an_answer_without_measure_is_not_kept_in_memory(status, asked):
    kind = "audio/wav" if status == 200 else "text/plain"
    endless = Answer(status, b"RIFF" + bytes(30_000_000), kind)
    tracemalloc.start()
    with speech_server(lambda _: endless) as server, pytest.raises(EngineError, match=asked):
        say(server.url, retries=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_proxy_of_the_environment_is_asked_but_for_this_machine(monkeypatch):
    for name in ("http_proxy", "no_proxy", "NO_PROXY", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
    with speech_server() as proxy, speech_server() as server:
        who = proxy.url.removesuffix("/v1").replace("//", "//ada:k%40y@")
        monkeypatch.setenv("HTTP_PROXY", who)
        assert say("http://speech.example/v1") > 1
        assert [body["path"] for body in proxy.asked] == ["http://speech.example/v1/audio/speech"]
        assert proxy.proxy_keys == [f"Basic {b64encode(b'ada:k@y').decode()}"]
        say(server.url)
        monkeypatch.setenv("NO_PROXY", "speech.invalid")
        with pytest.raises(EngineError, match=r"speech\.invalid"):
            say("http://speech.invalid/v1", retries=0)
    assert (len(proxy.asked), len(server.asked)) == (1, 1)


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch):
    monkeypatch.delenv("https_proxy", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:secret@{place}")
    with pytest.raises(EngineError, match=f"through the proxy {place}") as raised:
        say("https://speech.example/v1", retries=0)
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:sec/ret@{place}")
    with pytest.raises(EngineError, match=f"through the proxy {place}") as raised:
        say("https://speech.example/v1", retries=0)
    assert "sec" not in str(raised.value)


@pytest.mark.parametrize(
    "proxy",
    [
        "socks5://ada:secret@proxy.example:1080",
        "http://ada:secret@proxy.example:108000",
    ],
)
def test_what_is_no_proxy_is_told_without_its_password(monkeypatch, proxy: str):
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(EngineError, match=r"proxy proxy\.example:1080.* cannot be used") as raised:
        say("https://speech.example/v1", retries=0)
    assert "sec" not in str(raised.value)


@pytest.mark.parametrize("port", ["99999", "abc"])
def test_an_address_with_no_such_port_is_told(port: str):
    with pytest.raises(UsageError, match="has no server"):
        HttpEngine(f"http://localhost:{port}/v1")


def test_no_more_requests_than_allowed_are_under_way_at_once():
    def slow(body):
        time.sleep(0.05)
        return sound(body)

    with speech_server(slow) as server:
        engines = [HttpEngine(server.url, concurrent=2) for _ in range(6)]
        threads = [threading.Thread(target=engine.speak, args=(TEXT, VOICE)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.asked) == 6
    assert server.most == 2


def test_a_long_text_goes_in_pieces_that_are_whole_sentences():
    text = "It rained on the quay all day. " * 20
    with speech_server() as server:
        speech = HttpEngine(server.url, max_characters=100).speak(text, VOICE)
    asked = [body["input"] for body in server.asked]
    assert "".join(asked) == text
    assert all(len(piece) <= 100 and piece.rstrip().endswith(".") for piece in asked)
    assert speech.sample_rate_hz == RATE_HZ
    assert len(speech.words) == 140


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "ftp://x/"},
        {"url": "http://me:secret@host/v1"},
        {"url": "http://host/v1", "format": "aac"},
        {"url": "http://host/v1", "voices": []},
        {"url": "http://host/v1", "voices": "alloy"},
        {"url": "http://host/v1", "voices": {"one": {"languages": [""]}}},
        {"url": "http://host/v1", "concurrent": 10**9},
        {"url": "http://host/v1", "timeout_s": 0},
        {"url": "http://host/v1", "retries": -1},
        {"url": "http://[host/v1"},
        {"url": "http://host/v1?key=secret"},
        {"url": "http://host/v1", "concurrent": 1.5},
        {"url": "http://host/v1", "timeout_s": float("inf")},
        {"url": "http://host/v1", "model": ""},
        {"url": "http://host/v1", "key_variable": "sk-secret"},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(UsageError) as raised:
        HttpEngine(**options)
    assert "secret" not in str(raised.value)


def test_nothing_to_say_asks_nobody():
    with speech_server() as server:
        assert HttpEngine(server.url).speak(" … ", VOICE).duration_s == 0
    assert server.asked == []


def test_the_version_is_of_what_changes_the_sound():
    url = "http://127.0.0.1:1/v1"
    usual = HttpEngine(url).version(VOICE)
    assert usual == HttpEngine(url, timeout_s=5, retries=0, concurrent=1).version(VOICE)
    assert usual != HttpEngine(url, model="tts-1-hd").version(VOICE)
    assert usual != HttpEngine(url, format="mp3").version(VOICE)


def test_what_it_costs_is_told_where_a_price_is_given():
    url = "http://127.0.0.1:1/v1"
    assert HttpEngine(url).price() is None
    price = HttpEngine(url, price_per_million_characters=15, currency="EUR").price()
    assert price == Price(15, "EUR")
    assert price.of(200_000) == pytest.approx(3)
    assert HttpEngine(url, price_per_million_characters=0.5).price() == Price(0.5, "USD")


@pytest.mark.parametrize(
    "options",
    [
        *({"price_per_million_characters": it} for it in (-1, "15", True, float("inf"))),
        *({"currency": it} for it in ("", 1)),
    ],
)
def test_a_price_that_is_none_is_refused(options):
    with pytest.raises(UsageError):
        HttpEngine("http://127.0.0.1:1/v1", **options)


@pytest.mark.parametrize("told", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_wav_that_is_streamed_is_read_to_its_end(told):
    whole = sound({"input": TEXT, "speed": 1, "voice": "x", "response_format": "wav"}).data
    length = told.to_bytes(4, "little")
    streamed = whole[:4] + length + whole[8:40] + length + whole[44:]
    with speech_server(lambda _: Answer(data=streamed)) as server:
        assert say(server.url, retries=0) == pytest.approx(0.065 * len(TEXT), abs=0.01)


@pytest.mark.parametrize("format_", ["wav", "pcm"])
def test_sound_without_a_sample_or_with_half_a_one_is_asked_for_again(format_):
    whole = sound({"input": "", "speed": 1, "voice": "x", "response_format": "wav"}).data
    none = whole[:4] + (36).to_bytes(4, "little") + whole[8:40] + bytes(4)
    with speech_server(then_sound(Answer(data=none if format_ == "wav" else b"abc"))) as server:
        assert say(server.url, format=format_) > 1
    assert len(server.asked) == 2


def test_a_server_that_gives_a_file_where_bare_samples_were_asked_for_is_understood():
    with speech_server(lambda body: sound({**body, "response_format": "wav"})) as server:
        assert say(server.url, format="pcm") == pytest.approx(0.065 * len(TEXT), abs=0.001)


def test_a_key_of_any_shape_is_left_out_of_what_a_server_repeats(monkeypatch):
    monkeypatch.setenv("NEWSROOM_KEY", "tulip/7+x")
    told = json.dumps({"detail": "tulip/7+x is not a key"}).encode()
    message = fails(Answer(401, told, "application/json"), key_variable="NEWSROOM_KEY")
    assert message.endswith("401 (… is not a key). Is the key in NEWSROOM_KEY the right one?")


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "two words"])
def test_what_cannot_be_a_key_is_neither_sent_nor_repeated(monkeypatch, key):
    monkeypatch.setenv("AUDIOSTORY_HTTP_KEY", key)
    expected = pytest.raises(EngineError, match="AUDIOSTORY_HTTP_KEY holds is no key")
    with speech_server() as server, expected as raised:
        say(server.url)
    assert key not in repr(raised.value)
    assert server.asked == []


def test_the_key_for_openai_goes_to_openai_alone(monkeypatch):
    monkeypatch.delenv("AUDIOSTORY_HTTP_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with speech_server() as server:
        say(server.url)
    assert server.keys == [None]
    assert HttpEngine("https://api.openai.com/v1")._server.headers() == {
        "Authorization": f"Bearer {SECRET}"
    }


def test_a_name_that_is_no_host_is_told_apart_from_a_server_that_is_down(monkeypatch):
    def unknown(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(EngineError, match=r"speech\.invalid is not known to the network"):
        say("http://speech.invalid/v1", retries=1)


def test_an_address_with_its_path_is_understood():
    with speech_server() as server:
        say(f"{server.url}/audio/speech/")
    assert [body["path"] for body in server.asked] == ["/v1/audio/speech"]


def test_a_piece_with_nothing_to_say_asks_nobody():
    with speech_server() as server:
        HttpEngine(server.url, max_characters=20).speak(f"It rained.{' …' * 30}", VOICE)
    assert len(server.asked) == 1


@pytest.mark.parametrize("later", ["9" * 5000, "soon", "Mon, 99 Foo 99999 00:00:00 GMT", "-3"])
def test_a_server_that_says_nonsense_of_when_is_asked_again_all_the_same(later, waits):
    busy = Answer(429, headers={"Retry-After": later})
    with speech_server(then_sound(busy)) as server:
        assert say(server.url) > 1
    assert 0 <= waits[0] <= 60


def test_no_more_requests_than_allowed_are_under_way_from_several_processes():
    def slow(body):
        time.sleep(0.1)
        return sound(body)

    spawn = multiprocessing.get_context("spawn")
    with speech_server(slow) as server, ProcessPoolExecutor(2, mp_context=spawn) as processes:
        said = [processes.submit(say, server.url, concurrent=1) for _ in range(6)]
        assert all(one.result() > 1 for one in said)
    assert server.most == 1


def test_slots_that_cannot_be_locked_are_not_taken_for_a_server_that_is_down(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(EngineError, match="XDG_CACHE_HOME"):
        say("http://127.0.0.1:1/v1")


def test_slots_are_in_the_users_cache_and_go_when_nobody_uses_them(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    left, held = (http_slots.slot_folder() / name for name in ("left-0", "held-0"))
    left.parent.mkdir(parents=True)
    for path in (left, held):
        path.touch()
        os.utime(path, (1, 1))
    with speech_server() as server, FileLock(held):
        os.utime(held, (1, 1))
        say(server.url)
        say(server.url)
    assert not left.exists()
    assert held.exists()
    assert len(list(left.parent.iterdir())) == 2


def test_half_a_minute_later_a_server_that_was_down_is_asked_again(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(http_engine.time, "monotonic", lambda: now[0])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    engine = HttpEngine(f"http://127.0.0.1:{port}/v1", retries=0)
    with pytest.raises(EngineError, match="See that the server runs"):
        engine.speak(TEXT, VOICE)
    now[0] += 29
    with pytest.raises(EngineError, match="See that the server runs"):
        engine.speak(TEXT, VOICE)
    now[0] += 2
    with speech_server() as server:
        engine._server.url = f"{server.url}/audio/speech"
        assert engine.speak(TEXT, VOICE).duration_s > 1
