"""Whole episodes: articles in, files out, judged by programs that are not ours."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import feedparser
import numpy as np
import podcastparser
import pytest
import webvtt
from mutagen.id3 import ID3
from PIL import Image

from audiostory import app
from audiostory.config import Flags, resolve
from audiostory.errors import AudiostoryError, UsageError
from audiostory.model import Show, SoundFormat
from audiostory.narration import NO_LEXICON, Narrator
from audiostory.pipeline import Made, with_likely_date
from audiostory.planning import plan_jobs, write
from audiostory.publishing.manifest import Manifest
from audiostory.publishing.places import Place, find_place
from audiostory.reading import read
from audiostory.render import Say
from audiostory.report import Report
from audiostory.sound.loudness import measure_file
from audiostory.sound.segments import resample
from audiostory.speech.engine import open_engine
from tests.sound.helpers import decode, mp3val

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "night-train.html"
QUIET = Report(lambda _room, _done, _total: None, lambda _message: None)
PAGE = """<html lang="en"><head><title>Lamp</title></head><body><article><h1>The lamp</h1>
<p>{first}</p><p>It burns oil. “It always has,” says the keeper.</p><h2>What it costs</h2>
<p>Nobody knows, and nobody asks.</p></article></body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("episode")


def make(folder: Path, *sources: Path, **flags: object) -> list[Made]:
    settings = resolve(
        Flags(**{"output": folder / "out", "cache": folder / "cache", "workers": 1, **flags}),
        {},
        folder,
    )
    outcomes = list(app.make(sources, settings, QUIET))
    assert [outcome.error for outcome in outcomes] == [None] * len(sources)
    return [outcome.made for outcome in outcomes if outcome.made]


def page(folder: Path, first: str = "It stands on the quay.", name: str = "lamp.html") -> Path:
    path = folder / name
    path.write_text(PAGE.format(first=first))
    return path


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- what the reading hands on ---------------------------------------------------------------

DAY = datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    [
        *("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "1899-12-31T12:00:00+00:00"),
        "2027-02-04T00:00:00+00:00",
    ],
)
def test_a_date_that_cannot_be_is_a_warning_and_not_used(folder: Path, date: str):
    source = read(page(folder))
    found = with_likely_date(replace(source, published=datetime.fromisoformat(date)), DAY)
    assert found.published is None
    (warning,) = found.warnings
    assert warning.startswith(f"lamp.html: {date[:10]} is not taken for the day")


@pytest.mark.parametrize("date", ["1900-01-01T00:00:00+00:00", "2027-02-02T00:00:00-12:00"])
def test_other_dates_stay(folder: Path, date: str):
    source = replace(read(page(folder)), published=datetime.fromisoformat(date))
    assert with_likely_date(source, DAY) is source


def test_articles_of_the_last_second_there_is_are_published(tmp_path: Path):
    meta = '<meta name="date" content="9999-12-31T23:59:59-12:00"></head>'
    for name in ("lamp.html", "quay.html"):
        path = page(tmp_path, first=f"It is the {name}.", name=name)
        path.write_text(path.read_text().replace("</head>", meta))
    warned: list[str] = []
    report = Report(lambda *_step: None, warned.append)
    flags = Flags(output=tmp_path / "out", cache=tmp_path / "cache", workers=1, engine="silent")
    sources = [tmp_path / "lamp.html", tmp_path / "quay.html"]
    outcomes = list(app.make(sources, resolve(flags, {}, tmp_path), report))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert sum("9999-12-31 is not taken" in warning for warning in warned) == 2
    feed = feedparser.parse((tmp_path / "out" / "my-articles" / "feed.xml").read_bytes())
    this_year = datetime.now(UTC).year
    assert all(abs(entry.published_parsed.tm_year - this_year) <= 1 for entry in feed.entries)


