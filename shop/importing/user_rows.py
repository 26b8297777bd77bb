"""Reads the rows of a users file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shop.importing import values
from shop.importing.errors import BadRows, BadValue
from shop.importing.tables import Table, TableFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

READERS: dict[str, Callable[[str], Any]] = {
    "gender": values.gender,
    "age": values.age,
    "occupation": lambda cell: values.text(cell, longest=100),
}
USERS_FORMAT = TableFormat(
    what="users",
    required=(("user_id",),),
    known=frozenset({"user_id", *READERS}),
    is_known=lambda _column: False,
    example="user_id",
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """What a file says about one shopper; ``fields`` holds only what it has a column for."""

    line: int
    user_id: str
    fields: Mapping[str, Any]


def user_rows(table: Table, bad_rows: BadRows) -> Iterator[UserRow]:
    """The good rows of a users file; what is wrong with the others goes to ``bad_rows``."""
    seen: set[str] = set()
    for line, cells in table.rows(bad_rows):
        problems = bad_rows.count
        found: dict[str, Any] = {}
        for column, place in table.columns.items():
            reader = READERS.get(column, values.public_id)
            try:
                found[column] = reader(cells[place])
            except BadValue as error:
                bad_rows.add(file=table.name, line=line, column=column, value=cells[place], problem=str(error))
        if bad_rows.count > problems:
            continue
        user_id = found.pop("user_id")
        if user_id in seen:
            problem = "this user_id stands in an earlier row already"
            bad_rows.add(file=table.name, line=line, column="user_id", value=user_id, problem=problem)
            continue
        seen.add(user_id)
        yield UserRow(line=line, user_id=user_id, fields=found)
