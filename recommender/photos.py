"""Photos that somebody wants to find items by: opened as carefully as the shop's own pictures, and kept nowhere."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

from shop.catalogue.picture_files import EXTENSIONS, PictureRefused
from shop.catalogue.pictures import Source, open_picture
from shop.importing.errors import ImportRefused
from shop.importing.picture_source import PictureArchive, PictureSource, inner_path

if TYPE_CHECKING:
    from PIL.Image import Image

# Fewer pixels than this across tell nothing about a thing.
SMALLEST_SIDE = 16
# More than this across no picture model looks at, crops included.
ENOUGH = 512
# What the file managers of other systems leave in archives.
LITTER = "__MACOSX"

# A large picture takes memory while it is decoded; two at a time would take it twice.
_one_at_a_time = Lock()


class PhotosRefused(ValueError):
    """A folder or ZIP cannot be used as a source of photos; says why."""


def open_photo(source: Source, *, name: str = "") -> Image:
    """A photo as upright 8-bit RGB, not much larger than anybody needs.

    Args:
        source: Bytes, a path, an open binary file or an upload.
        name: What to call it in errors; its own name unless given.

    Raises:
        PictureRefused: it is no picture the shop can use, or too small to tell anything.
        OSError: a path that cannot be read.
    """
    with _one_at_a_time:
        picture = open_picture(source, name=name, enough=ENOUGH)
    if min(picture.size) < SMALLEST_SIDE:
        found = {"width": picture.width, "height": picture.height, "least": SMALLEST_SIDE}
        raise PictureRefused(name, "{width} × {height} pixels are too few; {least} across are the least", found)
    return picture


@dataclass(frozen=True)
class OwnFolder:
    """A folder that the shop's owner names on the command line.

    Links to files are followed, for the owner put them there. Pictures that an items file or an archive names
    are another matter: ``PictureFolder`` and ``PictureArchive`` refuse links.
    """

    path: Path

    def hostile_names(self) -> list[tuple[str, str]]:
        """None: its names are those of files that were found in it."""
        return []

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """See ``PictureSource.read``; devices and pipes, which might never end, are refused, behind links too."""
        place = self.path / inner_path(name)
        if place.is_symlink() and not place.exists():
            raise PictureRefused(name, "it is a link to a file that is not there")
        if not place.is_file():
            raise PictureRefused(name, "it is not a file")
        with place.open("rb") as file:
            return file.read(max_bytes + 1)


@dataclass(frozen=True)
class Photos:
    """The photos in a folder or ZIP.

    Attributes:
        names: Their paths inside, sorted.
    """

    names: tuple[str, ...]
    source: PictureSource

    @classmethod
    def at(cls, path: Path) -> Photos:
        """The photos in the folder or ZIP at ``path``, those of folders inside included.

        Files that are no pictures by their name are passed over, hidden ones too.

        Raises:
            PhotosRefused: there is neither a folder nor a readable ZIP, nothing in it is a photo, or it holds a
                name that leads outside; such an archive is not what it seems.
        """
        if not path.exists():
            raise PhotosRefused(f"{path} is not there; --photos takes a folder or a ZIP")
        try:
            source = OwnFolder(path) if path.is_dir() else PictureArchive(path)
            hostile = source.hostile_names()
        except ImportRefused as error:
            raise PhotosRefused(f"{path} is neither a folder nor a readable ZIP") from error
        if hostile:
            name, problem = hostile[0]
            raise PhotosRefused(f"{path}: {len(hostile)} of its names are refused, such as {name!r}: {problem}")
        inside = _in_folder(path) if path.is_dir() else _in_archive(path)
        names = tuple(sorted({name for name in inside if _is_photo(name)}))
        if not names:
            raise PhotosRefused(f"{path} holds no photos")
        return cls(names=names, source=source)

    def open(self, name: str) -> Image:
        """One photo.

        Raises:
            PictureRefused: it cannot be used; the message names it.
        """
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
        if shown != name:
            raise PictureRefused(shown, "its name is not UTF-8")
        try:
            return open_photo(self.source.read(name, max_bytes=settings.PICTURE_MAX_BYTES), name=name)
        except OSError as error:
            raise PictureRefused(name, f"it cannot be read ({error.strerror})") from error


def _in_folder(path: Path) -> Iterator[str]:
    """The files below a folder; links to other folders are not followed."""
    for folder, _folders, files in os.walk(path):
        for file in files:
            yield (Path(folder) / file).relative_to(path).as_posix()


def _in_archive(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and not stat.S_ISDIR(entry.external_attr >> 16):
                yield entry.filename


def _is_photo(name: str) -> bool:
    """Whether the name is that of a picture, as file names go."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == LITTER for part in path.parts)
    return not hidden and path.suffix.lower() in EXTENSIONS
