"""The benchmark of quotations reads its own articles, and what it measures does not fall."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections import Counter

import pytest
from lxml import etree

from benchmarks import quotations

LANGUAGES = {"en", "ru", "de", "fr", "es", "uk", "pl"}


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, float]]:
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(sys, "argv", ["quotations", "--json"])
        assert quotations.main() == 0
    return json.loads(printed.getvalue())


def test_each_language_has_its_figures(scores: dict[str, dict[str, float]]) -> None:
    assert set(scores) == LANGUAGES
    for figures in scores.values():
        assert set(figures) == {"precision", "recall", "f1", "attribution"}
        assert all(0 <= figure <= 1 for figure in figures.values())


def test_speech_is_found(scores: dict[str, dict[str, float]]) -> None:
    assert scores["en"]["f1"] >= 0.97
    assert min(figures["f1"] for figures in scores.values()) >= 0.95


def test_speakers_are_named(scores: dict[str, dict[str, float]]) -> None:
    floors = {"en": 0.87, "ru": 0.78, "de": 0.8, "fr": 0.86, "es": 0.86, "uk": 0.7, "pl": 0.62}
    for language, floor in floors.items():
        assert scores[language]["attribution"] >= floor, language


def test_the_articles_have_enough_of_everything() -> None:
    tags: dict[str, Counter[str]] = {}
    for path in quotations.DATA.glob("*.xml"):
        tags[path.stem] = Counter(e.tag for e in etree.parse(path).iter())
    assert min(tags[language]["d"] for language in ("en", "ru")) >= 70
    assert min(tags[language]["d"] for language in ("de", "fr", "es")) >= 25
    assert all(tags[language][tag] for language in LANGUAGES for tag in ("d", "f", "t"))


def test_the_table_has_what_was_held_back_apart() -> None:
    counts = {"en": (quotations.Count(1, 1, 2, 1), quotations.Count(1, 2, 1, 0))}
    table = quotations._table(counts).splitlines()
    assert table[2] == "| en | 3 | 0.667 | 0.667 | 0.667 | 0.333 | 0 of 0 |"
    assert table[3] == "| held back | 1 | 0.500 | 1.000 | 0.667 | 0.000 | 0 of 0 |"
