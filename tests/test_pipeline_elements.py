"""Shows with an intro and an outro: articles in, files out, and what is heard of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import webvtt
from mutagen.id3 import ID3
from numpy.typing import NDArray

from audiostory import app, show_elements
from audiostory.checking import check_episode
from audiostory.config import Flags, resolve
from audiostory.errors import SoundError
from audiostory.pipeline import Made
from audiostory.sound.loudness import measure_file
from tests.sound.helpers import decode, mp3val, silences
from tests.sound.test_elements import record
from tests.sound.test_formats import heard
from tests.test_pipeline import EXAMPLE, QUIET, files, make, page

INTRO_HZ, OUTRO_HZ = 700, 1300
REST_S = 1.5


def hum(hz: float, seconds: float, rate: int, sides: tuple[float, ...] = (1,)) -> NDArray:
    """A steady tone of shape (n, channels)."""
    at = np.arange(round(seconds * rate)) / rate
    return np.outer(0.2 * np.sin(2 * np.pi * hz * at), sides).astype(np.float32)


def show(folder: Path, intro: str = "", outro: str = "", more: str = "") -> Path:
    """A show's folder whose elements are the lines of these tables."""
    tables = "".join(f"[{name}]\n{lines}\n" for name, lines in elements(intro, outro) if lines)
    (folder / "show.toml").write_text(f'title = "Tales"\nauthor = "Ada Quill"\n{more}\n{tables}')
    return folder


def elements(intro: str, outro: str) -> tuple[tuple[str, str], ...]:
    return (("intro", intro), ("outro", outro))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A show with recordings of other rates and formats than its own."""
    record(tmp_path / "in.wav", hum(INTRO_HZ, 4.0, 48000, (1, 0.5)), 48000)
    record(tmp_path / "out.ogg", hum(OUTRO_HZ, 3.0, 16000), 16000, "-c:a", "flac")
    return show(
        tmp_path,
        "file = 'in.wav'\nfade_in_s = 1\nfade_out_s = 1",
        "file = 'out.ogg'\nfade_out_s = 2",
    )


def share(samples: NDArray, rate: int, hz: float) -> float:
    """How much of the power of samples is about a frequency."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    at = np.fft.rfftfreq(len(samples), 1 / rate)
    return float(power[np.abs(at - hz) < 30].sum() / power.sum())


def level(samples: NDArray, rate: int, at_s: float) -> float:
    around = samples[max(0, round((at_s - 0.03) * rate)) : round((at_s + 0.03) * rate)]
    return float(np.std(around))


def findings(made: Made) -> list[str]:
    checked = check_episode(made.published.directory, lambda *_: None)
    return [str(finding) for finding in checked.findings]


def test_recordings_are_heard_before_and_after_the_article(folder: Path):
    (made,) = make(folder, page(folder))
    rate = 22050
    sound = decode(made.published.audio, rate)
    timeline = made.published.manifest.timeline
    begin_s, end_s = timeline[0].begin_s, timeline[-1].end_s
    assert share(sound[: 4 * rate], rate, INTRO_HZ) > 0.98
    assert share(sound[round((end_s + REST_S) * rate) :], rate, OUTRO_HZ) > 0.98
    speech = sound[round(begin_s * rate) : round(end_s * rate)]
    assert share(speech, rate, INTRO_HZ) + share(speech, rate, OUTRO_HZ) < 0.2
    full = level(sound, rate, 2)
    assert level(sound, rate, 0.1) < 0.15 * full
    assert level(sound, rate, 0.55) == pytest.approx(full * np.sin(np.pi / 4), rel=0.05)
    assert level(sound, rate, 3.55) == pytest.approx(full * np.sin(np.pi / 4), rel=0.05)
    assert level(sound, rate, 4.0) < 0.15 * full
    said = mp3val(made.published.audio)
    assert "ERROR" not in said
    assert "WARNING" not in said


