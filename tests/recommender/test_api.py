"""The JSON API: documents, problems, and who may tell it what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpRequest, UnreadablePostError
from django.test import Client

from recommender import session
from shop.actions.clicks import buffer
from shop.actions.models import Action, Favourite, Kind
from shop.catalogue.models import Item
from tests.factories import ItemFactory
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db

ACTIONS = "/api/v1/actions"
VAGUE = "The request is malformed or did not arrive whole."


@pytest.fixture
def items() -> list[Item]:
    made: list[Item] = [
        ItemFactory.create(item_id=f"i{place}", title=f"Thing {place}", price=Decimal("3.10")) for place in range(12)
    ]
    ids = [item.item_id for item in made]
    TinyBundle(items=ids, similar=ring(ids), text_share=0.25, also_liked=ring(ids), trending=ids[::-1]).publish("v1")
    session.refresh()
    return made


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert document["status"] == status
    assert set(document) == {"type", "title", "status", "detail"}
    return document


def ids_in(document: dict[str, Any]) -> Sequence[str]:
    return [item["id"] for item in document["items"]]


def test_recommendations_of_an_item(client: Client, items: list[Item]) -> None:
    response = client.get("/api/v1/items/i0/recommendations?panel=similar&k=8")
    assert response.status_code == 200
    document = response.json()
    assert (document["panel"], document["bundle"]) == ("similar", "v1")
    assert ids_in(document) == [f"i{place}" for place in range(1, 9)]
    first = document["items"][0]
    assert {key: first[key] for key in ("title", "price", "currency", "url", "image")} == {
        "title": "Thing 1",
        "price": "3.10",
        "currency": "EUR",
        "url": "/items/i1/thing-1/",
        "image": None,
    }
    assert first["reason"]["text"] == "Looks alike and is described alike"
    assert first["reason"]["parts"]["text"] == pytest.approx(first["score"] / 4, abs=1e-6)
    assert sum(first["reason"]["parts"].values()) == pytest.approx(first["score"], abs=1e-6)
    scores = [item["score"] for item in document["items"]]
    assert scores == sorted(scores, reverse=True)
    assert response["Cache-Control"] == "private, no-store"


def test_panel_and_k_have_defaults(client: Client, items: list[Item]) -> None:
    assert len(client.get("/api/v1/items/i0/recommendations").json()["items"]) == 8
    mine = client.get("/api/v1/me/recommendations").json()
    assert mine["panel"] == "for_you"
    assert len(mine["items"]) == 12


def test_ids_of_any_shape_work(client: Client, items: list[Item]) -> None:
    ItemFactory.create(item_id="a/b 茶%")
    assert client.get("/api/v1/items/a%2Fb%20%E8%8C%B6%25/recommendations?k=3").json()["panel"] == "similar"


def test_a_price_on_request_is_null(client: Client, items: list[Item]) -> None:
    Item.objects.filter(item_id="i1").update(price=None)
    assert client.get("/api/v1/items/i0/recommendations?k=1").json()["items"][0]["price"] is None


def test_mine_follow_what_i_do(client: Client, items: list[Item]) -> None:
    before = client.get("/api/v1/me/recommendations?k=4").json()
    assert ids_in(before) == ["i11", "i10", "i9", "i8"]
    assert client.post(ACTIONS, {"item": "i3", "action": "favourite"}, "application/json").status_code == 201
    after = client.get("/api/v1/me/recommendations?panel=for_you&k=4").json()
    assert ids_in(after) == ["i4", "i5", "i6", "i7"]
    assert after["items"][0]["reason"]["text"] == "Because you saved Thing 3"


@pytest.mark.parametrize("k", ["0", "101", "-1", "ten", "1.5", "", "9" * 40])
def test_a_senseless_k_is_a_bad_request(client: Client, items: list[Item], k: str) -> None:
    assert "1 to 100" in problem(client.get("/api/v1/me/recommendations", {"k": k}), 400)["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/items/nobody/recommendations",
        "/api/v1/items/i0/recommendations?panel=nonsense",
        "/api/v1/items/i0/recommendations?panel=for_you",
        "/api/v1/items/i0/recommendations?panel=pick_up",
        "/api/v1/me/recommendations?panel=similar",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, items: list[Item], address: str) -> None:
    problem(client.get(address), 404)


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize(
    "address",
    ["/api", "/api/", "/api/v1/", "/api/v2/actions", "/api/v1/actions/", "/api/v1/items/i0", "/api/v1/%0A/x?k=1"],
)
def test_an_address_that_is_none_is_a_problem_for_programs_not_a_page(address: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "no-store" in response["Cache-Control"]
    if method != "head":
        assert problem(response, 404)["detail"].startswith("There is nothing at /api")


def test_an_address_beside_the_api_is_still_a_page(client: Client) -> None:
    for address in ("/apiary/", "/nowhere/api/v1"):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_an_unpublished_item_is_not_there(client: Client, items: list[Item]) -> None:
    Item.objects.filter(item_id="i0").update(published=False)
    problem(client.get("/api/v1/items/i0/recommendations"), 404)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("post", "/api/v1/items/i0/recommendations", "GET, HEAD"),
        ("delete", "/api/v1/me/recommendations", "GET, HEAD"),
        ("get", ACTIONS, "POST"),
    ],
)
def test_other_methods_are_refused(client: Client, items: list[Item], method: str, address: str, allowed: str) -> None:
    response = getattr(client, method)(address)
    problem(response, 405)
    assert response["Allow"] == allowed


def test_without_a_bundle_the_api_still_answers(client: Client) -> None:
    ItemFactory.create(item_id="a")
    ItemFactory.create(item_id="b")
    document = client.get("/api/v1/items/a/recommendations").json()
    assert document["bundle"] is None
    assert ids_in(document) == ["b"]


def test_a_favourite_is_kept_at_once_and_counts_once(client: Client, items: list[Item]) -> None:
    first = client.post(ACTIONS, {"item": "i2", "action": "favourite"}, "application/json")
    again = client.post(ACTIONS, {"item": "i2", "action": "favourite"}, "application/json")
    assert (first.status_code, first.json()) == (201, {"item": "i2", "action": "favourite", "recorded": True})
    assert (again.status_code, again.json()["recorded"]) == (200, False)
    assert Favourite.objects.get().item.item_id == "i2"
    assert Action.objects.get().kind == Kind.FAVOURITE


def test_a_click_is_taken_note_of_with_where_it_came_from(client: Client, items: list[Item]) -> None:
    response = client.post(f"{ACTIONS}?from=similar&at=3", {"item": "i2", "action": "click"}, "application/json")
    assert (response.status_code, response.json()["recorded"]) == (202, True)
    assert not Action.objects.exists()
    buffer.flush()
    action = Action.objects.get()
    assert (action.kind, action.panel, action.position, action.bundle) == (Kind.CLICK, "similar", 3, "v1")


def test_what_robots_do_is_not_recorded(client: Client, items: list[Item]) -> None:
    response = client.post(
        ACTIONS, {"item": "i2", "action": "click"}, "application/json", headers={"user-agent": "Googlebot/2.1"}
    )
    assert response.json()["recorded"] is False
    buffer.flush()
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"item": "i1"}', 400),
        ('{"item": 7, "action": "click"}', 400),
        ('{"item": "i1", "action": "purchase"}', 400),
        ('{"item": "i1", "action": ["click"]}', 400),
        ('{"item": "nobody", "action": "click"}', 404),
        (b"\xff\xfe{", 400),
    ],
)
def test_a_senseless_action_is_refused(client: Client, items: list[Item], body: str | bytes, status: int) -> None:
    problem(client.post(ACTIONS, body, "application/json"), status)


@pytest.mark.parametrize(
    "body",
    [
        b'{"item": "\\ud800", "action": "click"}',
        b'{"item": "i1\\udfff", "action": "favourite"}',
        b'{"item": "\xed\xa0\x80", "action": "click"}',
        b'{"item": "\\u0000", "action": "click"}',
        b'{"item": "i1\\u0000", "action": "favourite"}',
    ],
)
def test_an_id_that_no_database_takes_is_no_item_and_is_not_looked_up(
    client: Client, items: list[Item], body: bytes, django_assert_num_queries: Any
) -> None:
    """PostgreSQL would refuse the NUL that SQLite only doesn't find."""
    with django_assert_num_queries(0):
        assert problem(client.post(ACTIONS, body, "application/json"), 404)["detail"].startswith("There is no item ")
    with django_assert_num_queries(1):  # negative control: any other unknown id is
        problem(client.post(ACTIONS, b'{"item": "\\ud83c\\udf75", "action": "click"}', "application/json"), 404)


