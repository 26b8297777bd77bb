"""The content part of a retrain: words and pictures become vectors, vectors become neighbours. Training only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.configuration import ContentOptions
from recommender.encoders.fusion import IMAGE, TEXT, Modality, item_vectors
from recommender.encoders.text import fit_text_encoder
from recommender.encoders.text_transform import SparseRows
from recommender.index.exact import Neighbours, nearest_neighbours
from recommender.learners.log import Mask, Rows
from recommender.neighbours import NeighbourTable
from recommender.progress_steps import Steps
from recommender.retraining.fusion_choice import FusionChoice, choose_fusion_weights
from recommender.retraining.pictures import PictureEncoder, learn_pictures, numbered
from recommender.snapshot import Snapshot

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from recommender.encoders.text import TextEncoder

# Words that more than this share of all items have in common, to the last one, say nothing about any of them.
MOST_ALIKE = 0.2


@dataclass(frozen=True, kw_only=True)
class LearnedContent:
    """What words and pictures gave; each part is absent where there was nothing to learn from.

    Attributes:
        similar: Fused neighbours with their text part.
        looks_like: Picture neighbours.
        text: The text encoder.
        text_rows: The TF-IDF matrix as it was used.
        image: The picture encoder.
        image_vectors: float32 (p, d), unit vectors of all pictures that could be read.
        image_rows: int32 (p,), the item of each.
        fusion: The weights of words and pictures where there are both.
        notes: What had to be left out.
    """

    similar: NeighbourTable | None = None
    looks_like: NeighbourTable | None = None
    text: TextEncoder | None = None
    text_rows: SparseRows | None = None
    image: PictureEncoder | None = None
    image_vectors: npt.NDArray[np.float32] | None = None
    image_rows: Rows | None = None
    fusion: FusionChoice | None = None
    notes: tuple[str, ...] = ()

    def save_encoders(self, folder: Path) -> None:
        """Write what new words and pictures need to join the old ones."""
        if self.text is not None:
            self.text.save(folder)
        if self.image is not None:
            self.image.export(folder)
        if self.fusion is not None:
            self.fusion.save(folder)


def learn_content(
    snapshot: Snapshot, options: ContentOptions, *, seed: int, cache: Path | None = None
) -> LearnedContent:
    """Encode words and pictures, and find each item's neighbours.

    Args:
        snapshot: The shop.
        options: How.
        seed: Where the picture network's chance comes from.
        cache: Where vectors of pretrained networks are kept between retrains; nowhere if None.

    Raises:
        BackboneUnusable: the pretrained network of the options cannot be opened.
    """
    about_words: list[str] = []
    about_pictures: list[str] = []
    # Pictures first, for their colours tell which words name one.
    pictures = learn_pictures(snapshot, options, seed=seed, notes=about_pictures, cache=cache)
    count = len(snapshot.items.ids)
    vectors = None if pictures is None else item_vectors(pictures.vectors, pictures.rows, items=count)
    colours = None if pictures is None else item_vectors(pictures.colours, pictures.rows, items=count)
    words = _learn_words(snapshot, options, about_words, colours=colours)
    fusion = None
    if words is not None and vectors is not None:
        fusion = _fusion(words[1], vectors, snapshot, options, seed=seed)
    modalities = []
    if words is not None:
        modalities.append(Modality(TEXT, words[1], 1.0 if fusion is None else fusion.text_weight))
    if vectors is not None:
        modalities.append(Modality(IMAGE, vectors, 1.0 if fusion is None else fusion.image_weight))
    published = snapshot.items.published
    return LearnedContent(
        similar=_neighbours(modalities, options.neighbours, published, "Similar items"),
        looks_like=None
        if vectors is None
        else _neighbours([Modality(IMAGE, vectors)], options.neighbours, published, "Items that look alike"),
        text=None if words is None else words[0],
        text_rows=None if words is None else _sparse_rows(words[1]),
        image=None if pictures is None else pictures.encoder,
        image_vectors=None if pictures is None else pictures.vectors,
        image_rows=None if pictures is None else pictures.rows,
        fusion=fusion,
        notes=(*about_words, *about_pictures, *(() if fusion is None else (fusion.why,))),
    )


def learn_words(snapshot: Snapshot, options: ContentOptions) -> NeighbourTable | None:
    """*Similar* by words alone, quickly; ``None`` where no words are shared."""
    words = _learn_words(snapshot, options, [])
    if words is None:
        return None
    return _neighbours([Modality(TEXT, words[1])], options.neighbours, snapshot.items.published, "Similar words")


def without_common_rows(matrix: csr_matrix, *, most: int) -> tuple[csr_matrix, int]:
    """Empty the rows that more than ``most`` items have exactly alike: such words cannot tell items apart.

    Args:
        matrix: (n, terms), sorted indices.
        most: How many equal rows are still worth something.

    Returns:
        The matrix, and how many rows were emptied.
    """
    from scipy.sparse import diags

    contents = [
        matrix.indices[start:stop].tobytes() + matrix.data[start:stop].tobytes()
        for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
    counts = Counter(content for content in contents if content)
    keep = np.array([counts[content] <= most for content in contents], dtype=np.float32)
    emptied = int((keep == 0).sum())
    if not emptied:
        return matrix, 0
    left = (diags(keep) @ matrix).tocsr().astype(np.float32)
    left.eliminate_zeros()
    return left, emptied


def _learn_words(
    snapshot: Snapshot,
    options: ContentOptions,
    notes: list[str],
    *,
    colours: npt.NDArray[np.float32] | None = None,
) -> tuple[TextEncoder, csr_matrix] | None:
    """The text encoder and the matrix (n, terms), or nothing where no words are shared.

    Terms weigh by what they tell of an item's tag and of its ``colours`` (n, d), where known.
    """
    texts = snapshot.items.texts
    if not texts:
        return None
    names, labels = numbered(snapshot.items.tags)
    lonely = int((np.bincount(labels[labels >= 0], minlength=len(names)) == 1).sum())
    if lonely * 2 > len(names):
        notes.append(f"{lonely:,} of {len(names):,} tags stand on a single item: they bring no items together.")
    encoder = fit_text_encoder(texts, labels=labels, colours=colours)
    most = max(options.neighbours, int(MOST_ALIKE * len(texts)))
    matrix, emptied = without_common_rows(encoder.matrix, most=most)
    if emptied:
        notes.append(f"Words left out for {emptied:,} items: so many have the same ones that they tell nothing.")
    if not matrix.nnz:
        notes.append("No words: no two items share a term that tells anything.")
        return None
    without = int((np.diff(encoder.matrix.indptr) == 0).sum())
    if without:
        notes.append(f"{without:,} items have no words in common with any other.")
    return encoder, matrix


def _fusion(
    words: csr_matrix, vectors: npt.NDArray[np.float32], snapshot: Snapshot, options: ContentOptions, *, seed: int
) -> FusionChoice:
    """What words and pictures count: by the shop's own behaviour, unless the options say otherwise."""
    default = options.text_weight, options.image_weight
    if options.learn_weights:
        return choose_fusion_weights(words, vectors, snapshot.log, default=default, seed=seed)
    why = f"Words and pictures: {default[0]:g} words, {default[1]:g} pictures, as set."
    return FusionChoice(text_weight=default[0], image_weight=default[1], why=why)


def _neighbours(modalities: list[Modality], k: int, published: Mask, what: str) -> NeighbourTable | None:
    """The K nearest published items; more are fetched where unpublished ones may take places."""
    if not modalities:
        return None
    spare = min(int((~published).sum()), k)
    with Steps(what) as steps:
        found = nearest_neighbours(*modalities, k=k + spare, progress=steps)
    return _as_table(found).only(published).first(k)


def _as_table(found: Neighbours) -> NeighbourTable:
    """The index's answer in the bundle's form."""
    text = found.parts.get(TEXT)
    if text is None:
        text = np.zeros_like(found.scores)
    return NeighbourTable(ids=found.ids, scores=found.scores, text=text)


def _sparse_rows(matrix: csr_matrix) -> SparseRows:
    """The matrix as the three arrays that a bundle keeps."""
    return SparseRows(matrix.data.astype(np.float32), matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64))


__all__ = ["LearnedContent", "learn_content", "learn_words", "without_common_rows"]
