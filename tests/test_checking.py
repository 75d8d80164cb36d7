"""audiostory check: what is wrong with an episode is found, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from audiostory import app
from audiostory.checking import check_episode
from audiostory.cli import app as command_line
from audiostory.config import Flags, resolve
from audiostory.errors import PublishingError, UsageError
from audiostory.model import Span
from audiostory.publishing.published import said, shown, unsaid
from audiostory.report import Report

QUIET = Report(lambda *_step: None, lambda _message: None)
ARTICLE = """---
date: 2026-05-16
---

# The quay

Nobody agreed about the bridge, and the meeting went on until the tide was in.

"We asked for 1,250 planks," said Ada Quill, "and we were sent 12."

![A ferry in the rain](ferry.png)

The ferry leaves at half past nine in the evening, whatever the weather is like.
"""


def made(folder: Path, text: str = ARTICLE, name: str = "quay.md", **flags: object) -> Path:
    """The folder of an episode."""
    (folder / name).write_text(text)
    settings = resolve(
        Flags(output=folder / "o", cache=folder / "c", workers=1, **flags), {}, folder
    )
    (outcome,) = app.make([folder / name], settings, QUIET)
    assert outcome.made, outcome.error
    return outcome.made.published.directory


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("spoken"), profile="announce")


@pytest.fixture
def episode(spoken: Path, tmp_path: Path) -> Path:
    """An episode that a test may damage."""
    return Path(shutil.copytree(spoken, tmp_path / spoken.name))


def found(episode: Path) -> list[str]:
    return [str(finding) for finding in check_episode(episode, lambda *_: None).findings]


def manifest(episode: Path) -> dict:
    return json.loads((episode / "episode.json").read_text())


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before


def replace_audio(episode: Path, change: Callable[[np.ndarray, int], np.ndarray]) -> None:
    """Other sound in an episode, published as if it had always been so."""
    audio = manifest(episode)["audio"]
    path = episode / audio["file"]
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        samples = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    samples = np.ascontiguousarray(change(samples, rate), np.float32)
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="mono")
        stream.bit_rate = 64000
        for begin in range(0, len(samples), 576):
            frame = av.AudioFrame.from_ndarray(samples[None, begin : begin + 576], "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = re.sub(r"[0-9a-f]{8}(?=\.mp3)", digest[:8], path.name)
    path.rename(episode / name)
    changed = {**audio, "file": name, "bytes": (episode / name).stat().st_size, "sha256": digest}
    edit(
        episode / "episode.json",
        lambda text: json.dumps({**json.loads(text), "audio": changed}),
    )


def place(episode: Path, words: str) -> tuple[str, float, float]:
    """The id, begin and end of the utterance that has these words."""
    found = manifest(episode)["timeline"]
    texts = said((episode / "transcript.vtt").read_text(), ())
    (span,) = (span for span in found if words in texts[span["id"]])
    return span["id"], span["begin_s"], span["end_s"]


# --- a good one -----------------------------------------------------------------------------


def test_a_good_episode_is_good_by_its_folder_or_its_manifest(spoken: Path, monkeypatch):
    assert found(spoken) == found(spoken / "episode.json") == []
    monkeypatch.chdir(spoken)
    assert found(Path()) == []


@pytest.mark.parametrize("name", ["festival.html", "tram-de.html", "dump-russian.txt"])
def test_real_articles_are_good(tmp_path: Path, name: str):
    source = Path(__file__).parent / "articles" / name
    assert found(made(tmp_path, source.read_text(), name)) == []


def test_stereo_is_listened_to_on_both_sides(tmp_path: Path):
    (tmp_path / "show.toml").write_text("channels = 2\nbit_rate_kbps = 80\n")
    (tmp_path / "sides.css").write_text('@import "news.css"; p { voice-balance: left }')
    flags = {"show": tmp_path, "profile": str(tmp_path / "sides.css")}
    assert found(made(tmp_path, **flags)) == []


def test_what_a_profile_does_not_speak_is_not_missed(tmp_path: Path):
    (tmp_path / "few.css").write_text("blockquote { speak: none } h2 { voice-volume: silent }")
    text = f"{ARTICLE}\n> Nobody hears this.\n\n## Nor this heading\n\nBut they hear this.\n"
    assert found(made(tmp_path, text, profile=str(tmp_path / "few.css"))) == []


def test_what_a_producer_had_said_otherwise_is_not_missed(tmp_path: Path):
    text = (
        '<html lang="en"><title>The quay</title><article><h1>The quay</h1>'
        '<p>It <span data-spoken="rained on the quay">r.o.t.q.</span> all day and all night.</p>'
        "<p hidden>Nobody reads this out.</p><p>In the end the sun came out.</p></article></html>"
    )
    assert found(made(tmp_path, text, "quay.script.html")) == []


# --- sound ----------------------------------------------------------------------------------


def test_an_utterance_without_sound_is_found_with_its_text_and_its_time(episode: Path):
    _, begin_s, end_s = place(episode, "tide was in")

    def hush(samples: np.ndarray, rate: int) -> np.ndarray:
        samples[round((begin_s - 0.05) * rate) : round((end_s + 0.05) * rate)] = 0
        return samples

    replace_audio(episode, hush)
    (finding,) = found(episode)
    assert re.fullmatch(
        r"0:\d\d “Nobody agreed about the bridge, .* the tide was in\.”: "
        r"(no sound|mostly silence)\.",
        finding,
    )


def test_an_utterance_that_breaks_off_is_found(episode: Path):
    _, begin_s, end_s = place(episode, "tide was in")

    def break_off(samples: np.ndarray, rate: int) -> np.ndarray:
        samples[round((begin_s + 0.5) * rate) : round(end_s * rate)] = 0
        return samples

    replace_audio(episode, break_off)
    (finding,) = found(episode)
    assert finding.endswith("the tide was in.”: mostly silence.")


def test_an_utterance_that_is_clipped_is_found(episode: Path):
    _, begin_s, end_s = place(episode, "tide was in")

    def clip(samples: np.ndarray, rate: int) -> np.ndarray:
        there = slice(round(begin_s * rate), round(end_s * rate))
        samples[there] = np.clip(samples[there] * 40, -1, 1)
        return samples

    replace_audio(episode, clip)
    (finding,) = found(episode)
    assert finding.endswith("the tide was in.”: clipped.")


def test_an_utterance_too_short_or_too_long_for_its_words_is_found(episode: Path):
    id_, begin_s, _ = place(episode, "tide was in")
    other, other_begin_s, _ = place(episode, "ferry leaves")

    def change(text: str) -> str:
        data = json.loads(text)
        for span in data["timeline"]:
            if span["id"] == id_:
                span["end_s"] = begin_s + 0.1
            if span["id"] == other:
                span["end_s"] = other_begin_s + 400
        data["audio"]["duration_s"] += 400
        return json.dumps(data)

    edit(episode / "episode.json", change)
    short, long = found(episode)
    assert short.endswith("the tide was in.”: far too short (0.1 s for 15 words).")
    assert long.endswith("the weather is like.”: The audio ends here.")


def test_sound_without_end_is_found(episode: Path):
    id_, begin_s, _ = place(episode, "ferry leaves")
    noise = np.random.default_rng(1)

    def drone(samples: np.ndarray, rate: int) -> np.ndarray:
        more = noise.uniform(-0.2, 0.2, 290 * rate).astype(np.float32)
        return np.concatenate([samples[: round(begin_s * rate)], more])

    replace_audio(episode, drone)

    def lengthen(text: str) -> str:
        data = json.loads(text)
        for span in data["timeline"]:
            if span["id"] == id_:
                span["end_s"] = begin_s + 289
        data["audio"]["duration_s"] = begin_s + 290
        return json.dumps(data)

    edit(episode / "episode.json", lengthen)
    (finding,) = found(episode)
    assert finding.endswith("the weather is like.”: far too long (289.0 s for 15 words).")


def test_silence_from_beginning_to_end_is_one_finding(tmp_path: Path):
    assert found(made(tmp_path, engine="silent")) == ["The audio is silent from beginning to end."]


def test_audio_that_was_cut_off_is_found(episode: Path):
    audio = episode / manifest(episode)["audio"]["file"]
    whole = audio.read_bytes()
    audio.write_bytes(whole[: len(whole) * 2 // 3])
    changed, ended = found(episode)
    assert changed == (
        f"The audio {audio.name} is not what was published: it has {len(whole) * 2 // 3} bytes, "
        f"and had {len(whole)}."
    )
    assert re.fullmatch(r"0:\d\d “.*”: The audio ends here: of \d+ utterances nothing .*", ended)


@pytest.mark.parametrize("junk", [b"", b"\0" * 5000, b"<html>", bytes(range(256)) * 99])
def test_audio_that_is_none_is_found(episode: Path, junk: bytes):
    (episode / manifest(episode)["audio"]["file"]).write_bytes(junk)
    changed, broken = found(episode)
    assert "is not what was published" in changed
    assert "cannot be decoded" in broken or "The audio ends here" in broken


def test_a_name_whose_hash_is_another_is_found(episode: Path):
    name = manifest(episode)["audio"]["file"]
    (episode / name).rename(episode / "quay-00000000.mp3")
    edit(episode / "episode.json", lambda text: text.replace(name, "quay-00000000.mp3"))
    assert len([f for f in found(episode) if "does not end in its hash" in f]) == 1


# --- files and words ------------------------------------------------------------------------


def test_every_file_that_is_not_there_is_found(episode: Path):
    for path in episode.iterdir():
        if path.name != "episode.json":
            path.unlink()
    assert len(found(episode)) == 4
    assert "The file chapters.json is not there." in found(episode)


def test_a_sentence_that_is_not_said_is_found(episode: Path):
    id_, *_ = place(episode, "tide was in")

    def without(text: str) -> str:
        data = json.loads(text)
        data["timeline"] = [span for span in data["timeline"] if span["id"] != id_]
        return json.dumps(data)

    edit(episode / "episode.json", without)
    in_transcript, in_article = found(episode)
    assert in_transcript.endswith("It is in the transcript, and not in the timeline.")
    assert re.fullmatch(
        "“Nobody .* tide was in.”: It is in the article, and is not said.", in_article
    )


def test_a_word_that_is_not_said_is_found(episode: Path):
    edit(episode / "index.html", lambda text: text.replace("1,250 planks", "1,250 oak planks"))
    (finding,) = found(episode)
    assert finding == "“We asked for 1,250 oak planks,”: It is in the article, and is not said."


def test_a_picture_that_is_not_described_is_found(episode: Path):
    edit(episode / "index.html", lambda text: text.replace("in the rain", "in heavy rain"))
    assert found(episode) == ["“A ferry in heavy rain”: It is in the article, and is not said."]


def test_a_word_that_the_page_says_was_left_out_is_not_missed(episode: Path):
    left_out = '<details><ul><li>oak — <span class="reason">a joke</span></li></ul></details>'
    edit(episode / "index.html", lambda text: text.replace("1,250 planks", "1,250 oak planks"))
    edit(episode / "index.html", lambda text: text.replace("</main>", f"{left_out}</main>"))
    assert found(episode) == []


def test_counts_that_do_not_add_up_are_found(episode: Path):
    edit(
        episode / "episode.json",
        lambda text: re.sub(r'("words_spoken": )\d+', r"\g<1>3", text),
    )
    (finding,) = found(episode)
    assert "3 are spoken and 0 left out: that is not all." in finding


def test_a_timeline_out_of_order_is_found(episode: Path):
    def swap(text: str) -> str:
        data = json.loads(text)
        line = data["timeline"]
        line[1], line[2] = line[2], line[1]
        return json.dumps(data)

    edit(episode / "episode.json", swap)
    (finding,) = found(episode)
    assert finding.endswith("is out of order in the timeline.")


@pytest.mark.parametrize("name", ["index.html", "transcript.vtt"])
@pytest.mark.parametrize("junk", [b"", b"\xff\xfe\0", b"<", b"WEBVTT\n\n --> \n\n00:00:00"])
def test_files_that_are_none_are_found(episode: Path, name: str, junk: bytes):
    (episode / name).write_bytes(junk)
    assert found(episode)


@given(st.text(), st.binary())
def test_no_transcript_and_no_page_is_too_strange(transcript: str, page: bytes):
    texts = said(transcript, (Span("p", 0, 1),))
    assert all(isinstance(text, str) for text in unsaid(shown(page), texts))


def test_a_large_page_takes_time_in_proportion():
    omitted = "".join(
        f'<li>left{n} out{n} — <span class="reason">a</span></li>' for n in range(20000)
    )
    body = "".join(f'<p id="p{n}">left{n} out{n}</p>' for n in range(20000))
    page = f"<main><article>{body}</article><details><ul>{omitted}</ul></details></main>"
    assert not list(unsaid(shown(page.encode()), {}))


# --- the command ----------------------------------------------------------------------------


def test_the_command_says_what_is_wrong_and_fails(episode: Path, spoken: Path):
    done = CliRunner().invoke(command_line, ["check", str(spoken)])
    assert done.exit_code == 0
    assert re.fullmatch(r"The quay: \d+ utterances, 0:\d\d: nothing is wrong\.\n", done.output)
    (episode / "chapters.json").unlink()
    done = CliRunner().invoke(command_line, ["check", str(episode), str(spoken)])
    assert done.exit_code == 1
    first, second, third = done.output.splitlines()
    assert first == "The file chapters.json is not there."
    assert second.endswith("1 thing is wrong.")
    assert third.endswith("nothing is wrong.")


def test_the_command_tells_a_program(episode: Path):
    (episode / "chapters.json").unlink()
    done = CliRunner().invoke(command_line, ["check", "--json", str(episode)])
    finding, checked = map(json.loads, done.output.splitlines())
    assert finding == {
        "event": "finding",
        "at_s": None,
        "text": "",
        "message": "The file chapters.json is not there.",
    }
    assert (checked["event"], checked["findings"]) == ("checked", 1)


def test_where_there_is_no_episode_that_is_said(tmp_path: Path, episode: Path):
    for path in (tmp_path, tmp_path / "none", episode / "index.html"):
        with pytest.raises(UsageError, match="There is no episode in"):
            check_episode(path, lambda *_: None)
    (episode / "episode.json").write_text("{")
    with pytest.raises(PublishingError, match="not a whole manifest"):
        check_episode(episode, lambda *_: None)


# --- editions -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editions")
    (folder / "show.toml").write_text('editions = ["m4b", "opus"]\n')
    return made(folder, show=folder, engine="silent")


@pytest.fixture
def with_editions(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / published.name))


def about_editions(episode: Path) -> list[str]:
    """What is found besides the silence of the silent engine."""
    return [text for text in found(episode) if ".m4b" in text or ".opus" in text]


def edition(episode: Path, kind: str) -> Path:
    (file,) = (it["file"] for it in manifest(episode)["editions"] if it["kind"] == kind)
    return episode / file


def publish_edition(episode: Path, kind: str, data: bytes) -> Path:
    """Other bytes as an edition, published as if it had always been so."""
    path, digest = edition(episode, kind), hashlib.sha256(data).hexdigest()
    name = re.sub(r"[0-9a-f]{8}(?=\.\w+$)", digest[:8], path.name)
    path.unlink()
    (episode / name).write_bytes(data)
    changed = {"file": name, "bytes": len(data), "sha256": digest}

    def change(text: str) -> str:
        document = json.loads(text)
        for it in document["editions"]:
            it.update(changed if it["kind"] == kind else {})
        return json.dumps(document)

    edit(episode / "episode.json", change)
    return episode / name


def test_editions_as_they_were_published_are_good(with_editions: Path):
    assert about_editions(with_editions) == []


@pytest.mark.parametrize("kind", ["m4b", "opus"])
def test_an_edition_that_is_not_there_is_found(with_editions: Path, kind: str):
    path = edition(with_editions, kind)
    path.unlink()
    assert about_editions(with_editions) == [f"The file {path.name} is not there."]


@pytest.mark.parametrize("kind", ["m4b", "opus"])
def test_an_edition_with_another_byte_is_found(with_editions: Path, kind: str):
    path = edition(with_editions, kind)
    data = bytearray(path.read_bytes())
    data[data.index(b"The quay")] ^= 1
    path.write_bytes(data)
    assert about_editions(with_editions)[0] == f"The audio {path.name} is not what was published."


@pytest.mark.parametrize("kind", ["m4b", "opus"])
def test_an_edition_that_is_cut_off_is_found(with_editions: Path, kind: str):
    path = edition(with_editions, kind)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size * 49 // 50])
    first, second = about_editions(with_editions)
    assert first == (
        f"The audio {path.name} is not what was published: "
        f"it has {size * 49 // 50} bytes, and had {size}."
    )
    assert re.fullmatch(rf"The audio {path.name} lasts [\d.]+ s, and the MP3 [\d.]+ s\.", second)


@pytest.mark.parametrize("kind", ["m4b", "opus"])
def test_an_edition_of_another_episode_is_found(with_editions: Path, kind: str, tmp_path: Path):
    (tmp_path / "show.toml").write_text('editions = ["m4b", "opus"]\n')
    short = made(
        tmp_path, "# The pier\n\nIt is short.\n", "pier.md", show=tmp_path, engine="silent"
    )
    path = publish_edition(with_editions, kind, edition(short, kind).read_bytes())
    (finding,) = about_editions(with_editions)
    assert finding.startswith(f"The audio {path.name} lasts ")


@pytest.mark.parametrize("data", [b"", b"not a sound " * 500, b"#EXTM3U\n/etc/passwd\n" * 50])
def test_an_edition_that_is_no_sound_is_found(with_editions: Path, data: bytes, capfd):
    path = publish_edition(with_editions, "opus", data)
    (finding,) = about_editions(with_editions)
    assert finding.startswith(f"{path.name} cannot be decoded: ")
    assert capfd.readouterr().err == ""
