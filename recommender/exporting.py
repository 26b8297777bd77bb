"""Recommendations of the whole shop as one CSV file.

Keys are what a list is for: items, shoppers, or nothing for *trending*. Every
key gets exactly ``k`` rows where the catalogue allows: what the session's
fallbacks leave open is filled with the newest items, those the bundle does not
know yet included. Only unpublished items are left out; stock, price and cart
rules belong to pages.
"""

from __future__ import annotations

import csv
import gzip
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

import numpy as np

from recommender.photos import PhotosRefused
from recommender.ranking import follow
from recommender.types import HistoryEntry, Reason, Recommendation
from shop.catalogue.models import Item
from shop.catalogue.picture_files import PictureRefused

if TYPE_CHECKING:
    from recommender.method_lists import MethodLists
    from recommender.photos import Photos
    from recommender.session import Session
    from recommender.snapshot import Snapshot

ITEM_PANELS = ("similar", "looks_like", "also_liked", "bought_together")
USER_PANELS = ("for_you", "pick_up")
PANELS = (*ITEM_PANELS, *USER_PANELS, "trending", "photo")
HEADERS = {
    **dict.fromkeys(ITEM_PANELS, ("product_main", "product_id", "score")),
    **dict.fromkeys(USER_PANELS, ("user_id", "product_id", "score")),
    "trending": ("product_id", "score"),
    "photo": ("photo", "product_id", "score"),
}

PURCHASE = 3

Exclude = Literal["purchased", "touched", "none"]
Moment = Literal["now", "last-action"]
Row = tuple[str, ...]


