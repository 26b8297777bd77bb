"""The two ways to search, of SQLite and of PostgreSQL, behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from shop.search.engines.postgresql import PostgresqlEngine
from shop.search.engines.sqlite import SqliteEngine

if TYPE_CHECKING:
    from shop.search.engines.base import Engine

ENGINES: dict[str, type[Engine]] = {"sqlite": SqliteEngine, "postgresql": PostgresqlEngine}


def engine_for(using: str = DEFAULT_DB_ALIAS) -> Engine:
    """The engine of a database.

    Raises:
        ImproperlyConfigured: the shop can't search in this kind of database.
    """
    connection = connections[using]
    if connection.vendor not in ENGINES:
        raise ImproperlyConfigured(f"Search needs SQLite or PostgreSQL; the database is {connection.vendor}.")
    return ENGINES[connection.vendor](connection)
