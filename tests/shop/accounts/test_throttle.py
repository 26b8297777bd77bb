"""Limits count each visitor alone behind a proxy, and nobody escapes them by what they write into a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shop.accounts.throttle import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    LETTERS_PER_MACHINE,
    TAKEN_PER_MACHINE,
    client_address,
    letter_allowed,
    taken_answers,
)
from tests.factories import UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client, RequestFactory

SIGN_IN = "/account/sign-in/"
PASSWORD = "correct horse"
VISITOR = "203.0.113.7"
PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, None, PROXY),
        (0, VISITOR, PROXY),
        (1, VISITOR, VISITOR),
        (1, f"198.51.100.1, {VISITOR}", VISITOR),
        (1, f"198.51.100.1,198.51.100.2,{VISITOR}", VISITOR),
        (2, f"198.51.100.1, {VISITOR}, 10.0.0.2", VISITOR),
        (2, VISITOR, VISITOR),
        (1, "2001:DB8:0::7", "2001:db8::7"),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, f"{VISITOR}, unknown", PROXY),
        (1, f"{VISITOR}, ", PROXY),
    ],
)
def test_only_hops_that_trusted_proxies_wrote_count(
    rf: RequestFactory, settings: Any, proxies: int, header: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if header is None else {"X-Forwarded-For": header}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR=PROXY)) == address


def sign_in(client: Client, email: str, password: str, forwarded: str) -> str:
    """What the page says, or where it leads."""
    headers = {"X-Forwarded-For": forwarded}
    response = client.post(SIGN_IN, {"username": email, "password": password}, headers=headers, REMOTE_ADDR=PROXY)
    return response.headers.get("Location") or Page(response).text


@pytest.mark.django_db
def test_one_visitor_behind_the_proxy_locks_nobody_else_out(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    UserFactory.create(email="ada@example.com")
    for number in range(FAILURES_PER_ADDRESS):
        sign_in(client, f"{number}@example.com", "wrong", "198.51.100.1")
    assert "Too many" in sign_in(client, "ada@example.com", PASSWORD, "198.51.100.1")
    assert sign_in(client, "ada@example.com", PASSWORD, VISITOR) == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "header"), [(0, "198.51.100.{}"), (1, "198.51.100.{}, 203.0.113.7")])
def test_a_new_header_every_time_is_no_new_visitor(client: Client, settings: Any, proxies: int, header: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    UserFactory.create(email="ada@example.com")
    for number in range(FAILURES_PER_ACCOUNT):
        sign_in(client, "ada@example.com", "wrong", header.format(number))
    assert "Too many" in sign_in(client, "ada@example.com", PASSWORD, header.format(99))


def test_letters_and_taken_addresses_count_by_visitor_too(rf: RequestFactory, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1

    def visit(address: str) -> HttpRequest:
        return rf.post("/", headers={"X-Forwarded-For": address}, REMOTE_ADDR=PROXY)

    for number in range(LETTERS_PER_MACHINE):
        assert letter_allowed(visit("198.51.100.1"), f"{number}@example.com")
    assert not letter_allowed(visit("198.51.100.1"), "ada@example.com")
    assert letter_allowed(visit(VISITOR), "ada@example.com")
    for _time in range(TAKEN_PER_MACHINE):
        assert taken_answers(visit("198.51.100.1")).take()
    assert taken_answers(visit("198.51.100.1")).used_up
    assert not taken_answers(visit(VISITOR)).used_up
