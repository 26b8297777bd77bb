"""What methods may know besides the log, gathered from the snapshot and from content that was learned. Training only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import item_vectors
from recommender.encoders.text import fit_text_encoder
from recommender.id_map import UNKNOWN
from recommender.learners.context import Context, ItemFacts, UserFacts
from recommender.neighbours import NeighbourTable

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from recommender.bundle import OpenBundle
    from recommender.retraining.content import LearnedContent
    from recommender.snapshot import Snapshot


def make_context(
    snapshot: Snapshot,
    *,
    content: LearnedContent | None = None,
    bundle: OpenBundle | None = None,
    similar: NeighbourTable | None = None,
    seed: int = 0,
) -> Context:
    """Everything but the log.

    Vectors of words and pictures come from ``content`` that was just learned,
    else from ``bundle``; words are weighed anew where neither has them.

    Args:
        snapshot: The shop.
        content: What this retrain learned.
        bundle: An open bundle; its catalogue may differ from the snapshot's.
        similar: Content neighbours in the snapshot's rows.
        seed: Where all chance comes from.
    """
    items, users = snapshot.items, snapshot.users
    text, images = _learned_vectors(snapshot, content)
    if bundle is not None:
        text = _bundle_text(bundle, snapshot) if text is None else text
        images = _bundle_images(bundle, snapshot) if images is None else images
    if text is None and items.texts:
        text = fit_text_encoder(items.texts).matrix
    return Context(
        published=items.published,
        users=UserFacts(genders=users.genders, ages=users.ages, occupations=users.occupations),
        items=ItemFacts(
            titles=items.titles,
            descriptions=items.descriptions,
            categories=items.categories,
            tags=items.tags,
            all_tags=items.all_tags,
            text=text if text is not None and text.shape[1] else None,
            images=images,
        ),
        similar=similar,
        seed=seed,
    )


def _learned_vectors(
    snapshot: Snapshot, content: LearnedContent | None
) -> tuple[csr_matrix | None, npt.NDArray[np.float32] | None]:
    """The words' matrix and the items' mean pictures, as far as content was learned."""
    if content is None:
        return None, None
    text = images = None
    if content.text_rows is not None and content.text is not None:
        from scipy.sparse import csr_matrix

        kept = content.text_rows  # as it was used: words that everything shares are gone
        text = csr_matrix((kept.data, kept.indices, kept.indptr), shape=content.text.matrix.shape)
    if content.image_vectors is not None and content.image_rows is not None:
        images = item_vectors(content.image_vectors, content.image_rows, items=len(snapshot.items.ids))
    return text, images


def _bundle_text(bundle: OpenBundle, snapshot: Snapshot) -> csr_matrix | None:
    """The bundle's TF-IDF rows in the snapshot's order; items it doesn't know have empty rows."""
    from scipy.sparse import csr_matrix

    data, indices, starts = (bundle.array(f"text_{name}") for name in ("data", "indices", "indptr"))
    if data is None or indices is None or starts is None:
        return None
    known = _rows_there(bundle, snapshot)
    terms = int(bundle.manifest.dims.get("text") or indices.max(initial=-1) + 1)
    count = len(bundle.item_ids)
    # One empty row more, for items that came after the bundle.
    matrix = csr_matrix((data, indices, np.append(starts, starts[-1:])), shape=(count + 1, terms))
    return matrix[np.where(known == UNKNOWN, count, known)].tocsr()


def _bundle_images(bundle: OpenBundle, snapshot: Snapshot) -> npt.NDArray[np.float32] | None:
    """The bundle's mean pictures in the snapshot's order; zeros for items it doesn't know."""
    vectors, rows = bundle.array("image_vectors"), bundle.array("image_rows")
    if vectors is None or rows is None:
        return None
    means = item_vectors(np.asarray(vectors), np.asarray(rows), items=len(bundle.item_ids))
    known = _rows_there(bundle, snapshot)
    moved = np.zeros((len(known), means.shape[1]), dtype=np.float32)
    moved[known != UNKNOWN] = means[known[known != UNKNOWN]]
    return moved


def _rows_there(bundle: OpenBundle, snapshot: Snapshot) -> npt.NDArray[np.int64]:
    """int64 (n,): the bundle's row of each of the snapshot's items, −1 where it has none."""
    there = bundle.row_of
    return np.array([there.get(item_id, UNKNOWN) for item_id in snapshot.items.ids.ids], dtype=np.int64)
