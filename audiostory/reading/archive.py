"""ZIP archives that hold documents (EPUB, DOCX, ODT), read with limits: none can be a bomb."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from lzma import LZMAError
from urllib.parse import unquote

from audiostory.errors import SourceError

_MOST_ENTRIES = 20_000
_LARGEST_ENTRY = 64 * 2**20
_LARGEST_IN_ALL = 512 * 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
)
_ENCRYPTED = 0x1  # general purpose bit flag 0 (APPNOTE.TXT, 4.4.4)


class Archive:
    """The files of an archive by their paths, unpacked one at a time."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises SourceError for what is no archive, is cut off, encrypted or a bomb."""
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise SourceError(
                f"{name} is damaged: it cannot be unpacked.", "Download or save it again."
            ) from error
        if len(entries) > _MOST_ENTRIES or sum(e.file_size for e in entries) > _LARGEST_IN_ALL:
            raise _bomb(name)
        self._entries = {entry.filename: entry for entry in entries}
        self._folded = {path.casefold(): path for path in self._entries}

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files, in the archive's order."""
        return tuple(self._entries)

    def find(self, path: str, folder: str = "") -> str | None:
        """The path of a file, as another file in a folder refers to it: None if it isn't there.

        Percent-encoding, "./", "../" and odd case are understood; nothing outside is found.
        """
        plain = posixpath.normpath(posixpath.join(folder, unquote(path.split("#")[0])))
        literal = posixpath.normpath(posixpath.join(folder, path))
        for candidate in (plain, literal):
            if candidate in self._entries:
                return candidate
        return self._folded.get(plain.casefold())

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises SourceError when it is damaged, encrypted or far too large."""
        entry = self._entries[path]
        if entry.flag_bits & _ENCRYPTED:
            raise SourceError(
                f"{self.name} is encrypted.", "Save a copy without a password, and give that."
            )
        if entry.file_size > _LARGEST_ENTRY:
            raise _bomb(self.name)
        try:
            with self._zip.open(entry) as file:
                data = file.read(_LARGEST_ENTRY + 1)
        except _DAMAGE as error:
            raise SourceError(
                f"{self.name} is damaged: {path} in it cannot be unpacked.",
                "Download or save it again.",
            ) from error
        if len(data) > _LARGEST_ENTRY:
            raise _bomb(self.name)
        return data


def _bomb(name: str) -> SourceError:
    return SourceError(
        f"{name} unpacks to more than a document holds.", "Give the article's text in another form."
    )
