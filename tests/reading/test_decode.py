import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.reading.decode import decode, read_bytes

RUSSIAN = "Мост открыли в тумане, и никто не видел другого берега. " * 4


def test_utf_8_is_read_as_it_is():
    assert decode("Grüße\r\naus 東京\r".encode(), "a.txt").text == "Grüße\naus 東京\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str):
    assert decode("Grüße".encode(encoding), "a.txt").text == "Grüße"


def test_a_declared_encoding_is_followed():
    page = f'<meta charset="windows-1251"><p>{RUSSIAN}'.encode("cp1251")
    decoded = decode(page, "a.html")
    assert RUSSIAN in decoded.text
    assert not decoded.warnings


@pytest.mark.parametrize("declared", ["utf-8", "no-such-thing", "utf-16"])
def test_a_declaration_that_is_wrong_is_not_believed(declared: str):
    page = f'<meta charset="{declared}"><p>{RUSSIAN}'.encode("cp1251")
    decoded = decode(page, "a.html")
    assert RUSSIAN in decoded.text
    assert "cp1251" in decoded.warnings[0]


def test_windows_1251_is_guessed_and_said():
    decoded = decode(RUSSIAN.encode("cp1251"), "a.txt")
    assert decoded.text == RUSSIAN
    assert "a.txt is not UTF-8: it was read as cp1251" in decoded.warnings[0]


def test_a_few_broken_characters_are_replaced_and_said():
    data = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    decoded = decode(data, "a.txt")
    assert decoded.text == f"{RUSSIAN}\ufffd{RUSSIAN}"
    assert "1 broken character" in decoded.warnings[0]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "DOCX"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"ID3\x04....", "audio"),
        (bytes(range(256)) * 20, "not text"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, what: str):
    with pytest.raises(SourceError, match=what):
        decode(data, "a.txt")


def test_characters_that_nobody_sees_are_left_out():
    text = "a\x00b\u200bc\u00add\ufeffe\x1b" + RUSSIAN
    assert decode(text.encode(), "a.txt").text == f"abcde{RUSSIAN}"


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        read_bytes(tmp_path / "missing.txt")
    with pytest.raises(SourceError, match="is a folder"):
        read_bytes(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match="no file that can be read"):
        read_bytes(tmp_path / "pipe.txt")
    (tmp_path / "empty.txt").write_bytes(b" \n\x00")
    with pytest.raises(SourceError, match=r"empty\.txt is empty"):
        read_bytes(tmp_path / "empty.txt")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    with pytest.raises(SourceError, match="too large: 200 MB"):
        read_bytes(tmp_path / "huge.txt")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_an_error(data: bytes):
    try:
        text = decode(data, "a.txt").text
    except SourceError:
        return
    assert not {"\x00", "\r", "\x0c"} & set(text)


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("windows-1251", "cp1251", RUSSIAN),
        ("KOI8-R", "koi8-r", RUSSIAN),
        ("iso-8859-1", "cp1252", "“Grüße” – wie gesagt …"),  # as browsers take it
        ("x-sjis", "cp932", "日本語の記事です。①"),
        ("gb2312", "gb18030", "中文文章，㐀字。" * 4),
        ("EUC-KR", "cp949", "한국어 기사입니다. 뷁"),
        ("iso-2022-jp", "iso2022_jp", "日本語の記事です。"),
        ("utf-16", "utf-16-le", RUSSIAN),
        ("'utf-16be'", "utf-16-be", RUSSIAN),
    ],
)
def test_the_charset_of_a_header_goes_before_that_of_the_page(label, encoding, text):
    data = f'<meta charset="ibm866"><p>{text}'.encode(encoding)
    assert text in decode(data, "a.html", label).text


@pytest.mark.parametrize("label", ["iso-8859-1", "utf-16", "iso-2022-jp", "euc-jp"])
def test_what_is_utf_8_is_read_as_utf_8_whatever_the_header_calls_it(label: str):
    assert decode(RUSSIAN.encode(), "a.html", label).text == RUSSIAN


