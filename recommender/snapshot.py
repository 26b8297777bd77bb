"""The only reader of the shop's tables for learning and export: rows in, arrays out.

Items and shoppers get dense rows in the order of their database keys; actions
come in the order they were recorded. Each table is read by one query of its
own, without a transaction around them that would make the shop's writes wait;
what refers to an item or shopper that came after its table was read is left
out. Actions that were taken back, and those of unfinished imports, don't count.
An item here is a head: the variants of one have no rows, and what was done to
them counts for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import FloatField, Func, Max
from django.db.models.sql.compiler import SQLCompiler

from recommender.id_map import UNKNOWN, IdMap
from recommender.item_words import WORD_FIELDS, category_words, content_mark, item_words
from recommender.learners.log import ActionLog, Floats, Mask, Rows
from shop.accounts.models import Shopper
from shop.actions.models import Action
from shop.catalogue.models import Category, Item, ItemImage
from shop.catalogue.pictures import smallest_rendition_path

CHUNK = 50_000


class EpochSeconds(Func):
    """A time as seconds since 1970, to the millisecond, computed by the database."""

    output_field = FloatField()
    arity = 1

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        """SQLite keeps times as text; 2440587.5 is the Julian day of 1970-01-01."""
        template = "ROUND((julianday(%(expressions)s) - 2440587.5) * 86400.0, 3)"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        """PostgreSQL says it itself."""
        template = "EXTRACT(EPOCH FROM %(expressions)s)::double precision"
        return super().as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True, kw_only=True)
class ItemTable:
    """The catalogue without variants, unpublished items included; everything is by item row.

    Attributes:
        ids: Public item ids.
        texts: All words of each item: title, description, brand, colour,
            category, attributes and translations, one per line.
        titles, descriptions: What the shop calls and says of each item, in its own language alone.
        tags: The tag that trains the picture model, empty where there is none.
        all_tags: Every tag of each item once, that one first.
        categories: Category paths, empty where there is none.
        published: bool (n,), may be recommended.
        created: float64 (n,), seconds since 1970.
        keys: int64 (n,), database keys, rising.
    """

    ids: IdMap
    texts: tuple[str, ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    tags: tuple[str, ...]
    all_tags: tuple[tuple[str, ...], ...]
    categories: tuple[str, ...]
    published: Mask
    created: Floats
    keys: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class PictureTable:
    """Where the pictures are: ``paths`` (p), the item row of each, int32 (p,), and each one's checksum."""

    paths: tuple[Path, ...]
    items: Rows
    checksums: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UserTable:
    """Everybody whose actions belong together, by user row; what somebody did before signing in is theirs.

    Attributes:
        ids: Public user ids.
        genders, occupations: Empty where unknown.
        ages: float64 (u,), nan where unknown.
    """

    ids: IdMap
    genders: tuple[str, ...]
    ages: Floats
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """How far the log was read: the last action's key, how many counted, and the time of the latest."""

    action_key: int
    actions: int
    end: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return {"action_key": self.action_key, "actions": self.actions, "end": self.end}


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The shop at one moment; ``taken_at`` in seconds since 1970."""

    taken_at: float
    items: ItemTable
    pictures: PictureTable
    users: UserTable
    log: ActionLog
    watermark: Watermark


def take_snapshot(*, picture_size: int = 50) -> Snapshot:
    """Read the whole shop.

    Args:
        picture_size: Pixels across that pictures are needed at, to choose the smallest file that will do.
    """
    taken_at = time.time()
    items = read_items()
    users, user_of_shopper = _read_users()
    log, last_key = _read_actions(items=items, users=users, user_of_shopper=user_of_shopper, taken_at=taken_at)
    end = log.end
    return Snapshot(
        taken_at=taken_at,
        items=items,
        pictures=read_pictures(items, picture_size=picture_size),
        users=users,
        log=log,
        watermark=Watermark(action_key=last_key, actions=len(log), end=None if np.isnan(end) else end),
    )


def read_items() -> ItemTable:
    """The catalogue as it is now."""
    paths = dict(Category.objects.values_list("id", "path"))
    names = dict(Category.objects.values_list("id", "name"))
    columns: list[tuple[Any, ...]] = []
    texts = []
    for row in (
        Item.objects.filter(variant_of=None)
        .order_by("id")
        .values_list(
            "id", "item_id", "tag", "category_id", "published", "created_at", "tags", *WORD_FIELDS,
        )
        .iterator(chunk_size=2000)
    ):  # fmt: skip
        columns.append(row[:9])
        texts.append(item_words(row[7:], category_words(paths, names, row[3])))
    return ItemTable(
        ids=IdMap(row[1] for row in columns),
        texts=tuple(texts),
        titles=tuple(row[7] for row in columns),
        descriptions=tuple(row[8] for row in columns),
        tags=tuple(row[2].strip() for row in columns),
        all_tags=tuple(_every_tag(row[2], row[6]) for row in columns),
        categories=tuple(paths.get(row[3], "") for row in columns),
        published=np.fromiter((row[4] for row in columns), dtype=np.bool_, count=len(columns)),
        created=np.fromiter((row[5].timestamp() for row in columns), dtype=np.float64, count=len(columns)),
        keys=np.fromiter((row[0] for row in columns), dtype=np.int64, count=len(columns)),
    )


def _every_tag(first: str, several: Iterable[object]) -> tuple[str, ...]:
    """The tags of one item without blanks and repetitions; ``first`` leads wherever the others name it."""
    stripped = (str(tag).strip() for tag in (first, *several))
    return tuple(dict.fromkeys(tag for tag in stripped if tag))


def read_pictures(items: ItemTable, *, picture_size: int) -> PictureTable:
    """The files of all pictures, ordered by item row and position."""
    paths: list[Path] = []
    checksums: list[str] = []
    keys: list[int] = []
    pictures = ItemImage.objects.order_by("item_id", "position", "id").only("item_id", "file", "renditions", "checksum")
    for picture in pictures.iterator(chunk_size=2000):
        paths.append(smallest_rendition_path(picture, picture_size))
        checksums.append(picture.checksum)
        keys.append(picture.item_id)
    rows = _rows_of(np.array(keys, dtype=np.int64), items.keys)
    known = rows != UNKNOWN
    return PictureTable(
        paths=tuple(path for path, kept in zip(paths, known, strict=True) if kept),
        items=rows[known],
        checksums=tuple(checksum for checksum, kept in zip(checksums, known, strict=True) if kept),
    )


def content_marks(items: ItemTable, pictures: PictureTable) -> npt.NDArray[np.uint64]:
    """uint64 (n,): what each item's words and pictures are known by; see ``item_words.content_mark``."""
    checksums: dict[int, list[str]] = {}
    for row, checksum in zip(pictures.items.tolist(), pictures.checksums, strict=bool(pictures.checksums)):
        checksums.setdefault(row, []).append(checksum)
    marks = [content_mark(text, checksums.get(row, ())) for row, text in enumerate(items.texts)]
    return np.array(marks, dtype=np.uint64)


