"""The voices of Piper in a folder: NAME.onnx, a model, beside NAME.onnx.json, its configuration."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from audiostory.errors import EngineError
from audiostory.model import Gender, Voice

MODEL, CONFIG = ".onnx", ".onnx.json"
_QUALITIES = ("high", "medium", "low", "x_low")
_FAMILY = re.compile(r"(?P<voice>.+)-(?:x_low|low|medium|high)")
_FEMALE, _MALE = re.compile(r"(?<![a-z])female(?![a-z])"), re.compile(r"(?<![a-z])male(?![a-z])")
_MOST_LISTED = 20  # of a voice's speakers; some have nine hundred


@dataclass(frozen=True, slots=True)
class PiperFile:
    """A voice of Piper. speakers: their numbers by their names; empty where there is one."""

    name: str
    model: Path
    language: str
    quality: int
    default_speaker: int
    speakers: Mapping[str, int]

    @property
    def config(self) -> Path:
        """The file of its configuration."""
        return self.model.with_name(f"{self.name}{CONFIG}")


def default_folder() -> Path:
    """Where Piper's voices are unless one says otherwise: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("audiostory", appauthor=False) / "piper"


def piper_files(folder: Path) -> dict[str, PiperFile]:
    """The voices in a folder by their names, the best first. What cannot be read is left out."""
    found = [piper_file(model) for model in sorted(folder.glob(f"*{MODEL}"))]
    files = [file for file in found if file is not None]
    return {file.name: file for file in sorted(files, key=lambda file: file.quality)}


def piper_file(model: Path) -> PiperFile | None:
    """The voice of a model's file; None where it has no configuration that can be read."""
    try:
        status = model.with_name(f"{model.name}.json").stat()
        return _read(model, status.st_size, status.st_mtime_ns)
    except (OSError, ValueError, EngineError):
        return None


@cache
def _read(model: Path, _size: int, _mtime_ns: int) -> PiperFile:
    """A voice's configuration, kept for as long as its file is the same."""
    return read_config(model)


def read_config(model: Path) -> PiperFile:
    """What a voice's configuration says of it. Raises EngineError and OSError."""
    path = model.with_name(f"{model.name}.json")
    name = model.name.removesuffix(MODEL)
    try:
        config = json.loads(path.read_bytes())
        count = int(config["num_speakers"])
        int(config["audio"]["sample_rate"])
        names = {str(key): int(number) for key, number in _table(config, "speaker_id_map").items()}
        return PiperFile(
            name=name,
            model=model,
            language=_language(name, config),
            quality=_quality(name, config),
            default_speaker=int(config.get("default_speaker_id", 0)),
            speakers=(names or {str(i): i for i in range(count)}) if count > 1 else {},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError(
            f"{path} is no configuration of a Piper voice.",
            f"Fetch it again: audiostory voices add piper/{name}",
        ) from error


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = config.get(key) or {}
    return table


def _language(name: str, config: Mapping[str, Any]) -> str:
    """BCP 47: en_US is en-US. Voices of somebody's own may have no code, but espeak-ng's."""
    code = str(_table(config, "language").get("code") or "")
    code = code or str(_table(config, "espeak").get("voice") or "") or name.partition("-")[0]
    primary, *rest = code.replace("_", "-").split("-")
    tags = (tag.upper() if len(tag) == 2 else tag for tag in rest)
    return "-".join([primary.lower(), *tags])


def _quality(name: str, config: Mapping[str, Any]) -> int:
    told = str(_table(config, "audio").get("quality") or name.rpartition("-")[2])
    return _QUALITIES.index(told) if told in _QUALITIES else len(_QUALITIES)


def listed(file: PiperFile, genders: Mapping[str, Gender]) -> Iterator[Voice]:
    """The voices worth listing: the file's own, and its first speakers."""
    yield voice_of(file, file.name, genders)
    for speaker in list(file.speakers)[:_MOST_LISTED]:
        yield voice_of(file, f"{file.name}#{speaker}", genders)


def voice_of(file: PiperFile, voice_id: str, genders: Mapping[str, Gender]) -> Voice:
    """A voice as casting sees it. genders: by voice, as show.toml has them."""
    gender = genders.get(voice_id) or _gender(voice_id)
    return Voice(voice_id, voice_id, (file.language,), gender)


def _gender(voice_id: str) -> Gender | None:
    name, mark, speaker = voice_id.partition("#")
    family = _FAMILY.fullmatch(name)
    key = f"{family['voice'] if family else name}{mark}{speaker}"
    if key in _genders():
        return _genders()[key]
    if _FEMALE.search(key.lower()):
        return "female"
    return "male" if _MALE.search(key.lower()) else None


@cache
def _genders() -> dict[str, Gender]:
    data = files("audiostory.speech") / "data" / "piper-genders.toml"
    table = tomllib.loads(data.read_text("utf-8"))
    return {name: cast("Gender", gender) for gender, names in table.items() for name in names}
