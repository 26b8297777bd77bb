"""Scores split exactly, on pages, in the API and on the command line; what cannot be proved is not claimed."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from recommender import session
from recommender.panel_kinds import PANEL_KINDS, About
from shop.actions.models import Kind
from shop.catalogue.models import Item
from tests.factories import ActionFactory, ItemFactory, ShopperFactory
from tests.recommender.photo_model import photo, serve_colours
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db

KINDS = ("click on", "favourite", "cart with", "purchase of")


@pytest.fixture
def items() -> list[Item]:
    made: list[Item] = [
        ItemFactory.create(item_id=f"i{place}", title=f"Thing {place}", price=Decimal(3)) for place in range(40)
    ]
    ids = [item.item_id for item in made]
    # Some lists are short, so that every panel also falls back.
    TinyBundle(
        items=ids,
        similar=ring(ids, neighbours=4),
        looks_like=ring(ids, neighbours=3),
        also_liked=ring(ids[::-1], neighbours=5),
        bought_together=ring(ids, neighbours=2),
        trending=ids[:5],
        popularity={item_id: place + 1.0 for place, item_id in enumerate(ids[:20])},
        categories=dict.fromkeys(ids[:10], "mugs"),
    ).publish("v1")
    session.refresh()
    return made


def assert_exact(document: dict[str, Any], *, most: int) -> None:
    assert len(document["items"]) == most
    scores = [item["score"] for item in document["items"]]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    for item in document["items"]:
        parts = item["reason"]["parts"]
        assert set(parts) <= {"text", "image", "behaviour"}
        assert sum(parts.values()) == pytest.approx(item["score"], abs=1e-5)
        assert item["reason"]["text"]


@pytest.mark.parametrize("panel", [name for name, kind in PANEL_KINDS.items() if kind.about is not About.VISITOR])
def test_parts_add_up_through_the_api_for_every_item_panel(client: Client, items: list[Item], panel: str) -> None:
    assert_exact(client.get(f"/api/v1/items/i0/recommendations?panel={panel}&k=30").json(), most=30)


@pytest.mark.parametrize(("panel", "most"), [("for_you", 20), ("trending", 20), ("pick_up", 2), ("recently_viewed", 0)])
def test_parts_add_up_through_the_api_for_every_visitor_panel(
    client: Client, items: list[Item], panel: str, most: int
) -> None:
    for item_id in ("i3", "i9"):
        client.post(
            "/api/v1/actions",
            json.dumps({"item": item_id, "action": "favourite"}),
            content_type="application/json",
        )
    assert_exact(client.get(f"/api/v1/me/recommendations?panel={panel}&k=20").json(), most=most)


def test_parts_add_up_for_a_photo(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for item_id in ("red", "navy", "grey"):
        ItemFactory.create(item_id=item_id)
    serve_colours(monkeypatch, {"red": "#d00000", "navy": "#000080", "grey": "#808080"})
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("p.jpg", photo("#c01010"), content_type="image/jpeg")
    assert_exact(client.post("/api/v1/search/photo?k=3", {"photo": upload}).json(), most=3)


def explain(user_id: str, k: int) -> list[tuple[str, float, list[tuple[str, str, float]]]]:
    """What the command prints: item, score, and per line the kind, the own item and what it adds."""
    out = StringIO()
    call_command("recommend", "--panel", "for_you", "--user", user_id, "-k", str(k), "--explain", stdout=out)
    found: list[tuple[str, float, list[tuple[str, str, float]]]] = []
    for line in out.getvalue().splitlines()[1:]:
        if match := re.match(r"\s*\d+\s+(\S+)\s+([0-9.]+)\s", line):
            found.append((match[1], float(match[2]), []))
        elif match := re.match(rf"\s*({'|'.join(KINDS)}) (\S+): ([0-9.]+) = (.*)", line):
            whole = float(match[3])
            assert sum(map(float, re.findall(r"-?\d\.\d+", match[4]))) == pytest.approx(whole, abs=3e-5)
            found[-1][2].append((match[1], match[2], whole))
    return found


def test_explain_tells_what_each_own_item_adds(items: list[Item]) -> None:
    shopper = ShopperFactory.create(user_id="u1")
    ActionFactory.create(shopper=shopper, item=items[0], kind=Kind.FAVOURITE)
    ActionFactory.create(shopper=shopper, item=items[2], kind=Kind.CART)
    ActionFactory.create(shopper=shopper, item=items[2], kind=Kind.CLICK)
    found = explain("u1", 5)
    assert len(found) == 5
    for _item_id, score, causes in found:
        assert sum(whole for _kind, _own, whole in causes) == pytest.approx(score, abs=1e-4)
        assert {own for _kind, own, _whole in causes} <= {"i0", "i2"}
    by_item = {item_id: causes for item_id, _score, causes in found}
    assert by_item["i2"][0][:2] == ("cart with", "i2")
    assert len(by_item["i1"]) == 2  # a neighbour of both


def test_nothing_is_explained_that_does_not_add_up(items: list[Item], monkeypatch: pytest.MonkeyPatch) -> None:
    shopper = ShopperFactory.create(user_id="u1")
    ActionFactory.create(shopper=shopper, item=items[0], kind=Kind.FAVOURITE)
    assert explain("u1", 1)[0][2]
    ours = session.Session.explain
    monkeypatch.setattr(session.Session, "explain", lambda *all_, **named: ours(*all_, **named)[1:])
    assert explain("u1", 1)[0][2] == []


def test_what_the_history_does_not_lead_to_has_no_cause(items: list[Item]) -> None:
    shopper = ShopperFactory.create(user_id="u1")
    ActionFactory.create(shopper=shopper, item=items[30], kind=Kind.CLICK)
    found = explain("u1", 30)
    assert found[0][2]
    assert found[-1][2] == []
    assert session.get_session().explain("unheard of", [], now=0.0) == []
    assert session.get_session().explain("i0", [], now=0.0) == []