def test_a_headline_of_a_thousand_words_is_whole_on_the_page_and_short_elsewhere(tmp_path: Path):
    headline = " ".join(f"word{number}" for number in range(1000))
    path = page(tmp_path)
    path.write_text(path.read_text().replace("The lamp", headline).replace("What it", headline))
    (one,) = make(tmp_path, path, engine="silent")
    published = one.published
    (feed,) = feedparser.parse((tmp_path / "out" / "my-articles" / "feed.xml").read_bytes()).entries
    tags = ID3(published.audio)
    chapters = json.loads((published.directory / "chapters.json").read_text())
    titles = [
        *(one.title, feed.title, tags["TIT2"].text[0], published.manifest.title),
        *(chapter.sub_frames["TIT2"].text[0] for chapter in tags.getall("CHAP")),
        *(chapter["title"] for chapter in (chapters, *chapters["chapters"])),
    ]
    assert len(titles) == 9
    for title in titles:
        assert headline.startswith(title.removesuffix("…"))
        assert title.endswith("…")
        assert 200 < len(title) <= 255
    assert headline in (published.directory / "index.html").read_text()
    assert "word999" in (published.directory / "transcript.vtt").read_text()


def test_a_run_removes_what_one_that_was_killed_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "audiostory-999999999-abc"
    left.mkdir()
    os.utime(left, (0, 0))
    make(tmp_path, page(tmp_path), engine="silent")
    assert not list(tmp_path.glob("audiostory-*"))


# --- what an episode is ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(folder: Path) -> Made:
    return make(folder, EXAMPLE, workers=2)[0]


def test_its_files_are_where_readme_says(made: Made, folder: Path):
    published = made.published
    assert published.directory.parent == folder / "out" / "my-articles" / "episodes"
    assert published.directory.name == "2026-05-16-the-night-train-is-back-and-it-is-full"
    assert sorted(
        re.sub(r"-[0-9a-f]{8}\.", ".", p.name) for p in published.directory.iterdir()
    ) == [
        *("chapters.json", "episode.json", "index.html"),
        *("the-night-train-is-back-and-it-is-full.mp3", "transcript.vtt"),
    ]


def test_the_mp3_decodes_without_a_warning(made: Made):
    said = mp3val(made.published.audio)
    assert "WARNING" not in said, said
    assert "ERROR" not in said, said
    assert "CBR" in said
    command = ["ffprobe", "-v", "warning", "-show_format", "-show_streams", "-of", "json"]
    probed = subprocess.run([*command, str(made.published.audio)], capture_output=True, check=True)
    assert probed.stderr == b""
    data = json.loads(probed.stdout)
    assert float(data["format"]["duration"]) == pytest.approx(made.duration_s, abs=0.06)
    assert data["format"]["tags"]["title"] == "The night train is back, and it is full"
    assert data["format"]["tags"]["artist"] == "Ines Calder"


def test_its_tags_hold_the_cover_the_text_and_chapters_in_order(made: Made):
    tags = ID3(made.published.audio)
    assert tags.version == (2, 3, 0)
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    (contents,) = tags.getall("CTOC")
    assert contents.child_element_ids == [chapter.element_id for chapter in chapters]
    assert [chapter.sub_frames["TIT2"].text[0] for chapter in chapters] == [
        "The night train is back, and it is full",
        "Slower, and glad of it",
        "A corridor of strangers",
    ]
    assert all(a.end_time == b.start_time for a, b in pairwise(chapters))
    assert tags.getall("APIC")
    assert "pyjamas" in tags.getall("USLT")[0].text


def test_it_is_as_loud_as_asked(made: Made):
    loudness_lufs, true_peak_dbtp = measure_file(made.published.audio)
    assert loudness_lufs == pytest.approx(SoundFormat().loudness_lufs, abs=0.5)
    assert made.loudness_lufs == pytest.approx(loudness_lufs, abs=0.1)
    assert true_peak_dbtp <= SoundFormat().true_peak_db


