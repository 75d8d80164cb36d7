import lxml.html
import pytest

from audiostory.model import Show
from audiostory.publishing.labels import labels
from audiostory.publishing.page import page
from tests.publishing.helpers import Maker, article


def read(make: Maker, show: Show, **changes: object) -> lxml.html.HtmlElement:
    data = page(make(article(**changes)), show, title="Rain & shine (2)", audio="rain-1a2b3c4d.mp3")
    assert data.startswith(b"<!DOCTYPE html>")
    return lxml.html.document_fromstring(data.decode())


def test_it_holds_the_article_the_audio_and_the_ways_out(make: Maker, show: Show):
    tree = read(make, show)
    assert tree.get("lang") == "en"
    assert tree.findtext(".//title") == "Rain & shine (2) – Tales & Tunes"
    audio = tree.find(".//audio")
    assert audio.get("src") == "rain-1a2b3c4d.mp3"
    assert audio.get("preload") == "metadata"
    assert "controls" in audio.attrib
    links = {link.get("href") for link in tree.iter("a", "link")}
    assert {"../../feed.xml", "transcript.vtt", "https://news.example/rain?a=1&b=2"} <= links
    assert len(tree.findall(".//main")) == len(tree.findall(".//h1")) == 1
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_chapters_lead_to_their_headings(make: Maker, show: Show):
    tree = read(make, show)
    items = tree.findall(".//nav//li")
    assert [item.find("a").text for item in items] == ["Rain & shine", "Weather"]
    assert [item.find("time").text for item in items] == ["0:00", "0:04"]
    for item in items:
        assert tree.get_element_by_id(item.find("a").get("href")[1:]).tag in ("h1", "h2")


def test_what_was_left_out_is_said_with_reasons(make: Maker, show: Show):
    details = read(make, show).find(".//details")
    assert details.findtext("summary") == "What was left out (1)"
    assert details.find(".//li").text_content() == "Menu & more — menu"
    assert read(make, show, omissions=()).find(".//details") is None


def test_nothing_is_loaded_from_elsewhere(make: Maker, show: Show):
    tree = read(make, show)
    assert not tree.findall(".//script")
    assert [image.get("src")[:11] for image in tree.iter("img")] == ["data:image/"]
    stand_in = tree.get_element_by_id("i")
    assert stand_in.text == "Image: A wet street"
    assert stand_in.getparent().tag == "figure"
    policy = tree.find(".//meta[@http-equiv]").get("content")
    assert policy.startswith("default-src 'none'")


def test_links_of_the_article_lead_somewhere_or_are_text(make: Maker, show: Show):
    links = {link.text: link.get("href") for link in read(make, show).iter("a")}
    assert links["More"] == "https://news.example/more"
    assert links["up"] == "#h"
    assert links["no"] is None


def test_the_article_is_left_as_it_is(make: Maker, show: Show):
    episode = make(article())
    before = lxml.html.tostring(episode.article.body)
    page(episode, show, title="t", audio="t.mp3")
    assert lxml.html.tostring(episode.article.body) == before


def test_our_own_words_are_in_the_language_of_the_article(make: Maker, show: Show):
    russian = read(make, show, language="ru-RU")
    assert russian.find(".//nav/p").text == "Главы"
    assert russian.find(".//nav/p").get("lang") == "ru"
    finnish = read(make, show, language="fi")
    assert finnish.find(".//nav/p").get("lang") == "en"
    assert read(make, show, language="ar").get("dir") == "rtl"


def test_a_headline_is_added_when_the_article_has_none(make: Maker, show: Show):
    tree = read(make, show, markup="<article id='a'><p id='p'>x</p></article>")
    assert tree.findtext(".//h1") == "Rain & shine (2)"
    assert tree.find(".//nav") is None


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt", "ru", "uk"])
def test_each_language_has_every_label(language: str):
    words = labels(language)
    assert words.language == language
    assert all(getattr(words, name) for name in words.__dataclass_fields__)


def test_browsers_add_no_quotation_marks_to_those_of_the_text(make: Maker, show: Show):
    assert "q { quotes: none; }" in read(make, show).findtext(".//style")
