"""Forms lead back to pages of this shop, and break on nothing that stands in ``next``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shop.accounts.returning import return_address

if TYPE_CHECKING:
    from django.test import Client, RequestFactory

OWN = ["/", "/cart/?a=1&b=//x", "/search/?q=caf%C3%A9#found", "/items/7/a:b/"]
NOT_FROM_THE_ROOT = ["foo", "foo/bar", "./foo", "../foo", "?x", "#a", "privacy:privacy", " /cart/"]
STRANGERS = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "//[",
]


@pytest.mark.parametrize("address", OWN)
def test_addresses_of_the_shop_are_kept(rf: RequestFactory, address: str) -> None:
    assert return_address(rf.post("/", {"next": address}), default="/home/") == address
    assert return_address(rf.get("/", {"next": address}), default="/home/") == address


@pytest.mark.parametrize("address", ["", *NOT_FROM_THE_ROOT, *STRANGERS])
def test_everything_else_leads_to_the_default(rf: RequestFactory, address: str) -> None:
    assert return_address(rf.post("/", {"next": address}), default="/home/") == "/home/"
    assert return_address(rf.get("/", {"next": address}), default="/home/") == "/home/"


@pytest.mark.django_db
@pytest.mark.parametrize("address", NOT_FROM_THE_ROOT)
def test_forms_answer_whatever_they_are_to_lead_to(client: Client, address: str) -> None:
    response = client.post("/account/privacy/recording/", {"answer": "yes", "next": address})
    assert (response.status_code, response.headers["Location"]) == (302, "/account/privacy/")