def test_each_utterance_sounds_where_the_timeline_says(made: Made, folder: Path):
    """Found by correlation with what the engine says, in the decoded MP3, within 20 ms.

    What one voice says in one go is rendered together, so each such stretch is sought whole;
    where utterances begin inside it, the engine's own word marks say.
    """
    settings = resolve(Flags(cache=folder / "cache"), {}, folder)
    sheet = app.load_stylesheet(settings.profile)
    article, script = write(read(EXAMPLE), Narrator(sheet), QUIET)
    jobs = plan_jobs(script, article.language, settings, QUIET, NO_LEXICON)
    manifest = json.loads((made.published.directory / "episode.json").read_text())
    spans = iter([span["begin_s"] for span in manifest["timeline"]])
    rate = settings.sound.sample_rate_hz
    decoded = decode(made.published.audio, rate)
    checked = 0
    for job in jobs:
        for say in (part for part in job.parts if isinstance(part, Say)):
            begins = [next(spans) for _ in say.lengths]
            speech = open_engine("pyttsx3").speak(say.text, say.voice)
            heard = resample(speech.samples, speech.sample_rate_hz, rate)
            first = np.flatnonzero(np.abs(heard) > 0.003 * np.abs(heard).max())[0]
            around_from = max(0, round((begins[0] - 0.3) * rate))
            wanted = heard[first : first + 2 * rate]
            around = decoded[around_from : around_from + len(wanted) + round(0.6 * rate)]
            found = around_from + int(np.correlate(around, wanted, "valid").argmax())
            assert found / rate == pytest.approx(begins[0], abs=0.02), say.text
            offsets = word_offsets(say)
            for begin, offset in zip(begins[1:], offsets[1:], strict=True):
                mark = next(word for word in speech.words if word.offset >= offset)
                assert (found - first) / rate + mark.begin_s == pytest.approx(begin, abs=0.02)
            checked += len(begins)
    assert checked > 40
    assert next(spans, None) is None


def test_an_utterance_said_alone_is_heard_where_the_timeline_has_it(made: Made, folder: Path):
    """Nothing of ours is asked where it begins: its first 150 ms are sought in the decoded MP3.

    A quoted fragment is left out: in mid-sentence it sounds unlike what is said alone.
    """
    settings = resolve(Flags(cache=folder / "cache"), {}, folder)
    narrator = Narrator(app.load_stylesheet(settings.profile))
    article, script = write(read(EXAMPLE), narrator, QUIET)
    jobs = plan_jobs(script, article.language, settings, QUIET, NO_LEXICON)
    says = [part for job in jobs for part in job.parts if isinstance(part, Say)]
    voices = [say.voice for say in says for _ in say.lengths]
    manifest = json.loads((made.published.directory / "episode.json").read_text())
    begins = [span["begin_s"] for span in manifest["timeline"]]
    utterances = [utterance for passage in script.passages for utterance in passage.utterances]
    rate = settings.sound.sample_rate_hz
    decoded = decode(made.published.audio, rate)
    for utterance, begin_s, voice in zip(utterances, begins, voices, strict=True):
        if utterance.quote == "fragment":
            continue
        speech = open_engine("pyttsx3").speak(utterance.spoken, voice)
        wanted = beginning(resample(speech.samples, speech.sample_rate_hz, rate), rate)
        around_from = max(0, round((begin_s - 0.3) * rate))
        around = decoded[around_from : around_from + len(wanted) + round(0.6 * rate)]
        found_s = (around_from + best_match(around, wanted)) / rate
        assert found_s == pytest.approx(begin_s, abs=0.02), utterance.text


def beginning(heard: np.ndarray, rate: int) -> np.ndarray:
    first = np.flatnonzero(np.abs(heard) > 0.003 * np.abs(heard).max())[0]
    return heard[first : first + round(0.15 * rate)]


def best_match(around: np.ndarray, wanted: np.ndarray) -> int:
    """Where it correlates best, whatever the loudness there."""
    energy = np.convolve(around**2, np.ones(len(wanted)), "valid")
    return int((np.correlate(around, wanted, "valid") / np.sqrt(energy + 1e-9)).argmax())


def word_offsets(say: Say) -> list[int]:
    at, offsets = 0, []
    for gap, length in zip(say.gaps, say.lengths, strict=True):
        offsets.append(at + gap)
        at += gap + length
    return offsets


def test_podcast_clients_read_the_feed(made: Made):
    feed = made.published.feed.read_bytes()
    parsed = feedparser.parse(feed)
    assert not parsed.bozo, parsed.get("bozo_exception")
    (entry,) = parsed.entries
    assert entry.id == made.published.manifest.guid
    assert entry.enclosures[0].type == "audio/mpeg"
    assert int(entry.enclosures[0].length) == made.published.audio.stat().st_size
    podcast = podcastparser.parse(Show().base_url + "feed.xml", io.BytesIO(feed))
    (episode,) = podcast["episodes"]
    assert episode["title"] == made.title
    assert episode["total_time"] == pytest.approx(made.duration_s, abs=1)
    assert [chapter["title"] for chapter in episode["chapters"]][1:] == [
        "Slower, and glad of it",
        "A corridor of strangers",
    ]
    assert entry.podcast_transcript["url"].endswith("/transcript.vtt")
    assert entry.podcast_chapters["url"].endswith("/chapters.json")


