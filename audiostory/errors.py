"""What can go wrong, and what the person can do about it.

AudiostoryError            exit status 1
├── SourceError            an article could not be read
├── ProfileError           a voice profile could not be used
├── LexiconError           a pronunciation lexicon could not be used
├── EngineError            an engine could not be opened, or could not speak
│   └── UnreachableError   its server gives no answer, whatever it is asked
├── SoundError             audio could not be made
├── PublishingError        the episode could not be written
└── UsageError             exit status 2: a wrong option, show.toml or environment variable

Foreign exceptions are turned into these at the edge where they arise, and nowhere else.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

_LONGEST_FAULT = 300


class AudiostoryError(Exception):
    """A failure that a person can act on.

    what:   what happened, one sentence.
    advice: what to do about it, one sentence.
    """

    exit_status = 1

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what, advice)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.what} {self.advice}".strip()


_ADVICE = {
    errno.ENOENT: "See that the folder is there",
    errno.EACCES: "See that you may read and write there",
    errno.EROFS: "Choose a folder that can be written",
    errno.EMFILE: "See that the system lets a program open more files (ulimit -n)",
    errno.EAGAIN: "See that the system is not short of memory and processes",
    errno.ENOMEM: "See that the system is not short of memory",
}


def system_error(error: OSError) -> AudiostoryError:
    """What the system refuses wherever it is asked: a full disk, too few file handles."""
    place = f" ({error.filename})" if error.filename else ""
    advice = _ADVICE.get(error.errno or 0, "See that there is room on the disk")
    return AudiostoryError(
        f"The system says: {error.strerror or error}{place}.",
        f"{advice}, and run the same command again.",
    )


def fault(error: Exception) -> AudiostoryError:
    """What nobody foresaw: what it is and where in the code, for a report."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"
    what = what if len(what) <= _LONGEST_FAULT else f"{what[:_LONGEST_FAULT]}…"
    return AudiostoryError(
        f"audiostory failed: {what} ({Path(place.filename).name}, line {place.lineno}).",
        "This is a fault in audiostory: please report it, with the article.",
    )


class SourceError(AudiostoryError):
    """An article could not be read."""


class ProfileError(AudiostoryError):
    """A voice profile could not be used."""


class LexiconError(AudiostoryError):
    """A pronunciation lexicon could not be used."""


class EngineError(AudiostoryError):
    """An engine could not be opened, or could not speak."""


class UnreachableError(EngineError):
    """An engine's server gives no answer, whatever it is asked."""


class SoundError(AudiostoryError):
    """Audio could not be made from what was spoken."""


class PublishingError(AudiostoryError):
    """An episode, a page or a feed could not be written."""


class UsageError(AudiostoryError):
    """The person asked for something that cannot be: an option, a show.toml, a variable."""

    exit_status = 2
