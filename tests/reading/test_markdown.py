from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiostory.errors import SourceError
from audiostory.model import Omission
from audiostory.reading.markdown import read_markdown
from audiostory.reading.tree import visible_text

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


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ("null", ()),
        ("~", ()),
        ("true", ()),
        ("''", ()),
        ("'null'", ("null",)),
        ("[]", ()),
        ("[Ann Lee, null, 'Bo, Chan']", ("Ann Lee", "Bo, Chan")),
        ("{name: Ann Lee, email: a@a.example}", ("Ann Lee",)),
        ("{email: a@a.example}", ()),
        ("\n  - name: Ann Lee\n    url: x\n  - Bo Chan", ("Ann Lee", "Bo Chan")),
        ("1984", ("1984",)),
        ("[[Ann], [Bo]]", ()),
        ('"Ann\\u0001 \\ud800 Lee"', ("Ann Lee",)),
    ],
)
def test_authors_are_names_however_they_are_given(author: str, authors: tuple[str, ...]):
    article = read_markdown(f"---\nauthor: {author}\n---\nText".encode(), "a.md")
    assert article.authors == authors
    assert not article.warnings


@pytest.mark.parametrize(
    "date",
    ["2025-04-06", "'2025-04-06'", "2025-04-06T12:00:00Z", "2025-04-06 14:00:00 +0200"],
)
def test_dates_are_understood_as_they_are_written(date: str):
    article = read_markdown(f"---\ndate: {date}\n---\nText".encode(), "a.md")
    assert article.published == datetime(2025, 4, 6, 12, tzinfo=UTC)


def test_a_title_of_figures_stays_as_it_is_written():
    article = read_markdown(b"---\ntitle: 3.10\ndate: soon\n---\nText", "a.md")
    assert (article.title, article.published) == ("3.10", None)


def test_front_matter_may_be_toml():
    text = """+++
title = "The lamp"
date = 2025-04-06
authors = ["Ann Lee", {name = "Bo Chan"}, 7, true]
lang = "de"
draft = false
+++
Text
"""
    article = read_markdown(text.encode(), "a.md")
    assert (article.title, article.language) == ("The lamp", "de")
    assert article.authors == ("Ann Lee", "Bo Chan", "7")
    assert article.published == datetime(2025, 4, 6, 12, tzinfo=UTC)
    assert [element.tag for element in article.body] == ["h1", "p"]


BOMB = "a: &a [x, x]\n" + "\n".join(
    f"{name}: &{name} [*{before}, *{before}]"
    for before, name in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
)


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("---\ntitle: The lamp: a story\n---", "line 2: mapping values are not allowed here"),
        ("---\nauthor: [Ann\n---", "line 3: "),
        ("---\nauthor: *nobody\n---", "undefined alias|line 2"),
        (f"---\na: {'[' * 20_000}\n---", "it nests too deeply"),
        (f"---\na: {'b ' * 40_000}\n---", "it is too long"),
        ('+++\ntitle = "The lamp\n+++', "line 1"),
        (f"+++\ntitle = {'9' * 5000}\n+++", "4300"),
        (f"+++\ntitle = {'[' * 20_000}\n+++", "it nests too deeply"),
    ],
)
def test_front_matter_that_cannot_be_read_is_listed(front: str, problem: str):
    article = read_markdown(f"{front}\n# Head\n\nText".encode(), "a.md")
    assert [element.tag for element in article.body] == ["h1", "p"]
    (warning,) = article.warnings
    assert warning.startswith("a.md: its front matter cannot be read (")
    assert any(part in warning for part in problem.split("|")), warning
    inner = " ".join(front[4:-3].split())
    expected = (Omission(inner, "front matter"),) if any(c.isalnum() for c in inner) else ()
    assert article.omissions == expected


def test_aliases_name_texts_and_multiply_nothing():
    head = f"---\n{BOMB}\nauthor: *z\ntitle: &title Lamp\ndescription: *title\n---"
    article = read_markdown(f"{head}\nText".encode(), "a.md")
    assert (article.title, article.description, article.authors) == ("Lamp", "Lamp", ())


@pytest.mark.parametrize(
    "text",
    [
        *("---\nThe lamp.\n\nIt stands.\n\n---\n\nMore", "---\ntitle: x\n\nText"),
        *("+++\ntitle = 1\n\nText", "Text\n\n---\ntitle: x\n---\n", "---\n---\n\nText"),
    ],
)
def test_what_is_no_front_matter_is_text(text: str):
    article = read_markdown(text.encode(), "a.md")
    said = "".join(article.body.itertext())
    assert [w for w in ("lamp", "title", "Text") if w in text] == [
        w for w in ("lamp", "title", "Text") if w in said
    ]
    assert not article.omissions


@pytest.mark.parametrize(
    "text", ["* * *", "---\nauthor: Ann\n---\n", "<script>x</script>", "![]()"]
)
def test_without_words_it_says_what_to_do_with_a_markdown_file(text: str):
    with pytest.raises(SourceError, match=r"There is no text in a\.md") as error:
        read_markdown(text.encode(), "a.md")
    assert "browser" not in error.value.advice
    assert error.value.advice


def test_cells_beyond_a_tables_columns_are_read():
    article = read_markdown(
        b"| a |\n|---|\n| b | *c* | d |\n\n> | e |\n> |---|\n> | f | g |\n", "a.md"
    )
    assert visible_text(article.body) == "a b c d e f g"


def test_notes_that_nothing_refers_to_are_listed_where_they_stand():
    text = "One.[^1]\n\n[^2]: Nobody's.\n\n[^1]: Twice.\n\n[^1]: A note.\n\nTwo.\n"
    article = read_markdown(text.encode(), "a.md")
    first = article.body[0].get("id")
    assert [(o.text, o.after) for o in article.omissions] == [
        ("Nobody's.", first),
        ("Twice.", first),
    ]
    assert visible_text(article.body).endswith("Two. A note.")


def test_tasks_are_items_and_terms_have_definitions():
    text = b"# The lamp\n\n- [ ] oil it\n- [x] light it\n\nWick\n:   What burns.\n"
    body = read_markdown(text, "lamp.md").body
    assert [item.text_content().strip() for item in body.iter("li")] == ["oil it", "light it"]
    assert [(e.tag, e.text_content().strip()) for e in body.iter("dt", "dd")] == [
        ("dt", "Wick"),
        ("dd", "What burns."),
    ]


@pytest.mark.parametrize("date", ["2024-02-30", "soon", "{{ date }}"])
def test_a_date_that_is_no_day_is_said(date: str):
    article = read_markdown(f"---\ndate: '{date}'\n---\nText".encode(), "a.md")
    assert article.published is None
    assert article.warnings == (
        f'a.md: its date, "{date}", is no day: write one such as 2024-05-03.',
    )
