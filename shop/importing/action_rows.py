"""Reads the rows of an actions file and sets them down in a compact form.

A log can have many millions of rows, so the checked ones are kept in a nameless
temporary file of 25 bytes each, with dense numbers in the place of ids: memory
stays flat, the text is parsed once, and a kill leaves nothing behind.
"""

from __future__ import annotations

import math
import struct
import tempfile
from typing import TYPE_CHECKING, NamedTuple, Self

from shop.importing import values
from shop.importing.errors import BadRows, BadValue
from shop.importing.tables import Table, TableFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

RECORD = struct.Struct("<iibdd")
RECORDS_IN_MEMORY = 20_000
ACTIONS_FORMAT = TableFormat(
    what="actions",
    required=(("user_id",), ("product_id", "item_id"), ("action",)),
    known=frozenset({"user_id", "product_id", "item_id", "action", "timestamp", "value"}),
    is_known=lambda _column: False,
    example="user_id,product_id,action",
)


class ActionRow(NamedTuple):
    """One action as a file tells it; ``time`` in seconds since 1970, ``None`` where it is not known."""

    line: int
    user_id: str
    item_id: str
    kind: int
    time: float | None
    value: float | None


class ActionRecord(NamedTuple):
    """One checked action; ``user`` and ``item`` are places in the spool's lists of ids."""

    user: int
    item: int
    kind: int
    time: float | None
    value: float | None


def action_rows(table: Table, bad_rows: BadRows) -> Iterator[ActionRow]:
    """The good rows of an actions file; what is wrong with the others goes to ``bad_rows``.

    Whether the item exists is not looked at here.
    """
    item_column = "product_id" if "product_id" in table.columns else "item_id"
    user_place, item_place = table.columns["user_id"], table.columns[item_column]
    kind_place = table.columns["action"]
    time_place, value_place = table.columns.get("timestamp"), table.columns.get("value")
    good_ids: set[str] = set()  # checking each id once is what makes a million rows quick
    kinds = values.KINDS
    readers: dict[str, tuple[int, Callable[[str], object]]] = {
        "user_id": (user_place, values.public_id),
        item_column: (item_place, values.public_id),
        "action": (kind_place, values.kind),
    }
    if time_place is not None:
        readers["timestamp"] = (time_place, values.seconds)
    if value_place is not None:
        readers["value"] = (value_place, values.number)
    for line, cells in table.rows(bad_rows):
        user_id, item_id = cells[user_place].strip(), cells[item_place].strip()
        try:
            if user_id not in good_ids:
                good_ids.add(values.public_id(user_id))
            if item_id not in good_ids:
                good_ids.add(values.public_id(item_id))
            kind = kinds.get(cells[kind_place])
            yield ActionRow(
                line,
                user_id,
                item_id,
                values.kind(cells[kind_place]) if kind is None else kind,
                values.seconds(cells[time_place]) if time_place is not None and cells[time_place] else None,
                values.number(cells[value_place]) if value_place is not None and cells[value_place] else None,
            )
        except BadValue:
            _explain(table.name, line, cells, readers, bad_rows)


def _explain(
    file: str,
    line: int,
    cells: list[str],
    readers: dict[str, tuple[int, Callable[[str], object]]],
    bad_rows: BadRows,
) -> None:
    """Note every bad cell of a row that is known to have one."""
    for column, (place, reader) in readers.items():
        try:
            reader(cells[place])
        except BadValue as error:
            bad_rows.add(file=file, line=line, column=column, value=cells[place], problem=str(error))


class ActionSpool:
    """Checked actions, in the file's order, waiting to be written.

    ``user_ids`` lists every shopper met, in order of first appearance;
    ``item_ids`` every item; records hold places in these lists.
    """

    def __init__(self) -> None:
        self.user_ids: list[str] = []
        self.item_ids: list[str] = []
        self.count = 0
        self._file = tempfile.TemporaryFile(prefix="actions-")  # noqa: SIM115  # closed by close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def fill(
        self, rows: Iterable[ActionRow], *, known_items: Collection[str], file: str, column: str, bad_rows: BadRows
    ) -> None:
        """Take in all rows whose item is known; the others go to ``bad_rows``.

        Args:
            rows: The actions.
            known_items: The item ids that exist or are being imported.
            file: What to call the file in notes.
            column: What its column of item ids is called.
            bad_rows: Where unknown items are noted.
        """
        users: dict[str, int] = {}
        items: dict[str, int] = {}
        packed = bytearray()
        pack = RECORD.pack
        for line, user_id, item_id, kind, time, value in rows:
            item = items.get(item_id)
            if item is None:
                if item_id not in known_items:
                    problem = "there is no item with this id"
                    bad_rows.add(file=file, line=line, column=column, value=item_id, problem=problem)
                    continue
                item = items.setdefault(item_id, len(items))
            user = users.setdefault(user_id, len(users))
            packed += pack(user, item, kind, math.nan if time is None else time, math.nan if value is None else value)
            self.count += 1
            if len(packed) >= RECORDS_IN_MEMORY * RECORD.size:
                self._file.write(packed)
                packed.clear()
        self._file.write(packed)
        self.user_ids = list(users)
        self.item_ids = list(items)

    def chunks(self, rows: Callable[[], int]) -> Iterator[list[ActionRecord]]:
        """The actions in order, so many at a time as ``rows`` says each time."""
        self._file.seek(0)
        isnan = math.isnan
        while content := self._file.read(max(1, rows()) * RECORD.size):
            yield [
                ActionRecord(
                    user,
                    item,
                    kind,
                    None if isnan(time) else time,
                    None if isnan(value) else value,
                )
                for user, item, kind, time, value in RECORD.iter_unpack(content)
            ]
