"""Pages are sent compressed, pictures as they are."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import HttpResponse

from config.middleware import PageCompressionMiddleware

TEXT = b"the same words again and again, " * 100


@pytest.mark.parametrize(
    ("content_type", "compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("application/json", True),
        ("application/xml", True),
        ("image/webp", False),
        ("font/woff2", False),
        ("image/jpeg", False),
    ],
)
def test_text_alone_is_compressed(rf: Any, content_type: str, *, compressed: bool) -> None:
    middleware = PageCompressionMiddleware(lambda _request: HttpResponse(TEXT, content_type=content_type))
    response: Any = middleware(rf.get("/", headers={"Accept-Encoding": "gzip"}))
    assert response.has_header("Content-Encoding") is compressed
    assert (gzip.decompress(response.content) if compressed else response.content) == TEXT


@pytest.mark.django_db
def test_a_page_is_compressed_for_those_who_can_read_it(client: Any) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/").headers
