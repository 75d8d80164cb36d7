from pathlib import Path

import pytest

from audiostory.errors import SourceError
from audiostory.reading import language as languages
from audiostory.reading import read


def test_each_text_format_has_a_reader(tmp_path: Path):
    for suffix in (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".text"):
        path = tmp_path / f"a{suffix}"
        path.write_text("The council met on Tuesday to decide about the lamp on the quay.")
        article = read(path)
        assert article.source == path.name
        assert article.title.startswith("The council met")
        assert article.language == "en"


def test_an_unknown_extension_is_an_error_that_lists_what_there_is(tmp_path: Path):
    path = tmp_path / "a.wpd"
    path.write_text("x")
    with pytest.raises(SourceError, match=r"extension.*\.html, .*\.md, .*\.txt"):
        read(path)


@pytest.mark.parametrize("name", ["missing.txt", "missing.docx"])
def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, name: str):
    with pytest.raises(SourceError, match="There is no file"):
        read(tmp_path / name)


def test_a_folder_is_not_one_article(tmp_path: Path):
    with pytest.raises(SourceError, match="is a folder"):
        read(tmp_path)


@pytest.mark.parametrize("text", ["…", "\n\n---\n\n", "!?"])
def test_a_text_without_a_word_is_an_error(tmp_path: Path, text: str):
    path = tmp_path / "a.txt"
    path.write_text(text)
    with pytest.raises(SourceError, match="There is no text"):
        read(path)


def test_declared_languages():
    assert languages.tag("en_GB") == "en-GB"
    assert languages.tag("de") == "de"
    assert languages.tag("") is None
    assert languages.tag("{{lang}}") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "Der Gemeinderat hat am Dienstag über die Laterne am Kai beraten, die keinem gehört.",
        ),
        (
            "fr",
            "Le conseil a décidé mardi du sort de la lampe du quai, qui n’appartient à personne.",
        ),
        ("ru", "Во вторник совет решал, что делать с фонарём на набережной, который ничей."),
        ("uk", "У вівторок рада вирішувала, що робити з ліхтарем на набережній, який нічий."),
        (
            "es",
            "El consejo decidió el martes qué hacer con la lámpara del muelle, que no es de nadie.",
        ),
        ("en", "Short"),
        ("ru", "Как дела, брат?"),
        ("ja", "お元気ですか"),
    ],
)
def test_languages_are_detected(language: str, text: str):
    assert languages.detect(text) == language
