"""A real dump of a news page, and what a careful narrator would do with it.

The article is not ours to carry; it lies beside the checkout where the project is developed.
"""

import json
from pathlib import Path

import pytest

from audiostory.model import Article, Script
from audiostory.narration import load_stylesheet, narrate
from audiostory.reading import read

ARTICLES = Path(__file__).parents[3] / "shared" / "articles"
DUMP = ARTICLES / "meduza-2022-10-14.txt"

pytestmark = pytest.mark.skipif(
    not DUMP.exists(), reason=f"{DUMP.name} is not beside this checkout, in ../shared/articles"
)


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads(DUMP.with_suffix(".expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def narrated() -> tuple[Article, Script]:
    news = Path(__file__).parents[2] / "voices" / "news.css"
    return narrate(read(DUMP), load_stylesheet(news))


@pytest.fixture(scope="module")
def passages(narrated) -> list[str]:
    return [
        folded("".join(u.lead + u.text + u.trail for u in passage.utterances))
        for passage in narrated[1].passages
    ]


def test_headline_date_and_language(narrated, expected):
    article, script = narrated
    assert article.title.startswith(expected["title_starts"])
    assert script.passages[0].role == "heading"
    assert script.passages[0].chapter.title == article.title
    assert script.passages[1].role == "standfirst"
    assert article.published.date().isoformat() == expected["published"]
    assert article.language == expected["language"]


def test_credits_are_spoken_and_name_everyone(narrated, expected):
    article, script = narrated
    said = " ".join(u.text for p in script.passages if p.role == "credits" for u in p.utterances)
    for name in expected["credits_contain"]:
        assert name in said
    assert article.authors == ("Andrey Pertsev", "Elizaveta Antonova")


def test_paragraphs_are_spoken_in_order(passages, expected):
    at = 0
    for start in expected["spoken_in_order"]:
        found = [n for n, text in enumerate(passages) if text.lstrip('“"').startswith(start)]
        assert found, start
        assert found[0] >= at, start
        at = found[0]


def test_sentences_that_the_layout_broke_are_whole(passages, expected):
    for piece in expected["rejoined"]:
        assert any(piece in text for text in passages), piece


def test_furniture_is_not_spoken_but_listed(narrated, passages, expected):
    omitted = folded(" ".join(omission.text for omission in narrated[1].omitted))
    for piece in expected["never_spoken"]:
        assert not any(piece in text for text in passages), piece
        assert piece in omitted, piece


def test_the_block_quote_that_nothing_marks(narrated, passages, expected):
    roles = [passage.role for passage in narrated[1].passages]
    for quote in expected["block_quotes"]:
        first = next(n for n, text in enumerate(passages) if text.startswith(quote["starts"]))
        last = first + quote["paragraphs"] - 1
        assert set(roles[first : last + 1]) == {"blockquote"}
        assert passages[last].endswith(quote["ends"])
        assert "blockquote" not in (roles[first - 1], roles[last + 1])


def test_direct_speech_and_quoted_fragments(narrated, expected):
    quoted: dict[str, list[str]] = {"direct": [], "fragment": []}
    for passage in narrated[1].passages:
        last = None
        for utterance in passage.utterances:
            if utterance.quote in quoted:
                if utterance.quote == last == "direct" and not utterance.lead.strip():
                    quoted["direct"][-1] += f" {utterance.text}"
                else:
                    quoted[utterance.quote].append(utterance.text)
            last = utterance.quote
    for speech in expected["direct_speech"]:
        assert any(
            text.startswith(speech["starts"]) and text.endswith(speech["ends"])
            for text in quoted["direct"]
        ), speech["starts"]
    assert len(quoted["direct"]) == len(expected["direct_speech"])
    for fragment in expected["quoted_fragments"]:
        assert fragment in quoted["fragment"]


def test_who_says_what(narrated, expected):
    said = [u for p in narrated[1].passages for u in p.utterances if u.quote in ("direct", "block")]
    for speech in (*expected["direct_speech"], *expected["block_quotes"]):
        first = next(n for n, u in enumerate(said) if speech["starts"].startswith(u.text[:30]))
        last = next(n for n, u in enumerate(said[first:], first) if speech["ends"][-30:] in u.text)
        assert {u.speaker for u in said[first : last + 1]} == {speech["speaker"]}, speech["starts"]


def test_every_word_of_the_dump_is_spoken_or_listed(narrated):
    _, script = narrated
    coverage = script.coverage
    assert coverage.words_spoken + coverage.words_omitted == coverage.words_in_article
