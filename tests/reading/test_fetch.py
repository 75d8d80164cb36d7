import gzip
import socket
import time
import zlib

import brotli
import pytest
import zstandard

from audiostory.errors import SourceError
from audiostory.reading.fetch import Fetched, fetch
from tests.reading.local_server import Request, Site, refusal, serving, without_proxies

PAGE = b"<!doctype html><title>The lamp</title><p>" + b"The lamp on the quay burns. " * 400


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch):
    without_proxies(monkeypatch)


def test_a_page_comes_with_its_address_type_and_charset(site: Site):
    url = site.page("/a", PAGE, Content_Type='Text/HTML; charset="windows-1251"')
    assert fetch(f"{url}#notes") == Fetched(url, PAGE, "text/html", "windows-1251")


def test_one_request_is_made_and_it_says_who_asks(site: Site):
    headers: dict[str, str] = {}

    def answer(request: Request) -> None:
        headers.update(request.headers)
        request.send(PAGE + b'<img src="/a.png"><script src="/a.js"></script>')

    site.answers["/a"] = answer
    fetch(site.at("/a"))
    assert site.asked == ["/a"]
    assert headers["User-Agent"].startswith("audiostory/")
    assert "Mozilla" not in headers["User-Agent"]
    assert headers["Accept"].startswith("text/html")


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", _raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("identity", PAGE),
        ("gzip", PAGE),  # a server that says so and does not do it
        ("aws-chunked", PAGE),
    ],
)
def test_what_is_packed_is_unpacked(site: Site, coding: str, packed: bytes):
    assert fetch(site.page("/a", packed, Content_Encoding=coding)).data == PAGE


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", lambda data: brotli.compress(data, quality=3)),
        ("zstd", zstandard.compress),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    ],
)
def test_a_small_body_that_unpacks_to_a_huge_one_is_refused(site: Site, coding: str, pack):
    bomb = pack(bytes(50_000_000))
    url = site.page("/a", bomb, Content_Encoding=coding)
    assert "is larger than 1 MB" in refusal(url, largest_bytes=1 << 20)


def test_a_body_that_is_too_large_is_refused_before_it_is_all_there(site: Site):
    def endless(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 65536)

    site.answers["/endless"] = endless
    assert "is larger than 1 MB" in refusal(site.at("/endless"), largest_bytes=1 << 20)
    url = site.page("/a", b"", Content_Length=str(1 << 40))
    assert "is larger than 32 MB" in refusal(url)


# --- time -----------------------------------------------------------------------------------


def _drips(data: bytes):
    def answer(request: Request) -> None:
        for _ in range(100):
            request.wfile.write(data)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize("drip", ["head", "body", "silence"])
def test_a_server_that_drips_is_left_in_time(site: Site, drip: str):
    def body(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        _drips(b"x")(request)

    site.answers["/a"] = {"head": _drips(b"H"), "body": body, "silence": _drips(b"")}[drip]
    started = time.monotonic()
    assert "did not send the page within 1 seconds" in refusal(site.at("/a"), timeout_s=0.6)
    assert time.monotonic() - started < 2.5


def test_the_time_is_for_all_redirects_together(site: Site):
    def slow(request: Request) -> None:
        time.sleep(0.3)
        number = int(request.path[2:]) + 1
        request.send(b"", status=302, Location=f"/r{number}")

    site.answers.update({f"/r{number}": slow for number in range(10)})
    started = time.monotonic()
    assert "did not send the page" in refusal(site.at("/r0"), timeout_s=1.0)
    assert time.monotonic() - started < 2


# --- redirects ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, status: int):
    site.page("/new/ü".replace("ü", "%C3%BC"), PAGE)
    site.moved("/b", "new/%C3%BC#part", status)
    assert fetch(site.moved("/a", "/b", status)).url == site.at("/new/%C3%BC")


def test_a_page_that_sets_a_cookie_and_leads_to_itself_is_no_circle(site: Site):
    def answer(request: Request) -> None:
        if "seen=1" in (request.headers.get("Cookie") or ""):
            request.send(PAGE)
        else:
            request.send(b"", status=302, Location="/a", Set_Cookie="seen=1")

    site.answers["/a"] = answer
    assert fetch(site.at("/a")).data == PAGE


def test_a_circle_is_left(site: Site):
    site.moved("/b", "/a")
    assert "leads in a circle" in refusal(site.moved("/a", "/b"))
    assert len(site.asked) == 2


def test_an_endless_chain_is_left_after_ten(site: Site):
    for number in range(30):
        site.moved(f"/r{number}", f"/r{number + 1}")
    assert "leads on more than 10 times" in refusal(site.at("/r0"))
    assert len(site.asked) == 11


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://example.org/x"],
)
def test_a_redirect_leads_to_web_pages_only(site: Site, location: str):
    assert "leads to something that is no web page" in refusal(site.moved("/a", location))


