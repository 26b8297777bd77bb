"""How alike a new item is to every item of a bundle, by the same words, pictures and weights. NumPy alone.

The bundle keeps what it compared: TF-IDF rows and picture vectors. A new item
is brought into the same space (see ``encoders.text_transform`` and
``encoders.image_serving``) and compared with all of them by brute force: for
100,000 items a few milliseconds, once per item that is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import BundleBroken, OpenBundle
from recommender.encoders.fusion import unit_rows

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]

# So many of the bundle's items tell what weights it was made with.
SAMPLED_ITEMS = 24

# So many numbers are multiplied at a time, so that memory stays bounded however big the catalogue is.
BLOCK_NUMBERS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The words and pictures of one item as vectors.

    Attributes:
        columns: int32 (t,), the columns of its known terms, rising.
        weights: float32 (t,), their weights, of unit length; empty without known terms.
        pictures: float32 (p, d), a unit row per picture; (0, d) without any.
        look: float32 (d,), the direction of the mean of its pictures, zeros without any.
    """

    columns: Rows
    weights: Floats
    pictures: Floats
    look: Floats

    @classmethod
    def of(cls, *, columns: Rows, weights: Floats, pictures: Floats) -> Self:
        """The vectors of an item, with the mean of its pictures."""
        mean = pictures.sum(axis=0, dtype=np.float64).astype(np.float32)
        return cls(columns=columns, weights=weights, pictures=pictures, look=unit_rows(mean[None])[0])


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike one item is to each of m others; the fused score is the sum.

    Attributes:
        text: float32 (m,), weight of the words × their cosine.
        image: float32 (m,), weight of the pictures × their cosine.
        looks: float32 (m,), the pictures' cosine alone.
    """

    text: Floats
    image: Floats
    looks: Floats

    @property
    def fused(self) -> Floats:
        """float32 (m,): text + image."""
        return self.text + self.image


class ContentSpace:
    """The words and pictures of a bundle's n items, to compare others with.

    Attributes:
        items: n.
        terms: Columns of the text vectors; 0 where the bundle has no words.
        dims: Length of picture vectors; 0 where the bundle has no pictures.
        text_weight, image_weight: The shares of the two cosines; a modality that
            is missing has none, and the other one then counts in full.
    """

    def __init__(self, *, text: tuple[Floats, Rows, npt.NDArray[np.int64]] | None, terms: int) -> None:
        """See ``open``; pictures are added there."""
        self._text = text
        self.terms = terms
        self.items = 0 if text is None else len(text[2]) - 1
        self.dims = 0
        self.text_weight, self.image_weight = 1.0, 1.0
        self._vectors: Floats = np.empty((0, 0), dtype=np.float32)
        self._owners: Rows = np.empty(0, dtype=np.int32)
        self._lengths: npt.NDArray[np.float64] | None = None

    @classmethod
    def open(cls, bundle: OpenBundle) -> Self:
        """The space of a bundle; nothing big is read.

        Raises:
            BundleBroken: arrays do not fit each other.
        """
        data, indices, indptr = (bundle.array(f"text_{name}") for name in ("data", "indices", "indptr"))
        idf = bundle.array("text_idf")
        text = None
        if data is not None and indices is not None and indptr is not None and idf is not None:
            if len(indptr) != len(bundle.item_ids) + 1 or len(data) != len(indices) or int(indptr[-1]) != len(data):
                raise BundleBroken(f"{bundle.version}: the text arrays do not fit {len(bundle.item_ids)} items")
            text = (data, indices, indptr)
        space = cls(text=text, terms=0 if idf is None or text is None else len(idf))
        space.items = len(bundle.item_ids)
        vectors, owners = bundle.array("image_vectors"), bundle.array("image_rows")
        if vectors is not None and owners is not None:
            if vectors.ndim != 2 or len(vectors) != len(owners):  # noqa: PLR2004 - pictures and dimensions
                raise BundleBroken(f"{bundle.version}: {len(owners)} pictures have vectors of shape {vectors.shape}")
            space._vectors, space._owners, space.dims = vectors, owners, vectors.shape[1]
        configured = bundle.manifest.configuration.get("content", {})
        both = space.terms > 0 and space.dims > 0
        space.text_weight = float(configured.get("text_weight", 0.3)) if both else float(space.terms > 0)
        space.image_weight = float(configured.get("image_weight", 0.7)) if both else float(space.dims > 0)
        if both:
            space._take_weights(bundle)
        return space

    def likeness(self, content: Content) -> Likeness:
        """``content`` compared with each of the bundle's items, (n,)."""
        looks = self._looks(content.look)
        return Likeness(
            text=np.float32(self.text_weight) * self._words(content),
            image=np.float32(self.image_weight) * looks,
            looks=looks,
        )

    def likeness_to(self, content: Content, others: list[Content]) -> Likeness:
        """``content`` compared with each of ``others``, (m,)."""
        text = np.zeros(len(others), dtype=np.float32)
        looks = np.zeros(len(others), dtype=np.float32)
        if others and self.terms and len(content.columns):
            sizes = np.array([len(other.columns) for other in others])
            columns = np.concatenate([other.columns for other in others])
            products = np.concatenate([other.weights for other in others]) * self._dense(content)[columns]
            place = np.repeat(np.arange(len(others)), sizes)
            text = np.bincount(place, weights=products, minlength=len(others)).astype(np.float32)
        if others and self.dims:
            looks = np.stack([other.look for other in others]) @ content.look
        return Likeness(
            text=np.float32(self.text_weight) * text, image=np.float32(self.image_weight) * looks, looks=looks
        )

    def _take_weights(self, bundle: OpenBundle) -> None:
        """The weights that the bundle's own scores were made with: training may have chosen others than the default.

        A part of a score is weight × cosine, so a few items and their neighbours tell the
        weight: the slope through the origin.
        """
        ids, scores, text = (bundle.array(f"similar_{name}") for name in ("ids", "scores", "text"))
        if ids is None or scores is None or text is None:
            return
        sums = np.zeros((2, 2))
        # np.unique would load numpy.ma, a quarter of what the first new item costs a fresh worker.
        for row in sorted({int(place) for place in np.linspace(0, self.items - 1, SAMPLED_ITEMS)}):
            near = np.flatnonzero(np.asarray(ids[row]) >= 0)
            others = np.asarray(ids[row])[near]
            content = self._content_of(row)
            parts = (np.asarray(text[row])[near], np.asarray(scores[row])[near] - np.asarray(text[row])[near])
            cosines = (self._words(content)[others], self._looks(content.look)[others])
            for which in (0, 1):
                sums[which] += (parts[which] @ cosines[which], cosines[which] @ cosines[which])
        if sums[0, 1] > 0:
            self.text_weight = float(sums[0, 0] / sums[0, 1])
        if sums[1, 1] > 0:
            self.image_weight = float(sums[1, 0] / sums[1, 1])

    def _content_of(self, row: int) -> Content:
        """One of the bundle's own items."""
        columns, weights = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        if self._text is not None:
            data, indices, indptr = self._text
            part = slice(int(indptr[row]), int(indptr[row + 1]))
            columns, weights = np.asarray(indices[part]), np.asarray(data[part])
        pictures = np.asarray(self._vectors[np.flatnonzero(self._owners == row)])
        return Content.of(columns=columns, weights=weights, pictures=pictures)

    def _dense(self, content: Content) -> Floats:
        """The words as a plain row, (terms,)."""
        row = np.zeros(self.terms, dtype=np.float32)
        row[content.columns] = content.weights
        return row

    def _words(self, content: Content) -> Floats:
        """Cosines of the words with every item's, (n,)."""
        cosines = np.zeros(self.items, dtype=np.float32)
        if self._text is None or not len(content.columns):
            return cosines
        data, indices, indptr = self._text
        row = self._dense(content)
        step = max(1, BLOCK_NUMBERS * self.items // max(len(data), 1))
        for start in range(0, self.items, step):
            ends = np.asarray(indptr[start : start + step + 1])
            part = slice(int(ends[0]), int(ends[-1]))
            products = np.asarray(data[part]) * row[indices[part]]
            filled = np.flatnonzero(np.diff(ends))
            if len(filled):
                cosines[start + filled] = np.add.reduceat(products, ends[filled] - ends[0])
        return cosines

    def _looks(self, look: Floats) -> Floats:
        """Cosines of a picture vector with every item's mean picture, (n,); 0 for items without pictures."""
        if not self.dims or not look.any():
            return np.zeros(self.items, dtype=np.float32)
        if self._lengths is None:
            self._lengths = self._mean_lengths()
        sums = np.bincount(self._owners, weights=self._vectors @ look, minlength=self.items)
        cosines = np.zeros(self.items)
        np.divide(sums, self._lengths, out=cosines, where=self._lengths > 0)
        return cosines.astype(np.float32)

    def _mean_lengths(self) -> npt.NDArray[np.float64]:
        """The length of the sum of each item's picture vectors, (n,), by blocks of items."""
        order = np.argsort(self._owners, kind="stable")
        owners = np.asarray(self._owners)[order]
        lengths = np.zeros(self.items)
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else np.empty(0, dtype=np.intp)
        ends = np.r_[starts[1:], len(owners)]
        step = max(1, BLOCK_NUMBERS // max(self.dims, 1) // 4)
        for first in range(0, len(starts), step):
            begin, end = starts[first], ends[min(first + step, len(starts)) - 1]
            vectors = np.asarray(self._vectors[order[begin:end]], dtype=np.float64)
            sums = np.add.reduceat(vectors, starts[first : first + step] - begin, axis=0)
            lengths[owners[starts[first : first + step]]] = np.sqrt(np.square(sums).sum(axis=1))
        return lengths
