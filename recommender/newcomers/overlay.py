"""The overlay beside a bundle: what came or changed after it was trained. NumPy alone.

``OverlayBuilder`` belongs to one thread, which adds and removes; ``overlay()``
gives an ``Overlay``, which never changes and which any number of requests may
read. A new item takes a row after the bundle's last one. An item of the bundle
whose words or pictures changed keeps its row and gets its neighbours anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import OpenBundle
from recommender.neighbour_sources import read_table
from recommender.neighbours import NeighbourTable
from recommender.newcomers.content_space import Content, ContentSpace, Likeness
from recommender.newcomers.growing_table import GrowingTable, Placement

# What an overlay holds at most; more waits for the next training, which is due by then.
MOST_NEWCOMERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A published item that the bundle doesn't know as it is now.

    Attributes:
        item_id: Its public id.
        content: Its words and pictures.
        category: The path of its category, empty for none.
        created: When it came, seconds since 1970.
    """

    item_id: str
    content: Content
    category: str
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What a session needs to know of the newcomers; n is the number of the bundle's items, m of the rows added.

    Attributes:
        item_ids: Public ids of the rows n … n + m − 1; some may have gone again and stand in no list.
        categories: int32 (m,), their categories, as the bundle numbers them, −1 for none.
        newest: int32, the rows of new items that are there, latest first.
        similar, looks_like: The bundle's tables with the newcomers in them, n + m rows.
        pictures: float32 (p, d), a unit row per picture of all newcomers.
        picture_rows: int32 (p,), whose each is.
        replaced: int32, rows of the bundle whose own pictures no longer count.
    """

    item_ids: tuple[str, ...]
    categories: npt.NDArray[np.int32]
    newest: npt.NDArray[np.int32]
    similar: NeighbourTable | None
    looks_like: NeighbourTable | None
    pictures: npt.NDArray[np.float32]
    picture_rows: npt.NDArray[np.int32]
    replaced: npt.NDArray[np.int32]


class OverlayBuilder:
    """Keeps the overlay of one bundle up to date; used by one thread.

    Raises:
        BundleBroken: the bundle's arrays do not fit each other.
    """

    def __init__(self, bundle: OpenBundle, *, most: int = MOST_NEWCOMERS) -> None:
        """Open what newcomers are compared with; nothing big is read.

        Args:
            bundle: The bundle they stand beside.
            most: How many there may be.
        """
        self.space = ContentSpace.open(bundle)
        self.most = most
        self._row_of = bundle.row_of
        self._items = len(bundle.item_ids)
        published = bundle.array("published")
        allowed = np.ones(self._items, dtype=np.bool_) if published is None else np.asarray(published)
        similar, looks = read_table(bundle, "similar", text="similar_text"), read_table(bundle, "looks_like")
        self._similar = None if similar is None else GrowingTable(similar, allowed)
        self._looks = None if looks is None else GrowingTable(looks, allowed)
        self._category_numbers = {path: number for number, path in enumerate(bundle.json("categories") or ())}
        self._added: dict[str, int] = {}
        self._here: dict[int, Newcomer] = {}

    def __len__(self) -> int:
        return len(self._here)

    def __contains__(self, item_id: str) -> bool:
        return self._find(item_id) in self._here

    def has_room_for(self, item_id: str) -> bool:
        """Whether it is here already or there is a place left; a place that was given is never given to another."""
        if item_id in self:
            return True
        return len(self._here) < self.most and (self._find(item_id) is not None or len(self._added) < self.most)

    def put(self, newcomer: Newcomer) -> None:
        """Add an item, or replace what was known of it.

        Raises:
            OverflowError: there is no room.
        """
        if not self.has_room_for(newcomer.item_id):
            raise OverflowError(f"{self.most} newcomers are here already")
        row = self._find(newcomer.item_id)
        if row is None:
            row = self._items + len(self._added)
            self._added[newcomer.item_id] = row
        self._here[row] = newcomer
        others = [other for other in self._here if other != row]
        content = newcomer.content
        to_items = self.space.likeness(content)
        to_others = self.space.likeness_to(content, [self._here[other].content for other in others])
        for table, looks in ((self._similar, False), (self._looks, True)):
            if table is not None:
                if row < self._items:
                    table.hide([row])
                table.place(_placement(row, np.array(others, dtype=np.int32), to_items, to_others, looks=looks))

    def remove(self, item_id: str) -> None:
        """Take an item out: it is gone, or may not be seen."""
        row = self._find(item_id)
        if row is None or self._here.pop(row, None) is None:
            return
        for table in (self._similar, self._looks):
            if table is not None:
                table.remove(row)

    def restore(self, item_id: str) -> None:
        """Let an item of the bundle be again what the bundle knows of it."""
        self.remove(item_id)
        row = self._row_of.get(item_id)
        for table in (self._similar, self._looks):
            if table is not None and row is not None:
                table.unhide(row)

    def overlay(self) -> Overlay:
        """How things stand; later changes don't reach it."""
        length = self._items + len(self._added)
        fresh = [(one.created, row) for row, one in self._here.items() if row >= self._items]
        pictures = [(row, one.content.pictures) for row, one in self._here.items() if len(one.content.pictures)]
        return Overlay(
            item_ids=tuple(self._added),
            categories=np.array([self._category(row) for row in self._added.values()], dtype=np.int32),
            newest=np.array([row for _created, row in sorted(fresh, reverse=True)], dtype=np.int32),
            similar=None if self._similar is None else self._similar.current(length=length),
            looks_like=None if self._looks is None else self._looks.current(length=length),
            pictures=np.concatenate(
                [np.empty((0, self.space.dims), dtype=np.float32), *(vectors for _row, vectors in pictures)]
            ),
            picture_rows=np.repeat(
                np.array([row for row, _vectors in pictures], dtype=np.int32),
                [len(vectors) for _row, vectors in pictures],
            ),
            replaced=np.array(sorted(row for row in self._here if row < self._items), dtype=np.int32),
        )

    def _find(self, item_id: str) -> int | None:
        row = self._row_of.get(item_id)
        return self._added.get(item_id) if row is None else row

    def _category(self, row: int) -> int:
        one = self._here.get(row)
        return -1 if one is None else self._category_numbers.get(one.category, -1)


def _placement(
    row: int, others: npt.NDArray[np.int32], to_items: Likeness, to_others: Likeness, *, looks: bool
) -> Placement:
    """Likeness as one of the two tables takes it: by looks alone, or by words and looks."""
    if looks:
        return Placement(
            row=row,
            scores=to_items.looks,
            text=np.zeros_like(to_items.looks),
            others=others,
            other_scores=to_others.looks,
            other_text=np.zeros_like(to_others.looks),
        )
    return Placement(
        row=row,
        scores=to_items.fused,
        text=to_items.text,
        others=others,
        other_scores=to_others.fused,
        other_text=to_others.text,
    )


__all__ = ["MOST_NEWCOMERS", "Newcomer", "Overlay", "OverlayBuilder"]
