"""A bundle on disk: one trained model as one immutable folder; see docs/bundle.md for what is in it.

``BundleWriter`` fills a hidden folder, ``finish`` flushes and checksums every
file, writes the manifest last and gives the folder its public name by one
rename; ``recommender.bundle``, which offers all of this too, then makes its
row and, if wanted, activates it. Readers use ``open_bundle``, which memory-maps arrays
on demand and never unpickles. Only NumPy is needed, so web workers may import
this module.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

FORMAT = 1
MANIFEST = "manifest.json"
PARTIAL_SUFFIX = ".partial"
CHECKSUM_BLOCK = 1 << 20

Array = npt.NDArray[Any]


class BundleError(Exception):
    """Something is wrong with a bundle; the message says which one and what."""


class BundleMissing(BundleError):
    """There is no folder for the version that was asked for."""


class BundleBroken(BundleError):
    """The folder is there but its content is not what its manifest promises."""


class BundleExists(BundleError):
    """A bundle of that version was already written; bundles are immutable."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the manifest knows of one file: bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a bundle; ``files`` is filled by the writer."""

    version: str
    seed: int
    created_at: str
    code: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    dims: Mapping[str, int] = field(default_factory=dict)
    watermark: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The manifest as it was read from a file.

        Raises:
            BundleBroken: a field is missing, unknown or of the wrong kind, or
                the format is not one this code reads.
        """
        if values.get("format") != FORMAT:
            raise BundleBroken(f"bundle format {values.get('format')!r} is not {FORMAT}; retrain to get a new one")
        try:
            files = {str(name): FileEntry(**entry) for name, entry in values["files"].items()}
            return cls(**{**values, "files": files, "notes": tuple(values["notes"])})
        except (AttributeError, KeyError, TypeError) as error:
            raise BundleBroken(f"{MANIFEST} cannot be understood: {error}") from error


class BundleWriter:
    """Fills the hidden folder of a bundle that is being made.

    Used as a context manager: leaving it without ``finish`` (an error,
    Ctrl-C) takes the folder away. A lock on the folder lives exactly as long
    as the writer's process, so ``partial_folders`` can tell what a killed
    process left behind from what another one is still writing.
    """

    def __init__(self, home: Path, version: str) -> None:
        """Prepare a writer; nothing is created before it is entered.

        Args:
            home: The folder that holds all bundles.
            version: The name of the new bundle, letters, digits, ``-`` and ``.`` not in front.
        """
        self.home = home
        self.version = version
        self.folder = home / f".{version}{PARTIAL_SUFFIX}"
        self._lock: int | None = None

    def __enter__(self) -> Self:
        if (self.home / self.version).exists():
            raise BundleExists(f"bundle {self.version} exists already")
        self.home.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir()
        self._lock = os.open(self.folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def write_array(self, name: str, array: Array) -> None:
        """Write ``<name>.npy``; object arrays are refused because they would need a pickle."""
        with (self.folder / f"{name}.npy").open("wb") as file:
            np.save(file, np.ascontiguousarray(array), allow_pickle=False)

    def write_json(self, name: str, value: object) -> None:
        """Write ``<name>.json``, keys sorted so that equal values give equal bytes."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
        (self.folder / f"{name}.json").write_text(text, encoding="utf-8")

    def finish(self, manifest: Manifest) -> Path:
        """Flush and checksum everything, verify it once more from disk, and give the folder its name.

        Args:
            manifest: All but ``files``, which is measured here.

        Returns:
            The folder under its public name.

        Raises:
            BundleBroken: what came back from disk is not what was written.
        """
        files = {}
        for path in sorted(self.folder.iterdir()):
            _flush(path)
            files[path.name] = FileEntry(size=path.stat().st_size, sha256=checksum(path))
        complete = asdict(manifest) | {"files": {name: asdict(entry) for name, entry in files.items()}}
        self.write_json(MANIFEST.removesuffix(".json"), complete)
        _flush(self.folder / MANIFEST)
        _flush(self.folder)
        verify(self.folder)
        target = self.home / self.version
        self.folder.rename(target)
        _flush(self.home)
        return target