def test_a_redirect_without_a_place(site: Site):
    assert "has moved, but not where" in refusal(site.moved("/a", ""))


@pytest.mark.parametrize("to", ["/account/login?next=/a", "/wp-login.php", "/de/anmelden"])
def test_a_redirect_to_a_login_is_no_article(site: Site, to: str):
    site.page(to, PAGE)
    assert "asks to log in" in refusal(site.moved("/a", to))


def test_a_redirect_to_a_page_for_consent_is_no_article(site: Site):
    site.page("/cookie-consent/?to=a", PAGE)
    assert "asks for consent" in refusal(site.moved("/a", "/cookie-consent/?to=a"))


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "only for people who have logged in"),
        (403, "does not give this page to programs"),
        (404, "There is no page"),
        (410, "has been removed"),
        (418, "with status 418"),
        (451, "for legal reasons"),
        (500, "failed to make the page"),
        (505, "failed to answer"),
    ],
)
def test_a_status_says_what_is_wrong(site: Site, status: int, words: str):
    assert words in refusal(site.page("/a", PAGE, status=status))
    assert len(site.asked) == 1


def test_a_check_for_robots_is_named_whatever_its_status(site: Site):
    check = b"<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>"
    url = site.page("/a", gzip.compress(check), status=403, Content_Encoding="gzip")
    assert "whether a human is asking" in refusal(url)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_once_more(site: Site, status: int):
    def busy(request: Request) -> None:
        if len(site.asked) == 1:
            request.send(b"busy", status=status, Retry_After="0")
        else:
            request.send(PAGE)

    site.answers["/a"] = busy
    assert fetch(site.at("/a")).data == PAGE
    assert len(site.asked) == 2


def test_a_server_that_wants_a_long_wait_is_not_waited_for(site: Site):
    assert "Try again in 60 minutes" in refusal(
        site.page("/a", b"", status=429, Retry_After="3600")
    )
    later = "Wed, 21 Oct 2065 07:28:00 GMT"
    assert "(503)" in refusal(site.page("/b", b"", status=503, Retry_After=later))
    assert site.asked == ["/a", "/b"]


def test_a_connection_that_breaks_is_tried_once_more(site: Site):
    def breaks(request: Request) -> None:
        if len(site.asked) == 1:
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
        else:
            request.send(PAGE)

    site.answers["/a"] = breaks
    assert fetch(site.at("/a")).data == PAGE


def _cut(content_type: str, body: bytes, length: int = 10**6, **headers: str):
    def answer(request: Request) -> None:
        request.send(body, Content_Type=content_type, Content_Length=str(length), **headers)
        request.close_connection = True

    return answer


def test_a_page_that_never_comes_whole_is_read_with_a_warning(site: Site):
    site.answers["/a"] = _cut("text/html", PAGE)
    fetched = fetch(site.at("/a"))
    assert fetched.data == PAGE
    assert "the end of the article may be missing" in fetched.warnings[0]
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
    ],
)
def test_a_packed_page_that_stops_in_the_middle(site: Site, coding: str, packed: bytes):
    url = site.page("/a", packed[:-6], Content_Encoding=coding)
    try:
        fetched = fetch(url)
    except SourceError:
        assert coding != "gzip"  # a short page of the others is one block, all or nothing
        return
    assert PAGE.startswith(fetched.data)
    assert fetched.warnings


