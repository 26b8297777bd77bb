"""Rows of models as plain values, for writing many with one prepared statement.

The ORM builds the values (so they are exactly what ``save`` would write), but
before the transaction; inside it only the database works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field, Model


def plain_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The model's columns but for the key, in order."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001  # documented API


def prepared(instance: Model, fields: Iterable[Field[Any, Any]], *, adding: bool = True) -> list[Any]:
    """The values of the fields as the database wants them; times that set themselves are set."""
    return [field.get_db_prep_save(field.pre_save(instance, adding), connection) for field in fields]


def quoted(model: type[Model]) -> str:
    """The name of the model's table."""
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # documented API


def insert_statement(model: type[Model]) -> str:
    """``INSERT`` of a row with all ``plain_fields``."""
    columns = [connection.ops.quote_name(str(field.column)) for field in plain_fields(model)]
    return f"INSERT INTO {quoted(model)} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608  # names of our own columns


def update_statement(model: type[Model], fields: Sequence[Field[Any, Any]]) -> str:
    """``UPDATE`` of the fields of one row; its key is the last parameter."""
    assignments = [f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields]
    return f"UPDATE {quoted(model)} SET {', '.join(assignments)} WHERE id = %s"  # noqa: S608  # names of our own columns


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a prepared statement for each row; nothing where there are none."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
