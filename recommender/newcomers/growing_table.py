"""A bundle's neighbour table that takes in new items without being written again. NumPy alone.

The table on disk stays as it is, memory-mapped and shared by all workers. What
differs is kept beside it by row: the neighbours of new items, and the lists of
the items that have a new one among their nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

# An item joins the lists in which it would stand among the first so many …
JOIN_DEPTH = 40
# … and no more than so many lists, those it is nearest to.
MOST_LISTS = 200
# Rows looked through at a time.
BLOCK_ROWS = 65_536


class ListOf(NamedTuple):
    """The neighbours of one item, (K,) each, padded with row −1 and score 0."""

    ids: Rows
    scores: Floats
    text: Floats


class Near(NamedTuple):
    """One new neighbour in a list."""

    score: float
    text: float


class PatchedRows:
    """An array (n, K) on disk, read as one of (N, K) with some rows replaced and others added.

    It can be asked for one row, or for several by a sequence of rows, like the
    array itself; rows that nothing is known of hold ``filler``.
    """

    def __init__(
        self, base: npt.NDArray[Any], patches: Mapping[int, npt.NDArray[Any]], *, length: int, filler: float
    ) -> None:
        """Keep the parts; nothing is copied.

        Args:
            base: (n, K).
            patches: (K,) by row.
            length: N, at least n.
            filler: What unknown rows hold.
        """
        self._base = base
        self._patches = patches
        self._filler = np.full(base.shape[1], filler, dtype=base.dtype)
        self.shape = (length, base.shape[1])
        self.dtype = base.dtype
        self.ndim = 2
        self.size = length * base.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> npt.NDArray[Any]:
        if isinstance(index, (int, np.integer)):
            return self._row(int(index))
        rows = np.asarray(index)
        if rows.dtype == np.bool_ or rows.ndim != 1:
            raise TypeError("rows are asked for by number")
        found = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        known = rows < len(self._base)
        found[known] = self._base[rows[known]]
        for place, row in enumerate(rows.tolist()):
            if row >= len(self._base) or row in self._patches:
                found[place] = self._row(row)
        return found

    def _row(self, row: int) -> npt.NDArray[Any]:
        if not 0 <= row < self.shape[0]:
            raise IndexError(f"there is no row {row} among {self.shape[0]}")
        patch = self._patches.get(row)
        if patch is not None:
            return patch
        return np.asarray(self._base[row]) if row < len(self._base) else self._filler


def patched(table: NeighbourTable, patches: Mapping[int, ListOf], *, length: int) -> NeighbourTable:
    """``table`` with these lists in place of its own, for ``length`` items."""

    def part(base: npt.NDArray[Any], name: str, filler: float) -> npt.NDArray[Any]:
        rows = {row: getattr(one, name) for row, one in patches.items()} if name else {}
        # It answers to the two ways in which serving reads an array; a copy of the table would not be shared.
        return cast("npt.NDArray[Any]", PatchedRows(base, rows, length=length, filler=filler))

    return NeighbourTable(
        ids=part(table.ids, "ids", NO_NEIGHBOUR),
        scores=part(table.scores, "scores", 0),
        text=None if table.text is None else part(table.text, "text", 0),
        support=None if table.support is None else part(table.support, "", 0),
    )


def longer(table: NeighbourTable | None, length: int) -> NeighbourTable | None:
    """``table`` for ``length`` items, of which the added ones have no neighbours."""
    return None if table is None else patched(table, {}, length=length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a new item belongs.

    Attributes:
        row: Its row.
        scores, text: float32 (n,), its likeness to each of the bundle's items, and the text part of it.
        others: Rows of other new or changed items.
        other_scores, other_text: float32 (m,), its likeness to them.
    """

    row: int
    scores: Floats
    text: Floats
    others: Rows
    other_scores: Floats
    other_text: Floats