def test_a_document_that_does_not_come_whole_is_refused(site: Site):
    site.answers["/a"] = _cut("application/pdf", b"%PDF-1.7 ...")
    assert "broke off before all of" in refusal(site.at("/a"))


def test_nobody_there(site: Site):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert "127.0.0.1 does not answer" in refusal(f"http://127.0.0.1:{port}/")
    assert "There is no server nowhere.invalid" in refusal("http://nowhere.invalid/")
    assert "There is no server" in refusal(f"http://{'a' * 70}.example/")


def test_something_that_speaks_no_http(site: Site):
    def answer(request: Request) -> None:
        request.wfile.write(b"220 mail.example ESMTP\r\n")
        request.close_connection = True

    site.answers["/a"] = answer
    assert "broke the connection off" in refusal(site.at("/a"))


@pytest.mark.parametrize(
    ("declared", "body", "what"),
    [
        ("image/png", b"\x89PNG\r\n", "a picture (image/png)"),
        ("text/html", b"\xff\xd8\xff\xe0 JFIF", "a picture (image/jpeg)"),
        ("video/mp4", b"....ftypisom", "a video (video/mp4)"),
        ("application/octet-stream", b"ID3\x04", "audio (audio/mpeg)"),
        ("text/javascript", b"alert(1)", "a program"),
        ("application/zip", b"PK\x03\x04 other", "an archive"),
    ],
)
def test_what_has_no_article_is_refused_by_its_name(site: Site, declared, body, what):
    assert f"is {what}" in refusal(site.page("/a", body, Content_Type=declared))


@pytest.mark.parametrize(
    ("declared", "body", "kind"),
    [
        ("application/octet-stream", b"%PDF-1.7", "application/pdf"),
        ("text/html", b"%PDF-1.7", "application/pdf"),
        ("application/zip", b"PK\x03\x04....mimetypeapplication/epub+zip", "application/epub+zip"),
        ("text/xml", b"<?xml version='1.0'?><!-- a --><rss version='2.0'>", "application/rss+xml"),
        ("application/xml", b"<feed xmlns='http://www.w3.org/2005/Atom'>", "application/atom+xml"),
        ("text/plain", b"<!-- a --><!DOCTYPE html><p>", "text/html"),
        ("", b"<html><p>a", "text/html"),
        ("", b"Just words", "text/plain"),
        (
            "application/json",
            b'{"version": "https://jsonfeed.org/version/1.1"}',
            "application/feed+json",
        ),
        ("text/markdown", b"# A", "text/markdown"),
        ("image/jpeg", b"", ""),
    ],
)
def test_documents_and_feeds_are_handed_on_by_what_they_are(site: Site, declared, body, kind):
    url = site.page("/a", body, Content_Type=declared)
    if kind:
        assert fetch(url).media_type == kind
    else:
        refusal(url)


def test_nothing_at_all_is_said(site: Site):
    assert "is empty" in refusal(site.page("/a", b" \n"))
    assert "is empty" in refusal(site.page("/b", b"", status=204))


def test_a_name_and_password_are_neither_sent_nor_shown(site: Site):
    headers: dict[str, str] = {}

    def answer(request: Request) -> None:
        headers.update(request.headers)
        request.send(PAGE)

    site.answers["/a"] = answer
    fetched = fetch(f"http://ann:secret@127.0.0.1:{site.server_port}/a")
    assert "Authorization" not in headers
    assert fetched.url == site.at("/a")
    assert "were not sent" in fetched.warnings[0]
    assert "secret" not in refusal(f"http://ann:secret@127.0.0.1:{site.server_port}/no")
    assert "secret" not in refusal("http://ann:secret@[/no")