def test_they_are_as_far_from_the_article_as_a_heading(folder: Path):
    show(folder, "file = 'in.wav'", "file = 'out.ogg'")
    (folder / "plain.css").write_text("p { pause: 400ms }")  # no cues
    (made,) = make(folder, page(folder), profile=str(folder / "plain.css"))
    sound = decode(made.published.audio, 22050)
    rests = [end - begin for begin, end in silences(sound, 22050) if end - begin > 1]
    assert rests == pytest.approx([REST_S, REST_S], abs=0.04)


def test_the_episode_is_as_loud_as_asked(folder: Path):
    (made,) = make(folder, EXAMPLE)
    loudness_lufs, peak_dbtp = measure_file(made.published.audio)
    assert loudness_lufs == pytest.approx(-16, abs=0.5)
    assert made.loudness_lufs == pytest.approx(loudness_lufs, abs=0.1)
    assert peak_dbtp <= -1


@pytest.mark.parametrize(
    ("name", "rate", "options"),
    [
        ("a.mp3", 44100, ("-b:a", "128k")),
        ("a.ogg", 48000, ("-c:a", "flac")),
        ("a.m4a", 24000, ("-c:a", "aac")),
        ("a.wav", 96000, ("-c:a", "pcm_s24le")),
    ],
)
def test_in_a_stereo_show_a_recording_is_on_its_sides(
    tmp_path: Path, name: str, rate: int, options: tuple[str, ...]
):
    record(tmp_path / name, hum(INTRO_HZ, 3.0, rate, (1, 0.25)), rate, *options)
    form = "channels = 2\nsample_rate_hz = 44100"
    show(tmp_path, f"file = '{name}'", "", form)
    (made,) = make(tmp_path, page(tmp_path), engine="silent")
    settings = resolve(Flags(show=tmp_path), {}, tmp_path)
    sound = heard(made.published.audio, settings.sound)
    left, right = sound[44100 : 2 * 44100].std(axis=0)
    assert right / left == pytest.approx(0.25, abs=0.02)
    assert share(sound[: 3 * 44100, 0], 44100, INTRO_HZ) > 0.98


def test_the_first_chapter_begins_with_the_intro_and_the_last_ends_with_the_outro(folder: Path):
    (made,) = make(folder, page(folder), engine="silent")
    manifest, directory = made.published.manifest, made.published.directory
    assert [mark.title for mark in manifest.chapters] == ["The lamp", "What it costs"]
    assert manifest.chapters[0].begin_s == 0
    assert manifest.chapters[1].begin_s > 4
    assert manifest.chapters[1].end_s == manifest.audio.duration_s
    published = json.loads((directory / "chapters.json").read_text())["chapters"]
    assert published[0]["startTime"] == 0
    assert min(it.start_time for it in ID3(made.published.audio).getall("CHAP")) == 0


@pytest.mark.parametrize(
    ("before", "begins_s"),
    [
        ('<p class="kicker">Harbour news</p><h1>The lamp</h1>', 0),
        ("<h2>The lamp</h2>", 0),
        ("<p>It was there long before the town, they say.</p><h2>The lamp</h2>", 8),
    ],
)
def test_the_intro_is_in_the_chapter_of_the_headline(folder: Path, before: str, begins_s: float):
    source = page(folder)
    source.write_text(source.read_text().replace("<h1>The lamp</h1>", before))
    (made,) = make(folder, source, engine="silent")
    first, *_ = made.published.manifest.chapters
    assert first.title == "The lamp"
    assert first.begin_s == 0 if begins_s == 0 else first.begin_s > begins_s


def test_a_recording_has_no_words(folder: Path):
    (made,) = make(folder, page(folder))
    captions = webvtt.read(made.published.directory / "transcript.vtt")
    assert captions[0].text == "The lamp"
    assert captions[0].start_in_seconds >= 4
    assert not any("::" in span.id for span in made.published.manifest.timeline)
    assert findings(made) == []


