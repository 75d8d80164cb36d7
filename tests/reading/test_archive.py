import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.reading.archive import Archive


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "path", ["a.xhtml", "./a.xhtml", "../text/a.xhtml", "A.XHTML", "a.xhtml#b"]
)
def test_a_file_is_found_as_another_refers_to_it(path: str):
    archive = Archive(packed({"text/a.xhtml": b"words"}), "book.epub")
    found = archive.find(path, "text")
    assert found is not None
    assert archive.read(found) == b"words"


def test_percent_encoding_is_undone():
    archive = Archive(packed({"one two.xhtml": b"words"}), "book.epub")
    assert archive.find("one%20two.xhtml") == "one two.xhtml"


@given(st.text(alphabet="./%a\\", max_size=12))
def test_no_path_leads_out_of_the_archive(path: str):
    archive = Archive(packed({"a": b"words"}), "book.epub")
    assert archive.find(path, "text") in (None, "a")


def test_what_is_no_archive_or_cut_off_says_so():
    whole = packed({"a": b"words" * 1000})
    for data in (b"PK\x03\x04 nothing", whole[: len(whole) // 2], b""):
        with pytest.raises(SourceError, match="damaged"):
            Archive(data, "book.epub")


def test_a_file_damaged_in_any_compression_says_so():
    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        data = bytearray(packed({"a": bytes(range(256)) * 40}, compression))
        data[60:90] = b"\xff" * 30
        with pytest.raises(SourceError, match="a in it"):
            Archive(bytes(data), "book.epub").read("a")


def test_a_damaged_file_says_so():
    data = bytearray(packed({"a": b"words"}, zipfile.ZIP_STORED))
    at = data.index(b"words")
    data[at : at + 5] = b"WORDS"
    with pytest.raises(SourceError, match="a in it"):
        Archive(bytes(data), "book.epub").read("a")


def test_a_bomb_is_not_unpacked():
    bomb = packed({"a": b"\0" * (65 * 2**20)})
    assert len(bomb) < 100_000
    with pytest.raises(SourceError, match="more than a document"):
        Archive(bomb, "book.epub").read("a")


def test_too_many_files_are_no_document():
    with pytest.raises(SourceError, match="more than a document"):
        Archive(packed({str(number): b"" for number in range(20_001)}), "book.epub")


def test_an_encrypted_file_says_so():
    data = bytearray(packed({"a": b"words"}, zipfile.ZIP_STORED))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceError, match="encrypted"):
        Archive(bytes(data), "book.epub").read("a")
