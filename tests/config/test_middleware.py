"""What is refused before any room of the shop sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/categories/%00/", "/orders/%00/", "/search/?q=mug%00", "/cart/?removed=%00", "/panels/similar/?item=%00"],
)
def test_an_address_with_a_nul_is_a_bad_request(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers


def test_a_cookie_with_a_nul_is_a_bad_request(client: Client) -> None:
    """That of a session is looked up in the database."""
    assert client.get("/cart/", headers={"cookie": 'sessionid="' + r"\000" * 32 + '"'}).status_code == 400
    assert client.get("/cart/", headers={"cookie": 'sessionid="' + r"\060" * 32 + '"'}).status_code == 200


def test_a_form_with_a_nul_is_a_bad_request(client: Client) -> None:
    item = ItemFactory.create()
    form = "application/x-www-form-urlencoded"
    refused = client.post("/cart/add/", f"item_id={item.item_id}%00", content_type=form)
    assert refused.status_code == 400
    assert client.post("/cart/add/", f"item_id={item.item_id}", content_type=form).status_code == 302
