import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml.html import fromstring

from audiostory.config import Flags, find_profile, is_local, profiles, resolve, voices_folder
from audiostory.errors import UsageError
from audiostory.model import Article, Show, ShowElement, SoundFormat
from audiostory.show_sound import element_text

ROOT = Path(__file__).parents[1]


def show(folder: Path, text: str) -> Path:
    path = folder / "show.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_show_there_is_a_sensible_one(tmp_path: Path):
    settings = resolve(Flags(), {}, tmp_path)
    assert settings.show.title == "My articles"
    assert settings.show.slug == "my-articles"
    assert settings.profile.name == "news.css"
    assert settings.company.default.name == "pyttsx3"
    assert settings.output == Path("output")
    assert settings.workers >= 1
    assert is_local(settings.show.base_url)
    assert settings.warnings == ()


def test_flags_win_over_the_environment_and_that_over_the_show(tmp_path: Path):
    show(tmp_path, 'title = "Tales"\nengine = "one"\nbase_url = "https://a.example/one"')
    variables = {"AUDIOSTORY_ENGINE": "two", "AUDIOSTORY_BASE_URL": "https://a.example/two/"}
    assert resolve(Flags(), {}, tmp_path).company.default.name == "one"
    assert resolve(Flags(), variables, tmp_path).company.default.name == "two"
    settings = resolve(Flags(engine="three"), variables, tmp_path)
    assert settings.company.default.name == "three"
    assert settings.show.base_url == "https://a.example/two/"
    assert settings.show.title == "Tales"
    assert not settings.warnings


def test_every_variable_is_known(tmp_path: Path):
    variables = {
        "AUDIOSTORY_OUTPUT": "site",
        "AUDIOSTORY_CACHE": "clips",
        "AUDIOSTORY_WORKERS": "3",
        "AUDIOSTORY_PROFILE": "plain",
        "AUDIOSTORY_SHOW": str(show(tmp_path, 'title = "Tales"')),
    }
    settings = resolve(Flags(), variables, Path("/nowhere"))
    assert (settings.output, settings.cache) == (Path("site"), Path("clips"))
    assert (settings.workers, settings.profile.name) == (3, "plain.css")
    assert settings.show.slug == "tales"


def test_a_show_is_a_file_or_its_folder(tmp_path: Path):
    path = show(tmp_path, 'title = "Tales"')
    for given in (path, tmp_path):
        assert resolve(Flags(show=given), {}, Path("/nowhere")).show.title == "Tales"


def test_a_show_may_begin_with_the_byte_order_mark_that_windows_editors_write(tmp_path: Path):
    (tmp_path / "show.toml").write_bytes(b'\xef\xbb\xbftitle = "Tales"\r\n')
    assert resolve(Flags(), {}, tmp_path).show.title == "Tales"


def test_an_empty_variable_says_nothing(tmp_path: Path):
    names = ("OUTPUT", "CACHE", "ENGINE", "PROFILE", "BASE_URL", "WORKERS", "SHOW")
    empty = {f"AUDIOSTORY_{name}": "" for name in names}
    assert resolve(Flags(), empty, tmp_path) == resolve(Flags(), {}, tmp_path)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80"])
def test_a_base_url_of_this_machine_is_known(tmp_path: Path, host: str):
    assert is_local(resolve(Flags(base_url=f"http://{host}/x"), {}, tmp_path).show.base_url)
    assert not resolve(Flags(base_url="https://a.example/x"), {}, tmp_path).warnings


def test_paths_in_a_show_are_relative_to_it(tmp_path: Path):
    (tmp_path / "mine.css").write_text("p { pause: 1s }")
    (tmp_path / "cover.png").touch()
    path = show(tmp_path, 'artwork = "cover.png"\nprofile = "mine.css"')
    settings = resolve(Flags(show=path), {}, Path("/nowhere"))
    assert settings.show.artwork == tmp_path / "cover.png"
    assert settings.profile == tmp_path / "mine.css"


def test_stereo_has_the_bits_it_needs_unless_one_says_otherwise(tmp_path: Path):
    assert resolve(Flags(), {}, tmp_path).sound.channels == 1
    show(tmp_path, "channels = 2")
    assert resolve(Flags(), {}, tmp_path).sound == SoundFormat(channels=2, bit_rate_kbps=96)
    show(tmp_path, "channels = 2\nbit_rate_kbps = 64")
    assert resolve(Flags(), {}, tmp_path).sound == SoundFormat(channels=2, bit_rate_kbps=64)


