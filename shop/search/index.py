"""Keeping the index right while the database itself changes, and writing it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.utils import DEFAULT_DB_ALIAS

from shop.search.engines import engine_for

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def release_for_migrate(using: str, plan: list[Any], **_kwargs: object) -> None:
    """Take the triggers down before migrations run.

    SQLite changes a table by writing it anew, which loses its triggers and
    stumbles over those of other tables that name it.
    """
    if plan:
        with transaction.atomic(using=using):
            engine_for(using).release()


def keep_after_migrate(using: str, **_kwargs: object) -> None:
    """Put the triggers up after a migrate, and make good what was written without them."""
    engine = engine_for(using)
    if engine.exists() and not engine.is_kept():
        with transaction.atomic(using=using):
            engine.keep()
            engine.rebuild()


def index_in_bulk() -> AbstractContextManager[object]:
    """Wrap the writing of many items: the index follows at the end, in the same transaction and much sooner."""
    return engine_for().in_bulk()


def index_rebuild(using: str = DEFAULT_DB_ALIAS) -> int:
    """Write the whole index anew from the items.

    It is never needed while the shop runs: the triggers keep the index right.
    It is for those who have mended a database by hand.

    Returns:
        How many items can be found now.
    """
    engine = engine_for(using)
    with transaction.atomic(using=using):
        engine.keep()
        return engine.rebuild()
