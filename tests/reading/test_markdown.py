from datetime import UTC, datetime
from pathlib import Path

from audiostory.reading.markdown import read_markdown

GARDEN = Path(__file__).parents[1] / "articles" / "garden.md"


def tags(text: str) -> list[str]:
    return [element.tag for element in read_markdown(text.encode(), "a.md").body]


def test_front_matter_describes_the_article():
    article = read_markdown(GARDEN.read_bytes(), "garden.md")
    assert article.title == "A garden on the ring road"
    assert article.authors == ("Pia Lindqvist",)
    assert article.published == datetime(2025, 4, 6, 12, tzinfo=UTC)
    assert article.language == "en"


def test_structure_is_kept():
    body = read_markdown(GARDEN.read_bytes(), "garden.md").body
    assert [element.tag for element in body] == [
        *("h1", "p", "p", "figure", "h2", "p", "p", "ul", "blockquote", "h2", "p", "table"),
        *("h3", "p", "pre", "p", "hr", "p", "ol"),
    ]
    assert body.find("ol").get("class") == "footnotes"
    assert body.find("blockquote")[-1].get("class") == "attribution"
    assert body.find("ul")[2].find("ol") is not None
    assert len(body.findall(".//th")) == 3


def test_a_headline_of_its_own_is_the_title():
    article = read_markdown(b"# The lamp\n\nIt stands on the quay.", "a.md")
    assert article.title == "The lamp"
    assert tags("# The lamp\n\nText") == ["h1", "p"]


def test_lists_of_authors_and_other_front_matter():
    text = "---\ntitle: 'T'\nauthors:\n - Ann Lee\n - Bo Chan\nlang: de\nurl: https://a.example/\n---\nText"
    article = read_markdown(text.encode(), "a.md")
    assert article.authors == ("Ann Lee", "Bo Chan")
    assert article.language == "de"
    assert article.canonical_url == "https://a.example/"


def test_html_in_markdown_is_cleaned_as_any_html():
    article = read_markdown(b"Text <b onclick=x()>bold</b>\n\n<script>x()</script>\n", "a.md")
    assert [e.tag for e in article.body.iter()] == ["article", "p", "strong"]


def test_broken_markdown_is_text():
    assert tags("**not closed [and](\n\n| no | table") == ["p", "p"]
