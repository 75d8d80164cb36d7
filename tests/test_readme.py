"""What README.md says is so: its commands run, its files are read, its listing is what appears."""

import inspect
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import metadata
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from audiostory.cast_list import CAST_FILE, read_cast
from audiostory.cli import app
from audiostory.config import Flags, resolve
from audiostory.errors import UsageError
from audiostory.model import Article, ShowElement, SoundFormat
from audiostory.narration import load_lexicons, load_stylesheet
from audiostory.show_file import read_show
from audiostory.show_sound import element_text, formats, sound_format
from audiostory.speech.engine import voices_of
from audiostory.speech.http_engine import HttpEngine
from audiostory.speech.piper_engine import PiperEngine
from tests.round_trip import PAGES, as_epub
from tests.speech.piper_voice import build_piper_voice
from tests.speech.voice_shelf import voice_shelf

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent
HASH = re.compile(r"-[0-9a-f]{8}(?=\.)")


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [block for name, block in found if name == kind]


COMMANDS = [
    line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines() if line
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the commands name, and an episode made."""
    desk = tmp_path_factory.mktemp("desk")
    example = ROOT / "examples" / "night-train.html"
    (desk / "articles").mkdir()
    shutil.copy(example, desk / "article.html")
    shutil.copy(example, desk / "articles")
    shutil.copy(ROOT / "tests" / "articles" / "garden.md", desk / "notes.md")
    (desk / "book.epub").write_bytes(as_epub(PAGES[0], desk).read_bytes())
    shutil.copy(ROOT / "tests" / "articles" / "dump-english.txt", desk / "pasted.txt")
    (desk / "my-voices.css").write_text(blocks("css")[0])
    build_piper_voice(desk / "data" / "audiostory" / "piper", "en_US-lessac-medium")
    run(desk, "audiostory make article.html")
    run(desk, next(c for c in COMMANDS if "> article.script.html" in c))
    return desk


def run(desk: Path, command: str, engine: str = "silent") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "AUDIOSTORY_CACHE": str(desk / "cache"),
        "AUDIOSTORY_ENGINE": engine,
        "XDG_DATA_HOME": str(desk / "data"),
    }
    return subprocess.run(
        command, shell=True, cwd=desk, env=environment, capture_output=True, text=True, timeout=300
    )


# Those that need a voice that is heard, or a server to fetch one from.
CHECKING = [c for c in COMMANDS if c.startswith("audiostory check ")]
ADDING = [c for c in COMMANDS if c.startswith("audiostory voices add ")]
OTHERS = [c for c in COMMANDS if c.startswith("audiostory ") and c not in CHECKING + ADDING]


@pytest.mark.parametrize("command", OTHERS)
def test_commands_of_audiostory_run(desk: Path, command: str):
    done = run(desk, command)
    assert done.returncode == 0, done.stderr
    assert done.stdout or ">" in command


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which episodes with a voice were made."""
    folder = tmp_path_factory.mktemp("heard")
    shutil.copy(ROOT / "examples" / "night-train.html", folder / "article.html")
    assert run(folder, "audiostory make article.html", "pyttsx3").returncode == 0
    return folder


@pytest.mark.parametrize("command", CHECKING)
def test_finished_episodes_are_found_whole(heard: Path, command: str):
    done = run(heard, command)
    assert done.returncode == 0, done.stdout
    if "--json" in command:
        assert '{"event": "checked", "episode": ' in done.stdout
    else:
        assert done.stdout.endswith(": nothing is wrong.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the data folder is XDG's on Linux alone")
@pytest.mark.parametrize("command", ADDING)
def test_a_voice_is_fetched(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = command.rpartition("/")[2]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with voice_shelf(name, tmp_path / "built", monkeypatch) as shelf:
        done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert done.exit_code == 0
    assert shelf.asked == ["voices.json", f"{name}.onnx", f"{name}.onnx.json"]
    assert (tmp_path / "data" / "audiostory" / "piper" / f"{name}.onnx").is_file()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_targets_of_make_are_there(command: str):
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_command_that_serves_a_show_serves_its_feed(desk: Path):
    command = next(c for c in COMMANDS if "http.server" in c)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = shlex.split(command.replace("python", sys.executable, 1).replace("8000", str(port)))
    with subprocess.Popen(
        [*words, "--bind", "127.0.0.1"], cwd=desk, stderr=subprocess.DEVNULL
    ) as server:
        try:
            feed = next(answers(f"http://127.0.0.1:{port}/feed.xml"))
        finally:
            server.terminate()
    assert feed == (desk / "output" / "my-articles" / "feed.xml").read_bytes()


def answers(url: str) -> Iterator[bytes]:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                yield answer.read()
        except OSError:
            time.sleep(0.1)


def test_every_command_is_run_by_a_test():
    others = [c for c in COMMANDS if not c.startswith(("audiostory ", "make ", "python -m http."))]
    # tests/test_config.py builds and unpacks the wheel
    assert others == ["pip install .", "pip install 'audiostory[piper]'"]
    assert {"piper"} <= set(metadata("audiostory").get_all("Provides-Extra", []))


def test_the_listing_is_what_appears(desk: Path):
    listing = next(block for block in blocks("") if block.startswith("output/my-articles/"))
    named = {HASH.sub("", name) for name in re.findall(r"─ (\S+?)/?(?:\s|$)", listing)}
    show = desk / "output" / "my-articles"
    episode = next(p for p in (show / "episodes").iterdir() if "night-train" in p.name)
    found = {HASH.sub("", p.name) for p in (*show.iterdir(), *episode.iterdir())}
    assert named == found - {"episodes"} | {f"episodes/{episode.name}"}


def test_the_excerpt_of_a_script_is_what_is_printed(desk: Path):
    excerpt = next(block for block in blocks("") if block.startswith("[paragraph]"))
    assert excerpt in run(desk, "audiostory script article.html").stdout


def test_the_show_file_is_accepted(tmp_path: Path):
    (tmp_path / "show.toml").write_text(blocks("toml")[0], "utf-8")
    Image.new("RGB", (1400, 1400)).save(tmp_path / "cover.png")
    settings = resolve(Flags(), {}, tmp_path)
    assert settings.show.title == "The Harbour Courier, aloud"
    assert not settings.warnings
    mentioned = re.search(r"^Also (.*?)\n\n", README, flags=re.MULTILINE | re.DOTALL)[1]
    for key in re.findall(r"`(\w+)`", mentioned):
        (tmp_path / "other.toml").write_text(f"{key} = []")
        with pytest.raises(Exception, match=f'"{key}" is'):
            read_show(tmp_path / "other.toml")


def test_the_sound_is_understood(tmp_path: Path):
    text = next(block for block in blocks("toml") if "[intro]" in block)
    (tmp_path / "show.toml").write_text(text, "utf-8")
    (tmp_path / "jingle.flac").touch()
    settings = resolve(Flags(), {}, tmp_path)
    assert settings.sound == SoundFormat(44100, 128, channels=2, loudness_lufs=-16)
    assert settings.show.editions == ("m4b", "opus")
    assert settings.show.intro == ShowElement(tmp_path / "jingle.flac", None, 0.5, 2)
    assert settings.show.outro == ShowElement(text=tomllib.loads(text)["outro"]["text"])
    article = Article("The lamp", "en", "lamp.html", None, authors=("Ann", "Bo"))
    said = element_text(settings.show.outro.text, article, settings.show)
    assert said.startswith("That was The lamp, by Ann, Bo, in ")


def test_the_bit_rates_are_those_that_go():
    rows = re.findall(r"^\| (\d{5}.*?) \| (.*?) \| (.*?) \|$", README, flags=re.MULTILINE)
    told = {
        SoundFormat(int(rate), int(kbps), channels)
        for rates, *columns in rows
        for rate in re.findall(r"\d{5}", rates)
        for channels, column in enumerate(columns, 1)
        for kbps in re.findall(r"\d+", column)
    }
    assert told == set(formats())
    for rates, *columns in rows:
        for channels, column in enumerate(columns, 1):
            given = {"sample_rate_hz": int(rates[:5]), "channels": channels}
            assert f"**{sound_format(given).bit_rate_kbps}**" in column


def test_the_options_of_piper_are_understood(tmp_path: Path):
    text = next(block for block in blocks("toml") if "[engines.piper]" in block)
    (tmp_path / "show.toml").write_text(text.replace("~/voices", str(tmp_path)))
    build_piper_voice(tmp_path, "en_US-lessac-medium")
    (choice,) = resolve(Flags(), {}, tmp_path).company.others
    assert [voice.id for voice in voices_of("piper", choice.options)] == ["en_US-lessac-medium"]
    options = set(inspect.signature(PiperEngine).parameters)
    assert set(tomllib.loads(text)["engines"]["piper"]) == options


def test_the_engines_are_understood(tmp_path: Path):
    (tmp_path / "show.toml").write_text(next(b for b in blocks("toml") if "[engines.booth" in b))
    booth, espeak = resolve(Flags(), {}, tmp_path).company.others
    assert [voice.id for voice in voices_of(booth.engine, booth.options)] == ["af_heart", "am_adam"]
    assert [voice.id for voice in voices_of(espeak.engine, espeak.options)] == ["hamish"]
    listed = re.search(r"A server\s+also takes (.*?)\. A program", README, flags=re.DOTALL)[1]
    options = inspect.signature(HttpEngine).parameters
    assert set(re.findall(r"`(\w+)`", listed)) - {"wav", "mp3", "opus", "flac", "pcm"} <= set(
        options
    )


def test_the_cast_and_the_lexicon_are_understood(tmp_path: Path):
    cast = next(block for block in blocks("toml") if block.startswith('["'))
    (tmp_path / CAST_FILE).write_text(cast, "utf-8")
    (name, member), *others = read_cast(tmp_path / CAST_FILE).items()
    assert (name, member.member.voice, others) == ("Olena Markova", 2, [])
    (tmp_path / "names.pls").write_text(blocks("xml")[0], "utf-8")
    lexicon = load_lexicons([tmp_path / "names.pls"])
    assert not lexicon.warnings
    assert [r.said for r in lexicon.replacements("nginx in Kyiv", "en")] == ["engine X", "Kyiv"]


def test_the_stylesheet_is_understood(tmp_path: Path):
    (tmp_path / "my-voices.css").write_text(blocks("css")[0])
    assert not load_stylesheet(tmp_path / "my-voices.css", ROOT / "voices").warnings


def test_the_events_have_the_keys_that_are_named(desk: Path):
    named = re.search(r'`(\{"event": "episode".*?\})`', README, flags=re.DOTALL)[1]
    keys = set(re.findall(r'"(\w+)"', named)) - {"episode"}
    last = run(desk, "audiostory make article.html --json").stdout.splitlines()[-1]
    assert keys <= json.loads(last).keys()


def test_the_estimate_has_the_keys_that_are_named(desk: Path):
    named = re.search(r'`(\{"event": "estimate".*?\})`', README, flags=re.DOTALL)[1]
    keys = set(re.findall(r'"(\w+)"', named)) - {"estimate"}
    *_, one, together = run(
        desk, "audiostory make article.html --dry-run --json"
    ).stdout.splitlines()
    assert keys <= json.loads(one).keys()
    assert json.loads(together)["event"] == "sum"


def test_the_variables_are_read(tmp_path: Path):
    for variable in set(re.findall(r"AUDIOSTORY_[A-Z_]+", README)) - {"AUDIOSTORY_HTTP_KEY"}:
        wrong = {variable: "/no/such/thing"}
        found = resolve(Flags(), {}, tmp_path)
        with suppress(UsageError):
            assert resolve(Flags(), wrong, tmp_path) != found, variable


def test_the_picture_is_there():
    for picture in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file()