def test_transcript_and_chapters_parse(made: Made):
    captions = webvtt.read(str(made.published.directory / "transcript.vtt"))
    text = " ".join(caption.text for caption in captions).replace("\n", " ")
    assert "“I had my pyjamas on under my coat,” said Tomas Arkwright" in " ".join(text.split())
    ends = [caption.end_in_seconds for caption in captions]
    assert ends == sorted(ends)
    chapters = json.loads((made.published.directory / "chapters.json").read_text())
    starts = [chapter["startTime"] for chapter in chapters["chapters"]]
    assert starts == sorted(starts)
    assert len(starts) == 3


# --- what is done again ---------------------------------------------------------------------


def test_a_second_run_renders_nothing_and_changes_no_file(tmp_path: Path):
    source = page(tmp_path)
    (first,) = make(tmp_path, source)
    assert first.rendered == first.passages == 5
    before = files(tmp_path / "out")
    (second,) = make(tmp_path, source)
    assert second.rendered == 0
    assert not second.published.changed
    assert files(tmp_path / "out") == before


def test_editing_one_sentence_renders_its_passage_only_and_keeps_the_guid(tmp_path: Path):
    (before,) = make(tmp_path, page(tmp_path), engine="silent")
    (after,) = make(tmp_path, page(tmp_path, "It stood on the quay."), engine="silent")
    assert after.rendered == 1
    assert after.published.manifest.guid == before.published.manifest.guid
    assert after.published.audio != before.published.audio
    assert before.published.audio.exists()


def test_another_headline_renders_the_headline_only_and_keeps_the_guid(tmp_path: Path):
    source = page(tmp_path)
    (before,) = make(tmp_path, source, engine="silent")
    source.write_text(source.read_text().replace("<h1>The lamp", "<h1>The old lamp"))
    (after,) = make(tmp_path, source, engine="silent")
    assert (before.title, after.title) == ("The lamp", "The old lamp")
    assert after.rendered == 1
    assert after.published.manifest.guid == before.published.manifest.guid
    assert len(list(before.published.directory.parent.iterdir())) == 1


def scripted(source: Path, *edits: tuple[str, str]) -> Path:
    """The producer's script of an article, beside it, with something changed in it."""
    settings = resolve(Flags(), {}, source.parent)
    text = app.script_text(*app.script(str(source), 1, settings, QUIET), "html")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = source.with_name(f"{source.stem}.script.html")
    path.write_text(text, "utf-8")
    return path


def test_a_script_that_nobody_edited_is_the_same_episode(tmp_path: Path):
    source = page(tmp_path)
    (before,) = make(tmp_path, source, engine="silent")
    (after,) = make(tmp_path, scripted(source), engine="silent")
    assert after.rendered == 0
    assert not after.published.changed
    assert after.published.manifest == before.published.manifest


@pytest.mark.parametrize("head", ["", '<link rel="canonical" href="https://quay.example/lamp">'])
def test_an_edited_script_renders_what_is_edited_and_keeps_the_guid(tmp_path: Path, head: str):
    source = page(tmp_path)
    source.write_text(source.read_text().replace("<title>", f"{head}<title>"))
    (before,) = make(tmp_path, source, engine="silent")
    edits = (">It stands on the quay.<", ' style="pause-after: 2s">It leans on the quay.<')
    (after,) = make(tmp_path, scripted(source, edits), engine="silent")
    assert after.rendered == 1
    assert after.duration_s > before.duration_s + 1
    assert after.published.manifest.guid == before.published.manifest.guid
    feed = after.published.feed.read_text()
    assert feed.count("<item>") == 1


def test_a_producers_marks_are_not_published(tmp_path: Path):
    edits = (">It stands on the quay.<", ' style="color: red" hidden data-ipa="x">It stands.<')
    (made,) = make(tmp_path, scripted(page(tmp_path), edits), engine="silent")
    text = (made.published.directory / "index.html").read_text()
    assert "It stands." in text
    assert "silenced in the script" in text
    for left in ("color: red", "hidden", "data-ipa", "data-place"):
        assert left not in text


def test_articles_that_share_paragraphs_render_them_once(tmp_path: Path):
    sources = (page(tmp_path), page(tmp_path, "Another beginning.", "other.html"))
    first, second = make(tmp_path, *sources, engine="silent")
    assert (first.rendered, second.rendered) == (5, 1)
    assert first.published.manifest.guid != second.published.manifest.guid


