from __future__ import annotations

import pytest

from audiostory.reading import language
from audiostory.reading.html import html_article

GERMAN = "Das ist ein deutscher Satz, der hier steht und lang genug ist."


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        (" en_US ", "en-US"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("de-DE-1996", "de-DE-1996"),
        ("en-x-twain", "en-x-twain"),
        ("de-CH-x-a-b", "de-CH-x-a-b"),
        ("en-US-u-ca-buddhist", "en-US-u-ca-buddhist"),
        ("", None),
        (None, None),
        ("English", None),
        ("en-", None),
        ("en-x", None),
        ("en-u", None),
        ("e", None),
        ("en\n<b>", None),
        ("{{lang}}", None),
        ("x-klingon", None),
    ],
)
def test_a_declared_language_is_a_tag_of_bcp_47(declared: str | None, tag: str | None):
    assert language.tag(declared) == tag


def test_a_private_subtag_is_kept_and_an_empty_language_is_found_out():
    page = "<html lang='{}'><h1>T</h1><p lang=''>{}</p></html>"
    assert html_article(page.format("de-x-mine", GERMAN), "a.html").language == "de-x-mine"
    article = html_article(page.format("", GERMAN), "a.html")
    assert article.language == "de"
    assert not article.warnings
    assert article.body[-1].get("lang") is None
