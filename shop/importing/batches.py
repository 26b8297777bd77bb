"""Writes checked actions into the stream: out of sight in short transactions, then all at once in sight."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from shop.actions.models import Action, ImportBatch
from shop.importing.pacing import Pace
from shop.importing.rows import insert_statement, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shop.importing.action_rows import ActionRecord


def batch_write(
    batch: ImportBatch,
    chunks: Callable[[Callable[[], int]], Iterable[list[ActionRecord]]],
    *,
    shopper_keys: Sequence[int],
    item_keys: Sequence[int],
) -> Iterator[int]:
    """Write the actions of an unpublished batch; yields how many rows each transaction wrote.

    Args:
        batch: Whom they belong to; nobody sees them until ``batch_publish``.
        chunks: Gives the actions in pieces of the size it is told each time.
        shopper_keys: Database keys in the place of the records' ``user`` numbers.
        item_keys: Database keys in the place of their ``item`` numbers.
    """
    pace = Pace()
    statement = insert_statement(Action)
    to_row = _row_maker(batch, shopper_keys=shopper_keys, item_keys=item_keys)
    for records in chunks(lambda: pace.rows):
        rows = [to_row(record) for record in records]
        yield pace.write(lambda rows=rows: _insert(statement, rows))  # type: ignore[misc]  # bound at once


def batch_publish(batch: ImportBatch, *, rows: int) -> None:
    """Bring all the batch's actions in sight with one statement."""
    batch.published = True
    batch.rows = rows
    batch.save(update_fields=["published", "rows"])


def batch_remove(batch: ImportBatch) -> None:
    """Take an unpublished batch away, a piece at a time."""
    pace = Pace()
    actions = Action.with_unpublished.filter(batch=batch)

    def piece() -> int:
        last = actions.order_by("id").values_list("id", flat=True)[pace.rows - 1 : pace.rows].first()
        some = actions if last is None else actions.filter(id__lte=last)
        return some._raw_delete(some.db) or 0  # noqa: SLF001  # nothing points at actions; skips collecting rows

    while pace.write(piece):
        pass
    batch.delete()


def _row_maker(
    batch: ImportBatch, *, shopper_keys: Sequence[int], item_keys: Sequence[int]
) -> Callable[[ActionRecord], list[Any]]:
    """A function from a record to the values of all columns of its row, as the database wants them."""
    fields = [field for field in Action._meta.concrete_fields if not field.primary_key]  # noqa: SLF001  # Django's documented API
    blank = Action(shopper_id=0, item_id=0, kind=0, time=None, batch=batch)
    template = prepared(blank, fields)
    place = {field.name: index for index, field in enumerate(fields)}
    shopper, item, kind = place["shopper"], place["item"], place["kind"]
    time, value = place["time"], place["value"]
    adapt = connection.ops.adapt_datetimefield_value

    def to_row(record: ActionRecord) -> list[Any]:
        row = template.copy()
        row[shopper] = shopper_keys[record.user]
        row[item] = item_keys[record.item]
        row[kind] = record.kind
        row[value] = record.value
        if record.time is not None:
            row[time] = adapt(datetime.fromtimestamp(record.time, UTC))
        return row

    return to_row


def _insert(statement: str, rows: list[list[Any]]) -> int:
    """Write the rows; gives how many."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
    return len(rows)
