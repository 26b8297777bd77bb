"""Whether the shop is ready to serve, asked of everyone who has to be.

Rooms above register checks of their own (the recommender: whether its bundle is
open); a load balancer asks ``/readyz`` for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection

Check = Callable[[], str]
"""Gives the empty string when all is well, else one line that says what is wrong."""

_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Have ``check`` asked under ``name``; registering a name again replaces its check."""
    _checks[name] = check


def check_database() -> str:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return str(error) or type(error).__name__
    return ""


def problems() -> dict[str, str]:
    """Every check by name, with what is wrong or the empty string."""
    return {name: check() for name, check in ({"database": check_database} | _checks).items()}