def test_a_text_is_said_with_the_episodes_data(tmp_path: Path):
    intro = 'text = "From {show}: {title}, by {authors}. {{Read by a machine.}}"'
    show(tmp_path, intro, "text = 'Thanks for listening on 24 May.'")
    (made,) = make(tmp_path, page(tmp_path))
    captions = list(webvtt.read(made.published.directory / "transcript.vtt"))
    assert captions[0].text == "From Tales: The lamp, by Ada Quill. {Read by a machine.}"
    assert captions[-1].text == "Thanks for listening on 24 May."
    first, *_, last = made.published.manifest.timeline
    assert (first.id, last.id) == ("show::intro", "show::outro")
    rate = 22050
    sound = decode(made.published.audio, rate)
    for span in (first, last):
        spoken = sound[round(span.begin_s * rate) : round(span.end_s * rate)]
        assert np.std(spoken) > 0.02
        assert span.end_s - span.begin_s > 1
    assert made.published.manifest.chapters[0].begin_s == 0
    assert findings(made) == []


def test_the_words_of_a_text_are_not_the_articles(tmp_path: Path):
    (plain,) = make(tmp_path, page(tmp_path), engine="silent", output=tmp_path / "plain")
    show(tmp_path, "text = 'The lamp, once more.'", "text = 'That was it.'")
    (made,) = make(tmp_path, page(tmp_path), engine="silent")
    assert made.rendered == 2
    assert made.published.manifest.coverage == plain.published.manifest.coverage
    assert made.published.manifest.text_hash == plain.published.manifest.text_hash
    assert "once more" not in (made.published.directory / "index.html").read_text()
    assert "once more" not in ID3(made.published.audio).getall("USLT")[0].text


def test_a_text_is_said_in_the_shows_language_by_the_profiles_plain_voice(tmp_path: Path):
    (tmp_path / "own.css").write_text(
        'p { voice-family: male } h1 { voice-family: child } p::before { content: "Paragraph." }'
    )
    show(tmp_path, "text = 'Es spricht “die Lampe”.'", "", "language = 'de'")
    settings = resolve(Flags(show=tmp_path, profile=str(tmp_path / "own.css")), {}, tmp_path)
    narrator = app.open_narrator(settings, QUIET)
    article = app.read(str(page(tmp_path)), 1, settings.reading, QUIET)
    script = app.script(str(page(tmp_path)), 1, settings, QUIET)[1]
    framed = show_elements.with_elements(script, article, settings.show, narrator, pytest.fail)
    first, second = framed.passages[:2]
    (utterance,) = first.utterances
    paragraph = next(it for it in framed.passages if it.role == "paragraph")
    assert (first.id, first.role, second.id) == ("show::intro", "intro", script.passages[0].id)
    assert utterance.text == "Es spricht “die Lampe”."
    assert utterance.language == "de"
    assert utterance.voice == paragraph.utterances[-1].voice
    assert framed.coverage == script.coverage


def test_a_german_show_introduces_a_russian_article_in_german(tmp_path: Path):
    show(tmp_path, "text = 'Es folgt ein Artikel vom 3. Mai.'", "", "language = 'de'")
    source = Path(__file__).parent / "articles" / "dump-russian.txt"
    (made,) = make(tmp_path, source, engine="silent")
    transcript = (made.published.directory / "transcript.vtt").read_text()
    assert "show::intro" in transcript
    assert "<lang de>Es folgt ein Artikel vom 3. Mai.</lang>" in transcript


def test_a_profile_that_says_no_paragraphs_is_a_warning(tmp_path: Path):
    (tmp_path / "own.css").write_text("p { speak: none }")
    show(tmp_path, "text = 'Welcome.'")
    flags = Flags(show=tmp_path, profile=str(tmp_path / "own.css"))
    settings = resolve(flags, {}, tmp_path)
    narrator = app.open_narrator(settings, QUIET)
    article, script = app.script(str(page(tmp_path)), 1, settings, QUIET)
    warned: list[str] = []
    same = show_elements.with_elements(script, article, settings.show, narrator, warned.append)
    assert same == script
    assert warned == ["The voice profile has nothing to say of the text of [intro]."]


