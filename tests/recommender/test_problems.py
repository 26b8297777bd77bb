"""Errors below ``/api/`` are documents, whoever raises them; everywhere else they stay pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.test import Client

from recommender import api
from recommender.problems import UNREADABLE, problem_behind

pytestmark = pytest.mark.django_db

VAGUE = "The request is malformed or did not arrive whole."


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (BadRequest("It holds a NUL."), 400, "It holds a NUL."),
        (RequestDataTooBig("settings.SECRET"), 413, "The body has more than 1,000 bytes."),
        (SuspiciousOperation("settings.SECRET"), 400, VAGUE),
        (MultiPartParserError("Invalid boundary"), 400, VAGUE),
        (UnreadablePostError("gone"), 400, VAGUE),
    ],
)
def test_what_stands_behind_an_error(settings: Any, error: Exception, status: int, detail: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert isinstance(error, UNREADABLE)
    problem = problem_behind(error)
    assert (problem.status, problem.detail) == (status, detail)


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/v1/items/%00/recommendations", "The request holds a NUL."),
        ("/api/v1/me/recommendations?panel=%00", "The request holds a NUL."),
        ("/api/v1/openapi.json?%00", "The request holds a NUL."),
        ("/api/%00", "The request holds a NUL."),
        ("/api?%00", "The request holds a NUL."),
        ("/api/v1/me/recommendations?" + "a=1&" * 1_001, VAGUE),
    ],
)
def test_an_address_that_cannot_be_read_is_a_problem(client: Client, address: str, detail: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": detail,
    }
    assert response["Cache-Control"] == "private, no-store"


def test_a_host_that_is_not_ours_is_a_problem_that_names_no_setting(client: Client) -> None:
    response = client.get("/api/v1/me/recommendations", headers={"host": "elsewhere.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(response.content)["detail"] == VAGUE


@pytest.mark.parametrize("address", ["/apiary?%00", "/search/?q=%00"])
def test_beside_the_api_it_is_still_a_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_a_mistake_of_ours_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api, "shelves", fail)
    monkeypatch.setattr("shop.storefront.views.render", fail)
    client = Client(raise_request_exception=False)
    response = client.get("/api/v1/me/recommendations")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert json.loads(response.content)["detail"] == "Something went wrong in the shop; its log says what."
    # negative control: a page stays a page
    response = client.get("/")
    assert (response.status_code, response["Content-Type"]) == (500, "text/html; charset=utf-8")
