"""A password can be changed by who knows it, and replaced by who reads the account's mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts import letters
from shop.accounts.throttle import FAILURES_PER_ACCOUNT, LETTERS_PER_ADDRESS
from tests.factories import UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from shop.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_go_at_once")]

PASSWORD = "correct horse"
NEW = "battery staple 7"
CHANGE = "/account/password/"
RESET = "/account/password/reset/"


def link_in(letter: Any) -> str:
    found = re.search(r"http://[^/\s]+(/account/password/reset/\S+)", letter.body)
    assert found is not None
    return found[1]


def can_sign_in(user: User, password: str) -> bool:
    response = Client().post("/account/sign-in/", {"username": user.email, "password": password})
    return response.status_code == 302


def test_the_answer_is_the_same_whether_there_is_an_account(client: Client) -> None:
    UserFactory.create(email="ada@example.com")
    answers = [client.post(RESET, {"email": email}, follow=True) for email in ("ADA@example.com", "nobody@example.com")]
    assert Page(answers[0]).text == Page(answers[1]).text
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]


def test_closed_and_locked_accounts_get_no_letter(client: Client) -> None:
    UserFactory.create(email="closed@example.com", is_active=False)
    locked = UserFactory.create(email="locked@example.com")
    locked.set_unusable_password()
    locked.save()
    for email in ("closed@example.com", "locked@example.com"):
        client.post(RESET, {"email": email})
    assert mail.outbox == []


def test_the_link_leads_to_a_new_password_once(client: Client) -> None:
    user = UserFactory.create(email="ada@example.com")
    elsewhere = Client()
    elsewhere.force_login(user)
    client.post(RESET, {"email": "ada@example.com"})
    way = link_in(mail.outbox[0])
    page = client.get(way, follow=True)
    assert way not in page.redirect_chain[-1][0], "the token is not in the address of the page"
    form = page.redirect_chain[-1][0]
    refused = client.post(form, {"new_password": "123"})
    assert refused.status_code == 422
    done = client.post(form, {"new_password": NEW}, follow=True)
    assert "Your password is changed. Please sign in with it." in Page(done).text
    assert can_sign_in(user, NEW)
    assert not can_sign_in(user, PASSWORD)
    assert elsewhere.get("/account/").status_code == 302, "other browsers are signed out"
    assert mail.outbox[1].subject == "Your password was changed"
    user.refresh_from_db()
    assert user.email_verified_at is not None, "who got here reads what is sent there"
    assert client.get(way).status_code == 410
    assert Client().get(way, follow=True).status_code == 410


def test_an_altered_link_does_nothing(client: Client) -> None:
    UserFactory.create(email="ada@example.com")
    client.post(RESET, {"email": "ada@example.com"})
    response = client.get(link_in(mail.outbox[0])[:-3] + "xx/", follow=True)
    assert response.status_code == 410
    assert "Get a new link" in Page(response).text


def test_letters_to_one_address_have_an_end_that_nobody_sees(client: Client) -> None:
    UserFactory.create(email="ada@example.com")
    for _time in range(LETTERS_PER_ADDRESS + 3):
        assert client.post(RESET, {"email": "ada@example.com"}).status_code == 302
    assert len(mail.outbox) == LETTERS_PER_ADDRESS


def test_who_knows_the_password_may_change_it_and_stays_signed_in(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    elsewhere = Client()
    elsewhere.force_login(user)
    response = client.post(CHANGE, {"password": PASSWORD, "new_password": NEW}, follow=True)
    assert "Your password is changed." in Page(response).text
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert can_sign_in(user, NEW)
    assert mail.outbox[0].to == [user.email]


def test_no_password_is_changed_without_its_letter(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: User) -> None:
        raise OSError("the letter cannot be written")

    user = UserFactory.create(email="ada@example.com")
    signed_in = Client()
    signed_in.force_login(user)
    client.post(RESET, {"email": "ada@example.com"})
    form = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    monkeypatch.setattr(letters, "password_changed", fail)
    for browser, path, fields in (
        (signed_in, CHANGE, {"password": PASSWORD, "new_password": NEW}),
        (client, form, {"new_password": NEW}),
    ):
        with pytest.raises(OSError, match="cannot be written"):
            browser.post(path, fields)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"password": "wrong", "new_password": NEW}, "This is not the password of your account."),
        ({"password": PASSWORD, "new_password": "123"}, "too short"),
    ],
)
def test_a_change_that_is_refused(client: Client, fields: dict[str, str], problem: str) -> None:
    user = UserFactory.create()
    client.force_login(user)
    response = client.post(CHANGE, fields)
    assert response.status_code == 422
    assert problem in Page(response).text
    assert can_sign_in(user, PASSWORD)


def test_an_open_browser_does_not_help_to_guess(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    for _time in range(FAILURES_PER_ACCOUNT):
        client.post(CHANGE, {"password": "wrong", "new_password": NEW})
    response = client.post(CHANGE, {"password": PASSWORD, "new_password": NEW})
    assert "Too many attempts." in Page(response).text
