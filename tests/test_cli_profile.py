"""`audiostory profile`, run as a user runs it; and what its sample holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from audiostory.config import Flags, profiles, resolve, sample_file, voices_folder
from audiostory.narration import NO_LEXICON, Narrator, load_stylesheet
from audiostory.pipeline import read_articles
from audiostory.planning import plan_jobs, write
from audiostory.report import Report
from tests.sound.helpers import mp3val

QUIET = Report(lambda _room, _done, _total: None, lambda _message: None)
SAMPLES = sorted((voices_folder() / "preview").glob("*.md"))


def run(desk: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    settings = {"AUDIOSTORY_CACHE": str(desk / "cache"), "AUDIOSTORY_ENGINE": "silent"}
    return subprocess.run(
        [sys.executable, "-m", "audiostory", "profile", *map(str, arguments)],
        cwd=desk,
        env={**os.environ, "HOME": str(desk), **settings},
        capture_output=True,
        text=True,
        timeout=200,
    )


def css(desk: Path, text: str, name: str = "house.css") -> str:
    (desk / name).write_text(text)
    return name


# --- check ----------------------------------------------------------------------------------


def test_a_good_profile_is_good(tmp_path: Path):
    done = run(tmp_path, "check", css(tmp_path, "p { pause: 1s }\nq { speak: none }"))
    assert (done.returncode, done.stdout) == (0, "house.css is good: 2 rules.\n")
    done = run(tmp_path, "check", css(tmp_path, '@import "plain.css"; q { pause: 1s }'))
    assert re.fullmatch(r"house\.css is good: 1 rule, and \d+ imported\.\n", done.stdout)


def test_each_problem_has_its_place(tmp_path: Path):
    (tmp_path / "parts").mkdir()
    css(tmp_path, "p {\n  colour: red;\n}", "parts/a.css")
    done = run(tmp_path, "check", css(tmp_path, "@import 'parts/a.css';\nq { pause: soon }"))
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith("parts/a.css:2:3: the property colour is not known")
    assert second.startswith("house.css:2:5: pause: 'soon' cannot be used; it takes a time")
    assert done.stderr == ""


@pytest.mark.parametrize("name", profiles())
def test_the_profiles_that_come_along_are_good(tmp_path: Path, name: str):
    done = run(tmp_path, "check", name)
    assert done.stdout.startswith(f"{name} is good: ")


def test_a_profile_that_is_not_there_is_a_wrong_command(tmp_path: Path):
    done = run(tmp_path, "check", "none.css")
    assert done.returncode == 2
    assert 'There is no voice profile "none.css"' in done.stderr


# --- preview --------------------------------------------------------------------------------


def test_a_profile_can_be_heard(tmp_path: Path):
    done = run(tmp_path, "preview", css(tmp_path, '@import "news.css"; q { voice-rate: 90% }'))
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"house-preview\.mp3 \(1:\d\d\)\n", done.stdout)
    assert "MPEG frames" in mp3val(tmp_path / "house-preview.mp3")


def test_in_a_language_without_a_text_it_is_heard_in_english(tmp_path: Path):
    (tmp_path / "samples").mkdir()
    done = run(tmp_path, "preview", "plain", "--language", "cs", "--output", "samples")
    assert done.returncode == 0
    assert (
        done.stderr
        == 'Warning: There is no text in "cs" to hear a profile with: it is in English.\n'
    )
    assert (tmp_path / "samples" / "plain-preview.mp3").is_file()
    assert sample_file("de-AT").name == "de.md"
    assert sample_file("../../README").name == "en.md"


def test_a_profile_that_says_nothing_has_no_sample(tmp_path: Path):
    done = run(tmp_path, "preview", css(tmp_path, "article { speak: never }"))
    assert done.returncode == 1
    assert "house.css has nothing to say" in done.stderr
    assert not (tmp_path / "house-preview.mp3").exists()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_holds_every_role_and_quotation(path: Path):
    """In all languages alike: quotations of two speakers, in one another, and a phrase."""
    (article,) = read_articles(str(path), resolve(Flags(), {}, path.parent).reading, QUIET)
    sheet = load_stylesheet(voices_folder() / "study.css")
    article, script = write(article, Narrator(sheet), QUIET)
    assert article.language == path.stem
    assert not script.omitted
    assert [passage.role for passage in script.passages] == [
        *("heading", "standfirst", "paragraph", "paragraph", "heading", "blockquote", "paragraph"),
        *("listitem", "listitem", "heading", "image", "caption", "row", "row", "row", "note"),
        *("listitem", "listitem", "paragraph"),
    ]


def test_a_mono_show_keeps_its_voices_in_the_middle_and_says_so_once(tmp_path: Path):
    sheet = load_stylesheet(
        tmp_path / css(tmp_path, "q.direct { voice-balance: left } h1 { voice-balance: 20 }")
    )
    (article,) = read_articles(
        str(sample_file("en")), resolve(Flags(), {}, tmp_path).reading, QUIET
    )
    article, script = write(article, Narrator(sheet), QUIET)
    warned: list[str] = []
    report = Report(lambda *_step: None, warned.append)
    mono = resolve(Flags(engine="silent"), {}, tmp_path)
    plan_jobs(script, "en", mono, report, NO_LEXICON)
    (warning,) = warned
    assert "voice-balance" in warning
    assert "channels = 2" in warning
    (tmp_path / "show.toml").write_text("channels = 2")
    warned.clear()
    plan_jobs(script, "en", resolve(Flags(engine="silent"), {}, tmp_path), report, NO_LEXICON)
    assert not warned
