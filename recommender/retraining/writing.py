"""Writes what a retrain learned into the files of a bundle, and says what it was made with. Training only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np

from recommender.bundle_files import BundleWriter
from recommender.neighbours import NeighbourTable
from recommender.ranker import Ranker
from recommender.ranker_files import ranker_arrays
from recommender.retraining.behaviour import LearnedBehaviour
from recommender.retraining.content import LearnedContent
from recommender.snapshot import Snapshot, content_marks

LIBRARIES = ("numpy", "scipy", "scikit-learn", "tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert", "django")


def write_items(writer: BundleWriter, snapshot: Snapshot) -> None:
    """The catalogue: ids, what is published, categories, newest first."""
    items = snapshot.items
    paths = sorted({path for path in items.categories if path})
    place = {path: number for number, path in enumerate(paths)}
    newest = np.lexsort((-np.arange(len(items.ids)), -items.created))
    writer.write_json("items", list(items.ids))
    writer.write_json("categories", paths)
    writer.write_array("published", items.published)
    writer.write_array("item_categories", np.array([place.get(path, -1) for path in items.categories], dtype=np.int32))
    writer.write_array("newest_ids", newest[items.published[newest]].astype(np.int32))
    writer.write_array("content_marks", content_marks(items, snapshot.pictures))


def write_content(writer: BundleWriter, content: LearnedContent) -> None:
    """What words and pictures gave."""
    write_table(writer, "similar", content.similar)
    if content.looks_like is not None:
        writer.write_array("looks_like_ids", content.looks_like.ids)
        writer.write_array("looks_like_scores", content.looks_like.scores)
    if content.text_rows is not None:
        writer.write_array("text_data", content.text_rows.data)
        writer.write_array("text_indices", content.text_rows.indices)
        writer.write_array("text_indptr", content.text_rows.indptr)
    if content.image_vectors is not None and content.image_rows is not None:
        writer.write_array("image_vectors", content.image_vectors)
        writer.write_array("image_rows", content.image_rows)
    content.save_encoders(writer.folder)


def write_behaviour(writer: BundleWriter, behaviour: LearnedBehaviour) -> None:
    """What the log gave."""
    write_table(writer, "also_liked", behaviour.also_liked)
    write_table(writer, "also_liked_next", behaviour.liked_next)
    write_table(writer, "bought_together", behaviour.bought_together)
    for name in ("item_shoppers", "trending_ids", "trending_scores", "popularity"):
        array = getattr(behaviour, name)
        if array is not None:
            writer.write_array(name, array)


def write_ranker(writer: BundleWriter, ranker: Ranker | None) -> None:
    """The ranker, where it fills *for you*."""
    if ranker is not None:
        for name, array in ranker_arrays(ranker).items():
            writer.write_array(name, array)


def write_table(writer: BundleWriter, name: str, table: NeighbourTable | None) -> None:
    """A neighbour table as up to four files; nothing where there is none."""
    if table is None:
        return
    writer.write_array(f"{name}_ids", table.ids)
    writer.write_array(f"{name}_scores", table.scores)
    if table.text is not None:
        writer.write_array(f"{name}_text", table.text)
    if table.support is not None:
        writer.write_array(f"{name}_support", table.support)


def new_version() -> str:
    """A name that sorts by time and doesn't repeat."""
    return f"{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def library_versions() -> dict[str, str]:
    """The versions of the libraries that took part, as far as they are installed."""
    installed = {
        distribution.metadata["Name"].lower(): distribution.version for distribution in metadata.distributions()
    }
    return {name: installed[name] for name in LIBRARIES if name in installed}


def code_fingerprint() -> str:
    """A short fingerprint of the recommender's own code, equal wherever the code is."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parents[1]
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