def _read_users() -> tuple[UserTable, dict[int, int]]:
    """The user table, and the user row of every shopper's key, merged ones included."""
    rows: dict[int, int] = {}
    merged: dict[int, int] = {}
    whole: list[tuple[str, str, int | None, str]] = []
    shoppers = Shopper.objects.order_by("id").values_list(
        "id", "merged_into_id", "user_id", "gender", "age", "occupation"
    )
    for key, owner, user_id, gender, age, occupation in shoppers.iterator(chunk_size=10_000):
        if owner:
            merged[key] = owner
        else:
            rows[key] = len(whole)
            whole.append((user_id, gender, age, occupation))
    for key, first_owner in merged.items():
        last_owner, steps = first_owner, 0
        while last_owner in merged and steps < len(merged):
            last_owner, steps = merged[last_owner], steps + 1
        if last_owner in rows:
            rows[key] = rows[last_owner]
    table = UserTable(
        ids=IdMap(row[0] for row in whole),
        genders=tuple(row[1] for row in whole),
        ages=np.array([row[2] for row in whole], dtype=np.float64),
        occupations=tuple(row[3] for row in whole),
    )
    return table, rows


def _read_actions(
    *, items: ItemTable, users: UserTable, user_of_shopper: Mapping[int, int], taken_at: float
) -> tuple[ActionLog, int]:
    """The log, and the highest action key up to which it was read."""
    shopper_keys = np.array(sorted(user_of_shopper), dtype=np.int64)
    variants = Item.objects.exclude(variant_of=None).order_by("id").values_list("id", "variant_of_id")
    variant_keys, head_keys = np.array([*variants], dtype=np.int64).reshape(-1, 2).T
    user_rows = np.array([user_of_shopper[key] for key in shopper_keys.tolist()], dtype=np.int32)
    last_key = int(Action.objects.aggregate(last=Max("id"))["last"] or 0)
    nothing = ActionLog.empty(user_count=len(users.ids), item_count=len(items.ids))
    parts = [nothing]
    for columns in _action_columns(last_key):
        shopper = _rows_of(np.array(columns[0], dtype=np.int64), shopper_keys)
        item_keys = np.array(columns[1], dtype=np.int64)
        variant = _rows_of(item_keys, variant_keys)
        item_keys[variant != UNKNOWN] = head_keys[variant[variant != UNKNOWN]]
        item = _rows_of(item_keys, items.keys)
        known = (shopper != UNKNOWN) & (item != UNKNOWN)
        times = np.array(columns[3], dtype=np.float64)
        # A clock that runs ahead must not make everything else look old.
        times = np.where(times > taken_at, np.floor(taken_at), times)
        parts.append(
            replace(
                nothing,
                users=user_rows[shopper[known]],
                items=item[known],
                kinds=np.array(columns[2], dtype=np.int8)[known],
                times=times[known],
                values=np.array(columns[4], dtype=np.float64)[known],
                simulated=np.array(columns[5], dtype=np.bool_)[known],
            )
        )
    return ActionLog.joined(parts), last_key


def _action_columns(last_key: int) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """The counted actions by chunks, as columns: shopper, item, kind, epoch seconds, value, simulated.

    The query is Django's, but its rows come straight from the cursor: a million
    rows through the converters of fields would take several times as long.
    """
    query = (
        Action.objects.counted()
        .filter(id__lte=last_key)
        .order_by("id")
        .annotate(seconds=EpochSeconds("time"))
        .values_list("shopper_id", "item_id", "kind", "seconds", "value", "simulated")
    )
    sql, parameters = query.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(CHUNK):
            yield tuple(zip(*rows, strict=True))


def _rows_of(keys: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> Rows:
    """Places of ``keys`` in ``known`` (rising), −1 where a key isn't there."""
    if not len(known):
        return np.full(len(keys), UNKNOWN, dtype=np.int32)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, places, UNKNOWN).astype(np.int32)


def iso_time(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="seconds")


__all__ = [
    "EpochSeconds",
    "ItemTable",
    "PictureTable",
    "Snapshot",
    "UserTable",
    "Watermark",
    "content_marks",
    "iso_time",
    "read_items",
    "read_pictures",
    "take_snapshot",
]