def test_a_paragraph_that_is_there_twice_is_rendered_once(tmp_path: Path):
    source = tmp_path / "twice.md"
    source.write_text("# Lamp\n\nSame again.\n\nSame again.\n")
    (made,) = make(tmp_path, source, engine="silent")
    assert (made.rendered, made.passages) == (2, 3)


def test_a_clip_that_is_broken_is_rendered_again(tmp_path: Path):
    source = page(tmp_path)
    (first,) = make(tmp_path, source, engine="silent")
    clip = next((tmp_path / "cache").rglob("*.clip"))
    clip.write_bytes(clip.read_bytes()[:-10])
    (made,) = make(tmp_path, source, engine="silent", output=tmp_path / "two")
    assert made.rendered == 1
    assert made.published.audio.read_bytes() == first.published.audio.read_bytes()


def test_a_title_that_another_run_takes_meanwhile_is_not_in_the_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = "---\ntitle: The lamp\ndate: 2026-05-16\n---\n\nIt {}.\n"
    for name, word in (("a.md", "burns"), ("b.md", "smokes")):
        (tmp_path / name).write_text(text.format(word))

    def find_before(*asked: object) -> Place:
        """What it found a moment before the other run's episode was published."""
        monkeypatch.undo()
        place = find_place(*asked)
        make(tmp_path, tmp_path / "b.md")
        return place

    monkeypatch.setattr("audiostory.pipeline.find_place", find_before)
    (made,) = make(tmp_path, tmp_path / "a.md")
    assert made.title == made.published.manifest.title == "The lamp (2)"
    assert str(ID3(made.published.audio)["TIT2"]) == "The lamp (2)"


@pytest.mark.parametrize("workers", [2, 4])
def test_however_many_workers_the_same_bytes(workers: int, tmp_path: Path):
    source = tmp_path / "lamp.md"
    source.write_text(
        "---\ntitle: The lamp\ndate: 2026-03-01\n---\n\nIt burns oil.\n\n“Always,” says Ada.\n\n"
        "## Cost\n\nNobody knows, and nobody asks.\n"
    )
    (one,) = make(tmp_path, source)
    others = {"output": tmp_path / "two", "cache": tmp_path / "c2", "workers": workers}
    (two,) = make(tmp_path, source, **others)
    assert one.published.manifest == two.published.manifest
    for path in one.published.directory.iterdir():
        assert path.read_bytes() == (two.published.directory / path.name).read_bytes(), path.name


def test_what_has_no_date_gets_that_of_source_date_epoch(tmp_path: Path):
    (tmp_path / "lamp.txt").write_text("The lamp\n\nIt burns oil.\n")
    flags = Flags(output=tmp_path / "o", cache=tmp_path / "c", workers=1, engine="silent")
    settings = resolve(flags, {"SOURCE_DATE_EPOCH": "1767225600"}, tmp_path)
    (outcome,) = app.make([tmp_path / "lamp.txt"], settings, QUIET)
    assert outcome.made is not None
    assert outcome.made.published.manifest.published == datetime(2026, 1, 1, tzinfo=UTC)
    assert outcome.made.published.directory.name == "2026-01-01-the-lamp"


def test_an_engines_table_that_cannot_be_used_is_told_before_any_work(tmp_path: Path):
    (tmp_path / "show.toml").write_text('[engines.booth]\ntype = "http"\nformat = "aac"\n')
    settings = resolve(Flags(show=tmp_path, output=tmp_path / "o"), {}, tmp_path)
    with pytest.raises(UsageError, match="has no server"):
        list(app.make([page(tmp_path)], settings, QUIET))
    assert not (tmp_path / "o").exists()


def test_the_room_is_told_as_it_goes(tmp_path: Path):
    steps: list[tuple[str, int, int]] = []
    settings = resolve(
        Flags(output=tmp_path / "o", cache=tmp_path / "c", workers=1, engine="silent"), {}, tmp_path
    )
    report = Report(lambda *step: steps.append(step), lambda _: None)
    list(app.make([page(tmp_path)], settings, report))
    rooms = list(dict.fromkeys(room for room, _, _ in steps))
    assert rooms == ["reading", "narration", "speech", "sound", "publishing"]
    assert ("sound", 5, 5) in steps


