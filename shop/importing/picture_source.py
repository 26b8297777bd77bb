"""Where an import's pictures come from: a folder or a ZIP, neither of which is trusted.

Nothing is ever unpacked by name: pictures are read into memory up to the size
limit and stored under the hash of their content. A name that leads outside,
a symbolic link, an encrypted or oversized entry is refused all the same, with
its name, because its archive or folder is not what it seems.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from shop.catalogue.picture_files import PictureRefused
from shop.importing.errors import ImportRefused

ENCRYPTED = 0x1


class PictureSource(Protocol):
    """Gives pictures by the name an items file calls them; can be sent to a worker process."""

    @property
    def path(self) -> Path:
        """The folder or the ZIP."""

    def hostile_names(self) -> list[tuple[str, str]]:
        """Entries that no honest source has, each with what is wrong."""

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """The picture's bytes.

        Raises:
            PictureRefused: There is none, or it may not be read.
        """


def picture_source(path: Path) -> PictureSource:
    """The folder or the ZIP at ``path``.

    Raises:
        ImportRefused: It is neither.
    """
    if path.is_dir():
        return PictureFolder(path)
    if not path.exists():
        raise ImportRefused(f"{path} is not there; --images takes a folder or a ZIP.")
    if not zipfile.is_zipfile(path):
        raise ImportRefused(f"{path.name} is neither a folder nor a readable ZIP.")
    return PictureArchive(path)


def inner_path(name: str) -> PurePosixPath:
    """The place of a picture inside its source; one leading slash more or less doesn't matter.

    Raises:
        PictureRefused: It leads outside.
    """
    path = PurePosixPath(name.replace("\\", "/").lstrip("/"))
    if ".." in path.parts:
        raise PictureRefused(name, "its path leads outside the folder or ZIP")
    if path.parts and path.parts[0].endswith(":"):
        raise PictureRefused(name, "its path names a drive")
    if not path.parts:
        raise PictureRefused(name, "it names no file")
    return path


@dataclass(frozen=True)
class PictureFolder:
    """Pictures in a folder and those below it."""

    path: Path

    def hostile_names(self) -> list[tuple[str, str]]:
        """None: what lies in a folder beside the pictures is nobody's business."""
        return []

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """See ``PictureSource.read``; symbolic links are not followed."""
        place = self.path
        for part in inner_path(name).parts:
            place /= part
            if place.is_symlink():
                raise PictureRefused(name, "it is a symbolic link")
        if not place.exists():
            raise PictureRefused(name, f"there is no such file in {self.path.name}")
        if not place.is_file():
            raise PictureRefused(name, "it is not a file")
        try:
            with place.open("rb") as file:
                return file.read(max_bytes + 1)
        except OSError as error:
            raise PictureRefused(name, f"it cannot be read ({error.strerror})") from error


@dataclass
class PictureArchive:
    """Pictures in a ZIP."""

    path: Path
    _opened: zipfile.ZipFile | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Only the path: each process opens the file itself."""
        return {"path": self.path, "_opened": None}

    def hostile_names(self) -> list[tuple[str, str]]:
        """Entries that try to leave the archive or are links."""
        found = []
        for entry in self._archive().infolist():
            if entry.orig_filename.startswith(("/", "\\")):
                found.append((entry.orig_filename, "its path is absolute"))
                continue
            try:
                inner_path(entry.orig_filename)
            except PictureRefused as error:
                found.append((entry.orig_filename, error.problem))
                continue
            if stat.S_ISLNK(entry.external_attr >> 16):
                found.append((entry.orig_filename, "it is a symbolic link"))
        return found

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """See ``PictureSource.read``; never more than ``max_bytes`` + 1 bytes are unpacked, whatever the header says."""
        archive = self._archive()
        wanted = str(inner_path(name))
        try:
            entry = archive.getinfo(wanted)
        except KeyError:
            raise PictureRefused(name, f"there is no such file in {self.path.name}") from None
        if entry.is_dir():
            raise PictureRefused(name, "it is not a file")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise PictureRefused(name, "it is a symbolic link")
        if entry.flag_bits & ENCRYPTED:
            raise PictureRefused(name, "it is encrypted")
        if entry.file_size > max_bytes:
            raise PictureRefused(name, f"unpacked it is larger than {max_bytes:,} bytes")
        try:
            with archive.open(entry) as file:
                return file.read(max_bytes + 1)
        # zipfile raises RuntimeErrors for what is packed in a way it doesn't know.
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
            raise PictureRefused(name, f"it is damaged inside {self.path.name} ({error})") from error

    def _archive(self) -> zipfile.ZipFile:
        """The archive, opened once per process."""
        if self._opened is None:
            try:
                self._opened = zipfile.ZipFile(self.path)
            except (zipfile.BadZipFile, OSError, RuntimeError) as error:
                raise ImportRefused(f"{self.path.name} is not a readable ZIP ({error}).") from error
        return self._opened
