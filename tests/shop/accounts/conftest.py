"""Fixtures for tests of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def letters_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters wait for the end of a transaction, and a test never ends its own."""

    def at_once(function: Callable[[], object], using: str | None = None, robust: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        function()

    monkeypatch.setattr(transaction, "on_commit", at_once)