def warned(folder: Path, source: Path) -> tuple[list[str], list[str]]:
    """The warnings and the errors of a run."""
    warnings: list[str] = []
    settings = resolve(Flags(output=folder / "o", cache=folder / "c", workers=1), {}, folder)
    outcomes = list(app.make([source], settings, Report(lambda *_: None, warnings.append)))
    return warnings, [str(outcome.error) for outcome in outcomes if outcome.error]


def test_a_phrase_in_a_language_that_no_voice_speaks_is_read_all_the_same(tmp_path: Path):
    source = page(
        tmp_path, "It is <em lang=xx>long</em>, <em lang=xx>high</em>, <b lang=de>alt</b>."
    )
    warnings, errors = warned(tmp_path, source)
    assert not errors
    assert [w for w in warnings if "xx" in w] == [
        'No voice speaks "xx": what is in it is read as en.'
    ]


def test_an_article_in_a_language_that_no_voice_speaks_is_an_error_that_lists_them(tmp_path: Path):
    source = page(tmp_path)
    source.write_text(source.read_text().replace('lang="en"', 'lang="xx"'))
    _, (error,) = warned(tmp_path, source)
    assert 'No voice of the engine "pyttsx3" speaks "xx". It speaks: af, ' in error


def test_progress_is_told_while_one_worker_works(tmp_path: Path):
    source = tmp_path / "long.md"
    source.write_text("# Lamp\n\n" + "\n\n".join(f"Lamp {n}." for n in range(30)))
    seen: list[tuple[int, int]] = []
    clips = tmp_path / "c"

    def step(room: str, done: int, _total: int) -> None:
        if room == "sound":
            seen.append((done, len(list(clips.rglob("*.clip")))))

    settings = resolve(
        Flags(output=tmp_path / "o", cache=clips, workers=1, engine="silent"), {}, tmp_path
    )
    list(app.make([source], settings, Report(step, lambda _: None)))
    assert seen[0] == (0, 0)
    assert all(rendered - done < 10 for done, rendered in seen)


def test_silence_has_no_loudness_and_the_files_are_json_all_the_same(tmp_path: Path):
    (made,) = make(tmp_path, page(tmp_path), engine="silent", profile="plain")
    assert made.loudness_lufs is None
    text = (made.published.directory / "episode.json").read_text()
    assert json.loads(text, parse_constant=pytest.fail)["loudness_lufs"] is None


def test_a_file_name_used_again_is_another_episode(tmp_path: Path):
    source = page(tmp_path)
    (first,) = make(tmp_path, source, engine="silent")
    source.write_text("<h1>Soup</h1><p>It is easy until it burns, and then it is not.</p>")
    (second,) = make(tmp_path, source, engine="silent")
    (again,) = make(tmp_path, source, engine="silent")
    assert second.published.manifest.guid != first.published.manifest.guid
    assert again.published.manifest.guid == second.published.manifest.guid
    assert first.published.audio.exists()


def test_the_front_page_as_canonical_address_is_nobodys(tmp_path: Path):
    link = '<link rel="canonical" href="https://quay.example/">'
    sources = (page(tmp_path), page(tmp_path, "Another beginning.", "other.html"))
    for number, source in enumerate(sources):
        text = source.read_text().replace("<title>", f"{link}<title>")
        source.write_text(text.replace("The lamp", f"Lamp {number}"))
    first, second = make(tmp_path, *sources, engine="silent")
    assert first.published.manifest.guid != second.published.manifest.guid


@pytest.mark.parametrize("wrong", ['artwork = "small.png"', 'base_url = "http://a..b/"'])
def test_what_is_wrong_with_a_show_is_said_before_any_work(tmp_path: Path, wrong: str):
    Image.new("RGB", (100, 100)).save(tmp_path / "small.png")
    (tmp_path / "show.toml").write_text(wrong)
    flags = Flags(output=tmp_path / "o", cache=tmp_path / "c", workers=1, engine="silent")
    settings = resolve(flags, {}, tmp_path)
    with pytest.raises(AudiostoryError):
        list(app.make([page(tmp_path)], settings, QUIET))
    assert not (tmp_path / "c").exists()


def test_the_manifest_is_what_the_feed_is_made_from(made: Made):
    assert isinstance(made.published.manifest, Manifest)