@pytest.mark.parametrize(
    ("rate", "channels", "kbps"),
    [(22050, 1, 64), (24000, 1, 64), (24000, 2, 96), (44100, 1, 96), (48000, 2, 128)],
)
def test_a_sample_rate_has_the_bits_it_needs_unless_one_says_otherwise(
    tmp_path: Path, rate: int, channels: int, kbps: int
):
    show(tmp_path, f"sample_rate_hz = {rate}\nchannels = {channels}")
    assert resolve(Flags(), {}, tmp_path).sound == SoundFormat(rate, kbps, channels)
    show(tmp_path, f"sample_rate_hz = {rate}\nchannels = {channels}\nbit_rate_kbps = 80")
    if (rate, channels) != (48000, 2):
        assert resolve(Flags(), {}, tmp_path).sound == SoundFormat(rate, 80, channels)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("bit_rate_kbps = 96", "96 kbit/s do not go with 22050 Hz in mono"),
        ("bit_rate_kbps = 48\nchannels = 2", "48 kbit/s do not go with 22050 Hz in stereo"),
        ("bit_rate_kbps = 40\nsample_rate_hz = 48000", "40 kbit/s do not go with 48000 Hz in mono"),
        (
            "bit_rate_kbps = 144\nsample_rate_hz = 44100\nchannels = 2",
            "144 kbit/s do not go with 44100 Hz in stereo",
        ),
    ],
)
def test_bit_rates_go_with_sample_rates_and_channels(tmp_path: Path, text: str, what: str):
    show(tmp_path, text)
    with pytest.raises(UsageError) as error:
        resolve(Flags(), {}, tmp_path)
    assert what in error.value.what
    for pair in (
        "22050 or 24000 Hz in mono (channels = 1) with 40, 48, 56, 64 or 80 kbit/s",
        "44100 or 48000 Hz in mono (channels = 1) with 64, 80, 96, 112 or 128 kbit/s",
        "22050 or 24000 Hz in stereo (channels = 2) with 64, ",
        "44100 or 48000 Hz in stereo (channels = 2) with 96, ",
    ):
        assert pair in error.value.advice


def test_an_intro_is_a_sound_and_an_outro_a_text_or_the_other_way_round(tmp_path: Path):
    (tmp_path / "theme.mp3").touch()
    text = """
    [intro]
    file = "theme.mp3"
    fade_out_s = 2
    [outro]
    text = "This was {title} by {authors}, from {show}. {{Thank you.}}"
    """
    settings = resolve(Flags(show=show(tmp_path, text)), {}, Path("/nowhere"))
    outro = "This was {title} by {authors}, from {show}. {{Thank you.}}"
    assert settings.show.intro == ShowElement(tmp_path / "theme.mp3", None, 0.0, 2.0)
    assert settings.show.outro == ShowElement(text=outro)
    assert resolve(Flags(), {}, Path("/nowhere")).show.intro is None


def test_a_text_is_filled_with_the_articles_and_the_shows_data():
    text = "{{This}} is {title} by {authors}, from {show}."
    article = Article("{show} & co", "en", "a.html", fromstring("<article/>"), ("Ann", "Bo"))
    tales = Show(title="Tales", author="Cy")
    assert element_text(text, article, tales) == "{This} is {show} & co by Ann, Bo, from Tales."
    assert "by Cy, from" in element_text(text, replace(article, authors=()), tales)


def test_a_title_in_any_script_gives_a_folder(tmp_path: Path):
    show(tmp_path, 'title = "Тихий час"')
    assert resolve(Flags(), {}, tmp_path).show.slug == "tikhii-chas"


def test_what_a_show_may_have(tmp_path: Path):
    show(
        tmp_path,
        'base_url = "https://a.example/%D1%82/тихо/"\nlanguage = "zh-Hant-TW"\n'
        'email = "ann.o\'hara+x@mail.a.example"\ncategory = ["News", "News > Politics"]',
    )
    settings = resolve(Flags(), {}, tmp_path)
    assert settings.show.language == "zh-Hant-TW"
    assert settings.show.categories == ("News", "News > Politics")
    assert not settings.warnings


@pytest.mark.parametrize(
    ("text", "editions"),
    [
        ('["opus", "m4b"]', ("m4b", "opus")),
        ('["opus"]', ("opus",)),
        ('"m4b"', ("m4b",)),
        ("[]", ()),
    ],
)
def test_a_show_asks_for_editions(tmp_path: Path, text: str, editions: tuple[str, ...]):
    assert resolve(Flags(), {}, tmp_path).show.editions == ()
    show(tmp_path, f"editions = {text}")
    assert resolve(Flags(), {}, tmp_path).show.editions == editions


def test_what_apps_would_cut_is_a_warning(tmp_path: Path):
    show(
        tmp_path,
        f'title = "{"a " * 200}"\nbase_url = "https://a.example/"\n'
        f'description = "{"й " * 2000}"\nauthor = "Ann"',
    )
    title, description = resolve(Flags(), {}, tmp_path).warnings
    assert "title is longer than the 255 characters" in title
    assert "description is longer than the 4,000 bytes" in description


