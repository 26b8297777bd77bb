"""Opens CSV files as sources of an import."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shop.importing.action_rows import ACTIONS_FORMAT, action_rows
from shop.importing.item_rows import ITEMS_FORMAT, item_rows
from shop.importing.journey import ActionSource, ItemSource, UserSource
from shop.importing.tables import Table, checksum_of, open_table
from shop.importing.user_rows import USERS_FORMAT, user_rows

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CsvSources:
    """The sources of one import, and what is to be said about their columns."""

    items: ItemSource | None
    users: UserSource | None
    actions: ActionSource | None
    notes: tuple[str, ...]


def open_csv_sources(*, items: Path | None, users: Path | None, actions: Path | None, encoding: str = "") -> CsvSources:
    """Look at the headers of all files before any of them is read.

    Raises:
        ImportRefused: A file is missing, unreadable, or lacks a column.
    """
    items_table = open_table(items, ITEMS_FORMAT, encoding=encoding) if items else None
    users_table = open_table(users, USERS_FORMAT, encoding=encoding) if users else None
    actions_table = open_table(actions, ACTIONS_FORMAT, encoding=encoding) if actions else None
    return CsvSources(
        items=ItemSource(items_table.name, partial(item_rows, items_table)) if items_table else None,
        users=UserSource(users_table.name, partial(user_rows, users_table)) if users_table else None,
        actions=_action_source(actions_table) if actions_table else None,
        notes=tuple(
            f"{table.name}: columns that are not understood are left out: {', '.join(map(repr, table.unknown))}."
            for table in (items_table, users_table, actions_table)
            if table and table.unknown
        ),
    )


def _action_source(table: Table) -> ActionSource:
    """The actions of a file, known again by its checksum."""
    return ActionSource(
        name=table.name,
        rows=partial(action_rows, table),
        item_column="product_id" if "product_id" in table.columns else "item_id",
        checksum=checksum_of(table.path),
    )
