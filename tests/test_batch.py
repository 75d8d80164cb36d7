from pathlib import Path

from audiostory.batch import Steps, make_all
from audiostory.errors import SourceError


def reading(source: str) -> list[str]:
    return [Path(source).name]


def making(made: list[str]):
    def make(_source: str, name: str) -> object:
        if "bad" in name:
            raise SourceError(f"{name} is bad.", "Mend it.")
        made.append(name)
        return object()

    return make


def steps(make, read=reading, kept: list[str] | None = None, before: str = "") -> Steps:
    """The steps of a run. before: a source that nothing has changed in since it was made."""

    def made_before(source: str) -> list[object] | None:
        return [source] if source == before else None

    def keep(source: str, _made: object) -> None:
        if kept is not None:
            kept.append(source)

    return Steps(read, make, made_before, keep)


def test_what_is_as_it_was_is_not_read_again_and_what_was_made_is_kept():
    made: list[str] = []
    kept: list[str] = []
    run = steps(making(made), kept=kept, before="b.md")
    outcomes = list(make_all(["a.md", "b.md", "bad.md"], run))
    assert made == ["a.md"]
    assert kept == ["a.md"]
    assert [outcome.made == "b.md" for outcome in outcomes] == [False, True, False]


def test_a_failure_stops_no_other():
    made: list[str] = []
    sources = ["a.html", "bad.html", "c.html"]
    outcomes = list(make_all(sources, steps(making(made))))
    assert made == ["a.html", "c.html"]
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert str(outcomes[1].error) == "bad.html is bad. Mend it."


def test_a_fault_of_ours_stops_no_other_and_says_where_it_is():
    made: list[str] = []

    def make(source: str, name: str) -> object:
        return 1 / 0 if name == "a.md" else making(made)(source, name)

    first, second = make_all(["a.md", "b.md"], steps(make, reading))
    assert "ZeroDivisionError" in str(first.error)
    assert "test_batch.py, line" in str(first.error)
    assert "please report it" in str(first.error)
    assert second.made
    assert made == ["b.md"]


def test_a_source_whose_name_is_too_long_stops_no_other(tmp_path: Path):
    made: list[str] = []
    long = tmp_path / f"{'x' * 300}.md"
    assert len(list(make_all([str(long), "b.md"], steps(making(made))))) == 2
    assert made == [long.name, "b.md"]


def test_what_was_published_in_a_folder_is_no_article(tmp_path: Path):
    episode = tmp_path / "output" / "tales" / "episodes" / "2026-01-02-lamp"
    episode.mkdir(parents=True)
    (tmp_path / "output" / "tales" / "show.json").touch()
    (episode / "index.html").touch()
    (tmp_path / "lamp.md").touch()
    made: list[str] = []
    list(make_all([str(tmp_path)], steps(making(made))))
    assert made == ["lamp.md"]


def test_of_an_article_and_its_edited_script_in_a_folder_the_script_is_made(tmp_path: Path):
    for name in ("lamp.md", "lamp.script.html", "other.md", "lamps.html"):
        (tmp_path / name).touch()
    made: list[str] = []
    list(make_all([str(tmp_path)], steps(making(made))))
    assert made == ["lamp.script.html", "lamps.html", "other.md"]


def test_of_a_folder_every_article_is_made_in_order(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.md", "a.txt", "deep/c.HTML", "d.docx.bak", ".e.txt", ".hidden/f.txt"):
        (tmp_path / name).touch()
    made: list[str] = []
    assert all(outcome.error is None for outcome in make_all([str(tmp_path)], steps(making(made))))
    assert made == ["a.txt", "b.md", "c.HTML"]


def test_a_folder_without_articles_is_a_failure(tmp_path: Path):
    (outcome,) = make_all([str(tmp_path)], steps(making([]), reading))
    assert "There is no article in" in str(outcome.error)


def test_of_a_feed_each_article_is_made_and_one_that_cannot_be_read_stops_no_other():
    made: list[str] = []

    def read(_source: str) -> list[str | SourceError]:
        return ["one", SourceError("Two is gone.", "Look elsewhere."), "three"]

    outcomes = list(make_all(["feed.xml"], steps(making(made), read)))
    assert made == ["one", "three"]
    assert [outcome.error and outcome.error.what for outcome in outcomes] == [
        None,
        "Two is gone.",
        None,
    ]
