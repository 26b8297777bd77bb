"""Reads what the active bundle learned, to carry it over where only some methods are retrained, or to compare with it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.bundle import BundleError, OpenBundle, active_bundle, bundle_path, open_bundle
from recommender.id_map import IdMap
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

# Which files belong to which method; a method is carried over whole.
FILES: Mapping[str, tuple[str, ...]] = {
    "content": ("similar_", "looks_like_", "image_", "text_", "content_"),
    "also_liked": ("also_liked_", "item_shoppers"),
    "bought_together": ("bought_together_",),
    "trending": ("trending_",),
    "for_you": ("ranker_",),
}


@dataclass(frozen=True, kw_only=True)
class ActiveBundle:
    """The bundle that is served now, opened; ``bundle`` is ``None`` where it cannot be read, ``problem`` says why."""

    version: str
    bundle: OpenBundle | None
    problem: str = ""


def open_active() -> ActiveBundle | None:
    """The active bundle, or ``None`` where there is none; a broken one is no reason not to make a new one."""
    row = active_bundle()
    if row is None:
        return None
    try:
        return ActiveBundle(version=row.version, bundle=open_bundle(bundle_path(row.version)))
    except BundleError as error:
        return ActiveBundle(version=row.version, bundle=None, problem=str(error))


def content_neighbours(bundle: OpenBundle, items: IdMap) -> NeighbourTable | None:
    """The bundle's *similar* table in the rows of another catalogue; items it doesn't know have no neighbours."""
    ids, scores, text = bundle.array("similar_ids"), bundle.array("similar_scores"), bundle.array("similar_text")
    if ids is None or scores is None:
        return None
    if bundle.item_ids == items.ids:
        return NeighbourTable(ids=ids, scores=scores, text=text)
    # One place more, for what −1 points at.
    row_here = np.append(items.rows(bundle.item_ids), NO_NEIGHBOUR).astype(np.int32)
    known = np.flatnonzero(row_here[:-1] != NO_NEIGHBOUR)
    moved = np.full((len(items), ids.shape[1]), NO_NEIGHBOUR, dtype=np.int32)
    moved_scores = np.zeros((len(items), ids.shape[1]), dtype=np.float32)
    moved_text = np.zeros((len(items), ids.shape[1]), dtype=np.float32)
    moved[row_here[known]] = row_here[ids[known]]
    moved_scores[row_here[known]] = scores[known]
    if text is not None:
        moved_text[row_here[known]] = text[known]
    gone = moved == NO_NEIGHBOUR
    moved_scores[gone] = 0
    moved_text[gone] = 0
    return NeighbourTable(ids=moved, scores=moved_scores, text=moved_text)


def copy_method(bundle: OpenBundle, method: str, folder: Path) -> int:
    """Copy a method's files into the folder of a new bundle; gives how many there were."""
    names = [name for name in bundle.manifest.files if name.startswith(FILES[method])]
    for name in names:
        shutil.copyfile(bundle.path / name, folder / name)
    return len(names)
