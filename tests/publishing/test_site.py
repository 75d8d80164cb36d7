import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import feedparser
import pytest

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.files import locked, write_files
from audiostory.publishing.manifest import read_manifests
from audiostory.publishing.places import Place, find_place
from audiostory.publishing.site import Published, publish
from tests.publishing.helpers import BODY, Maker, article, publish_article, snapshot

PublishOne = Callable[..., Published]
REPOSITORY = Path(__file__).parents[2]
OTHER = BODY.replace("Inline", "Another")
PUBLISHER = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.places import Place, find_place
from audiostory.publishing.site import publish
from tests.publishing.helpers import BODY, Maker, article
output, made, name, times, limit = sys.argv[1:]
show = Show(slug="tales", base_url="https://example.org/tales/")
make = Maker(Path(made))
for number in range(int(times)):
    source = article(
        BODY.replace("Inline", f"{name} {number}"),
        canonical_url=f"https://news.example/{name}/{number}",
    )
    place = find_place(Path(output) / "tales", show, source, "", datetime.now(UTC))
    episode = make(source, sound=number + 1)
    print(number, flush=True)
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        while isinstance(place, Place):
            place = publish(episode, place, show, Path(output))
    except PublishingError as error:
        sys.exit(str(error))
"""


def publisher(output: Path, name: str, times: int, limit: int = 0) -> subprocess.Popen[str]:
    """Another process that publishes articles of one title and day."""
    made = output.parent / f"made-{name}"
    command = [sys.executable, "-c", PUBLISHER, str(output), str(made), name, str(times)]
    return subprocess.Popen(
        [*command, str(limit)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_whole(show_dir: Path) -> int:
    """Every episode has all of its files, as its manifest says; returns how many there are."""
    shelf = read_manifests(show_dir)
    assert not shelf.warnings
    for manifest in shelf.manifests:
        folder = show_dir / "episodes" / manifest.directory
        assert (folder / manifest.audio.file).stat().st_size == manifest.audio.bytes
        for name in ("transcript.vtt", "chapters.json", "index.html"):
            assert (folder / name).stat().st_size > 0
    return len(shelf.manifests)


def test_the_layout(publish_one: PublishOne, output: Path):
    published = publish_one(article())
    assert published.changed
    names = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    folder = "tales/episodes/2026-02-03-rain-shine"
    mp3 = f"rain-shine-{published.manifest.audio.sha256[:8]}.mp3"
    (cover,) = (output / "tales").glob("cover-*.jpg")
    assert names == {
        "tales/.audiostory.lock",
        "tales/feed.xml",
        "tales/show.json",
        f"tales/{cover.name}",
        f"{folder}/{mp3}",
        f"{folder}/transcript.vtt",
        f"{folder}/chapters.json",
        f"{folder}/index.html",
        f"{folder}/episode.json",
    }
    assert published.feed_url == "https://example.org/tales/feed.xml"
    assert published.audio == output / folder / mp3


def test_everyone_may_read_what_is_published(publish_one: PublishOne, output: Path):
    old = os.umask(0o022)
    try:
        published = publish_one(article())
    finally:
        os.umask(old)
    for path in (*published.directory.iterdir(), published.feed):
        assert path.stat().st_mode & 0o777 == 0o644


def test_a_second_run_changes_no_file(publish_one: PublishOne, output: Path):
    first = publish_one(article())
    before = snapshot(output)
    second = publish_one(article())
    assert snapshot(output) == before
    assert not second.changed
    assert replace(second, changed=True) == first


def test_the_audio_is_moved(make: Maker, show: Show, output: Path, publish_one: PublishOne):
    published = publish_one(article())
    publish_one(article())
    assert published.audio.is_file()
    assert not list((output.parent / "made").iterdir())


def test_a_corrected_article_keeps_its_address_and_the_old_audio(publish_one: PublishOne):
    first = publish_one(article())
    old = first.audio.read_bytes()
    second = publish_one(article(OTHER), sound=2)
    assert second.manifest.guid == first.manifest.guid
    assert second.directory == first.directory
    assert second.manifest.published == first.manifest.published
    assert second.audio != first.audio
    assert first.audio.read_bytes() == old
    feed = feedparser.parse(second.feed.read_bytes())
    (item,) = feed.entries
    assert item.enclosures[0].href.endswith(second.audio.name)


def test_two_processes_publish_at_the_same_time(output: Path):
    runs = [publisher(output, name, times=6) for name in ("a", "b")]
    for run in runs:
        _, errors = run.communicate(timeout=60)
        assert run.returncode == 0, errors
    assert assert_whole(output / "tales") == 12
    feed = feedparser.parse((output / "tales" / "feed.xml").read_bytes())
    assert len({item.title for item in feed.entries}) == 12
    assert len({item.published for item in feed.entries}) == 12
    assert len({item.id for item in feed.entries}) == 12


def test_a_place_taken_meanwhile_is_not_overwritten(
    make: Maker, show: Show, output: Path, now: datetime, publish_one: PublishOne
):
    late = article(OTHER, canonical_url="https://news.example/late")
    place = find_place(output / "tales", show, late, "", now)
    first = publish_one(article())
    assert place.directory == first.directory.name
    audio = make(late, sound=2)
    free = publish(audio, place, show, output)
    assert isinstance(free, Place)
    assert (free.title, free.guid) == ("Rain & shine (2)", place.guid)
    assert assert_whole(output / "tales") == 1
    second = publish(audio, free, show, output)
    assert isinstance(second, Published)
    assert second.directory != first.directory
    assert second.manifest.title == "Rain & shine (2)"
    assert second.manifest.guid == place.guid
    assert assert_whole(output / "tales") == 2


def test_waiting_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("audiostory.publishing.files._PATIENCE_S", 0.05)
    messages: list[str] = []
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(tmp_path / "tales"):
            held.set()
            go.wait(10)

    def said(message: str) -> None:
        messages.append(message)
        go.set()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with locked(tmp_path / "tales", said):
        assert messages == ["Another run is publishing to tales. Waiting for it to finish."]
    thread.join()


def test_a_killed_run_leaves_whole_episodes_and_no_lock(output: Path, publish_one: PublishOne):
    for delay_ms in (0, 3, 7, 12, 20):
        run = publisher(output, f"k{delay_ms}", times=50)
        assert run.stdout is not None
        run.stdout.readline()
        run.stdout.readline()
        time.sleep(delay_ms / 1000)
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=60)
        assert_whole(output / "tales")
        feedparser_sees_only_whole(output / "tales")
    publish_one(article())
    assert not list(output.rglob(".audiostory-*.tmp"))
    feed = feedparser.parse((output / "tales" / "feed.xml").read_bytes())
    assert len(feed.entries) == assert_whole(output / "tales")


def feedparser_sees_only_whole(show_dir: Path) -> None:
    path = show_dir / "feed.xml"
    feed = feedparser.parse(path.read_bytes()) if path.exists() else None
    for item in feed.entries if feed else ():
        address = item.enclosures[0].href.removeprefix("https://example.org/tales/")
        assert (show_dir / address).stat().st_size == int(item.enclosures[0].length)


def test_a_file_too_large_for_the_disk_changes_nothing(output: Path):
    whole = publisher(output, "whole", times=1)
    whole.communicate(timeout=60)
    assert whole.returncode == 0
    before = snapshot(output)
    run = publisher(output, "limited", times=1, limit=4096)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert ".mp3 could not be written: File too large." in errors
    assert "Traceback" not in errors
    assert snapshot(output) == before
    assert [it.name for it in (output / "tales" / "episodes").iterdir()] == [
        "2026-02-03-rain-shine"
    ]
    assert list((output.parent / "made-limited").iterdir())


@pytest.fixture
def tiny_disk(tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(tiny_disk: Path, make: Maker, show: Show, now: datetime):
    first = publish_article(make, show, tiny_disk, article(), "", now)
    (tiny_disk / "filler").write_bytes(b"x" * free_bytes(tiny_disk))
    before = snapshot(tiny_disk)
    with pytest.raises(PublishingError, match=r"could not be written.*Free some space"):
        publish_article(make, show, tiny_disk, article(OTHER), "", now, sound=2)
    assert snapshot(tiny_disk) == before
    assert len(list((tiny_disk.parent / "made").iterdir())) == 1
    (tiny_disk / "filler").unlink()
    second = publish_article(make, show, tiny_disk, article(OTHER), "", now, sound=2)
    assert second.manifest.guid == first.manifest.guid


def free_bytes(folder: Path) -> int:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize


def test_a_read_only_disk(tiny_disk: Path, make: Maker, show: Show, now: datetime):
    publish_article(make, show, tiny_disk, article(), "", now)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(PublishingError, match="choose another output folder"):
        publish_article(make, show, tiny_disk, article(OTHER), "", now, sound=2)


def test_a_file_where_the_folder_should_be(publish_one: PublishOne, output: Path):
    output.mkdir()
    (output / "tales").write_text("not a folder")
    with pytest.raises(PublishingError, match="Move the file"):
        publish_one(article())


def test_a_folder_where_a_file_should_be_changes_nothing(publish_one: PublishOne, output: Path):
    (output / "tales" / "feed.xml").mkdir(parents=True)
    with pytest.raises(PublishingError, match=r"feed\.xml .* Move the folder"):
        publish_one(article())
    assert not list(output.rglob("*.mp3"))
    assert not (output / "tales" / "episodes").exists()


def test_files_take_their_places_together(tmp_path: Path):
    good, bad = tmp_path / "new" / "good", tmp_path / "file" / "bad"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PublishingError, match="bad could not be written"):
        write_files({good: b"1", bad: b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_missing_audio_is_an_error(make: Maker, show: Show, output: Path, publish_one: PublishOne):
    episode = make(article())
    place = find_place(output / "tales", show, article(), "", datetime.now().astimezone())
    episode.audio.unlink()
    with pytest.raises(PublishingError, match="cannot be read"):
        publish(episode, place, show, output)
    assert read_manifests(output / "tales").manifests == ()
