from pathlib import Path

from audiostory.batch import make_all
from audiostory.errors import SourceError


def making(made: list[str]):
    def make(source: Path) -> object:
        if "bad" in source.name:
            raise SourceError(f"{source.name} is bad.", "Mend it.")
        made.append(source.name)
        return object()

    return make


def test_a_failure_stops_no_other(tmp_path: Path):
    made: list[str] = []
    sources = [tmp_path / name for name in ("a.html", "bad.html", "c.html")]
    outcomes = list(make_all(sources, making(made)))
    assert made == ["a.html", "c.html"]
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert str(outcomes[1].error) == "bad.html is bad. Mend it."


def test_of_a_folder_every_article_is_made_in_order(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.md", "a.txt", "deep/c.HTML", "d.docx", ".e.txt", ".hidden/f.txt"):
        (tmp_path / name).touch()
    made: list[str] = []
    assert all(outcome.error is None for outcome in make_all([tmp_path], making(made)))
    assert made == ["a.txt", "b.md", "c.HTML"]


def test_a_folder_without_articles_is_a_failure(tmp_path: Path):
    (outcome,) = make_all([tmp_path], making([]))
    assert "There is no article in" in str(outcome.error)