@pytest.mark.parametrize("label", ["utf-8", "no-such-thing", "", "euc-kr", "base64", "utf-7"])
def test_a_header_that_is_wrong_gives_way_to_the_page(label: str):
    page = f'<meta charset="windows-1251"><p>{RUSSIAN}'.encode("cp1251")
    assert RUSSIAN in decode(page, "a.html", label).text


def test_a_byte_order_mark_goes_before_the_header():
    assert decode("Grüße".encode("utf-8-sig"), "a.txt", "windows-1251").text == "Grüße"


def test_a_page_that_calls_itself_latin_1_has_its_curly_quotes():
    page = '<meta charset="iso-8859-1"><p>“Grüße”, schrieb sie – und ging.'
    assert "“Grüße”, schrieb sie – und" in decode(page.encode("cp1252"), "a.html").text


def test_a_file_of_two_encodings_is_read_with_a_warning():
    data = "Café olé. ".encode() * 40 + "Über Köln. ".encode("cp1252") * 8
    decoded = decode(data, "mixed.txt")
    assert decoded.text.endswith("Über Köln. Über Köln. ")
    assert "two encodings" in decoded.warnings[0]


def test_null_bytes_in_a_text_are_left_out_with_a_warning():
    decoded = decode(b"The lamp\0 on the quay. " * 9, "null.txt")
    assert decoded.text.startswith("The lamp on the quay.")
    assert "null bytes" in decoded.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["The lamp burns on the quay. ", RUSSIAN, "东京的天气很好。\n我们走吧。\n"]
)
def test_utf_16_without_a_mark_is_known_by_its_spaces(encoding: str, text: str):
    decoded = decode((text * 4).encode(encoding), "a.txt")
    assert decoded.text == text * 4
    assert encoding in decoded.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_the_mark_of_utf_32_is_not_taken_for_that_of_utf_16(encoding: str):
    mark = "\ufeff" if encoding == "utf-32-be" else ""
    assert decode(f"{mark}{RUSSIAN}".encode(encoding), "a.txt").text == RUSSIAN


@given(st.binary(max_size=200))
def test_bytes_with_nulls_are_text_or_are_refused(data: bytes):
    with suppress(SourceError):
        assert "\0" not in decode(b"\0" + data, "a.txt").text


def test_a_document_may_be_larger_than_a_text(tmp_path: Path):
    text, document = tmp_path / "a.txt", tmp_path / "a.pdf"
    text.write_bytes(b"word " * (7 * 2**20))
    document.write_bytes(b"%PDF-1.7\n" + bytes(40 * 2**20))
    assert len(read_bytes(document)) > 40 * 2**20
    with pytest.raises(SourceError, match=r"35 MB.*32 MB of text"):
        read_bytes(text)
    with document.open("r+b") as file:
        file.truncate(257 * 2**20)
    with pytest.raises(SourceError, match=r"257 MB.*256 MB of a document"):
        read_bytes(document)


def test_good_lines_of_utf8_are_believed_though_others_are_of_another_encoding():
    good = "Café au lait — a story\n\nThe café was full.\n".encode()
    bad = "The naïve waiter said “no” in the café.\n".encode("cp1252") * 2
    decoded = decode(good + bad, "a.txt")
    assert decoded.text.splitlines()[0] == "Café au lait — a story"
    assert decoded.text.splitlines()[3] == "The naïve waiter said “no” in the café."
    assert "two encodings" in decoded.warnings[0]


def test_a_page_that_says_utf8_and_is_so_in_part_is_read_as_both():
    page = b"<meta charset=utf-8><p>caf\xc3\xa9, \x93no\x94, caf\xe9</p>"
    assert "café, “no”, café" in decode(page, "a.html").text


def test_a_lone_mark_of_windows_1252_is_read_as_it_was_meant():
    data = "Café, naïve, déjà vu — it".encode() + b"\x92s here"
    assert decode(data, "a.txt").text.endswith("it’s here")


def test_ascii_with_null_bytes_is_no_utf16():
    data = b"A title\n\nHello \0 world of words.\n\0 This is a text\n \0with nulls."
    decoded = decode(data, "a.txt")
    assert "Hello  world of words." in decoded.text
    assert "null bytes" in decoded.warnings[0]