@pytest.mark.parametrize("value", ["-1", "0", "many", "1.5", "²", "9" * 5000])
def test_workers_are_a_whole_number(tmp_path: Path, value: str):
    with pytest.raises(UsageError, match="whole number from 1"):
        resolve(Flags(), {"AUDIOSTORY_WORKERS": value}, tmp_path)


def test_profiles_are_found_by_name_and_by_path(tmp_path: Path):
    assert profiles() == ("announce", "brief", "cast", "news", "plain", "study")
    assert find_profile("announce") == voices_folder() / "announce.css"
    mine = tmp_path / "mine.css"
    mine.touch()
    assert find_profile(str(mine)) == mine


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("audiostory-*.whl"))


def test_a_wheel_carries_the_voices_and_all_data(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "audiostory"
    data = {
        f"audiostory/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "voices" not in path.parts
    }
    voices = {
        f"audiostory/voices/{path.relative_to(ROOT / 'voices').as_posix()}"
        for path in (ROOT / "voices").rglob("*")
        if path.suffix in (".css", ".wav")
    }
    assert len(voices) > 10
    assert data | voices <= names
    assert not any(name.startswith(("tests/", "examples/")) for name in names)


def test_an_installed_copy_narrates_as_a_checkout_does(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "a.md").write_text("# The lamp\n\nIt stands on the quay, “for good”.\n")
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        "import audiostory, audiostory.cli; print(audiostory.__file__, file=sys.stderr);"
        "audiostory.cli.main()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "site"), "script", "a.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stderr
    assert "♪ heading-1" in done.stdout


def test_what_is_kept_and_dropped_adds_up_from_the_show_and_the_flags(tmp_path: Path):
    show(tmp_path, 'drop = ".ad"\n[site."Example.org"]\nkeep = ["aside", ".box"]')
    reading = resolve(Flags(drop=("#x",), keep=("p",), chapters=True), {}, tmp_path).reading
    assert (reading.rules.keep, reading.rules.drop) == (("p",), (".ad", "#x"))
    ((host, rules),) = reading.sites
    assert (host, rules.keep, rules.drop) == ("example.org", ("aside", ".box"), ())
    assert reading.chapters


def test_lexicons_lie_beside_the_show_or_where_it_says_before_the_built_in_ones(tmp_path: Path):
    built_in = resolve(Flags(), {}, tmp_path).lexicons
    assert voices_folder() / "lexicons" / "en.pls" in built_in
    show(tmp_path, 'title = "Tales"')
    assert resolve(Flags(), {}, tmp_path).lexicons == built_in
    for name in ("lexicons", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.pls").touch()
        (tmp_path / name / "a.pls").touch()
    own = (tmp_path / "lexicons" / "a.pls", tmp_path / "lexicons" / "b.pls")
    assert resolve(Flags(), {}, tmp_path).lexicons == (*own, *built_in)
    show(tmp_path, 'lexicons = ["other", "lexicons/b.pls"]')
    named = (tmp_path / "other" / "a.pls", tmp_path / "other" / "b.pls", own[1])
    assert resolve(Flags(), {}, tmp_path).lexicons == (*named, *built_in)
    show(tmp_path, 'lexicons = "nowhere"')
    with pytest.raises(UsageError, match="There is no lexicon"):
        resolve(Flags(), {}, tmp_path)


def test_the_environment_limits_the_cache_whatever_the_show_says(tmp_path: Path):
    (tmp_path / "show.toml").write_text("cache_limit_gb = 3\n")
    assert resolve(Flags(), {}, tmp_path).cache_limit_bytes == 3 * 10**9
    limited = resolve(Flags(), {"AUDIOSTORY_CACHE_LIMIT_GB": "0.5"}, tmp_path)
    assert limited.cache_limit_bytes == 5 * 10**8


@pytest.mark.parametrize("value", ["0", "-1", "much", "1e3", "nan", "inf", "٣", "9999999"])
def test_a_limit_that_is_none_is_refused(tmp_path: Path, value: str):
    with pytest.raises(UsageError, match="AUDIOSTORY_CACHE_LIMIT_GB"):
        resolve(Flags(), {"AUDIOSTORY_CACHE_LIMIT_GB": value}, tmp_path)


@pytest.mark.parametrize("value", ["yesterday", "-1", "1e9", "99999999999"])
def test_a_source_date_epoch_that_is_no_moment_is_told(value: str, tmp_path: Path):
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        resolve(Flags(), {"SOURCE_DATE_EPOCH": value}, tmp_path)
