"""Fixtures for tests of the shop."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.http import HttpResponse
from django.test import RequestFactory

from shop.accounts.middleware import VisitorMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def file_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A real database that several threads can open, with its locks.

    The usual test database of SQLite lives in memory, where connections of one
    process share a cache and lock differently; here it is copied to a file. A
    database server is used as it is.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "shop.sqlite3"
    copy = sqlite3.connect(path)
    in_memory.backup(copy)
    copy.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory


@pytest.fixture
def visit() -> Callable[..., Any]:
    """Make a request as it is after the middleware: ``visit("/items/1/", user=…, headers=…, cookies=…, method=…)``.

    The response's cookies are collected in ``request.answer()``, called when the test is done with the request.
    """

    def make(
        path: str = "/",
        *,
        method: str = "GET",
        user: Any = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> Any:
        request: Any = RequestFactory().generic(method, path, headers=headers)
        if method == "POST":
            request = RequestFactory().post(path, data or {}, headers=headers)
        request.COOKIES.update(cookies or {})
        request.user = user or AnonymousUser()
        seen: list[Any] = []
        answer = HttpResponse()

        def view(request: Any) -> HttpResponse:
            seen.append(request)
            return answer

        VisitorMiddleware(view)(request)
        request.answer = lambda: (request.visitor.finish(answer), answer)[1]
        return request

    return make
