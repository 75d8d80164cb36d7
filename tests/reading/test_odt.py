"""OpenDocument texts: structure is read, nothing is lost, none of them is trusted."""

import re
from contextlib import suppress
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.odt import read_odt
from tests.reading.documents import left_out, lost, pandoc, said, shape, unzipped, zipped
from tests.reading.test_docx import MARKDOWN
from tests.round_trip import PAGES, printed_part

_KINDS = ("office", "style", "text", "table")
_NAMES = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in _KINDS) + (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def files(text: str, styles: str = "", common: str = "") -> dict[str, str]:
    return {
        "content.xml": f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{text}</office:text></office:body>"
        "</office:document-content>",
        "styles.xml": f"<office:document-styles {_NAMES}>{common}</office:document-styles>",
    }


def read(text: str, styles: str = "", common: str = "") -> Article:
    return read_odt(zipped(files(text, styles, common)), "a.odt")


def test_a_document_by_pandoc(tmp_path):
    picture = next((PAGES[0].parent / "media").glob("*.png"))
    (tmp_path / "clock.png").write_bytes(picture.read_bytes())
    data = pandoc(MARKDOWN, "odt", tmp_path, f"--resource-path={tmp_path}")
    article = read_odt(data, "a.odt")
    found = shape(article)
    assert found[:2] == [("h1", "The tide clock"), ("p", "A harbour that tells time by water")]
    assert ("h2", "The mechanism") in found
    assert ("caption", "Levels today") in found
    assert ("figcaption", "A clock under water") in found
    assert ("pre", "wind(clock)") in found
    assert [e.text_content() for e in article.body.iter("blockquote")] == ["Water is never late."]
    assert [e.text_content() for e in article.body.iter("th")] == ["Place", "Level"]
    assert article.body.find(".//ol/li/ul/li") is not None
    assert "Nobody had done so before." in said(article)
    assert article.authors == ("Ann Lee",)


@pytest.mark.parametrize("page", PAGES[::4], ids=lambda page: page.stem)
def test_every_text_of_real_documents_is_read_or_listed(page, tmp_path):
    source = tmp_path / "page.html"
    source.write_text(printed_part(page), "utf-8")
    data = pandoc(source, "odt", tmp_path)
    text = unescape(re.sub(r"<[^>]*>", " ", unzipped(data)["content.xml"].decode()))
    assert not lost(text, read_odt(data, "a.odt"))


def test_what_is_not_article_is_left_out():
    article = read(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        "<dc:creator>Bo</dc:creator></office:change-info><text:p>never</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>One 3</text:p></text:index-body>"
        "</text:table-of-content>"
        "<text:p>Seen<office:annotation><dc:creator>Bo</dc:creator><text:p>Really?</text:p>"
        '</office:annotation>.<text:span text:style-name="H">hidden</text:span></text:p>',
        styles='<style:style style:name="H" style:family="text"><style:text-properties '
        'text:display="none"/></style:style>',
        common="<office:master-styles><style:master-page><style:header><text:p>The Daily Tide"
        "</text:p></style:header></style:master-page></office:master-styles>",
    )
    assert said(article) == "Seen."
    assert sorted(left_out(article)) == [
        ("comment", "Really?"),
        ("deleted text", "never"),
        ("hidden text", "hidden"),
        ("page header", "The Daily Tide"),
        ("table of contents", "One 3"),
    ]


def test_white_space_breaks_notes_and_fields():
    article = read(
        '<text:p>One<text:s text:c="3"/>two<text:tab/>three<text:line-break/>four '
        "<text:page-number>5</text:page-number><text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
        "</text:note></text:p>"
    )
    assert said(article) == "One two three four 5[1] A note."


def test_pictures_and_text_boxes():
    article = read(
        "<text:p>Before.<draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box>"
        "</draw:frame></text:p><text:p><draw:frame><draw:image/><svg:title>Clock</svg:title>"
        "<svg:desc>A clock</svg:desc></draw:frame></text:p>"
        "<draw:custom-shape><text:p>In a shape.</text:p></draw:custom-shape>"
    )
    assert said(article) == "Before. In the box. A clock In a shape."
    assert [e.text_content() for e in article.body.iter("aside")] == ["In the box.", "In a shape."]


def test_styles_are_known_by_those_they_are_derived_from():
    styles = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Z"/>'
        '<style:style style:name="Z" style:display-name="Zitat" style:family="paragraph"/>'
        '<style:style style:name="B" style:family="text"><style:text-properties '
        'fo:font-weight="bold" fo:font-style="italic"/></style:style>'
    )
    article = read(
        '<text:h text:outline-level="1">Head</text:h><text:p text:style-name="P1">One</text:p>'
        '<text:p><text:span text:style-name="B">Two</text:span></text:p>',
        styles,
    )
    assert [e.text_content() for e in article.body.iter("blockquote")] == ["One"]
    assert article.body.find(".//strong/em") is not None


