import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.cover import cover, covers, generated_name


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    "title", ["My articles", "Статьи вслух", "مقالات", "中文", "", "x" * 300, "Long words " * 40]
)
def test_a_generated_cover_is_as_apple_asks(title: str, show: Show):
    made = cover(replace(show, title=title))
    picture = opened(made.data)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (3000, 3000))
    assert len(made.data) < 512_000
    assert made.mime == "image/jpeg"
    assert made.file_name == generated_name(replace(show, title=title))


def test_it_is_the_same_for_the_same_show_and_has_another_name_for_another(show: Show):
    assert cover(show) == cover(show)
    names = {
        generated_name(it) for it in (show, replace(show, title="B"), replace(show, author="B"))
    }
    assert len(names) == 3


def test_the_words_are_drawn(show: Show):
    with_words = opened(cover(show).data)
    without = opened(cover(replace(show, author="")).data)
    bottom = (0, 2500, 3000, 3000)
    assert with_words.crop(bottom).getextrema()[0][1] > 240
    assert without.crop(bottom).getextrema()[0][1] < 120


def test_small_covers_keep_audio_files_small(show: Show):
    made = covers(show).small
    assert opened(made.data).size == (600, 600)
    assert len(made.data) < 80_000


def test_both_covers_come_of_one_drawing(show: Show):
    assert covers(show).full == cover(show)


def artwork(
    tmp_path: Path, name: str = "art.png", size=(1400, 1400), mode="RGB", form=None
) -> Path:
    path = tmp_path / name
    Image.new(mode, size).save(path, form)
    return path


def test_artwork_is_used_as_it_is(tmp_path: Path, show: Show):
    path = artwork(tmp_path)
    made = cover(replace(show, artwork=path))
    assert made.data == path.read_bytes()
    assert made.mime == "image/png"
    assert made.file_name.startswith("cover-")
    assert made.file_name.endswith(".png")
    assert not made.warnings
    assert opened(covers(replace(show, artwork=path)).small.data).size == (600, 600)


def test_heavy_artwork_is_a_warning(tmp_path: Path, show: Show):
    path = tmp_path / "art.png"
    Image.effect_noise((1400, 1400), 100).convert("RGB").save(path)
    (warning,) = cover(replace(show, artwork=path)).warnings
    assert "art.png" in warning
    assert "512 kB" in warning


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"size": (1400, 1500)}, "not square"),
        ({"size": (1000, 1000)}, "1400 to 3000"),
        ({"size": (3200, 3200)}, "1400 to 3000"),
        ({"mode": "RGBA"}, "without transparency"),
        ({"mode": "CMYK", "name": "art.jpg"}, "RGB"),
        ({"name": "art.jpg", "form": "PNG"}, "Rename it to art.png"),
        ({"name": "art.gif", "form": "GIF"}, "JPEG or PNG"),
    ],
)
def test_unfit_artwork_is_refused_with_advice(tmp_path: Path, show: Show, options, complaint: str):
    with pytest.raises(PublishingError, match=complaint):
        cover(replace(show, artwork=artwork(tmp_path, **options)))


def test_artwork_is_a_file_with_an_end(tmp_path: Path, show: Show):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    for name in ("pipe.png", "zero.png"):
        with pytest.raises(PublishingError, match="is no file that can be read"):
            cover(replace(show, artwork=tmp_path / name))
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(51_000_000)
    with pytest.raises(PublishingError, match="more than 50 MB"):
        cover(replace(show, artwork=tmp_path / "huge.png"))


def test_missing_and_damaged_artwork(tmp_path: Path, show: Show):
    with pytest.raises(PublishingError, match=r"none\.png cannot be read"):
        cover(replace(show, artwork=tmp_path / "none.png"))
    whole = tmp_path / "whole.jpg"
    Image.effect_noise((1400, 1400), 100).convert("RGB").save(whole)
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(whole.read_bytes()[:50_000])
    with pytest.raises(PublishingError, match="damaged"):
        cover(replace(show, artwork=torn))