def test_a_second_run_renders_nothing_and_changes_no_file(folder: Path):
    source = page(folder)
    (first,) = make(folder, source, engine="silent")
    before = files(folder / "out")
    (second,) = make(folder, source, engine="silent")
    assert (first.rendered, second.rendered) == (first.passages, 0)
    assert files(folder / "out") == before


def test_another_recording_is_all_that_is_rendered(folder: Path):
    source = page(folder)
    make(folder, source, engine="silent")
    record(folder / "in.wav", hum(500, 2.0, 44100), 44100)
    (made,) = make(folder, source, engine="silent")
    assert made.rendered == 1
    assert share(decode(made.published.audio, 22050)[: 2 * 22050], 22050, 500) > 0.98


def test_one_worker_or_two_the_same_bytes(folder: Path):
    source = page(folder)
    (one,) = make(folder, source, engine="silent")
    other = {"output": folder / "two", "cache": folder / "c2", "workers": 2}
    (two,) = make(folder, source, engine="silent", **other)
    assert one.published.audio.read_bytes() == two.published.audio.read_bytes()
    assert one.published.manifest.timeline == two.published.manifest.timeline


def test_two_articles_of_a_show_share_its_intro(folder: Path):
    (_, second) = make(
        folder, page(folder), page(folder, "It is new.", "new.html"), engine="silent"
    )
    assert second.rendered == 1  # the sentence that is new


@pytest.mark.parametrize("content", [b"", b"This is no sound. " * 200])
def test_a_file_that_is_no_sound_stops_the_run_before_any_work(tmp_path: Path, content: bytes):
    (tmp_path / "in.mp3").write_bytes(content)
    show(tmp_path, "file = 'in.mp3'")
    flags = Flags(show=tmp_path, output=tmp_path / "out", cache=tmp_path / "c", engine="silent")
    outcomes = app.make([page(tmp_path)], resolve(flags, {}, tmp_path), QUIET)
    with pytest.raises(
        SoundError, match=r"^\[intro\] in show\.toml: The sound in\.mp3 could not be"
    ):
        next(outcomes)
    assert not (tmp_path / "out").exists()


def test_a_recording_that_vanishes_meanwhile_is_an_error_of_that_article(folder: Path):
    flags = Flags(show=folder, output=folder / "out", cache=folder / "c", engine="silent")
    sources = [page(folder), page(folder, "It is new.", "new.html")]
    outcomes = app.make(sources, resolve(flags, {}, folder), QUIET)
    assert next(outcomes).made
    (folder / "in.wav").unlink()
    error = next(outcomes).error
    assert isinstance(error, SoundError)
    assert error.what.startswith("The sound in.wav cannot be read: ")


def test_a_recording_is_looked_through_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    settings = resolve(Flags(show=folder, cache=folder / "c"), {}, folder)
    show_elements.check_recordings(settings, keeps=True)
    monkeypatch.setattr(show_elements, "sounding_s", lambda *_: pytest.fail("It was read again."))
    show_elements.check_recordings(settings, keeps=True)
    show_elements.check_recordings(settings, keeps=False)


def test_a_dry_run_counts_them_and_writes_nothing(folder: Path):
    show(folder, "file = 'in.wav'", "text = 'This was {title}.'")
    flags = Flags(show=folder, output=folder / "out", cache=folder / "cache", engine="silent")
    before = set(folder.rglob("*"))
    source = page(folder)
    (outcome,) = app.estimate([source], resolve(flags, {}, folder), QUIET)
    assert outcome.made is not None
    assert set(folder.rglob("*")) == {*before, source}
    (made,) = make(folder, source, engine="silent")
    assert (outcome.made.passages, outcome.made.to_render) == (made.passages, made.rendered)
    assert outcome.made.duration_s == pytest.approx(made.duration_s, rel=0.1)