def test_a_list_of_headings_is_headings():
    article = read(
        '<text:list><text:list-item><text:h text:outline-level="1">One</text:h></text:list-item>'
        "</text:list><text:p>Text.</text:p>"
    )
    assert shape(article) == [("h1", "One"), ("p", "Text.")]


def test_a_table_in_a_cell_is_read_once():
    inner = (
        "<table:table><table:table-row><table:table-cell><text:p>in</text:p></table:table-cell>"
        "<table:table-cell><text:p>it</text:p></table:table-cell></table:table-row></table:table>"
    )
    article = read(
        "<table:table><table:table-header-rows><table:table-row><table:table-cell>"
        "<text:p>Head</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        f"<table:table-row><table:table-cell><text:p>Cell</text:p>{inner}</table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert said(article) == "Head Cell in it"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({"a.txt": "x"}), "no OpenDocument text"),
        (zipped({"content.xml": "<a/>"}), "no OpenDocument text"),
        (zipped({"content.xml": "<a"}), "damaged"),
        (zipped({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "declarations"),
        (
            zipped({"content.xml": "x", "META-INF/manifest.xml": "<encryption-data/>"}),
            "encrypted",
        ),
        (zipped(files("<text:p/>")), "no text"),
        (zipped(files("<text:section>" * 5000 + "</text:section>" * 5000)), "damaged"),
        (b"PK nothing", "damaged"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, message: str):
    with pytest.raises(SourceError, match=message):
        read_odt(data, "a.odt")


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damage_anywhere_ends_in_an_article_or_in_words(data: st.DataObject):
    sound = files(
        '<text:h text:outline-level="2">Head</text:h><text:list text:style-name="L">'
        '<text:list-item text:start-value="3"><text:p>Item</text:p></text:list-item></text:list>'
        "<text:p>Text.</text:p>",
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="1"/></text:list-style>',
    )
    text = sound["content.xml"]
    start = data.draw(st.integers(0, len(text)))
    inserted = data.draw(st.text(max_size=5))
    damaged = text[:start] + inserted + text[start + data.draw(st.integers(0, 30)) :]
    with suppress(SourceError):
        read_odt(zipped(sound | {"content.xml": damaged.encode("utf-8", "replace")}), "a.odt")


def test_when_a_text_was_changed_is_not_when_it_was_published():
    made = f"<office:document-meta {_NAMES}><office:meta>{{}}<dc:date>2026-11-24T02:19:02</dc:date>"
    made += "</office:meta></office:document-meta>"
    content = files("<text:p>The lamp burns.</text:p>")
    article = read_odt(zipped({**content, "meta.xml": made.format("")}), "a.odt")
    assert article.published is None
    assert article.modified is not None


def test_text_in_a_covered_cell_and_a_pictures_title_are_listed():
    article = read(
        "<text:p>One.</text:p><table:table><table:table-row><table:table-cell><text:p>Two"
        "</text:p></table:table-cell><table:covered-table-cell><text:p>Under</text:p>"
        "</table:covered-table-cell></table:table-row></table:table><text:p><draw:frame><draw:image/>"
        "<svg:title>Fig. 1</svg:title><svg:desc>A lamp</svg:desc></draw:frame></text:p>"
    )
    assert left_out(article) == [
        ("hidden by another cell", "Under"),
        ("title of a picture that is described", "Fig. 1"),
    ]
