"""Pages that a browser saved as a single file."""

from __future__ import annotations

import quopri
from email import message_from_string
from email.encoders import encode_base64
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from audiostory.errors import SourceError
from audiostory.model import ReadingOptions, Rules
from audiostory.reading import may_be_article, read
from audiostory.reading.formats import MHTML
from audiostory.reading.html import read_html
from audiostory.reading.mhtml import saved_page
from audiostory.reading.sources import _Document, _read
from audiostory.reading.tree import visible_text

URL = "https://quay.example/lamp"
PAGE = (
    "<!DOCTYPE html><html lang=en><head><title>The lamp — The Quay</title></head><body>"
    "<nav>Home News</nav><article><h1>The lamp’s café</h1><p>"
    + "It stands on the quay, and it belongs to nobody in particular. " * 9
    + "</p><p class=note>A note.</p></article></body></html>"
)


def saved(encoding: str = "quoted-printable", charset: str = "utf-8") -> bytes:
    """A file as Chromium saves it: the page, and then its parts."""
    inner = PAGE.encode(charset)
    if encoding == "quoted-printable":
        body = quopri.encodestring(inner).decode("ascii")
        part = message_from_string(f"Content-Transfer-Encoding: {encoding}\n\n{body}")
    else:
        part = message_from_string("\n")
        part.set_payload(inner)
        encode_base64(part)
    part["Content-Type"] = "text/html" + (f"; charset={charset}" if charset != "utf-8" else "")
    part["Content-Location"] = URL
    whole = MIMEMultipart("related", type="text/html")
    whole["From"] = "<Saved by Blink>"
    whole["Snapshot-Content-Location"] = URL
    whole.attach(part)
    whole.attach(MIMEText("body { color: red }", "css"))
    whole.attach(MIMEText("<p>A frame</p>", "html"))
    return whole.as_bytes()


@pytest.mark.parametrize("suffix", ["mhtml", "mht", "MHTML"])
@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("quoted-printable", "utf-8"), ("base64", "utf-8"), ("quoted-printable", "cp1252")],
)
def test_a_saved_page_is_read_as_the_page_is(
    suffix: str, encoding: str, charset: str, tmp_path: Path
):
    path = tmp_path / f"lamp.{suffix}"
    path.write_bytes(saved(encoding, charset))
    article, plain = read(path, ReadingOptions()), read_html(PAGE.encode(), path.name)
    assert visible_text(article.body) == visible_text(plain.body)
    assert article.omissions == plain.omissions
    assert article.title == "The lamp’s café"
    assert article.canonical_url == URL
    assert article.source == path.name


def test_rules_of_its_site_hold_for_a_saved_page(tmp_path: Path):
    path = tmp_path / "lamp.mhtml"
    path.write_bytes(saved())
    article = read(path, ReadingOptions(sites=(("quay.example", Rules(drop=(".note",))),)))
    assert [o.text for o in article.omissions if o.reason == "dropped by a rule"] == ["A note."]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\1\2",
        b"Content-Type: text/plain\n\nOnly this.",
        b"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n\n--x--",
        b"".join(
            b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (n, n)
            for n in range(2000)
        ),
    ],
)
def test_a_file_without_a_page_is_named(data: bytes):
    with pytest.raises(SourceError, match=r"There is no page in lamp\.mhtml"):
        saved_page(data, "lamp.mhtml")


def test_saved_pages_in_a_folder_are_articles():
    assert may_be_article("lamp.mhtml")


def test_what_was_told_when_it_was_fetched_is_told_with_the_article():
    document = _Document(saved(), f"{URL}.mhtml", MHTML, warnings=("It is not encrypted.",))
    (article,) = _read(document, ReadingOptions())
    assert "It is not encrypted." in article.warnings
