"""Top-K neighbours per item: what the index makes, the bundle holds and the session reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

NO_NEIGHBOUR = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourTable:
    """Neighbours of n items, best first, padded with row −1 and score 0.

    Attributes:
        ids: int32 (n, K), dense item rows.
        scores: float32 (n, K), falling along each row.
        text: float32 (n, K), the text part of ``scores`` where it is a sum of text and image.
        support: int32 (n, K), how many shoppers or baskets stand behind each neighbour, where counted.
    """

    ids: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]
    text: npt.NDArray[np.float32] | None = None
    support: npt.NDArray[np.int32] | None = None

    def __post_init__(self) -> None:
        for name in ("scores", "text", "support"):
            other: npt.NDArray[Any] | None = getattr(self, name)
            if other is not None and other.shape != self.ids.shape:
                raise ValueError(f"{name} has shape {other.shape}, ids have {self.ids.shape}")

    @classmethod
    def blank(cls, items: int, k: int) -> NeighbourTable:
        """A table in which nothing has a neighbour yet, to be written into."""
        return cls(ids=np.full((items, k), NO_NEIGHBOUR, dtype=np.int32), scores=np.zeros((items, k), dtype=np.float32))

    @property
    def filled(self) -> float:
        """The share of items that have at least one neighbour, 0 … 1."""
        if not self.ids.size:
            return 0.0
        return float((self.ids[:, 0] != NO_NEIGHBOUR).mean())

    def only(self, allow: npt.NDArray[np.bool_]) -> NeighbourTable:
        """The same table without the neighbours that are not allowed; the rest moves up.

        Args:
            allow: bool (n,), which items may be recommended.
        """
        if allow.all() or not self.ids.size:
            return self
        keep = (self.ids != NO_NEIGHBOUR) & allow[self.ids]
        order = np.argsort(~keep, axis=1, kind="stable")
        keep = np.take_along_axis(keep, order, axis=1)

        def moved(array: npt.NDArray[Any], filler: float) -> npt.NDArray[Any]:
            return np.where(keep, np.take_along_axis(array, order, axis=1), np.array(filler, dtype=array.dtype))

        return NeighbourTable(
            ids=moved(self.ids, NO_NEIGHBOUR),
            scores=moved(self.scores, 0),
            text=None if self.text is None else moved(self.text, 0),
            support=None if self.support is None else moved(self.support, 0),
        )

    def first(self, k: int) -> NeighbourTable:
        """The first k neighbours of each item."""
        return NeighbourTable(
            ids=np.ascontiguousarray(self.ids[:, :k]),
            scores=np.ascontiguousarray(self.scores[:, :k]),
            text=None if self.text is None else np.ascontiguousarray(self.text[:, :k]),
            support=None if self.support is None else np.ascontiguousarray(self.support[:, :k]),
        )
