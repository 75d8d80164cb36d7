import re
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import read
from audiostory.reading.epub import epub_chapters, read_epub
from audiostory.reading.tree import visible_text
from tests.round_trip import PAGES, as_epub

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
LONG = "The keeper went down to the quay each evening, and lit the lamp that nobody had asked for. "


def book(
    files: dict[str, str], *, spine: str = "", package: str = "", guide: str = "", extra=None
) -> bytes:
    """An EPUB of some XHTML bodies, in order."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(files)
    )
    order = spine or "".join(f'<itemref idref="i{n}"/>' for n in range(len(files)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'version="3.0"><metadata><dc:title>Lamps</dc:title>{package}</metadata>'
        f"<manifest>{items}{'' if extra is None else extra.get('manifest', '')}</manifest>"
        f"<spine>{order}</spine>{guide}</package>"
    )
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", opf)
        for name, body in files.items():
            archive.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" '
                f'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head><title>x</title>'
                f"</head>{body}</html>",
            )
        for path, content in (extra or {}).get("files", {}).items():
            archive.writestr(path, content)
    return data.getvalue()


def chapter(number: int, inside: str = "") -> str:
    return f"<body><h1>Chapter {number}</h1><p>{LONG * 2}</p>{inside}</body>"


def blocks(article: Article) -> list[tuple[str, str]]:
    tags = ("h1", "h2", "h3", "p", "li")
    return [(str(e.tag), visible_text(e)) for e in article.body.iter(*tags)]


def omitted(article: Article) -> list[tuple[str, str]]:
    return [(omission.reason, omission.text) for omission in article.omissions]


def words(article: Article) -> Counter[str]:
    text = " ".join((visible_text(article.body), *(o.text for o in article.omissions)))
    return Counter(re.findall(r"\w+", text))


def test_the_chapters_of_a_book_stand_below_its_title():
    article = read_epub(book({"a.xhtml": chapter(1), "b.xhtml": chapter(2)}), "lamps.epub")
    assert [block for block in blocks(article) if block[0] != "p"] == [
        ("h1", "Lamps"),
        ("h2", "Chapter 1"),
        ("h2", "Chapter 2"),
    ]
    assert article.title == "Lamps"


def test_a_chapter_is_an_article_of_its_own_when_asked_for():
    first, second = epub_chapters(book({"a.xhtml": chapter(1), "b.xhtml": chapter(2)}), "l.epub")
    assert (first.title, first.source) == ("Lamps: Chapter 1", "l.epub#a.xhtml")
    assert blocks(second)[0] == ("h1", "Chapter 2")


def test_files_are_read_in_the_order_of_the_spine():
    spine = '<itemref idref="i1"/><itemref idref="i0"/>'
    article = read_epub(book({"a.xhtml": chapter(1), "b.xhtml": chapter(2)}, spine=spine), "l.epub")
    text = visible_text(article.body)
    assert text.index("Chapter 2") < text.index("Chapter 1")


def test_what_the_package_says_is_known():
    package = (
        '<dc:creator id="c1">Ann Lee</dc:creator><dc:creator id="c2">Bo Chan</dc:creator>'
        '<meta refines="#c2" property="role">ill</meta><dc:language>en-GB</dc:language>'
        "<dc:date>2026-03-04</dc:date><dc:description>Of lamps.</dc:description>"
    )
    article = read_epub(book({"a.xhtml": chapter(1)}, package=package), "l.epub")
    assert article.authors == ("Ann Lee",)
    assert article.language == "en-GB"
    assert article.published
    assert article.published.date().isoformat() == "2026-03-04"
    assert article.description == "Of lamps."


def test_a_table_of_contents_and_page_numbers_are_left_out_with_a_reason():
    contents = '<body><nav epub:type="toc"><ol><li>Chapter 1</li></ol></nav></body>'
    paged = '<p>Before <span epub:type="pagebreak">12</span>after.</p>'
    article = read_epub(book({"toc.xhtml": contents, "a.xhtml": chapter(1, paged)}), "l.epub")
    assert ("table of contents", "Chapter 1") in omitted(article)
    assert ("page number", "12") in omitted(article)
    assert "Before after." in visible_text(article.body)


def test_what_is_not_linear_is_listed_but_notes_are_read():
    spine = (
        '<itemref idref="i0"/><itemref idref="i1" linear="no"/><itemref idref="i2" linear="no"/>'
    )
    notes = '<body><aside epub:type="footnote" id="n1"><p>A note on oil.</p></aside></body>'
    files = {
        "a.xhtml": chapter(1),
        "x.xhtml": "<body><p>An answer key.</p></body>",
        "n.xhtml": notes,
    }
    article = read_epub(book(files, spine=spine), "l.epub")
    assert ("apart from the reading order", "An answer key.") in omitted(article)
    assert "A note on oil." in visible_text(article.body)


def test_a_reference_to_a_note_leads_to_it_and_is_raised():
    reference = '<p>Oil<a epub:type="noteref" href="n.xhtml#n1">1</a> burns.</p>'
    article = read_epub(book({"a.xhtml": chapter(1, reference)}), "l.epub")
    (link,) = article.body.iter("a")
    assert link.get("href") == "#n1"
    assert link.find("sup") is not None


def test_elements_that_close_themselves_swallow_nothing():
    article = read_epub(
        book({"a.xhtml": chapter(1, '<p><a id="p1"/>One.</p><p>Two.</p>')}), "l.epub"
    )
    assert blocks(article)[-2:] == [("p", "One."), ("p", "Two.")]


def test_named_entities_are_not_lost():
    article = read_epub(book({"a.xhtml": chapter(1, "<p>Caf&eacute;&nbsp;Lux</p>")}), "l.epub")
    assert "Café" in visible_text(article.body)


def test_an_entity_that_names_a_file_is_not_read(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    inside = "<p>Here: &secret;.</p>"
    data = book({"a.xhtml": chapter(1, inside)})
    declared = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY secret SYSTEM "file://{secret}">]>'
    swapped = data.replace(b'<?xml version="1.0"?><html', declared.encode() + b"<html")
    archive = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(archive, "w") as new:
        for entry in old.namelist():
            content = old.read(entry).replace(
                b'<?xml version="1.0"?><html', declared.encode() + b"<html"
            )
            new.writestr(entry, content)
    assert swapped
    article = read_epub(archive.getvalue(), "l.epub")
    assert "hidden words" not in visible_text(article.body)


def test_a_missing_file_is_a_warning():
    extra = {"manifest": '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>'}
    spine = '<itemref idref="i0"/><itemref idref="gone"/>'
    article = read_epub(book({"a.xhtml": chapter(1)}, spine=spine, extra=extra), "l.epub")
    assert article.warnings == ("A part of the book is missing: gone.xhtml.",)


def locked(algorithm: str) -> bytes:
    encryption = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        f'<EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'
    )
    return book({"a.xhtml": chapter(1)}, extra={"files": {"META-INF/encryption.xml": encryption}})


def test_a_locked_book_says_so_and_hidden_fonts_are_no_lock():
    with pytest.raises(SourceError, match=r"locked.*DRM"):
        read_epub(locked("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), "l.epub")
    assert read_epub(locked("http://www.idpf.org/2008/embedding"), "l.epub").title == "Lamps"


@pytest.mark.parametrize("lost", ["META-INF/container.xml", "OEBPS/book.opf"])
def test_a_book_that_does_not_say_what_to_read_is_an_error(lost: str):
    whole = book({"a.xhtml": chapter(1)})
    data = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(data, "w") as new:
        for entry in old.namelist():
            if entry != lost and (lost != "META-INF/container.xml" or not entry.endswith(".opf")):
                new.writestr(entry, old.read(entry))
    with pytest.raises(SourceError, match="no EPUB"):
        read_epub(data.getvalue(), "l.epub")


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<h1>",
                "</h1>",
                "<h2>",
                "</h2>",
                "<br/>",
                "<a id='x'/>",
            ),
            *(
                "<span epub:type='pagebreak'>",
                "</span>",
                "<aside epub:type='footnote'>",
                "</aside>",
            ),
            *("word ", "word ", "word ", "<img alt='word'/>", "<ul><li>", "</li></ul>"),
        ]
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(PIECES, PIECES)
def test_no_word_of_a_book_is_lost(one: list[str], two: list[str]):
    count = iter(range(1000))
    bodies = [
        re.sub("word", lambda _: f"word{next(count)}", f"<body>word {' '.join(p)} </body>")
        for p in (one, two)
    ]
    article = read_epub(book({"a.xhtml": bodies[0], "b.xhtml": bodies[1]}), "l.epub")
    expected = Counter(re.findall(r"word\d+", " ".join(bodies)))
    found = words(article)
    assert Counter({word: found[word] for word in found if word.startswith("word")}) == expected


@pytest.mark.parametrize("page", PAGES[::6], ids=lambda page: page.stem)
def test_every_word_of_a_real_book_is_read_or_listed(page: Path, tmp_path: Path):
    path = as_epub(page, tmp_path)
    article = read(path)
    with zipfile.ZipFile(path) as archive:
        texts = [
            re.sub(
                r"<[^>]+>", " ", archive.read(name).decode().partition("<body")[2].partition(">")[2]
            )
            for name in archive.namelist()
            if name.startswith("EPUB/text/")
        ]
    wanted = Counter(re.findall(r"\w+", " ".join(texts).replace("&amp;", "&")))
    assert not wanted - words(article)


def test_a_file_that_the_spine_names_again_and_again_is_read_once():
    data = book({"a.xhtml": chapter(1)}, spine='<itemref idref="i0"/>' * 5000)
    assert visible_text(read_epub(data, "book.epub").body).count("Chapter 1") == 1


TITLES = "<section epub:type='titlepage'><h1>Lamps</h1><p>Ann Lee</p><p>2024</p></section>"
BY = "<dc:creator>Ann Lee</dc:creator>"


def test_a_title_page_is_no_chapter():
    files = {"t.xhtml": f"<body>{TITLES}</body>", "a.xhtml": chapter(1), "b.xhtml": chapter(2)}
    first, second = epub_chapters(book(files, package=BY), "l.epub")
    assert (first.title, second.title) == ("Lamps: Chapter 1", "Lamps: Chapter 2")
    assert [(o.text, o.reason) for o in first.omissions] == [("Lamps Ann Lee 2024", "title page")]
    assert not second.omissions


def test_a_title_page_with_more_on_it_and_one_alone_are_chapters():
    more = f"<body><h1>Lamps</h1><p>Ann Lee</p><p>{LONG}</p></body>"
    files = {"t.xhtml": more, "a.xhtml": chapter(1)}
    assert len(epub_chapters(book(files, package=BY), "l.epub")) == 2
    alone = epub_chapters(book({"t.xhtml": f"<body>{TITLES}</body>"}, package=BY), "l.epub")
    assert [article.title for article in alone] == ["Lamps: Lamps"]