@pytest.mark.parametrize("text", ["\ud800", "\0", "click\0"])
def test_odd_characters_elsewhere_are_refused_like_any_word(client: Client, items: list[Item], text: str) -> None:
    problem(client.post(ACTIONS, json.dumps({"item": "i1", "action": text}), "application/json"), 400)
    body = json.dumps({"item": "i1", "action": "click", text: text})
    assert client.post(ACTIONS, body, "application/json").status_code == 202


def test_a_body_that_is_too_large_is_a_problem(client: Client, items: list[Item], settings: Any) -> None:
    body = json.dumps({"item": "i1", "action": "favourite"})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body) - 1
    assert problem(client.post(ACTIONS, body, "application/json"), 413)["detail"] == "The body has more than 36 bytes."
    assert not Favourite.objects.exists()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body)
    assert client.post(ACTIONS, body, "application/json").status_code == 201


def test_a_body_that_breaks_off_is_no_mistake_of_ours(
    client: Client, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> bytes:
        raise UnreadablePostError

    monkeypatch.setattr(HttpRequest, "read", gone)
    assert problem(client.post(ACTIONS, "{}", "application/json"), 400)["detail"] == VAGUE


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=" + "x" * 202])
def test_a_malformed_form_where_the_token_is_looked_for_is_a_problem(items: list[Item], kind: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["csrftoken"] = "a" * 32
    assert problem(strict.post(ACTIONS, b"--x--", kind), 400)["detail"] == VAGUE


@pytest.mark.parametrize(
    "address", ["/api/v1/items/i0/recommendations", "/api/v1/me/recommendations", "/api/v1/openapi.json"]
)
def test_a_foreign_post_to_what_only_reads_is_the_wrong_method_not_a_page(items: list[Item], address: str) -> None:
    problem(Client(enforce_csrf_checks=True).post(address), 405)


def test_another_kind_of_content_is_refused(client: Client, items: list[Item]) -> None:
    problem(client.post(ACTIONS, {"item": "i1", "action": "click"}), 415)


def test_actions_need_the_token_of_our_own_page(items: list[Item]) -> None:
    strict = Client(enforce_csrf_checks=True)
    body = {"item": "i1", "action": "favourite"}
    assert problem(strict.post(ACTIONS, body, "application/json"), 403)["detail"].startswith("CSRF")
    assert not Favourite.objects.exists()
    # negative control: with the token of a page that was served it is accepted
    strict.cookies["csrftoken"] = token = "a" * 32
    response = strict.post(ACTIONS, body, "application/json", headers={"x-csrftoken": token})
    assert response.status_code == 201


def test_a_variant_is_asked_about_under_its_own_id_too(client: Client, items: list[Item]) -> None:
    small = ItemFactory.create(variant_of=items[0], variant_name="S")
    answers = [
        client.get(f"/api/v1/items/{item_id}/recommendations").json()["items"] for item_id in ("i0", small.item_id)
    ]
    assert answers[0] == answers[1] != []
    Item.objects.filter(item_id="i0").update(published=False)
    problem(client.get(f"/api/v1/items/{small.item_id}/recommendations"), 404)