class KeysUnreadable(ValueError):
    """A file of keys is not a CSV file with the wanted column."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What lists are made for. ``unknown`` were asked for and are not in the shop (not published, or variants).

    ``refused`` cannot be looked up at all, each with its reason; writing the rows may add to it.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    refused: Sequence[str] = ()


def read_keys(path: Path, columns: Sequence[str]) -> list[str]:
    """The values of the first of ``columns`` that a CSV file (plain or .gz) has, each once, in their order.

    Raises:
        KeysUnreadable: the file has none of the columns, or is no CSV file in UTF-8; as .gz, it cannot be unpacked.
        OSError: it cannot be opened.
    """
    opener = cast("Callable[..., IO[str]]", gzip.open if path.suffix == ".gz" else open)
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            place = next((header.index(column) for column in columns if column in header), None)
            if place is None:
                raise KeysUnreadable(
                    f"{path} needs a column {' or '.join(columns)}; it has {', '.join(header) or 'none'}"
                )
            return list(dict.fromkeys(row[place] for row in reader if len(row) > place))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise KeysUnreadable(f"{path} is cut short, damaged or no gzip file: {error}; write or copy it anew") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise KeysUnreadable(f"{path} is not a CSV file in UTF-8: {error}") from error


class ItemLists:
    """Lists for items, or for nobody in particular.

    Args:
        session: What recommends.
        k: How many a key.
        method: Recommends in the session's place, where given.
    """

    def __init__(self, session: Session, *, k: int, method: MethodLists | None = None) -> None:
        self.published: tuple[str, ...] = tuple(
            Item.objects.listed().order_by("-created_at", "-id").values_list("item_id", flat=True)
        )
        self._known = frozenset(self.published)
        self._session = session.among(self.published)
        self._k = k
        self._method = method

    def keys(self, wanted: Sequence[str] | None) -> Keys:
        """The published items, oldest first, or those of ``wanted`` that are."""
        if wanted is None:
            return Keys(tuple(reversed(self.published)))
        return Keys(
            tuple(item_id for item_id in wanted if item_id in self._known),
            tuple(item_id for item_id in wanted if item_id not in self._known),
        )

    def rows(self, panel: str, keys: Iterable[str]) -> Iterator[Row]:
        """The rows of an item panel for these items."""
        ask: dict[str, Callable[[str, int], list[Recommendation]]] = {
            "similar": self._session.similar,
            "looks_like": self._session.looks_like,
            "also_liked": self._session.also_liked,
            "bought_together": self._session.bought_together,
        }
        for item_id in keys:
            own = (
                ask[panel](item_id, self._k) if self._method is None else self._method.for_item(panel, item_id, self._k)
            )
            found = self.topped_up(own, exclude={item_id})
            yield from ((item_id, one.item_id, repr(one.score)) for one in found)

    def trending(self) -> Iterator[Row]:
        """The rows of *trending*."""
        found = self.topped_up(self._session.trending(self._k), exclude=set())
        yield from ((one.item_id, repr(one.score)) for one in found)

    def photo(self, photos: Photos, names: Iterable[str], refused: list[str]) -> Iterator[Row]:
        """The rows for these photos; those that cannot be used are added to ``refused``, each with its reason.

        Raises:
            NoPictureEncoder: the model cannot look at pictures.
            PhotosRefused: not one of them can be used.
        """
        for name in names:
            try:
                picture = photos.open(name)
            except PictureRefused as problem:
                refused.append(str(problem))
                continue
            found = self.topped_up(self._session.looks_like(picture, self._k), exclude=set())
            yield from ((name, one.item_id, repr(one.score)) for one in found)
        if len(refused) == len(photos.names):
            raise PhotosRefused(f"none of the photos can be used, such as {refused[0]}")

    def topped_up(self, found: list[Recommendation], *, exclude: set[str]) -> list[Recommendation]:
        """``found``, filled up with the newest items where it is short."""
        if len(found) >= self._k:
            return found
        have = exclude | {one.item_id for one in found}
        newest = islice((item_id for item_id in self.published if item_id not in have), self._k - len(found))
        return follow(
            found,
            (
                Recommendation(item_id=item_id, score=1 / place, reason=Reason("newest"))
                for place, item_id in enumerate(newest, start=1)
            ),
            k=self._k,
        )


class UserLists:
    """Lists for shoppers, from what the log says they did.

    Args:
        session: What recommends.
        k: How many a key.
        snapshot: The shop's log.
        exclude: What a shopper's own list leaves out.
        at: ``now`` is when the log ends, for everybody; ``last-action`` when each did something last.
        method: Recommends in the session's place, where given; it knows no moment but that of its training.
    """

    def __init__(  # noqa: PLR0913 - all but one by keyword
        self,
        session: Session,
        *,
        k: int,
        snapshot: Snapshot,
        exclude: Exclude,
        at: Moment,
        method: MethodLists | None = None,
    ) -> None:
        self._lists = ItemLists(session, k=k)
        self._session = session.among(self._lists.published)
        self._k = k
        self._snapshot = snapshot
        self._exclude = exclude
        self._at = at
        self._method = method
        end = snapshot.log.end
        self._end = snapshot.taken_at if np.isnan(end) else end

    def keys(self, wanted: Sequence[str] | None) -> Keys:
        """All shoppers, those who did nothing included, or those of ``wanted`` that there are."""
        users = self._snapshot.users.ids
        if wanted is None:
            return Keys(users.ids)
        return Keys(
            tuple(user_id for user_id in wanted if user_id in users),
            tuple(user_id for user_id in wanted if user_id not in users),
        )

    def rows(self, keys: Iterable[str], *, panel: str = "for_you") -> Iterator[Row]:
        """The rows of a panel for these shoppers; *pick up* goes on with *for you* where it is short."""
        for user_id in keys:
            history, now = self._history(user_id)
            exclude = self._left_out(history)
            found = self._session.pick_up(history, self._k, exclude, now=now) if panel == "pick_up" else []
            if self._method is not None:
                found = self._method.for_user(user_id, self._k, exclude=exclude)
            elif len(found) < self._k:
                more = self._session.for_you(history, self._k, exclude, now=now, name_causes=False)
                found = follow(found, more, k=self._k)
            found = self._lists.topped_up(found, exclude=exclude)
            yield from ((user_id, one.item_id, repr(one.score)) for one in found)

    def _history(self, user_id: str) -> tuple[list[HistoryEntry], float]:
        """What a shopper did, in the order it was recorded, and the moment to look from."""
        log, items = self._snapshot.log, self._snapshot.items.ids
        row = self._snapshot.users.ids.row(user_id)
        places = log.histories.of(row) if row is not None else np.zeros(0, dtype=np.intp)
        times = log.times[places].tolist()
        history = [
            HistoryEntry(items.id(item), kind, None if time != time else time)  # noqa: PLR0124 - nan alone differs from itself
            for item, kind, time in zip(log.items[places].tolist(), log.kinds[places].tolist(), times, strict=True)
        ]
        known = [entry.time for entry in history if entry.time is not None]
        return history, max(known) if known and self._at == "last-action" else self._end

    def _left_out(self, history: Iterable[HistoryEntry]) -> set[str]:
        if self._exclude == "none":
            return set()
        return {entry.item_id for entry in history if self._exclude == "touched" or entry.kind == PURCHASE}


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file that appears under its name when all of it is written, and not at all otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_rows(path: Path, panel: str, rows: Iterable[Row]) -> int:
    """Write the CSV of a panel; gives the number of rows."""
    number = 0
    with whole_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[panel])
        for row in rows:
            writer.writerow(row)
            number += 1
    return number
