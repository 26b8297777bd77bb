"""Runs pieces of code at the same moment, for tests of races; tells other processes where the test's database is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable


def run_together(*calls: Callable[[], Any]) -> list[Any]:
    """Run every call in a thread of its own, all released at once.

    Returns:
        For each call what it returned, or the exception it raised.
    """
    results: list[Any] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[place] = call()
        except Exception as error:  # noqa: BLE001 - handed to the test, which looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def database_address() -> str:
    """``DATABASE_URL`` of the test's database, for another process; on SQLite of the fixture ``file_database``."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    user = quote(f"{facts['USER']}:{facts['PASSWORD']}", safe=":")
    return f"postgresql://{user}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
