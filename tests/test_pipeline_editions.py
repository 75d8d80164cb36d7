"""Shows that ask for editions: articles in, files out, judged by programs that are not ours."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import lxml.etree
import numpy as np
import pytest

from audiostory import app, pipeline
from audiostory.config import Flags, resolve
from audiostory.errors import SoundError
from audiostory.executors import SerialExecutor
from audiostory.pipeline import Made
from audiostory.sound.editions import write_edition
from tests.publishing.test_editions import PODCAST
from tests.sound.test_editions import RATE, decoded
from tests.test_pipeline import QUIET, files, make, page

SHOW = 'title = "Tales"\nbase_url = "https://example.org/tales/"\neditions = ["m4b", "opus"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "show.toml").write_text(SHOW)
    return tmp_path


def editions(made: Made) -> list[Path]:
    return [made.published.directory / it.file for it in made.published.manifest.editions]


def never(*_args: object) -> int:
    raise AssertionError("An edition was made again.")


def test_every_utterance_is_heard_where_the_timeline_has_it(folder: Path):
    (made,) = make(folder, page(folder))
    before = decoded(made.published.audio)
    m4b, opus = editions(made)
    assert [path.suffix for path in (m4b, opus)] == [".m4b", ".opus"]
    for path in (m4b, opus):
        after = decoded(path)
        for span in made.published.manifest.timeline:
            begin, end = (round(it * RATE) for it in (span.begin_s, span.end_s))
            reach = min(begin, round(0.2 * RATE))
            around = after[begin - reach : end + reach]
            size = 2 ** int(np.ceil(np.log2(2 * len(around))))
            heard = np.conj(np.fft.rfft(before[begin:end], size))
            found = int(np.fft.irfft(np.fft.rfft(around, size) * heard).argmax()) - reach
            assert found / RATE == pytest.approx(0, abs=0.02)


def test_they_have_the_episodes_chapters_tags_and_cover(folder: Path):
    (made,) = make(folder, page(folder), engine="silent")
    for path in editions(made):
        command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams"]
        done = subprocess.run([*command, "-of", "json", str(path)], capture_output=True, check=True)
        shown = json.loads(done.stdout)
        chapters = [(it["tags"]["title"], float(it["start_time"])) for it in shown["chapters"]]
        assert [title for title, _ in chapters] == ["The lamp", "What it costs"]
        assert [begin for _, begin in chapters] == pytest.approx(
            [it.begin_s for it in made.published.manifest.chapters], abs=0.001
        )
        tags = shown["format"].get("tags", {}) | shown["streams"][0].get("tags", {})
        tags = {name.lower(): text for name, text in tags.items()}
        assert tags["title"] == "The lamp"
        assert tags["album"] == "Tales"
        assert any(it["disposition"]["attached_pic"] for it in shown["streams"])


def test_a_second_run_makes_none_again_and_changes_no_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    source = page(folder)
    make(folder, source, engine="silent")
    before = files(folder / "out")
    monkeypatch.setattr(pipeline, "write_edition", never)
    (second,) = make(folder, source, engine="silent")
    assert not second.published.changed
    assert files(folder / "out") == before


def test_a_show_that_asks_for_one_more_keeps_the_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    source = page(folder)
    (folder / "show.toml").write_text(SHOW.replace('"m4b", ', ""))
    (first,) = make(folder, source, engine="silent")
    made: list[str] = []

    def told(mp3: Path, kind: str, *rest: object) -> int:
        made.append(kind)
        return write_edition(mp3, kind, *rest)

    monkeypatch.setattr(pipeline, "write_edition", told)
    (folder / "show.toml").write_text(SHOW)
    (second,) = make(folder, source, engine="silent")
    assert made == ["m4b"]
    assert editions(first) == editions(second)[1:]


def test_one_that_was_lost_is_made_again_with_the_same_bytes(folder: Path):
    source = page(folder)
    (made,) = make(folder, source, engine="silent")
    before = {name: data for name, (_, data) in files(folder / "out").items()}
    for path in editions(made):
        path.unlink()
    make(folder, source, engine="silent")
    assert {name: data for name, (_, data) in files(folder / "out").items()} == before


def test_a_corrected_article_has_new_ones_beside_the_old(folder: Path):
    (before,) = make(folder, page(folder), engine="silent")
    (after,) = make(folder, page(folder, "It stood there on the quay."), engine="silent")
    assert before.published.directory == after.published.directory
    assert not set(editions(before)) & set(editions(after))
    assert all(path.is_file() for path in (*editions(before), *editions(after)))
    feed = lxml.etree.fromstring(after.published.feed.read_bytes())
    sources = [it.get("uri").rsplit("/", 1)[1] for it in feed.iter(PODCAST + "source")]
    assert sources == [after.published.audio.name, *(path.name for path in editions(after))]


def test_one_worker_or_two_the_same_bytes(folder: Path):
    source = page(folder)
    (one,) = make(folder, source, engine="silent")
    (two,) = make(
        folder, source, engine="silent", output=folder / "two", cache=folder / "c2", workers=2
    )
    for first, second in zip(editions(one), editions(two), strict=True):
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


class Deadly(SerialExecutor):
    """Workers die of editions."""

    def submit(self, fn, /, *args, **kwargs):
        if fn is not write_edition:
            return super().submit(fn, *args, **kwargs)
        future: Future[int] = Future()
        future.set_exception(BrokenProcessPool("died"))
        return future


class Full(SerialExecutor):
    """The disk is full when it comes to editions."""

    def submit(self, fn, /, *args, **kwargs):
        if fn is not write_edition:
            return super().submit(fn, *args, **kwargs)
        future: Future[int] = Future()
        future.set_exception(SoundError("The edition could not be made.", "Make room."))
        return future


def run(folder: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch) -> app.Outcome:
    monkeypatch.setattr(app, "open_executor", lambda _workers: executor)
    flags = Flags(output=folder / "out", cache=folder / "cache", engine="silent")
    (outcome,) = app.make([page(folder)], resolve(flags, {}, folder), QUIET)
    return outcome


def test_a_worker_that_dies_of_one_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    outcome = run(folder, Deadly(), monkeypatch)
    assert outcome.made is not None
    assert len(editions(outcome.made)) == 2


def test_one_that_cannot_be_made_leaves_nothing_published(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    outcome = run(folder, Full(), monkeypatch)
    assert isinstance(outcome.error, SoundError)
    assert not list((folder / "out").rglob("episode.json"))
    monkeypatch.undo()
    (again,) = make(folder, page(folder), engine="silent")
    assert again.rendered == 0
    assert len(editions(again)) == 2
