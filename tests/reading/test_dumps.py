"""Dumps from many sources, each with the blocks and omissions it should become beside it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from audiostory.model import Article
from audiostory.reading.plain import read_text
from audiostory.reading.text import parse_text

DUMPS = Path(__file__).parent / "fixtures" / "dumps"
NAMES = sorted(path.stem for path in DUMPS.glob("*.txt"))
HOLDERS = ("ul", "ol", "blockquote", "figure")


def text_of(element: HtmlElement) -> str:
    parts = [element.text or ""]
    for inner in element:
        parts += [" / " if inner.tag == "br" else inner.text or "", inner.tail or ""]
    return " ".join("".join(parts).split())


def blocks(article: Article) -> list[str]:
    found: list[str] = []
    for element in article.body:
        class_ = f".{element.get('class')}" if element.get("class") else ""
        if element.tag == "hr":
            found.append("hr")
        elif element.tag in HOLDERS:
            role = element.tag if element.tag != "figure" else element[0].tag
            found += [f"{role}: {text_of(inner)}" for inner in element]
        else:
            found.append(f"{element.tag}{class_}: {text_of(element)}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_dump_becomes_what_a_narrator_would_make_of_it(name: str):
    golden = (DUMPS / f"{name}.golden").read_text("utf-8").splitlines()
    article = read_text((DUMPS / f"{name}.txt").read_bytes(), f"{name}.txt")
    omitted = [f"- {' '.join(o.text.split())} ({o.reason})" for o in article.omissions]
    assert [f"language: {article.language}", *blocks(article), *omitted] == [
        line for line in golden if line
    ]


def test_there_are_dumps_in_six_languages():
    goldens = [(DUMPS / f"{name}.golden").read_text("utf-8").split("\n")[0] for name in NAMES]
    assert {line.removeprefix("language: ") for line in goldens} == {
        *("de", "en", "es", "fr", "ru", "uk")
    }


# --- no word is lost ------------------------------------------------------------------------


def lines_of(name: str) -> list[str]:
    text = (DUMPS / f"{name}.txt").read_text("utf-8")
    return [line for line in re.split(r"\n|(\f)", text) if line is not None]


LINES = [line for name in NAMES if name != "email-en" for line in lines_of(name)]


def numbered(root: HtmlElement) -> str:
    """The numbers that an ordered list says without writing them."""
    lists = [(int(ol.get("start") or 1), len(ol)) for ol in root.iter("ol")]
    return " ".join(str(start + n) for start, length in lists for n in range(length))


def said(text: str, language: str) -> str:
    document = parse_text(text, language)
    read = " ".join("".join(f" {t}" for t in block.itertext()) for block in document.root)
    omitted = " ".join(omission.text for omission in document.omissions)
    return f"{read} {omitted} {numbered(document.root)}"


def characters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=60),
    st.sampled_from(["en", "de", "fr", "es", "ru", "uk", "sv"]),
)
def test_no_word_of_mixed_dumps_is_lost(lines: list[str], language: str):
    text = "\n".join(lines)
    assert characters(said(text, language)) == characters(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=60).map("\n".join))
def test_words_stay_whole_but_for_those_that_a_line_end_divides(text: str):
    text = re.sub("\u00ad|[-‐¬]$", "", text, flags=re.MULTILINE)
    words = re.compile(r"[^\W_]+")
    assert Counter(words.findall(said(text, "en"))) == Counter(words.findall(text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_no_word_is_lost_when_the_lines_of_a_dump_are_shuffled(name: str, random):
    lines = [line for line in lines_of(name) if name != "email-en"]
    random.shuffle(lines)
    text = "\n".join(lines)
    assert characters(said(text, "en")) == characters(text)
