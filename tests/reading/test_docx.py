"""Word documents: their structure is read, nothing in them is lost, and none of them is trusted."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.docx import read_docx
from tests.reading.documents import (
    left_out,
    lost,
    pandoc,
    paragraph,
    said,
    shape,
    unzipped,
    word,
    word_files,
    zipped,
)
from tests.round_trip import PAGES, in_format

MARKDOWN = """---
title: The tide clock
subtitle: A harbour that tells time by water
author: Ann Lee
date: 3 March 2024
lang: en
---

It was the harbour master who *first* looked down.[^1]

# The mechanism

> Water is never late.

1. one
2. two
    - inner

| Place | Level |
|-------|-------|
| Quay  | 4 m   |

: Levels today

![A clock under water](clock.png)

    wind(clock)

[He said [yes]{.insertion author="B" date="2024-03-01T00:00:00Z"}[never]{.deletion author="B"
date="2024-03-01T00:00:00Z"} twice.]{.comment-start id="0" author="Bo"
date="2024-03-01T00:00:00Z"}Is this so?[]{.comment-end id="0"}

[^1]: Nobody had done so before.
"""


def read(data: bytes) -> Article:
    return read_docx(data, "a.docx")


@pytest.fixture(scope="module")
def tide(tmp_path_factory) -> Article:
    folder = tmp_path_factory.mktemp("tide")
    picture = next((PAGES[0].parent / "media").glob("*.png"))
    (folder / "clock.png").write_bytes(picture.read_bytes())
    data = pandoc(MARKDOWN, "docx", folder, "--track-changes=all", f"--resource-path={folder}")
    return read(data)


def test_styles_become_elements(tide: Article):
    found = shape(tide)
    assert found[:3] == [
        ("h1", "The tide clock"),
        ("p", "A harbour that tells time by water"),
        ("p", "Ann Lee"),
    ]
    assert ("h2", "The mechanism") in found
    assert [e.text_content() for e in tide.body.iter("th")] == ["Place", "Level"]
    assert [e.text_content() for e in tide.body.iter("td")] == ["Quay", "4 m"]
    assert ("caption", "Levels today") in found
    assert ("pre", "wind(clock)") in found
    assert ("figcaption", "A clock under water") in found
    assert [e.text_content() for e in tide.body.iter("blockquote")] == ["Water is never late."]
    assert next(len(e) for e in tide.body.iter("ol")) == 2
    assert tide.body.find(".//ol/li/ul/li") is not None
    assert tide.body.find(".//em") is not None


def test_a_document_says_who_wrote_it_and_when(tide: Article):
    assert (tide.title, tide.authors, tide.language) == ("The tide clock", ("Ann Lee",), "en")
    assert tide.published == datetime(2024, 3, 3, 12, tzinfo=UTC)
    assert tide.description == "A harbour that tells time by water"


def test_footnotes_are_read_and_lead_to_their_place(tide: Article):
    note = next(e for e in tide.body.iter("li") if "Nobody" in e.text_content())
    assert "footnotes" in (note.get("class") or note.getparent().get("class"))
    assert "↑" not in said(tide)


def test_every_text_of_real_documents_is_read_or_listed(tmp_path):
    for copy in in_format("docx", PAGES, tmp_path):
        data = copy.read_bytes()
        parts = [xml for name, xml in unzipped(data).items() if re.match(r"word/\w+\.xml$", name)]
        texts = [t for xml in parts for t in re.findall(r"<w:t[ >][^<]*", xml.decode())]
        text = unescape(" ".join(t.partition(">")[2] for t in texts))
        assert not lost(text, read(data)), copy.name


def test_a_comment_is_left_out_where_it_stands():
    reference = '<w:r><w:commentReference w:id="7"/></w:r>'
    data = word(
        paragraph("He said yes.", runs=reference) + paragraph("Then he left."),
        comments=f'<w:comment w:id="7">{paragraph("Really?")}</w:comment>'
        f'<w:comment w:id="8">{paragraph("Stray.")}</w:comment>',
    )
    article = read(data)
    assert said(article) == "He said yes. Then he left."
    assert left_out(article) == [("comment", "Really?"), ("comment", "Stray.")]
    assert article.omissions[0].after == article.body[0].get("id")


def test_headers_and_footers_are_left_out_once():
    data = word(
        paragraph("Text."), header1=paragraph("The Daily Tide"), footer1=paragraph("Page 1")
    )
    article = read(data)
    assert left_out(article) == [("page header", "The Daily Tide"), ("page footer", "Page 1")]


@pytest.mark.parametrize("fallback", [True, False])
def test_text_boxes_are_read_once(fallback: bool):
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    form = f"<mc:Fallback>{old}</mc:Fallback>" if fallback else ""
    new = (
        "<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>"
        f"{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    choice = f'<mc:Choice Requires="wps">{new}</mc:Choice>'
    run = f"<w:r><mc:AlternateContent>{choice}{form}</mc:AlternateContent></w:r>"
    article = read(word(paragraph("Before.", runs=run) + paragraph("After.")))
    assert said(article) == "Before. In the box. After."
    assert [e.text_content() for e in article.body.iter("aside")] == ["In the box."]


def test_tracked_deletions_are_not_read_and_insertions_are():
    runs = (
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> always</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
    )
    article = read(word(paragraph("He was", runs=runs)))
    assert said(article) == "He was always"
    assert left_out(article) == [("deleted text", "never")]


def test_deleted_rows_and_paragraphs_lose_no_word():
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = row.format("<w:trPr><w:del/></w:trPr>", "Struck") + row.format("", "Stays")
    mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>The last line</w:t></w:r></w:p>"
    article = read(word(f"<w:tbl>{table}</w:tbl>{mark}"))
    assert said(article) == "Stays The last line"
    assert left_out(article) == [("deleted text", "Struck")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("chunk.html", "<html><body><p>Words of another file.</p></body></html>"),
        ("chunk.txt", "Words of another file."),
        ("chunk.rtf", r"{\rtf1 Words of another file.\par}"),
        ("chunk.docx", word(paragraph("Words of another file."))),
        ("chunk.mht", "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>Words of another file."),
    ],
)
def test_a_file_inserted_whole_is_left_out_where_it_stands(name: str, content: str | bytes):
    link = f'<Relationship Id="r9" Type="x/aFChunk" Target="{name}"/>'
    body = paragraph("Before.") + '<w:altChunk r:id="r9"/>' + paragraph("After.")
    article = read(zipped({**word_files(body, link), f"word/{name}": content}))
    assert said(article) == "Before. After."
    assert left_out(article) == [("inserted file", "Words of another file.")]


def test_files_that_cannot_be_read_are_named():
    link = '<Relationship Id="r9" Type="x/aFChunk" Target="gone.html"/>'
    files = word_files(paragraph("Before.") + '<w:altChunk r:id="r9"/>', link)
    article = read(zipped({**files, "word/embeddings/sheet1.xlsx": b"PK"}))
    assert "not read: sheet1.xlsx, gone.html" in article.warnings[0]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ('<w:fldSimple w:instr="DATE"><w:r><w:t> May</w:t></w:r></w:fldSimple>', "Text. May"),
        ("<m:oMath><m:r><m:t> a=b</m:t></m:r></m:oMath>", "Text. a=b"),
        ("<w:bdo><w:r><w:t> bdo</w:t></w:r></w:bdo>", "Text. bdo"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>",
            "Text.漢 (kan)",
        ),
        ('<w:hyperlink r:id="none"><w:r><w:t> link</w:t></w:r></w:hyperlink>', "Text. link"),
        ('<w:r><w:footnoteReference w:id="9"/></w:r>', "Text."),
    ],
)
def test_what_mammoth_would_drop_or_stumble_on_is_read(runs: str, expected: str):
    assert said(read(word(paragraph("Text.", runs=runs)))) == expected


def test_hidden_text_is_left_out():
    run = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r>"
    article = read(word(paragraph("Seen.", runs=run)))
    assert (said(article), left_out(article)) == ("Seen.", [("hidden text", "Secret.")])


def test_a_table_of_contents_is_left_out():
    styles = '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    data = word(paragraph("The mechanism 3", "T1") + paragraph("Text."), styles=styles)
    assert left_out(read(data)) == [("table of contents", "The mechanism 3")]


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Intense Quote", "blockquote"),
        ("Zitat", "blockquote"),
        ("Citation", "blockquote"),
        ("Cita destacada", "blockquote"),
        ("Выделенная цитата", "blockquote"),
        ("Насичена цитата", "blockquote"),
        ("heading 2", "h2"),
        ("Überschrift 2", "h2"),
        ("Заголовок 2", "h2"),
        ("HTML Preformatted", "pre"),
    ],
)
def test_styles_are_known_by_their_names_in_several_languages(name: str, tag: str):
    styles = (
        f'<w:style w:styleId="x"><w:name w:val="{name}"/></w:style>'
        '<w:style w:styleId="y"><w:name w:val="House"/><w:basedOn w:val="x"/></w:style>'
    )
    body = paragraph("Head", "heading 1") + paragraph("One", "x") + paragraph("Two", "y")
    article = read(word(body, styles=styles))
    assert " ".join(e.text_content() for e in article.body.iter(tag)).split() in (
        ["One", "Two"],
        ["OneTwo"],
    )


def test_a_heading_by_its_level_in_the_outline():
    outlined = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Deep</w:t></w:r></w:p>'
    article = read(word(paragraph("Top", "Heading1") + outlined + paragraph("Text.")))
    assert shape(article)[:2] == [("h1", "Top"), ("h2", "Deep")]


def test_a_first_line_in_bold_is_the_headline():
    line = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>The tide clock</w:t></w:r></w:p>"
    article = read(word(line + paragraph("It was the harbour master.")))
    assert article.title == "The tide clock"
    assert shape(article)[0] == ("h1", "The tide clock")


def test_the_language_of_the_text_wins_over_the_programs():
    text = "Вода никогда не опаздывает, говорит смотритель гавани, и часы идут по воде. " * 4
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>"
    )
    assert read(word(paragraph(text), styles=styles)).language == "ru"
    assert read(word(paragraph("Water " * 3), styles=styles)).language == "en-US"


def test_macros_are_not_run_and_said():
    files = word_files(paragraph("Text.")) | {"word/vbaProject.bin": b"\0"}
    assert read(zipped(files)).warnings == ("a.docx holds macros: they were not run.",)


def test_strict_documents_are_read():
    files = word_files(paragraph("Text."))
    strict = {
        name: str(xml).replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        for name, xml in files.items()
    }
    assert said(read(zipped(strict))) == "Text."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old form"),
        (b"PK\x03\x04 nothing", "damaged"),
        (zipped({"a.txt": "x"}), "no Word document"),
        (zipped({"word/document.xml": "<w:document"}), "damaged"),
        (zipped({"word/document.xml": "<a/>"}), "damaged"),
        (word(""), "no text"),
        (word("<w:p/>" * 3), "no text"),
        (word("<w:p>" * 3000 + "</w:p>" * 3000), "damaged"),
        (
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "declarations",
        ),
        (
            zipped({"word/document.xml": '<!DOCTYPE a SYSTEM "http://localhost:1/x.dtd"><a>b</a>'}),
            "declarations",
        ),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, message: str):
    with pytest.raises(SourceError, match=message):
        read(data)


def test_a_linked_picture_is_not_fetched(tmp_path: Path):
    link = (
        '<Relationship Id="p" TargetMode="External" Target="http://localhost:1/p.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    drawing = (
        '<w:r><w:drawing><wp:inline><wp:docPr descr="A clock"/><a:graphic><a:graphicData>'
        '<a:blip r:link="p"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )
    article = read(word(paragraph("Text.") + f"<w:p>{drawing}</w:p>", links=link))
    assert [image.get("alt") for image in article.body.iter("img")] == ["A clock"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damage_anywhere_ends_in_an_article_or_in_words(data: st.DataObject):
    files = word_files(
        paragraph("Text.", "Heading1")
        + '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        + paragraph("Cell")
        + '</w:tc></w:tr></w:tbl><w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>'
        + "</w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>",
        numbering='<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
    name = data.draw(st.sampled_from(sorted(files)))
    text = str(files[name])
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(1, 40))
    damaged = text[:start] + data.draw(st.text(max_size=5)) + text[start + length :]
    with suppress(SourceError):
        read(zipped(files | {name: damaged.encode("utf-8", "replace")}))


def test_a_truncated_archive_is_said():
    data = word(paragraph("Text. " * 500))
    with pytest.raises(SourceError):
        read(data[: len(data) // 2])


def test_thousands_of_drawings_in_one_run_are_read_in_seconds():
    drawing = '<w:drawing><wp:inline><wp:docPr descr="A clock"/></wp:inline></w:drawing>'
    started = time.process_time()
    article = read(word(f"<w:p><w:r><w:t>Text.</w:t>{drawing * 4000}</w:r></w:p>"))
    assert len(list(article.body.iter("img"))) == 4000
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    "line",
    [
        "Words by Imogen Sallow 16 November 2025",
        "By Imogen Sallow, 16 November 2025",
        "By Imogen Sallow · November 16, 2025",
    ],
)
def test_a_date_in_the_text_wins_over_when_the_file_was_made(line: str):
    made = (
        '<p:core xmlns:p="p" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dcterms:created>2026-11-24T02:19:02Z</dcterms:created>"
        "<dcterms:modified>2026-11-25T02:19:02Z</dcterms:modified></p:core>"
    )
    prose = "The mule in front has no name, because nobody here believes in naming colleagues."
    body = paragraph("The salt road", "Title") + paragraph(line) + paragraph(prose)
    article = read_docx(zipped({**word_files(body), "docProps/core.xml": made}), "a.docx")
    assert article.authors == ("Imogen Sallow",)
    assert article.published == datetime(2025, 11, 16, 12, tzinfo=UTC)
    assert article.modified == datetime(2026, 11, 25, 2, 19, 2, tzinfo=UTC)


def test_when_a_file_was_changed_is_not_when_its_article_was_published():
    made = (
        '<p:core xmlns:p="p" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dcterms:modified>2026-11-25T02:19:02Z</dcterms:modified></p:core>"
    )
    files = {**word_files(paragraph("The salt road", "Title")), "docProps/core.xml": made}
    assert read_docx(zipped(files), "a.docx").published is None
