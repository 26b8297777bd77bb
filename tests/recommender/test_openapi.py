"""The OpenAPI document: valid, complete, and true of every answer the API gives."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from recommender import openapi, photo_search, session
from recommender.panel_kinds import PANEL_KINDS
from shop.actions.clicks import buffer
from shop.catalogue.models import Item
from tests.factories import ItemFactory
from tests.pages import share_picture
from tests.recommender.photo_model import photo, serve_colours
from tests.recommender.tiny_bundle import ring

pytestmark = pytest.mark.django_db

COLOURS = {f"c{number}": f"hsl({number * 30}, 60%, 40%)" for number in range(12)}
validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed: make setup")
jsonschema = pytest.importorskip("jsonschema", reason="openapi-spec-validator is not installed: make setup")


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    response = client.get("/api/v1/openapi.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = response.json()
    return found


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    for item_id in COLOURS:
        share_picture(ItemFactory.create(item_id=item_id))
    ids = list(COLOURS)
    serve_colours(
        monkeypatch, COLOURS, similar=ring(ids), also_liked=ring(ids), bought_together=ring(ids), trending=ids
    )


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to, or the node itself."""
    while "$ref" in node:
        place: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    return node


def check(document: dict[str, Any], path: str, response: Any) -> None:
    """The answer has a status, a kind of content and a body that the document tells of this path."""
    method = response.request["REQUEST_METHOD"].lower()
    operations = document["paths"][path]
    answers = operations.get(method, next(iter(operations.values())))["responses"]
    assert str(response.status_code) in answers, f"{method} {path} may not answer {response.status_code}"
    answer = resolved(document, answers[str(response.status_code)])
    kind = response["Content-Type"].partition(";")[0]
    schema = answer["content"][kind]["schema"] | {"components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(response.content))
    assert set(answer.get("headers", ())) <= set(response.headers)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validator.OpenAPIV31SpecValidator(document).validate()


def test_an_invalid_document_would_be_noticed(document: dict[str, Any]) -> None:
    del document["paths"]["/api/v1/actions"]["post"]["responses"]["403"]["$ref"]
    with pytest.raises(validator.validation.exceptions.OpenAPIValidationError):
        validator.OpenAPIV31SpecValidator(document).validate()


def test_every_address_of_the_api_is_in_it(document: dict[str, Any]) -> None:
    routes = {str(pattern.pattern) for pattern in get_resolver("recommender.urls").url_patterns}
    api = {"/" + re.sub(r"<path:(\w+)>", r"{\1}", route) for route in routes if route.startswith("api/")}
    assert set(document["paths"]) == api


def test_its_panels_and_limits_are_those_of_the_api(client: Client, shop: None, document: dict[str, Any]) -> None:
    def parameters(path: str, method: str = "get") -> dict[str, Any]:
        return {one["name"]: one["schema"] for one in document["paths"][path][method]["parameters"]}

    about_item = parameters("/api/v1/items/{item_id}/recommendations")
    about_me = parameters("/api/v1/me/recommendations")
    assert set(about_item["panel"]["enum"]) | set(about_me["panel"]["enum"]) == set(PANEL_KINDS)
    for found, address in ((about_item, "items/c0"), (about_me, "me")):
        for panel in found["panel"]["enum"]:
            assert client.get(f"/api/v1/{address}/recommendations?panel={panel}").status_code == 200
        default = client.get(f"/api/v1/{address}/recommendations").json()
        assert (default["panel"], len(default["items"])) == (found["panel"]["default"], min(found["k"]["default"], 12))
        for k, status in ((found["k"]["minimum"], 200), (found["k"]["maximum"], 200), (found["k"]["maximum"] + 1, 400)):
            assert client.get(f"/api/v1/{address}/recommendations?k={k}").status_code == status
    assert set(document["components"]["schemas"]["Action"]["properties"]["action"]["enum"]) == set(openapi.ACTIONS)


ITEMS, MINE = "/api/v1/items/{item_id}/recommendations", "/api/v1/me/recommendations"
ACTIONS, PHOTO = "/api/v1/actions", "/api/v1/search/photo"


@pytest.mark.parametrize("model", ["v1", ""])
@pytest.mark.parametrize("panel", PANEL_KINDS)
def test_every_panel_answers_as_it_says(
    client: Client, shop: None, document: dict[str, Any], panel: str, model: str
) -> None:
    if not model:
        session.use_session(session.FallbackSession())
    Item.objects.filter(item_id="c1").update(price=None)
    ItemFactory.create(item_id="bare")
    client.post(ACTIONS, {"item": "c2", "action": "favourite"}, "application/json")
    client.get("/items/c3/-/", follow=True)
    path = MINE if panel in openapi.MY_PANELS else ITEMS
    response = client.get(path.format(item_id="c0"), {"panel": panel, "k": "20"})
    assert response.status_code == 200
    check(document, path, response)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (ITEMS, "?k=0", 400),
        (ITEMS, "?panel=nonsense", 404),
        (MINE, "?k=x", 400),
        (MINE, "?panel=similar", 404),
        (ITEMS, "?panel=%00", 400),
        (MINE, "?panel=%00", 400),
        ("/api/v1/openapi.json", "?%00", 400),
        (ACTIONS, "", 405),
        (PHOTO, "", 405),
        ("/api/v1/openapi.json", "", 200),
    ],
)
def test_other_answers_are_as_it_says(
    client: Client, shop: None, document: dict[str, Any], *, path: str, query: str, status: int
) -> None:
    response = client.get(path.format(item_id="c0") + query)
    assert response.status_code == status
    check(document, path, response)


