"""What `make --dry-run` says: as much as make then does, and without doing any of it."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiostory import app
from audiostory.cli import app as command_line
from audiostory.config import Flags, Settings, resolve
from audiostory.errors import EngineError
from audiostory.estimate import Estimate, Share, in_all
from audiostory.model import Price
from audiostory.pipeline import Made
from audiostory.report import Report
from tests.speech.speech_server import Answer, sound, speech_server

EXAMPLE = Path(__file__).parents[1] / "examples" / "night-train.html"
QUIET = Report(lambda _room, _done, _total: None, lambda _message: None)
PAGE = """<html lang="en"><head><title>Lamp</title></head><body><article><h1>The lamp</h1>
<p>It stands on the quay. {second}</p><p>It burns oil. “It always has,” says the keeper.</p>
</article></body></html>"""
NOBODY = "http://127.0.0.1:1/v1"  # where no server is


def page(folder: Path, second: str = "Nobody owns it.", name: str = "lamp.html") -> Path:
    path = folder / name
    path.write_text(PAGE.format(second=second))
    return path


def settings(folder: Path, **flags: object) -> Settings:
    folder.joinpath("show.toml").touch()
    given = {"output": folder / "out", "cache": folder / "cache", "workers": 1, **flags}
    return resolve(Flags(**given), {}, folder)


def booth(folder: Path, url: str, price: str = "") -> Settings:
    """A show that a speech server says all of."""
    table = f'[engines.booth]\ntype = "http"\nurl = "{url}"\nretries = 0\n{price}\n'
    (folder / "show.toml").write_text(f'engine = "booth"\n{table}')
    return settings(folder)


def estimated(settings: Settings, *sources: Path) -> list[Estimate]:
    outcomes = list(app.estimate(sources, settings, QUIET))
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.made for outcome in outcomes if outcome.made]


def made(settings: Settings, *sources: Path) -> list[Made]:
    outcomes = list(app.make(sources, settings, QUIET))
    assert [outcome.error for outcome in outcomes] == [None] * len(sources)
    return [outcome.made for outcome in outcomes if outcome.made]


def files(folder: Path) -> dict[Path, tuple[int, bytes | None]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")
    }


# --- passages and length --------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["pyttsx3", "silent"])
def test_it_is_what_make_then_renders(tmp_path: Path, engine: str):
    (expected,) = estimated(settings(tmp_path, engine=engine), EXAMPLE)
    (found,) = made(settings(tmp_path, engine=engine), EXAMPLE)
    assert (expected.passages, expected.to_render) == (found.passages, found.rendered)
    assert expected.to_render == 21
    assert expected.characters == expected.to_say == sum(s.characters for s in expected.shares)
    assert expected.duration_s == pytest.approx(found.duration_s, rel=0.1)


def test_what_is_in_the_cache_is_as_long_as_it_is_and_not_said_again(tmp_path: Path):
    show = settings(tmp_path, engine="silent")
    (found,) = made(show, EXAMPLE)
    (estimate,) = estimated(show, EXAMPLE)
    assert (estimate.to_render, estimate.to_say, estimate.shares) == (0, 0, ())
    assert estimate.characters > 2000
    assert estimate.duration_s == pytest.approx(found.duration_s, abs=0.1)


def test_of_what_make_would_leave_as_it_is_nothing_is_to_render(tmp_path: Path):
    lamp = page(tmp_path)
    (before,) = estimated(settings(tmp_path), lamp)
    (episode,) = made(settings(tmp_path), lamp)
    for clip in (tmp_path / "cache").rglob("*.clip"):
        clip.unlink()  # as the cache's limit has it
    (after,) = estimated(settings(tmp_path), lamp)
    assert (after.passages, after.to_render, after.to_say, after.shares) == (
        before.passages,
        0,
        0,
        (),
    )
    assert (after.characters, after.duration_s) == (before.characters, episode.duration_s)
    assert made(settings(tmp_path), lamp)[0].rendered == 0
    episode.published.audio.unlink()
    assert estimated(settings(tmp_path), lamp)[0].to_render == before.to_render


def test_a_changed_sentence_is_a_passage_to_render(tmp_path: Path):
    show = settings(tmp_path, engine="silent")
    made(show, page(tmp_path))
    (estimate,) = estimated(show, page(tmp_path, "Somebody owns it now."))
    assert (estimate.passages, estimate.to_render) == (3, 1)
    assert estimate.to_say == len("It stands on the quay. Somebody owns it now.")


def test_what_articles_share_is_rendered_once(tmp_path: Path):
    show = settings(tmp_path, engine="silent")
    sources = [page(tmp_path), page(tmp_path, "It is not ours.", "other.html")]
    first, second = estimated(show, *sources)
    assert (first.to_render, second.to_render) == (3, 1)
    assert [it.rendered for it in made(show, *sources)] == [3, 1]
    together = in_all([first, second])
    assert (together.passages, together.to_render) == (6, 4)
    assert together.duration_s == first.duration_s + second.duration_s


def test_nothing_is_written(tmp_path: Path):
    show = settings(tmp_path)
    source = page(tmp_path)
    before = files(tmp_path)
    estimated(show, source)
    assert files(tmp_path) == before


def test_new_speakers_are_not_added_to_the_cast(tmp_path: Path):
    show = settings(tmp_path, profile="cast")
    estimated(show, EXAMPLE)
    assert not (tmp_path / "cast.toml").exists()


# --- speech that costs ----------------------------------------------------------------------


def test_a_server_is_asked_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("audiostory.speech.http_engine.HttpEngine.speak", pytest.fail)
    with speech_server() as server:
        (estimate,) = estimated(booth(tmp_path, server.url), page(tmp_path))
        assert server.asked == []
    assert [(share.engine, share.voice) for share in estimate.shares] == [("booth", "alloy")]
    assert estimate.costs == {}


@pytest.mark.parametrize("workers", [1, 4])
def test_the_characters_are_those_that_the_server_is_then_given(tmp_path: Path, workers: int):
    def slow(body: dict) -> Answer:
        time.sleep(0.05)
        return sound(body)

    again = "Nobody knows.</p><p>".join(f"This is number {n}. " for n in range(8))
    with speech_server(slow) as server:
        show = replace(booth(tmp_path, server.url), workers=workers)
        (estimate,) = estimated(show, page(tmp_path, again))
        made(show, page(tmp_path, again))
        assert sum(len(it["input"]) for it in server.asked) == sum(
            share.characters + share.measuring for share in estimate.shares
        )


def test_of_a_changed_passage_only_the_sentence_is_said_that_was_not_kept(tmp_path: Path):
    with speech_server() as server:
        show = booth(tmp_path, server.url, "price_per_million_characters = 2_000")
        made(show, page(tmp_path))
    show = booth(tmp_path, server.url, "price_per_million_characters = 3_000")
    (estimate,) = estimated(show, page(tmp_path, "Somebody owns it now."))
    text = "Somebody owns it now."
    assert estimate.to_render == 1
    assert estimate.shares == (Share("booth", "alloy", len(text), 0, Price(3_000, "USD")),)
    assert estimate.costs == {"USD": pytest.approx(len(text) * 0.003)}


def test_the_same_sentence_twice_is_said_once(tmp_path: Path):
    (estimate,) = estimated(booth(tmp_path, NOBODY), page(tmp_path, "It stands on the quay."))
    once = len("The lamp") + len("It stands on the quay.")
    once += len("It burns oil.") + len("It always has,") + len("says the keeper.")
    assert estimate.to_say == once
    assert estimate.characters > once


def test_costs_of_several_currencies_are_told_apart():
    shares = (
        Share("a", "x", 1_000, 500, Price(10, "USD")),
        Share("a", "y", 500, 0, Price(10, "USD")),
        Share("b", "x", 1_000, 0, Price(1, "EUR")),
        Share("c", "x", 1_000, 0),
    )
    one = Estimate("One", 1, 1, 3_500, 3_500, 60, shares)
    assert one.costs == {"USD": pytest.approx(0.02), "EUR": pytest.approx(0.001)}
    assert in_all([one, one]).costs == {"USD": pytest.approx(0.04), "EUR": pytest.approx(0.002)}
    assert [share.characters for share in in_all([one, one]).shares] == [2_000, 1_000, 2_000, 2_000]


# --- the command ----------------------------------------------------------------------------


def run(folder: Path, *arguments: object, engine: str = "silent"):
    given = ["--show", folder, "--cache", folder / "cache", "--output", folder / "out"]
    words = ["make", "--dry-run", *arguments, *given]
    environment = {"AUDIOSTORY_ENGINE": engine, "COLUMNS": "100"}
    return CliRunner().invoke(command_line, [str(word) for word in words], env=environment)


def test_people_get_a_short_table(tmp_path: Path):
    booth(tmp_path, NOBODY, 'price_per_million_characters = 150_000\ncurrency = "EUR"')
    done = run(tmp_path, page(tmp_path), page(tmp_path, "Ours.", "other.html"), engine="booth")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "The lamp"
    assert lines[1].startswith("length about 0:0")
    assert lines[2] == "passages 3 to render 3"
    assert lines[4].startswith("booth/alloy 88 and 471 to set its volume 83.85 EUR")
    assert lines[5] == "cost 83.85 EUR"
    assert "2 articles in all" in lines
    assert lines[-1] == "cost 84.60 EUR"


def test_programs_get_an_object_for_each_article_and_the_sum(tmp_path: Path):
    settings(tmp_path)
    done = run(tmp_path, page(tmp_path), tmp_path / "missing.html", "--json")
    assert done.exit_code == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    (one,) = [event for event in events if event["event"] == "estimate"]
    assert one["source"] == str(tmp_path / "lamp.html")
    assert (one["title"], one["passages"], one["to_render"]) == ("The lamp", 3, 3)
    assert one["characters"] == one["characters_to_say"] > 80
    assert {voice["engine"] for voice in one["voices"]} == {"silent"}
    assert one["costs"] == {}
    assert [event["event"] for event in events[-2:]] == ["error", "sum"]
    same = one.keys() - {"event", "source", "title"}
    assert {key: events[-1][key] for key in same} == {key: one[key] for key in same}
    assert (events[-1]["articles"], events[-1]["failed"]) == (1, 1)


def test_what_make_could_not_do_fails_here_as_well(tmp_path: Path):
    settings(tmp_path)
    (tmp_path / "mute.css").write_text("* { speak: none }")
    done = run(tmp_path, page(tmp_path), "--profile", tmp_path / "mute.css")
    assert done.exit_code == 1
    assert "has nothing to say of" in done.stderr
    with pytest.raises(EngineError):
        list(app.estimate([page(tmp_path)], booth_without_a_program(tmp_path), QUIET))


def booth_without_a_program(folder: Path) -> Settings:
    table = '[engines.booth]\ntype = "command"\ncommand = ["no-such-program", "{text}"]\n'
    (folder / "show.toml").write_text(f'engine = "booth"\n{table}')
    return settings(folder)
