"""The command line, run as a user runs it."""

from __future__ import annotations

import ctypes
import json
import os
import pty
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "night-train.html"
PROGRAM = [sys.executable, "-m", "audiostory"]
SILENTLY = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
TEXT = "The lamp\n\nIt stands on the quay, and it belongs to nobody in particular.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "lamp.txt").write_text(TEXT)
    return tmp_path


def environment(desk: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(desk),
        "AUDIOSTORY_CACHE": str(desk / "cache"),
        "AUDIOSTORY_ENGINE": "silent",
    }


def run(
    desk: Path, *arguments: object, limit: Callable[[], None] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=desk,
        env={**environment(desk), **variables},
        capture_output=True,
        text=True,
        timeout=200,
        preexec_fn=limit,
    )


def published(desk: Path) -> list[str]:
    return sorted(
        path.name for path in (desk / "output").rglob("*") if not path.name.startswith(".")
    )


# --- what is printed ------------------------------------------------------------------------


def test_it_says_where_to_listen_read_and_subscribe(desk: Path):
    done = run(desk, "make", "lamp.txt")
    assert done.returncode == 0
    title, listen, read, subscribe, note = done.stdout.splitlines()
    assert title == "The lamp"
    assert Path(desk, listen.split()[1]).suffix == ".mp3"
    assert Path(desk, listen.split()[1]).is_file()
    assert Path(desk, read.split()[1]).is_file()
    assert "http://localhost:8000/feed.xml" in subscribe
    assert note.strip() == "(apps on this machine only; for others, set base_url in show.toml)"
    assert done.stderr == ""


def test_where_to_subscribe_is_said_once_and_last(desk: Path):
    (desk / "oar.txt").write_text(TEXT.replace("lamp", "oar"))
    web = ("--base-url", "https://example.org/show/")
    lines = run(desk, "make", "lamp.txt", "oar.txt", "missing.txt", *web).stdout.splitlines()
    assert [line.split()[0] for line in lines] == (
        ["The", "listen", "read", "The", "listen", "read", "2", "subscribe"]
    )
    assert "2 episodes in all" in lines


def test_who_changes_nothing_or_makes_nothing_hears_nothing_of_other_devices(desk: Path):
    for arguments in (("--dry-run",), ("--json",), ()):
        done = run(desk, "make", "lamp.txt", *arguments)
        assert "base URL" not in done.stderr + done.stdout
        assert "this machine" not in done.stderr + done.stdout


def test_a_second_run_says_that_nothing_had_changed(desk: Path):
    run(desk, "make", "lamp.txt")
    done = run(desk, "make", "lamp.txt")
    assert "(nothing had changed)" in done.stdout
    assert "this machine only" not in done.stdout


def test_events_are_one_json_object_a_line(desk: Path):
    done = run(desk, "make", "lamp.txt", "missing.txt", "--json")
    assert done.returncode == 1
    assert done.stderr == ""
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert set(kinds) == {"begin", "progress", "episode", "error"}
    episode = events[kinds.index("episode")]
    assert episode["title"] == "The lamp"
    assert episode.keys() >= {"guid", "directory", "mp3", "duration_s", "feed", "rendered"}
    error = events[kinds.index("error")]
    assert error["source"] == "missing.txt"
    assert "There is no file" in error["message"]
    assert error["advice"]


@pytest.mark.parametrize(
    "sources", [("lamp.txt",), ("missing.txt",), ("lamp.txt", "--engine", "x")]
)
def test_with_json_nothing_else_is_on_standard_output(desk: Path, sources: tuple[str, ...]):
    done = run(desk, "make", *sources, "--json")
    assert all("event" in json.loads(line) for line in done.stdout.splitlines())