@pytest.mark.parametrize("path", [ITEMS, MINE, "/api/v1/openapi.json"])
def test_a_wrong_method_is_as_it_says(client: Client, shop: None, document: dict[str, Any], path: str) -> None:
    response = client.post(path.format(item_id="c0"))
    assert response.status_code == 405
    check(document, path, response)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"item": "c1", "action": "click"}', "application/json", 202),
        ('{"item": "c1", "action": "favourite"}', "application/json", 201),
        ('{"item": "c2", "action": "favourite"}', "application/json", 200),
        ('{"item": "nobody", "action": "click"}', "application/json", 404),
        ('{"item": "\\ud800", "action": "click"}', "application/json", 404),
        ("{", "application/json", 400),
        (" " * 2_000, "application/json", 413),
        ("", "text/plain", 415),
    ],
)
def test_telling_an_action_answers_as_it_says(
    client: Client, shop: None, document: dict[str, Any], settings: Any, *, body: str, kind: str, status: int
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    client.post(ACTIONS, {"item": "c2", "action": "favourite"}, "application/json")
    response = client.post(ACTIONS, body, kind)
    assert response.status_code == status
    check(document, ACTIONS, response)
    buffer.clear()


def test_a_foreign_action_answers_as_it_says(shop: None, document: dict[str, Any]) -> None:
    response = Client(enforce_csrf_checks=True).post(ACTIONS, {"item": "c1", "action": "click"}, "application/json")
    assert response.status_code == 403
    check(document, ACTIONS, response)


@pytest.mark.parametrize(
    ("content", "status"), [(photo("#603040"), 200), (b"text", 422), (None, 400), (photo(size=(99, 99)), 413)]
)
def test_searching_by_photo_answers_as_it_says(
    client: Client, shop: None, document: dict[str, Any], settings: Any, *, content: bytes | None, status: int
) -> None:
    if status == 413:
        settings.PICTURE_MAX_BYTES = 100
    upload = {} if content is None else {"photo": SimpleUploadedFile("a.jpg", content, "image/jpeg")}
    response = client.post(PHOTO, upload)
    assert response.status_code == status
    check(document, PHOTO, response)


def test_waiting_and_not_yet_answer_as_it_says(
    client: Client, shop: None, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(document, PHOTO, client.post(PHOTO, b"x", "image/jpeg"))
    monkeypatch.setattr(session.Session, "sees_pictures", False)
    response = client.post(PHOTO, {"photo": SimpleUploadedFile("a.jpg", photo())})
    assert response.status_code == 503
    check(document, PHOTO, response)
    monkeypatch.setattr(photo_search, "SEARCHES", 0)
    response = client.post(PHOTO, {"photo": SimpleUploadedFile("a.jpg", photo())})
    assert response.status_code == 429
    check(document, PHOTO, response)


def test_an_untrue_answer_would_be_noticed(
    client: Client, shop: None, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.api._document", lambda card: {"id": card.item.item_id})
    with pytest.raises(jsonschema.ValidationError):
        check(document, MINE, client.get(MINE))