class GrowingTable:
    """One neighbour table and what has been added to it; used by one thread.

    Args:
        table: As the bundle has it.
        published: bool (n,), which of its items may be neighbours.
    """

    def __init__(self, table: NeighbourTable, published: Mask) -> None:
        self._table = table
        self._published = published
        self._hidden = np.zeros(len(table.ids), dtype=np.bool_)
        self._own: dict[int, ListOf] = {}
        self._joined: dict[int, dict[int, Near]] = {}
        self._lists_with: dict[int, set[int]] = {}
        self._patches: dict[int, ListOf] = {}
        self._stale: set[int] = set()
        depth = min(JOIN_DEPTH, table.ids.shape[1])
        # A copy of one column, so that joining doesn't read the whole table again.
        self._floor = np.array(table.scores[:, depth - 1]) if depth else np.empty(0, dtype=np.float32)

    def hide(self, rows: Iterable[int]) -> None:
        """Take items of the bundle out of all lists: what they were compared by is no longer true."""
        fresh = [row for row in rows if not self._hidden[row]]
        self._hidden[fresh] = True
        if fresh:
            self._stale |= self._lists_naming(fresh)

    def unhide(self, row: int) -> None:
        """Put an item of the bundle back where it was."""
        if self._hidden[row]:
            self._stale |= self._lists_naming([row])
            self._stale.add(row)
            self._hidden[row] = False

    def place(self, placement: Placement) -> None:
        """Give an item its neighbours, and let it join the lists it belongs in."""
        row = placement.row
        self.remove(row)
        allowed = self._published & ~self._hidden
        self._own[row] = self._best(placement, allowed)
        self._stale.add(row)
        near = np.argsort(-placement.other_scores, kind="stable")[:JOIN_DEPTH]
        for place in near[placement.other_scores[near] > 0].tolist():
            other = int(placement.others[place])
            one = Near(float(placement.other_scores[place]), float(placement.other_text[place]))
            self._join(row, other, one)
            self._join(other, row, one)
        for other in self._lists_for(placement).tolist():
            self._join(other, row, Near(float(placement.scores[other]), float(placement.text[other])))

    def remove(self, row: int) -> None:
        """Take an item out of all lists, and forget its own."""
        for other in self._lists_with.pop(row, set()):
            self._joined.get(other, {}).pop(row, None)
            self._stale.add(other)
        for other in self._joined.pop(row, {}):
            self._lists_with.get(other, set()).discard(row)
        if self._own.pop(row, None) is not None:
            self._stale.add(row)

    def current(self, *, length: int) -> NeighbourTable:
        """The table as it is now, for ``length`` items; later changes don't reach it."""
        for row in self._stale:
            if row in self._own or self._joined.get(row) or row < len(self._hidden):
                self._patches[row] = self._merged(row)
            else:
                self._patches.pop(row, None)
        self._stale.clear()
        return patched(self._table, dict(self._patches), length=length)

    def _join(self, row: int, newcomer: int, near: Near) -> None:
        self._joined.setdefault(row, {})[newcomer] = near
        self._lists_with.setdefault(newcomer, set()).add(row)
        self._stale.add(row)

    def _best(self, placement: Placement, allowed: Mask) -> ListOf:
        """The nearest K of the bundle's items."""
        kept = self._table.ids.shape[1]
        candidates = np.flatnonzero(allowed & (placement.scores > 0))
        if placement.row < len(allowed):
            candidates = candidates[candidates != placement.row]
        scores = placement.scores[candidates]
        if len(candidates) > kept:
            near = np.argpartition(-scores, kept - 1)[:kept]
            candidates, scores = candidates[near], scores[near]
        order = np.lexsort((candidates, -scores))
        return self._padded(candidates[order], scores[order], placement.text[candidates[order]])

    def _lists_for(self, placement: Placement) -> npt.NDArray[np.intp]:
        """The bundle's items in whose lists an item comes far enough up."""
        rows = np.flatnonzero((placement.scores > self._floor) & (placement.scores > 0) & ~self._hidden)
        rows = rows[rows != placement.row]
        nearest: npt.NDArray[np.intp] = rows[np.argsort(-placement.scores[rows], kind="stable")[:MOST_LISTS]]
        return nearest

    def _lists_naming(self, rows: list[int]) -> set[int]:
        """The rows of the table that hold any of ``rows``."""
        wanted = np.zeros(len(self._hidden) + 1, dtype=np.bool_)  # one more, for what −1 points at
        wanted[rows] = True
        found: set[int] = set()
        for start in range(0, len(self._hidden), BLOCK_ROWS):
            hits = wanted[self._table.ids[start : start + BLOCK_ROWS]].any(axis=1)
            found.update((start + np.flatnonzero(hits)).tolist())
        return found

    def _merged(self, row: int) -> ListOf:
        """The list of one row: its own neighbours that still hold, and those that joined, best first."""
        own = self._own.get(row) or self._on_disk(row)
        keep = (own.ids != NO_NEIGHBOUR) & ~self._hidden[own.ids]
        joined = self._joined.get(row, {})
        ids = np.concatenate([own.ids[keep], np.fromiter(joined, dtype=np.int32, count=len(joined))])
        scores = np.concatenate([own.scores[keep], np.array([near.score for near in joined.values()], np.float32)])
        text = np.concatenate([own.text[keep], np.array([near.text for near in joined.values()], np.float32)])
        order = np.lexsort((ids, -scores))[: self._table.ids.shape[1]]
        return self._padded(ids[order], scores[order], text[order])

    def _on_disk(self, row: int) -> ListOf:
        """What the bundle says; nothing for an item it doesn't know."""
        table = self._table
        if row >= len(self._hidden):
            empty = np.empty(0, dtype=np.float32)
            return ListOf(np.empty(0, dtype=np.int32), empty, empty)
        scores = np.asarray(table.scores[row])
        text = np.zeros_like(scores) if table.text is None else np.asarray(table.text[row])
        return ListOf(np.asarray(table.ids[row]), scores, text)

    def _padded(self, ids: npt.NDArray[Any], scores: Floats, text: Floats) -> ListOf:
        """As wide as the table."""
        kept = self._table.ids.shape[1]
        padded = ListOf(
            np.full(kept, NO_NEIGHBOUR, dtype=np.int32),
            np.zeros(kept, dtype=np.float32),
            np.zeros(kept, dtype=np.float32),
        )
        padded.ids[: len(ids)], padded.scores[: len(ids)], padded.text[: len(ids)] = ids, scores, text
        return padded