def test_a_pipe_gets_utf_8_whatever_the_locale(desk: Path):
    (desk / "lampa.md").write_text("# Лампа\n\nОна стоит на причале.\n", "utf-8")
    for command in (("make", "lampa.md"), ("make", "lampa.md", "--json"), ("script", "lampa.md")):
        done = run(desk, *command, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
        assert done.returncode == 0, done.stderr
        assert "Лампа" in done.stdout


def test_a_terminal_sees_progress(desk: Path):
    ours, terminal = pty.openpty()
    (desk / "show.toml").write_text(f'title = "{"Lamps " * 50}"\nslug = "lamps"')
    command = [*PROGRAM, "make", "lamp.txt", "--workers", "1"]
    variables = {**environment(desk), "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(
        command, cwd=desk, env=variables, stdout=subprocess.PIPE, stderr=terminal
    ) as process:
        os.close(terminal)
        seen = b"".join(chunks(ours))
        assert process.stdout is not None
        told = process.stdout.read()
        assert told.startswith(b"The lamp\n  listen ")
        assert b"  subscribe  http://localhost:8000/feed.xml" in told
    assert process.returncode == 0
    assert b"publishing" in seen
    assert b"Warning: The show's title is longer" in seen


def chunks(terminal: int) -> Iterator[bytes]:
    with open(terminal, "rb", buffering=0) as file, suppress(OSError):  # EIO: the other end closed
        while chunk := file.read(4096):
            yield chunk


def test_the_script_as_json_is_as_the_design_lays_it_down(desk: Path):
    done = run(desk, "script", EXAMPLE, "--format", "json")
    data = json.loads(done.stdout)
    assert data.keys() == {"article", "passages", "omitted", "coverage"}
    assert data["article"].keys() == {"title", "language", "authors", "published", "source"}
    assert data["coverage"].keys() == {"words_in_article", "words_spoken", "words_omitted"}
    assert all(o.keys() == {"text", "reason"} for o in data["omitted"])
    for passage in data["passages"]:
        assert passage.keys() == {"id", "role", "language", "chapter", "items"}
        assert passage["chapter"] is None or passage["chapter"].keys() == {"level", "title"}
    keys = {
        "speak": {"type", "id", "text", "spoken", "role", "language", "speaker", "quote", "voice"},
        "cue": {"type", "src", "gain_db"},
        "pause": {"type", "ms"},
    }
    for item in (item for passage in data["passages"] for item in passage["items"]):
        assert item.keys() <= keys[item["type"]]
        assert item.keys() >= keys[item["type"]] - {"language"}
    quotes = {i.get("quote") for p in data["passages"] for i in p["items"]}
    assert quotes == {None, "direct", "block", "fragment"}


def test_the_script_for_a_person_is_printed_alone(desk: Path):
    done = run(desk, "script", "lamp.txt")
    assert done.stdout.startswith("The lamp\nen, lamp.txt\n")
    assert done.stderr == ""


def test_the_script_as_a_page_is_a_source_again(desk: Path):
    page = run(desk, "script", EXAMPLE, "--format", "html")
    assert page.stdout.startswith("<!DOCTYPE html>\n")
    (desk / "edited.script.html").write_text(page.stdout.replace("Hardly", "<foo>Barely"), "utf-8")
    again = run(desk, "script", "edited.script.html")
    assert "male: Barely a berth is free before autumn." in again.stdout
    assert "Warning: edited.script.html:" in again.stderr
    assert "<foo> is not closed." in again.stderr
    assert run(desk, "read", "edited.script.html").returncode == 0


def test_the_script_as_ssml_is_printed_alone(desk: Path):
    done = run(desk, "script", "lamp.txt", "--format", "ssml")
    assert done.stdout.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<speak ')
    assert done.stderr == ""


def test_voices_are_listed_by_engine_and_language(desk: Path):
    everything = run(desk, "voices").stdout
    assert "pyttsx3: " in everything
    assert "silent: 7 voices" in everything
    german = run(desk, "voices", "--language", "de").stdout
    assert 0 < german.count("\n") < everything.count("\n")


def test_a_shows_own_engines_are_listed_among_the_others(desk: Path):
    (desk / "show").mkdir()
    (desk / "show" / "show.toml").write_text(
        """
        [engines.booth]
        type = "http"
        url = "http://127.0.0.1:1/v1"
        voices = ["af_heart", "am_adam"]
        [engines.flute]
        type = "command"
        command = ["no-such-program", "{text}"]
        [engines.lyre]
        type = "lyre"
        [engines.silent]
        tempo = 3
        """
    )
    done = run(desk, "voices", "--show", "show")
    assert done.returncode == 0
    heads = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
    told = dict(line.split(": ", 1) for line in heads)
    assert list(told) == sorted(told)
    assert told["booth (http)"] == "2 voices"  # nothing is asked of it: no server is there
    assert "  af_heart " in done.stdout
    assert "no-such-program" in told["flute (command)"]
    assert 'There is no engine "lyre". Choose one of: ' in told["lyre"]
    assert 'no option "tempo"' in told["silent"]
    assert not {"http", "command"} & told.keys()
    plain = run(desk, "voices").stdout
    assert "http: The engine" in plain
    assert "booth" not in plain


def test_help_and_version_load_neither_numbers_nor_trees_nor_engines(desk: Path):
    for option in ("--help", "--version"):
        code = (
            "import sys, audiostory.cli\n"
            f"sys.argv[1:] = ['{option}']\n"
            "try: audiostory.cli.main()\n"
            "except SystemExit: pass\n"
            "print(*sys.modules, file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout
        loaded = set(done.stderr.split())
        assert not loaded & {"numpy", "lxml", "pyttsx3", "av", "PIL", "audiostory.speech.espeak"}


@pytest.mark.parametrize(("closed", "workers"), [((1,), 1), ((2,), 1), ((1, 2), 1), ((0, 1, 2), 2)])
def test_a_closed_stream_stops_no_run(desk: Path, closed: tuple[int, ...], workers: int):
    (desk / "show.toml").write_text(f'title = "{"Lamps " * 50}"\nslug = "lamps"')  # a warning
    done = run(
        desk, "make", "lamp.txt", "--workers", workers, limit=lambda: [os.close(n) for n in closed]
    )
    assert done.returncode == 0, done.stderr
    assert any(name.endswith(".mp3") for name in published(desk))
    assert ("The lamp" in done.stdout) == (1 not in closed)
    assert ("longer than" in done.stderr) == (2 not in closed)
    (feed,) = (desk / "output").rglob("feed.xml")
    assert feed.read_text().startswith("<?xml")


def test_a_server_that_is_down_is_told_of_once_and_by_the_name_that_the_show_gives_it(desk: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    options = f'type = "http"\nurl = "http://{place}/v1"\nretries = 0\nvoices = ["ann"]'
    (desk / "show.toml").write_text(f"[engines.booth]\n{options}\n")
    (desk / "own.css").write_text('@import "news.css"; * { voice-family: "booth/ann", male }')
    done = run(desk, "make", "lamp.txt", "--profile", "own.css")
    assert done.returncode == 0
    instead = '"male-1" of silent speaks instead of "ann" of booth'
    assert done.stderr == f"Warning: {place} could not be reached. {instead}.\n"


# --- what cannot be done --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "Usage"),
        (("make",), 2, "Missing argument"),
        (("nothing",), 2, "No such command"),
        (("make", "lamp.txt", "--workers", "0"), 2, "--workers"),
        (("make", "lamp.txt", "--drop", "ns|a"), 2, 'The selector "ns|a" cannot be used'),
        (("read", "lamp.txt", "--keep", "p["), 2, 'The selector "p[" cannot be used'),
        (("make", "lamp.txt", "--profile", "none"), 2, "announce, brief, cast, news, plain, study"),
        (("make", "lamp.txt", "--engine", "none"), 2, "command, http, piper, pyttsx3, silent"),
        (("make", "lamp.txt", "--show", "none.toml"), 2, "Give its path with --show"),
        (("make", "lamp.txt", "--base-url", "ftp://x"), 2, "https://example.org/podcast/"),
        (("make", "missing.txt"), 1, "There is no file missing.txt. Check the path."),
        (("make", "empty.txt"), 1, "empty.txt is empty"),
        (("make", "binary.txt"), 1, "binary.txt is not text"),
        (("make", "huge.txt"), 1, "too large: 200 MB"),
        (("make", "nothing.html"), 1, "There is no text in nothing.html"),
        (("make", "lamp.wpd"), 1, "files that end in .html"),
        (("make", "lamp.docx"), 1, "lamp.docx is damaged"),
        (("make", "https://a.invalid/lamp.html"), 1, "There is no server a.invalid"),
        (("make", "articles"), 1, "There is no article in articles"),
        (("make", "lamp.txt", "--profile", "unspoken.css"), 1, "nothing to say"),
        (("script", "missing.txt"), 1, "There is no file"),
        (("make", "lamp.txt", "-o", "lamp.txt"), 1, "lamp.txt"),
        (("make", "lamp.txt", "--cache", "lamp.txt"), 1, "--cache"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    desk: Path, arguments: tuple[str, ...], status: int, message: str
):
    (desk / "empty.txt").touch()
    (desk / "binary.txt").write_bytes(bytes(range(256)) * 40)
    with (desk / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    (desk / "nothing.html").write_text("<html><body> </body></html>")
    (desk / "lamp.docx").write_text("x")
    (desk / "lamp.wpd").write_text("x")
    (desk / "articles").mkdir()
    (desk / "unspoken.css").write_text("article { speak: none }")
    done = run(desk, *arguments)
    assert done.returncode == status, done.stderr
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (desk / "output").exists()


def test_a_folder_that_may_not_be_written_to_is_said(desk: Path):
    (desk / "closed").mkdir(mode=0o555)
    for option in ("--output", "--cache"):
        done = run(desk, "make", "lamp.txt", option, "closed", limit=obey_permissions)
        assert done.returncode == 1, done.stdout
        assert "Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
    assert not list((desk / "closed").iterdir())


def obey_permissions() -> None:
    """Take from root what lets it write anywhere: CAP_DAC_OVERRIDE (prctl PR_CAPBSET_DROP)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_cue_that_is_no_sound_is_said(desk: Path):
    (desk / "cue.wav").write_text("not a sound")
    (desk / "mine.css").write_text('p { cue-before: url("cue.wav") }')
    done = run(desk, "make", "lamp.txt", "--profile", "mine.css")
    assert done.returncode == 1
    assert "cue.wav could not be read. Save it as a WAV file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_in_the_feeds_place_is_said_before_any_work(desk: Path):
    for name in ("feed.xml", "show.json"):
        (desk / name / "my-articles" / name).mkdir(parents=True)
        done = run(desk, "make", "lamp.txt", "-o", name)
        assert done.returncode == 1
        assert f"{name} is a folder. Move it" in done.stderr
        assert [path.name for path in (desk / name).rglob("*")] == ["my-articles", name]
    assert not (desk / "cache").exists()


def test_a_long_name_is_not_said_twice_nor_whole(desk: Path):
    for command in ("make", "script"):
        done = run(desk, command, "x" * 5000 + ".txt")
        assert done.returncode == 1
        assert "File name too long" in done.stderr
        assert len(done.stderr) < 700
    assert run(desk, "make", "missing.txt").stderr.count("missing.txt") == 1


@pytest.mark.parametrize("arguments", ["script lamp.txt", "voices", "make lamp.txt"])
def test_a_fault_of_ours_is_said_without_a_traceback(desk: Path, arguments: str):
    code = (
        "import sys, audiostory.app, audiostory.cli\n"
        "def fail(*_): 1 / 0\n"
        "audiostory.app.load_stylesheet = audiostory.app.engine_statuses = fail\n"
        f"sys.argv[1:] = {arguments.split()}\n"
        "audiostory.cli.main()\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=desk, env=environment(desk), capture_output=True, text=True)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "please report it" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_folder_one_is_in_can_be_made_again_and_again(desk: Path):
    """What was published in it is not taken for more articles."""
    for _ in range(2):
        done = run(desk, "make", ".", "--json")
        episodes = [json.loads(line) for line in done.stdout.splitlines() if '"episode"' in line]
        assert [episode["source"] for episode in episodes] == ["lamp.txt"]


def test_of_many_sources_the_good_ones_are_made(desk: Path):
    (desk / "more").mkdir()
    (desk / "more" / "quay.md").write_text("# The quay\n\nIt is long.\n")
    done = run(desk, "make", "missing.txt", "lamp.txt", "more")
    assert done.returncode == 1
    assert "The lamp" in done.stdout
    assert "The quay" in done.stdout
    assert "1 of 3 could not be made." in done.stderr


def test_a_stylesheet_with_mistakes_warns_with_line_numbers_and_is_used(desk: Path):
    (desk / "mine.css").write_text(
        'p { voice-rate: banana; colour: red }\nh1 { cue-before: url("none.wav") }\n}{\n'
        "p { pause-after: 2s }\n"
    )
    done = run(desk, "script", "lamp.txt", "--profile", "mine.css")
    assert done.returncode == 0
    assert "Warning: mine.css:1: voice-rate" in done.stderr
    assert "Warning: mine.css:1: the property colour" in done.stderr
    assert "mine.css:2: cue-before" in done.stderr
    assert "none.wav" in done.stderr


def test_windows_1251_and_broken_utf_8_are_read_with_a_warning(desk: Path):
    russian = "Мост открыли в тумане, и никто не видел другого берега. " * 3
    (desk / "cp1251.txt").write_bytes(russian.encode("cp1251"))
    (desk / "broken.txt").write_bytes(russian.encode() + b"\xff" + russian.encode())
    done = run(desk, "make", "cp1251.txt", "broken.txt")
    assert done.returncode == 0
    assert "it was read as cp1251" in done.stderr
    assert "1 broken character was replaced" in done.stderr


@pytest.mark.parametrize("room_bytes", [50_000, 290_000])
def test_a_full_disk_is_said_and_loses_nothing(desk: Path, room_bytes: int):
    """No file may grow over so many bytes here, as on a disk with no more room."""
    run(desk, "make", "lamp.txt")
    before = {path: path.read_bytes() for path in (desk / "output").rglob("*") if path.is_file()}
    sentence = "It stands on the quay, and it belongs to nobody in particular. "
    (desk / "long.html").write_text(f"<html lang=en><h1>The quay</h1><p>{sentence * 80}")
    (desk / "long.txt").write_text(f"The quay\n\n{sentence * 80}")

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes))

    for name in ("long.html", "long.txt"):
        done = run(desk, "make", name, "--workers", "1", limit=full)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        assert "File too large" in done.stderr
        assert "room" in done.stderr
    after = {path: path.read_bytes() for path in (desk / "output").rglob("*") if path.is_file()}
    assert after == before
    assert run(desk, "make", "long.html").returncode == 0


# --- at the same time, and in between -------------------------------------------------------


def test_two_runs_at_once_make_one_episode_each_and_a_whole_feed(desk: Path):
    (desk / "quay.md").write_text("# The quay\n\nIt is long, and lamps stand on it.\n")
    commands = [["make", "lamp.txt"], ["make", "quay.md"], ["make", "lamp.txt"]]
    runs = [
        subprocess.Popen(
            [*PROGRAM, *command], cwd=desk, env=environment(desk), stderr=-3, stdout=-3
        )
        for command in commands
    ]
    assert [process.wait(timeout=200) for process in runs] == [0, 0, 0]
    feed = (desk / "output" / "my-articles" / "feed.xml").read_text()
    assert feed.count("<item>") == 2
    episodes = list((desk / "output" / "my-articles" / "episodes").iterdir())
    assert len(episodes) == 2


def test_a_killed_run_leaves_whole_episodes_or_none_and_the_next_goes_on(desk: Path):
    (desk / "long.txt").write_text(
        "The quay\n\n" + "\n\n".join(f"Lamp number {n} stands on the quay." for n in range(400))
    )
    process = subprocess.Popen(
        [*PROGRAM, "make", "long.txt", "--engine", "pyttsx3"],
        cwd=desk,
        env=environment(desk),
        start_new_session=True,
        **SILENTLY,
    )
    cache = desk / "cache"
    for _ in range(600):
        if len(list(cache.rglob("*.clip"))) > 20:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    assert not list((desk / "output").rglob("*.mp3"))
    done = run(desk, "make", "long.txt", "--json", AUDIOSTORY_ENGINE="pyttsx3")
    episode = json.loads(done.stdout.splitlines()[-1])
    assert episode["passages"] == 401
    assert 0 < episode["rendered"] < 390
    assert not [name for name in published(desk) if "tmp" in name]


def test_an_interrupt_is_answered_with_what_to_do(desk: Path):
    (desk / "long.txt").write_text(
        "The quay\n\n" + "\n\n".join(f"Lamp number {n} stands on the quay." for n in range(2000))
    )
    process = subprocess.Popen(
        [*PROGRAM, "make", "long.txt"],
        cwd=desk,
        env={**environment(desk), "AUDIOSTORY_ENGINE": "pyttsx3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(600):
        if list((desk / "cache").rglob("*.clip")):
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal's Ctrl-C does: to the whole group
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "it goes on where it stopped" in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_while_it_reads_leaves_nothing_behind(
    desk: Path, number: signal.Signals
):
    (desk / "tmp").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as mute:  # it takes the call, and never answers
        process = subprocess.Popen(
            [*PROGRAM, "read", f"http://127.0.0.1:{mute.getsockname()[1]}/"],
            cwd=desk,
            env={**environment(desk), "TMPDIR": str(desk / "tmp"), "NO_PROXY": "*"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        mute.settimeout(60)
        connection, _ = mute.accept()  # the worker is reading
        with connection:
            if number == signal.SIGINT:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
            _, stderr = process.communicate(timeout=10)  # which waits for the workers' too
    assert process.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert "Traceback" not in stderr
    if number != signal.SIGKILL:
        assert not list((desk / "tmp").iterdir())


def test_a_temporary_folder_may_lie_as_deep_as_it_likes(desk: Path):
    deep = desk / ("a" * 90) / ("b" * 90)  # a socket's path may have 107 bytes
    deep.mkdir(parents=True)
    read = run(desk, "read", "lamp.txt", TMPDIR=str(deep))
    assert (read.returncode, read.stderr) == (0, "")
    assert not list(deep.iterdir())


def test_nothing_in_the_working_folder_is_run(desk: Path):
    for name in ("struct.py", "json.py", "ctypes.py"):
        (desk / name).write_text("raise SystemExit('run from the working folder')")
    program = Path(sys.executable).parent / "audiostory"
    done = subprocess.run(
        [program, "make", "lamp.txt", "--workers", "2", "--engine", "pyttsx3"],
        cwd=desk,
        env=environment(desk),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr


def test_read_shows_what_was_read_and_what_was_not_where_it_stood(desk: Path):
    shown = run(desk, "read", EXAMPLE, "--omitted")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == "The night train is back, and it is full"
    assert "- outside the article: Skip to the story" in lines
    assert not any(line.startswith("- ") for line in run(desk, "read", EXAMPLE).stdout.splitlines())


def test_read_prints_data_and_a_page(desk: Path):
    data = json.loads(run(desk, "read", EXAMPLE, "--format", "json", "--omitted").stdout)
    assert data["authors"] == ["Ines Calder"]
    assert data["blocks"][0]["tag"] == "h1"
    assert all({"text", "reason", "after"} == set(omission) for omission in data["omitted"])
    page = run(desk, "read", EXAMPLE, "--format", "html", "--omitted").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert '<del class="omitted"' in page or 'class="omitted"' in page


def test_a_producer_drops_from_what_is_read_narrated_and_made(desk: Path):
    (desk / "page.html").write_text(
        f"<html lang=en><body><h1>Lamp</h1><p>{TEXT * 9}</p><p class=x>Not this.</p></body>"
    )
    for command in ("read", "script"):
        assert "Not this." in run(desk, command, "page.html").stdout
        kept = run(desk, command, "page.html", "--drop", "p.x").stdout
        assert not any(
            "Not this." in line for line in kept.splitlines() if "dropped by a rule" not in line
        )


def test_a_part_that_a_source_does_not_have_is_said(desk: Path):
    done = run(desk, "read", "lamp.txt", "--part", "2")
    assert done.returncode == 1
    assert "holds 1, and none is number 2" in done.stderr
