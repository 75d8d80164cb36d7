import json

import pytest

from audiostory.model import Article
from audiostory.reading.html import html_article

TEXT = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 3
SAID = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "The lamp",
    "author": {"@type": "Person", "name": "Mara O&#039;Lind"},
    "datePublished": "2024-03-05T07:30:00+01:00",
}


def article(*scripts: str) -> Article:
    heads = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    text = f"<body><article><h1>The lamp</h1><p>{TEXT}</p></article></body>"
    return html_article(f"<html lang=en><head>{heads}</head>{text}</html>", "page.html")


@pytest.mark.parametrize(
    "script",
    [
        "{}",
        "<![CDATA[ {} ]]>",
        "//<![CDATA[\n{}\n//]]>",
        "<!-- {} -->",
        "{};",
    ],
)
def test_json_ld_is_read_however_it_is_wrapped(script: str):
    found = article(script.replace("{}", json.dumps(SAID)))
    assert found.authors == ("Mara O'Lind",)
    assert found.published is not None
    assert found.published.isoformat() == "2024-03-05T07:30:00+01:00"


def test_json_ld_with_a_line_break_in_a_string_is_read():
    script = json.dumps({**SAID, "description": "One.|Two."}).replace("|", "\n")
    assert article(script).authors == ("Mara O'Lind",)


def test_of_json_ld_the_article_counts_more_than_its_page():
    page = {"@type": "WebPage", "name": "The lamp", "author": {"name": "The site"}}
    assert article(json.dumps({"@graph": [page, SAID]})).authors == ("Mara O'Lind",)
    assert article(json.dumps(page), json.dumps(SAID)).authors == ("Mara O'Lind",)
    assert article(json.dumps({**page, "mainEntity": SAID})).authors == ("Mara O'Lind",)
    assert article(json.dumps(page)).authors == ("The site",)


def test_of_several_types_any_may_be_an_article():
    assert article(json.dumps({**SAID, "@type": ["Thing", "BlogPosting"]})).authors


def test_stories_that_a_page_lists_are_not_its_own():
    others = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": SAID}]}
    assert article(json.dumps(others)).authors == ()


def test_of_several_meta_elements_each_names_an_author():
    metas = "".join(f'<meta name="author" content="{name}">' for name in ("Ann Lee", "Bo Chan"))
    text = f"<body><article><h1>The lamp</h1><p>{TEXT}</p></article></body>"
    found = html_article(f"<html lang=en><head>{metas}</head>{text}</html>", "page.html")
    assert found.authors == ("Ann Lee", "Bo Chan")


@pytest.mark.parametrize(
    "marked",
    [
        "<span itemprop=author><span itemprop=name>Ann Lee</span> —</span>",
        "<span itemprop=author>Ann Lee —</span>",
        "<a rel=author href=/lee>by Ann Lee | The Quay</a>",
    ],
)
def test_a_name_that_a_page_marks_is_the_author_without_what_stands_beside_it(marked: str):
    text = f"<body><article><h1>The lamp</h1><p>{marked}</p><p>{TEXT}</p></article></body>"
    assert html_article(f"<html lang=en>{text}</html>", "page.html").authors == ("Ann Lee",)
