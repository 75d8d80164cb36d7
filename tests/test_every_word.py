"""Every word of every fixture is spoken, or listed with a reason: counted by other means."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from audiostory.narration import load_stylesheet, narrate
from audiostory.reading import SUFFIXES, read

ROOT = Path(__file__).parents[1]
FIXTURES = sorted(
    path
    for folder in (ROOT / "tests" / "articles", ROOT / "examples")
    for path in (*folder.iterdir(), *folder.glob("round_trip/*.html"))
    if path.suffix in SUFFIXES and path.name != "README.md"
)
PROFILES = ("news", "plain", "announce")


class _Shown(HTMLParser):
    """What a page's source holds for a reader: text and descriptions, no scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in ("script", "style", "title")
        self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style", "title")

    def handle_data(self, data):
        if not self._silent:
            self.parts.append(data)


def source_text(path: Path) -> str:
    text = path.read_bytes().decode("cp1251" if "1251" in path.name else "utf-8")
    if path.suffix == ".html":
        shown = _Shown()
        shown.feed(text)
        return " ".join(shown.parts)
    text = re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE)  # the numbers of lists
    if path.suffix == ".md":
        title = re.search(r'^title: "(.*)"$', text, flags=re.MULTILINE)[1]
        text = re.sub(r"\A---.*?^---$", title, text, flags=re.MULTILINE | re.DOTALL)
        text = re.sub(r"\]\([^)]*\)|```\w*|^ +\d\. ", "", text, flags=re.MULTILINE)
        text = text.replace("[^office]:", "").replace("[^office]", "1")
    return text


def letters(text: str) -> Counter[str]:
    """Letters and digits, not words: a word divided at the end of a line is made whole."""
    return Counter(character for character in text if character.isalnum())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_word_is_spoken_or_listed(path: Path, profile: str):
    sheet = load_stylesheet(ROOT / "voices" / f"{profile}.css")
    _, script = narrate(read(path), sheet)
    spoken = [
        utterance.text
        for passage in script.passages
        for utterance in passage.utterances
        if not utterance.is_announcement
    ]
    omitted = [omission.text for omission in script.omitted]
    assert all(omission.reason for omission in script.omitted)
    assert letters(" ".join((*spoken, *omitted))) == letters(source_text(path))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_coverage_that_is_reported_adds_up(path: Path):
    _, script = narrate(read(path), load_stylesheet(ROOT / "voices" / "news.css"))
    coverage = script.coverage
    assert coverage.words_in_article > 80
    assert coverage.words_spoken + coverage.words_omitted == coverage.words_in_article
