"""Adding voices to Piper, from a server of the test's own: whole, cut, lying, and none."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from audiostory.cli import app
from audiostory.errors import EngineError, UsageError
from audiostory.speech.piper_engine import PiperEngine
from audiostory.speech.piper_voices import add_voice

from .piper_voice import build_piper_voice
from .voice_shelf import Shelf, catalogue, path_of, use, voice_shelf

NAME = "en_US-lessac-low"
MODEL, CONFIG = f"{NAME}.onnx", f"{NAME}.onnx.json"
PATH = path_of(NAME)


@pytest.fixture
def shelf(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shelf]:
    with voice_shelf(NAME, tmp_path_factory.mktemp("built"), monkeypatch) as told:
        yield told


def add(folder: Path, name: str = NAME) -> list[str]:
    told: list[str] = []
    add_voice(name, folder, told.append)
    return told


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_voice_arrives_and_speaks(shelf: Shelf, tmp_path: Path):
    told = add(tmp_path / "voices")
    assert names(tmp_path / "voices") == [MODEL, CONFIG]
    assert [line.split()[1] for line in told] == [MODEL, CONFIG]
    assert [voice.id for voice in PiperEngine(str(tmp_path / "voices")).voices()] == [NAME]


def test_what_is_there_is_not_fetched_again(shelf: Shelf, tmp_path: Path):
    add(tmp_path)
    shelf.asked.clear()
    assert add_voice(NAME, tmp_path, lambda _line: None).was_there
    assert shelf.asked == []


def test_a_broken_voice_is_fetched_again(shelf: Shelf, tmp_path: Path):
    (tmp_path / MODEL).write_bytes(shelf.files[f"{PATH}.onnx"][:500])
    (tmp_path / CONFIG).write_bytes(b"{")
    add(tmp_path)
    assert (tmp_path / MODEL).read_bytes() == shelf.files[f"{PATH}.onnx"]
    assert (tmp_path / CONFIG).read_bytes() == shelf.files[f"{PATH}.onnx.json"]


@pytest.mark.parametrize(("cut", "whole"), [(MODEL, CONFIG), (CONFIG, MODEL)])
def test_half_a_file_is_never_taken_for_a_voice_and_the_whole_one_is_kept(
    shelf: Shelf, tmp_path: Path, cut: str, whole: str
):
    shelf.cut[cut] = 300
    with pytest.raises(EngineError, match=rf"^{cut} did not arrive whole.*again"):
        add(tmp_path)
    assert names(tmp_path) == []
    shelf.cut.clear()
    shelf.asked.clear()
    assert [line.split()[1] for line in add(tmp_path)] == [cut]
    assert whole not in shelf.asked
    assert names(tmp_path) == [MODEL, CONFIG]


def test_stopped_in_the_middle_it_begins_that_file_anew(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from piper import download_voices

    def stop(_source: object, target: object) -> None:
        target.write(b"half")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(download_voices.shutil, "copyfileobj", stop)
        with pytest.raises(KeyboardInterrupt):
            add(tmp_path)
    assert (tmp_path / ".fetching" / NAME / MODEL).read_bytes() == b"half"
    assert names(tmp_path) == []
    add(tmp_path)
    assert names(tmp_path) == [MODEL, CONFIG]


def test_what_is_whole_and_no_voice_is_refused(shelf: Shelf, tmp_path: Path):
    files = {f"{PATH}.onnx": b"no model at all", f"{PATH}.onnx.json": b"{}"}
    shelf.files = {**files, "voices.json": catalogue(NAME, files)}
    with pytest.raises(EngineError, match="cannot open it"):
        add(tmp_path)
    assert names(tmp_path) == []
    assert not (tmp_path / ".fetching" / NAME).exists()


def test_an_unknown_voice_is_told_with_others(shelf: Shelf, tmp_path: Path):
    with pytest.raises(UsageError, match=r"no voice.*such as en_US-lessac-low, en_US-ryan-high"):
        add(tmp_path, "en_US-lesac-low")
    with pytest.raises(UsageError, match=r"voices for de_DE, en_US"):
        add(tmp_path, "xx_XX-somebody-medium")


@pytest.mark.parametrize(
    "name", ["", "lessac", "../../en_US-a-low", "en_US-a/b-low", "en_US-a-l w"]
)
def test_what_is_no_name_of_a_voice_is_refused_before_anything_is_asked(
    shelf: Shelf, tmp_path: Path, name: str
):
    with pytest.raises(UsageError, match="no name of a Piper voice"):
        add(tmp_path, name)
    assert shelf.asked == []
    assert not (tmp_path / ".fetching").exists()


def test_without_a_network_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use(f"http://127.0.0.1:{unused.getsockname()[1]}", monkeypatch)
        with pytest.raises(EngineError) as caught:
            add(tmp_path / "voices")
    assert "127.0.0.1 could not be reached (Connection refused)" in caught.value.what
    assert "See that there is a network. Without one: fetch" in caught.value.advice
    assert f"into {tmp_path / 'voices'}" in caught.value.advice
    links = caught.value.advice.splitlines()[1:]
    assert [link.rpartition("/")[2] for link in links] == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert all(link.startswith("  http://127.0.0.1:") for link in links)
    assert names(tmp_path / "voices") == []


def test_voices_put_there_by_hand_need_no_network(tmp_path: Path):
    build_piper_voice(tmp_path, NAME)
    assert add(tmp_path) == []


def test_what_a_server_answers_is_told(shelf: Shelf, tmp_path: Path):
    shelf.status = 503
    with pytest.raises(EngineError, match=r"answers 503 \(Service Unavailable\)"):
        add(tmp_path)
    shelf.status = 200
    del shelf.files[f"{PATH}.onnx"]
    with pytest.raises(EngineError, match=r"answers 404 \(Not Found\)"):
        add(tmp_path)
    shelf.files["voices.json"] = b"<html>Please sign in</html>"
    with pytest.raises(EngineError, match="no list of voices"):
        add(tmp_path)
    shelf.files["voices.json"] = json.dumps({NAME: {"files": {"a": 1}}}).encode()
    with pytest.raises(EngineError, match="does not say what"):
        add(tmp_path)


def test_a_catalogue_that_breaks_off_is_told(shelf: Shelf, tmp_path: Path):
    shelf.cut["voices.json"] = 10
    with pytest.raises(EngineError, match="broke off"):
        add(tmp_path)


def test_letters_that_piper_s_downloader_cannot_ask_for_are_told(shelf: Shelf, tmp_path: Path):
    name = "pt_PT-tugão-medium"
    file = {"size_bytes": 1, "md5_digest": "0"}
    files = {f"pt/{name}.onnx": file, f"pt/{name}.onnx.json": file}
    shelf.files["voices.json"] = json.dumps({name: {"files": files}}).encode()
    with pytest.raises(
        EngineError, match=r"tugão.*A browser can: fetch(?s:.*)pt_PT-tugão-medium\.onnx"
    ):
        add(tmp_path, name)


def test_two_at_once_do_not_write_into_one_file(shelf: Shelf, tmp_path: Path):
    with (
        FileLock(tmp_path / ".fetching.lock"),
        pytest.raises(EngineError, match="Another audiostory"),
    ):
        add(tmp_path)


def test_the_time_out_of_others_is_left_as_it_was(shelf: Shelf, tmp_path: Path):
    assert socket.getdefaulttimeout() is None
    add(tmp_path)
    assert socket.getdefaulttimeout() is None


def test_without_piper_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("audiostory.speech.piper_voices.find_spec", lambda _module: None)
    with pytest.raises(EngineError, match=r"pip install 'audiostory\[piper\]'"):
        add(tmp_path)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["voices", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_adds_a_voice_to_the_user_s_folder(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_more: tmp_path / name)
    told = run("add", f"piper/{NAME}")
    assert f"{NAME} is in {tmp_path / 'audiostory' / 'piper'}\n" in told
    assert f'voice-family: "piper/{NAME}"' in told
    card = "https://huggingface.co/rhasspy/piper-voices/blob/main/en/en_US/lessac/low/MODEL_CARD"
    assert card in told
    assert f"{NAME} was in" in run("add", NAME)
    assert [voice.id for voice in PiperEngine().voices()] == [NAME]


def test_the_command_adds_to_piper_alone(tmp_path: Path):
    with pytest.raises(UsageError, match='cannot be added to "http"'):
        run("add", "http/alloy", "--folder", str(tmp_path))


def test_voices_alone_lists_them_as_before():
    told = run("--language", "de")
    assert "silent: 7 voices" in told
    assert told == run("-l", "de")
