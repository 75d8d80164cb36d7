"""How a body is written, seen through the door: clean."""

from __future__ import annotations

import pytest

from audiostory.reading.html import html_article

LONG = "The lamp stands on the quay, and it belongs to nobody in particular. " * 3


def written(inner: str, language: str = "en") -> str:
    """The text of a page's last paragraph, as it comes into the body."""
    page = f"<html lang={language}><body><h1>T</h1><p>{LONG}</p><p>{inner}</p></body></html>"
    return "".join(html_article(page, "story.html").body[-1].itertext())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“So ‘no’ and ‘a “b”’,” he"),
        ("de", "„So ‚no‘ and ‚a „b“‘,“ he"),
        ("ru", "«So „no“ and „a «b»“,» he"),
        ("fr", "«So “no” and “a «b»”,» he"),
        ("xx", "“So ‘no’ and ‘a “b”’,” he"),
    ],
)
def test_a_quotation_in_a_quotation_gets_the_inner_marks(language: str, text: str) -> None:
    inner = "<q>So <q>no</q> and <q>a <q>b</q></q>,</q> he"
    assert written(inner, language) == text
    assert written(f"{inner} {inner}", language) == f"{text} {text}"
