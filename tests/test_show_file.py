"""show.toml: what it may have, and what is said of what it may not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiostory.config import Flags, resolve
from audiostory.errors import UsageError
from audiostory.show_file import read_show


def show(folder: Path, text: str) -> Path:
    path = folder / "show.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_show_file_is_a_file_with_an_end(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "huge.toml").write_text("#" * (2**20 + 1))
    for name in ("/dev/zero", "pipe.toml", "huge.toml", "no.toml", "x" * 300):
        with pytest.raises(UsageError, match=Path(name).name):
            read_show(tmp_path / name)


@pytest.mark.parametrize("key", ["artwork", "lexicons"])
def test_a_name_that_no_file_can_have_is_of_none_that_is_there(tmp_path: Path, key: str):
    path = show(tmp_path, f'{key} = "{"x" * 300}"')
    with pytest.raises(UsageError, match=r"is not there|There is no lexicon"):
        resolve(Flags(show=path), {}, tmp_path)


@pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5000])
def test_no_value_of_a_show_is_a_crash(tmp_path: Path, value: str):
    with pytest.raises(UsageError):
        read_show(show(tmp_path, f"title = {value}"))


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("", "either file .* or text"),
        ("file = 'a.mp3'\ntext = 'x'", "either file .* or text"),
        ("file = ''", "either file .* or text"),
        ("text = 3", "either file .* or text"),
        ("text = 'x'\nfade_in_s = 1", "with a file also fade_in_s"),
        ("file = 'a.mp3'\nfade_in_s = -1", "seconds from 0 to 60"),
        ("file = 'a.mp3'\nfade_out_s = true", "seconds from 0 to 60"),
        ("file = 'a.mp3'\nfade_out_s = nan", "seconds from 0 to 60"),
        ("file = 'a.mp3'\nfades = 1", "either file .* or text"),
        (f"file = '{'x' * 300}'", "is not there"),
        ("file = 'a.mp3'", r"The sound .*a\.mp3 of \[intro\] is not there"),
        ("text = 'By {author}.'", r'"\{author\}".*Known: \{title\}, \{authors\}, \{show\}'),
        ("text = '{title.__class__}'", "Known"),
        ("text = '{title!r}'", "Known"),
        ("text = '{title:>999999999}'", "Known"),
        ("text = '{}'", "Known"),
        ("text = '{title'", "brace.*Known"),
    ],
)
def test_an_intro_that_cannot_be_is_an_error(tmp_path: Path, table: str, what: str):
    with pytest.raises(UsageError, match=what):
        read_show(show(tmp_path, f"[intro]\n{table}"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = x", "not valid TOML.*line 1"),
        ("tittle = 'x'", 'unknown key "tittle".*Known: title'),
        ("title = 3", '"title" is 3.*It takes a text'),
        ("explicit = 'no'", "true or false"),
        ("bit_rate_kbps = 65", "one of 40, 48"),
        ("bit_rate_kbps = 64.0", "one of 40, 48"),
        ("sample_rate_hz = 32000", "one of 22050, 24000, 44100, 48000"),
        ("sample_rate_hz = 44.1", "one of 22050, 24000, 44100, 48000"),
        ("channels = 3", "1, or 2 for stereo"),
        ("editions = ['ogg']", 'a list of "m4b" and "opus"'),
        ("editions = ['m4b', 'm4b']", 'a list of "m4b" and "opus"'),
        ("editions = true", 'is true. It takes a list of "m4b"'),
        ("intro = {text = 'a', file = 'b'}", '"intro" is {"text": "a", "file": "b"}'),
        ("editions = [['m4b']]", 'a list of "m4b" and "opus"'),
        ("channels = true", "1, or 2 for stereo"),
        ("loudness_lufs = 3", "a number from -30 to -10"),
        ("category = []", "a text or a list of texts"),
        ("base_url = 'ftp://a.example/'", "cannot be used.*https://example.org/podcast/"),
        ("base_url = 'https://a.example/?x'", "cannot be used"),
        ("base_url = 'https://[a.example/'", "cannot be used"),
        ("base_url = 'https://a.example:99999/'", "cannot be used"),
        ("base_url = 'https://a example/'", "cannot be used"),
        ("slug = '…'", "No folder name can be made"),
        ("explicit = 1", "true or false"),
        ("title = '  '", "It takes a text"),
        ("[show]\ntitle = 'Tales'", 'unknown key "show"'),
        (
            "profile = 'nothing'",
            "There is no voice profile.*announce, brief, cast, news",
        ),
        ("category = 'News > Donkeys'", 'no category "News > Donkeys".*News > Politics'),
        ("category = ['News', 'Arts', 'News']", 'the category "News" twice'),
        ("category = ['News>Politics', ' News > Politics']", '"News > Politics" twice'),
        ("language = 'xx-<'", "language tag"),
        ("language = 'English'", "language tag"),
        ('email = "ann@a.example\\nX-Header: 1"', "an address such as"),
        ("email = 'ann'", "an address such as"),
        ("email = '<ann@a.example>'", "an address such as"),
        ("base_url = 'https://a.example/%zz/'", "cannot be used"),
        ("base_url = 'https://a.example/%'", "cannot be used"),
        ('base_url = "https://a.example/\\u202e/"', "cannot be used"),
        ("artwork = 'none.png'", "none.png is not there"),
        ("title = '!!!'", 'Give show.toml a "slug"'),
    ],
)
def test_what_cannot_be_in_a_show_is_said(tmp_path: Path, text: str, message: str):
    show(tmp_path, text)
    with pytest.raises(UsageError, match=message):
        resolve(Flags(), {}, tmp_path)


@pytest.mark.parametrize(
    "table", ["intro", "site.'a.example'", "engines.booth", "engines.booth.voices.ann"]
)
def test_a_key_of_the_show_that_stands_below_a_table_is_said(tmp_path: Path, table: str):
    show(tmp_path, f"[{table}]\nbase_url = 'https://a.example/'\n")
    with pytest.raises(UsageError, match=r'"base_url" stands in the table .*above the first'):
        read_show(tmp_path / "show.toml")
    show(tmp_path, "[engines.title]\ntype = 'http'\n")
    assert read_show(tmp_path / "show.toml")


def test_a_message_shows_the_beginning_of_a_long_value(tmp_path: Path):
    for line in (f"language = '{'x' * 9000}'", f"category = '{'x' * 9000}'"):
        with pytest.raises(UsageError) as error:
            read_show(show(tmp_path, line))
        assert len(str(error.value)) < 700


def test_a_show_that_cannot_be_read_is_said(tmp_path: Path):
    with pytest.raises(UsageError, match="Give its path with --show"):
        resolve(Flags(show=tmp_path / "missing.toml"), {}, tmp_path)
    (tmp_path / "show.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(UsageError, match="not valid TOML"):
        read_show(tmp_path / "show.toml")


@pytest.mark.parametrize("wrong", ['site = "x"', "[site.a]\nkeeps = 'p'", "[site.a]\nkeep = 3"])
def test_rules_of_a_site_that_are_none_are_an_error(tmp_path: Path, wrong: str):
    with pytest.raises(UsageError, match="site"):
        read_show(show(tmp_path, wrong))
