import pytest

from audiostory.reading.furniture import is_age, is_box_label, is_furniture, is_label, page_words
from audiostory.reading.lines import (
    author_names,
    dated,
    is_byline,
    is_credits,
    is_photo_line,
    split_headline,
)


@pytest.mark.parametrize(
    ("language", "line", "names"),
    [
        ("en", "By Ann Lee", ("Ann Lee",)),
        ("en", "by ANN LEE", ("ANN LEE",)),
        ("en", "By Ann Lee and Bo van der Chan, in Paris", ("Ann Lee", "Bo van der Chan")),
        ("en", "By Ann Lee · 3 March 2024", ("Ann Lee",)),
        ("de", "Von Jürgen Groß und Eva Braun", ("Jürgen Groß", "Eva Braun")),
        ("fr", "Par Zoé d’Arc et Luc Bé", ("Zoé d’Arc", "Luc Bé")),
        ("es", "Por Ana García y José Pérez", ("Ana García", "José Pérez")),
        ("ru", "Автор: Зоя Лапина", ("Зоя Лапина",)),
        ("uk", "Автор: Олена Коваль", ("Олена Коваль",)),
        ("sv", "By Ann Lee", ("Ann Lee",)),
    ],
)
def test_bylines(language: str, line: str, names: tuple[str, ...]):
    words = page_words(language)
    assert is_byline(line, words)
    assert author_names(line, words) == names


@pytest.mark.parametrize(
    "line",
    [
        "Words by Nia Cole | Pictures by Ed Roe",
        "Pictures by Ed Roe | Words by Nia Cole",
        "Words: Nia Cole · Photos: Ed Roe",
    ],
)
def test_who_took_the_pictures_is_no_author(line: str):
    assert author_names(line, page_words("en")) == ("Nia Cole",)


@pytest.mark.parametrize(
    "line", ["By the river", "By Tuesday it rained", "Bystanders", "by and by", "By", "Home"]
)
def test_what_only_looks_like_a_byline(line: str):
    assert not is_byline(line, page_words("en"))


@pytest.mark.parametrize(
    ("language", "line", "authors"),
    [
        ("en", "Story by Ann Lee with assistance from Bo Chan", ("Ann Lee", "Bo Chan")),
        ("en", "English-language version by Sam Breeze", ()),
        ("en", "Additional reporting by Piotr Lisle", ()),
        ("en", "Photographs: Ann Lee", ()),
        ("de", "Mitarbeit: Eva Braun", ()),
        ("de", "Text: Eva Braun, Fotos: Jo Ott", ("Eva Braun",)),
        ("ru", "Текст: Зоя Лапина", ("Зоя Лапина",)),
        ("ru", "Перевод: Зоя Лапина", ()),
    ],
)
def test_credits_and_who_of_them_wrote(language: str, line: str, authors: tuple[str, ...]):
    words = page_words(language)
    assert is_credits(line, words)
    assert author_names(line, words) == authors


@pytest.mark.parametrize("line", ["The report by the council was late.", "Research is dear."])
def test_sentences_are_no_credits(line: str):
    assert not is_credits(line, page_words("en"))


@pytest.mark.parametrize(
    ("language", "line", "day"),
    [
        ("en", "7:53 am, October 14, 2022 · Source: The Quay", "2022-10-14"),
        ("en", "Published 3 March 2024", "2024-03-03"),
        ("en", "By Ann Lee | March 3, 2024", "2024-03-03"),
        ("en", "2024-03-03", "2024-03-03"),
        ("de", "Von Eva Ott · 14. Oktober 2025", "2025-10-14"),
        ("fr", "Publié le 3 mars 2024", "2024-03-03"),
        ("es", "3 de marzo de 2024", "2024-03-03"),
        ("ru", "3 марта 2024, 14:05", "2024-03-03"),
        ("ru", "Автор: Зоя Лапина, 9 ноября 2024", "2024-11-09"),
        ("uk", "3 березня 2024", "2024-03-03"),
    ],
)
def test_dates(language: str, line: str, day: str):
    moment = dated(line, page_words(language), language)
    assert moment is not None
    assert moment.date().isoformat() == day


@pytest.mark.parametrize("line", ["In 2024 it rained.", "The year 1911", "Ness 26", ""])
def test_no_dates(line: str):
    assert dated(line, page_words("en"), "en") is None


def test_photo_lines():
    words = page_words("en")
    assert is_photo_line("The quay at night. Photo: Ann Lee", words)
    assert is_photo_line("Photograph: Ann Lee/Agency", words)
    assert not is_photo_line("The photo was taken at night.", words)


def test_labels_ages_boxes_and_furniture():
    words = page_words("en")
    assert is_label("Code of conduct")
    assert is_label("ON DAY TWO OF THE STORM")
    assert not is_label("He smiled.")
    for age in ("2 years ago", "an hour ago", "3 days ago"):
        assert is_age(age, words)
    assert not is_age("Two years ago it rained", words)
    assert is_age("vor 3 Stunden", page_words("de"))
    assert is_box_label("READ MORE:", words)
    assert is_box_label("Читайте также", page_words("ru"))
    for line in ("NEWS FEED", "© 2024 The Quay", "We use cookies to make this work.", "5 min read"):
        assert is_furniture(line, words), line
    assert not is_furniture("The council met on Tuesday.", words)


def test_a_headline_is_parted_only_where_the_text_shows_how():
    headline = "Why the town wants a new lamp The council is in no hurry"
    assert split_headline(headline, "the one and the other") == (
        "Why the town wants a new lamp",
        "The council is in no hurry",
    )
    assert split_headline(headline, "nothing of the kind") == (headline, "")


def test_a_byline_may_have_its_date_at_its_end_without_a_mark_between():
    cases = {
        "en": ("By Ann Lee and Bo Chan 2 April 2026", ("Ann Lee", "Bo Chan")),
        "de": ("Text von Jonas Ehrlich 14. Dezember 2025", ("Jonas Ehrlich",)),
        "ru": ("Автор: Игнат Лавров 30 октября 2025 года", ("Игнат Лавров",)),
        "it": ("Di Anna Rossi 3 maggio 2024", ("Anna Rossi",)),
        "pl": ("Tekst: Jan Kowalski 3 maja 2024", ("Jan Kowalski",)),
    }
    for language, (line, names) in cases.items():
        words = page_words(language)
        assert is_byline(line, words), line
        assert author_names(line, words) == names
        assert dated(line, words, language)
    assert not is_byline("By 2019 the town had lost", page_words("en"))
    assert dated("She was born 3 May 1934", page_words("en"), "en") is None