class OpenBundle:
    """A bundle that is being read. Arrays are memory-mapped, read-only, at first use.

    ``bundle.array("similar_ids")`` and ``bundle.similar_ids`` are the same; both
    give ``None`` where the bundle has no such array.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._arrays: dict[str, Array | None] = {}

    @property
    def version(self) -> str:
        """The bundle's name."""
        return self.manifest.version

    def has(self, file_name: str) -> bool:
        """Whether the bundle holds that file (with its ending)."""
        return file_name in self.manifest.files

    def file(self, file_name: str) -> Path | None:
        """The path of a file of the bundle, or ``None`` where it has none of that name."""
        return self.path / file_name if self.has(file_name) else None

    def array(self, name: str) -> Array | None:
        """The array in ``<name>.npy``, memory-mapped, or ``None`` where there is none.

        Raises:
            BundleBroken: the file is not an array.
        """
        if name not in self._arrays:
            path = self.file(f"{name}.npy")
            self._arrays[name] = None if path is None else _map_array(path)
        return self._arrays[name]

    def __getattr__(self, name: str) -> Array | None:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.array(name)

    def json(self, name: str) -> Any:
        """The value in ``<name>.json``, or ``None`` where there is none.

        Raises:
            BundleBroken: the file is not JSON.
        """
        path = self.file(f"{name}.json")
        return None if path is None else _read_json(path)

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        """Public item ids by row."""
        return tuple(self.json("items") or ())

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row by public item id."""
        return {item_id: row for row, item_id in enumerate(self.item_ids)}


def open_bundle(path: Path) -> OpenBundle:
    """Open the bundle in a folder, checking the manifest and the size of every file.

    Sizes catch a truncated file at the cost of one ``stat`` each; ``verify``
    reads everything.

    Raises:
        BundleMissing: there is no such folder.
        BundleBroken: the manifest is absent or unreadable, or a file is missing or of another size.
    """
    if not path.is_dir():
        raise BundleMissing(f"there is no bundle at {path}")
    if not (path / MANIFEST).is_file():
        raise BundleBroken(f"{path} has no {MANIFEST}")
    values = _read_json(path / MANIFEST)
    if not isinstance(values, dict):
        raise BundleBroken(f"{path / MANIFEST} is not a document")
    manifest = Manifest.from_json(values)
    for name, entry in manifest.files.items():
        if Path(name).name != name:
            raise BundleBroken(f"{path / MANIFEST} names a file outside its folder: {name!r}")
        if not (path / name).is_file():
            raise BundleBroken(f"{path / name} is missing")
        size = (path / name).stat().st_size
        if size != entry.size:
            raise BundleBroken(f"{path / name} has {size} bytes instead of {entry.size}")
    return OpenBundle(path, manifest)


def verify(path: Path) -> Manifest:
    """Read every file of a bundle and compare its SHA-256 with the manifest.

    Raises:
        BundleMissing: there is no such folder.
        BundleBroken: anything differs, including a file that the manifest does not know.
    """
    bundle = open_bundle(path)
    for name, entry in bundle.manifest.files.items():
        if checksum(path / name) != entry.sha256:
            raise BundleBroken(f"{path / name} does not match its checksum")
    strangers = {entry.name for entry in path.iterdir()} - set(bundle.manifest.files) - {MANIFEST}
    if strangers:
        raise BundleBroken(f"{path} holds files its manifest does not know: {', '.join(sorted(strangers))}")
    return bundle.manifest


def published_folders(home: Path) -> list[Path]:
    """The folders of complete bundles, by name; hidden ones are not bundles."""
    if not home.is_dir():
        return []
    return sorted(path for path in home.iterdir() if path.is_dir() and not path.name.startswith("."))


def remove_abandoned(home: Path) -> list[str]:
    """Take away the hidden folders that dead processes left in the middle of writing.

    Returns:
        The names of the removed folders.
    """
    removed = []
    for path in _abandoned(home):
        shutil.rmtree(path)
        removed.append(path.name)
    return removed


def checksum(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, read by blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHECKSUM_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _abandoned(home: Path) -> Iterator[Path]:
    """Partial folders whose writer no longer lives: their lock is free."""
    for path in sorted(home.glob(f".*{PARTIAL_SUFFIX}")) if home.is_dir() else []:
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            yield path
        finally:
            os.close(handle)


def _map_array(path: Path) -> Array:
    """Memory-map one array file, read-only."""
    try:
        array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise BundleBroken(f"{path} is not an array: {error}") from error
    return array


def _read_json(path: Path) -> Any:
    """Read one JSON document."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise BundleBroken(f"{path} cannot be read: {error}") from error


def _flush(path: Path) -> None:
    """Make sure a file, or a folder's list of names, has reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
