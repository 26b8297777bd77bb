"""Public ids and dense rows: ids cross the border once, rows are used inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

UNKNOWN = -1


class IdMap:
    """A fixed, two-way map between public ids (text) and rows 0 … n−1."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Number the ids in the order they come.

        Raises:
            ValueError: an id comes twice.
        """
        self._ids = tuple(ids)
        self._rows = {public_id: row for row, public_id in enumerate(self._ids)}
        if len(self._rows) != len(self._ids):
            raise ValueError("an id comes twice")

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, public_id: object) -> bool:
        return public_id in self._rows

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, by row."""
        return self._ids

    def row(self, public_id: str) -> int | None:
        """The row of one id, or ``None`` where it is unknown."""
        return self._rows.get(public_id)

    def rows(self, public_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        """int32 rows of many ids, −1 where one is unknown."""
        return np.fromiter((self._rows.get(public_id, UNKNOWN) for public_id in public_ids), dtype=np.int32)

    def id(self, row: int) -> str:
        """The id of one row."""
        return self._ids[row]
