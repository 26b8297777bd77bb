"""What a bundle's folder promises: whole or absent, and damage is noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender.bundle_files import (
    BundleBroken,
    BundleExists,
    BundleMissing,
    BundleWriter,
    Manifest,
    open_bundle,
    published_folders,
    remove_abandoned,
    verify,
)


def write(home: Path, version: str = "one") -> Path:
    with BundleWriter(home, version) as writer:
        writer.write_array("popularity", np.array([1.0, 2.0], dtype=np.float32))
        writer.write_array("empty", np.zeros((0, 3), dtype=np.int32))
        writer.write_json("items", ["a", "ü/7"])
        return writer.finish(
            Manifest(version=version, seed=3, created_at="2026-11-22T00:00:00+00:00", notes=("no words",))
        )


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    bundle = open_bundle(write(tmp_path))
    assert bundle.version == "one"
    assert bundle.manifest.seed == 3
    assert bundle.manifest.notes == ("no words",)
    assert bundle.item_ids == ("a", "ü/7")
    assert bundle.row_of == {"a": 0, "ü/7": 1}
    assert bundle.popularity is not None
    assert bundle.popularity.tolist() == [1.0, 2.0]
    assert isinstance(bundle.popularity, np.memmap)
    assert not bundle.popularity.flags.writeable
    empty = bundle.array("empty")
    assert empty is not None
    assert empty.shape == (0, 3)


def test_absent_parts_are_none(tmp_path: Path) -> None:
    bundle = open_bundle(write(tmp_path))
    assert bundle.array("similar_ids") is None
    assert bundle.similar_ids is None
    assert bundle.json("text_vocabulary") is None
    assert bundle.file("image_encoder.tflite") is None


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path, "one"), write(tmp_path, "two")
    for name in ("popularity.npy", "items.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_version_is_written_once(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(BundleExists, match="one"):
        write(tmp_path)


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with BundleWriter(tmp_path, "one") as writer:
            writer.write_json("items", [])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"), BundleWriter(tmp_path, "one") as writer:
        writer.write_array("items", np.array([{}], dtype=object))


def test_nothing_is_visible_before_it_is_finished(tmp_path: Path) -> None:
    with BundleWriter(tmp_path, "one") as writer:
        writer.write_json("items", [])
        assert published_folders(tmp_path) == []


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match="nowhere"):
        open_bundle(tmp_path / "nowhere")


@pytest.mark.parametrize("damage", ["truncate", "remove", "no manifest", "not json", "other format", "outside"])
def test_damage_is_noticed_when_opening(tmp_path: Path, damage: str) -> None:
    folder = write(tmp_path)
    manifest = folder / "manifest.json"
    if damage == "truncate":
        os.truncate(folder / "popularity.npy", 20)
    elif damage == "remove":
        (folder / "items.json").unlink()
    elif damage == "no manifest":
        manifest.unlink()
    elif damage == "not json":
        manifest.write_text("{")
    else:
        values = json.loads(manifest.read_text())
        if damage == "other format":
            values["format"] = 99
        else:
            values["files"]["../one/items.json"] = values["files"]["items.json"]
        manifest.write_text(json.dumps(values))
    with pytest.raises(BundleBroken):
        open_bundle(folder)


def test_a_flipped_bit_passes_opening_but_not_verifying(tmp_path: Path) -> None:
    folder = write(tmp_path)
    path = folder / "popularity.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    open_bundle(folder)
    with pytest.raises(BundleBroken, match="checksum"):
        verify(folder)


def test_a_strange_file_is_noticed(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "stranger.npy").write_bytes(b"")
    with pytest.raises(BundleBroken, match=r"stranger\.npy"):
        verify(folder)


def test_an_array_file_without_an_array_is_broken(tmp_path: Path) -> None:
    with BundleWriter(tmp_path, "one") as writer:
        (writer.folder / "popularity.npy").write_bytes(b"hello")
        folder = writer.finish(Manifest(version="one", seed=0, created_at=""))
    with pytest.raises(BundleBroken, match=r"popularity\.npy"):
        open_bundle(folder).array("popularity")


DYING_WRITER = """
import os, pathlib, sys
from recommender.bundle_files import BundleWriter
BundleWriter(pathlib.Path(sys.argv[1]), "dead").__enter__().write_json("items", [])
os._exit(9)
"""


def test_only_the_folders_of_dead_writers_are_removed(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", DYING_WRITER, str(tmp_path)], check=False)
    assert killed.returncode == 9
    with BundleWriter(tmp_path, "alive") as writer:
        assert sorted(path.name for path in tmp_path.iterdir()) == [".alive.partial", ".dead.partial"]
        assert remove_abandoned(tmp_path) == [".dead.partial"]
        assert writer.folder.is_dir()
