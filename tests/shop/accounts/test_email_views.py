"""Addresses are confirmed by whoever reads them, and by nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail, signing

from shop.accounts import letters
from shop.accounts.models import User
from shop.accounts.throttle import LETTERS_PER_ADDRESS, LETTERS_PER_MACHINE
from tests.factories import UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_go_at_once")]

PASSWORD = "correct horse"
SEND = "/account/email/send/"
CHANGE = "/account/email/"


def link_in(letter: Any) -> str:
    """The way to the page that a letter leads to."""
    found = re.search(r"http://[^/\s]+(/account/\S+)", letter.body)
    assert found is not None
    assert found[1] in letter.alternatives[0][0], "the HTML leads to the same page"
    return found[1]


def test_signing_up_sends_a_letter_and_its_button_confirms(client: Client) -> None:
    client.post("/account/sign-up/", {"email": "Ada@example.com", "password": PASSWORD})
    letter = mail.outbox[-1]
    assert letter.to == ["ada@example.com"]
    assert letter.subject == "Please confirm your address"
    assert "Please confirm your address" in Page(client.get("/account/")).text
    page = client.get(link_in(letter))
    assert "ada@example.com" in Page(page).text
    assert User.objects.get().email_verified_at is None, "programs that look at mail open links too"
    response = client.post(link_in(letter), follow=True)
    assert "Your address ada@example.com is confirmed." in Page(response).text
    assert User.objects.get().email_verified_at is not None
    assert "Please confirm your address" not in Page(response).text
    assert client.post(link_in(letter)).status_code == 302, "a second press does no harm"


def test_it_works_in_another_browser(client: Client) -> None:
    user = UserFactory.create()
    letters.verification_send(user)
    response = client.post(link_in(mail.outbox[0]), follow=True)
    assert response.redirect_chain[-1][0] == "/account/sign-in/?next=/account/"
    user.refresh_from_db()
    assert user.email_verified_at is not None


def test_a_link_that_is_old_altered_or_about_a_former_address_does_nothing(client: Client, settings: Any) -> None:
    user = UserFactory.create(email="ada@example.com")
    letters.verification_send(user)
    way = link_in(mail.outbox[0])
    foreign = signing.dumps({"user": user.pk, "from": user.email, "to": "eve@example.com"}, salt="another")
    for broken in (way[:-4] + "xxx/", f"/account/email/confirm/{foreign}/"):
        assert client.post(broken).status_code == 410
    settings.EMAIL_LINK_SECONDS = -1
    assert client.get(way).status_code == 410
    settings.EMAIL_LINK_SECONDS = 60
    User.objects.filter(pk=user.pk).update(email="new@example.com")
    response = client.post(way)
    assert response.status_code == 410
    assert "This link no longer works" in Page(response).text
    user.refresh_from_db()
    assert user.email_verified_at is None


def test_the_letter_can_be_had_again_but_not_without_end(client: Client) -> None:
    client.force_login(UserFactory.create())
    for _time in range(LETTERS_PER_ADDRESS):
        assert "A new link is on its way" in Page(client.post(SEND, follow=True)).text
    assert "Several letters are on their way" in Page(client.post(SEND, follow=True)).text
    assert len(mail.outbox) == LETTERS_PER_ADDRESS


def test_one_machine_cannot_write_to_everybody(client: Client) -> None:
    for number in range(LETTERS_PER_MACHINE + 5):
        UserFactory.create(email=f"p{number}@example.com")
        client.post("/account/password/reset/", {"email": f"p{number}@example.com"})
    assert len(mail.outbox) == LETTERS_PER_MACHINE


def test_a_confirmed_address_needs_no_letter(client: Client) -> None:
    user = UserFactory.create(email_verified_at="2026-01-01T00:00:00Z")
    client.force_login(user)
    assert "confirmed already" in Page(client.post(SEND, follow=True)).text
    assert mail.outbox == []


def test_another_address_counts_once_the_letter_there_was_answered(client: Client) -> None:
    user = UserFactory.create(email="old@example.com")
    client.force_login(user)
    response = client.post(CHANGE, {"email": "New@Example.com", "password": PASSWORD}, follow=True)
    assert "We sent a link to new@example.com." in Page(response).text
    user.refresh_from_db()
    assert user.email == "old@example.com"
    way = link_in(mail.outbox[0])
    assert "old@example.com" in Page(client.get(way)).text
    client.post(way)
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert user.email_verified_at is not None
    assert mail.outbox[1].to == ["old@example.com"]
    assert "new@example.com" in mail.outbox[1].body
    assert client.post(way).status_code == 410, "it is about an address that the account no longer has"


def test_who_has_an_address_already_is_told_there_and_not_here(client: Client) -> None:
    UserFactory.create(email="taken@example.com")
    user = UserFactory.create(email="old@example.com")
    client.force_login(user)
    free = Page(client.post(CHANGE, {"email": "free@example.com", "password": PASSWORD}, follow=True)).text
    taken = Page(client.post(CHANGE, {"email": "taken@example.com", "password": PASSWORD}, follow=True)).text
    assert free.replace("free@", "taken@") == taken
    letter = mail.outbox[1]
    assert letter.to == ["taken@example.com"]
    assert letter.subject == "You have an account at Vitrine already"
    assert "old@example.com" not in letter.body


def test_an_address_taken_in_the_meantime_changes_nothing(client: Client) -> None:
    user = UserFactory.create(email="old@example.com")
    letters.email_change_send(user, "new@example.com")
    UserFactory.create(email="new@example.com")
    client.force_login(user)
    response = client.post(link_in(mail.outbox[0]), follow=True)
    assert "Another account has this address by now" in Page(response).text
    user.refresh_from_db()
    assert user.email == "old@example.com"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"email": "new@example.com", "password": "wrong"}, "This is not the password of your account."),
        ({"email": "OLD@example.com", "password": PASSWORD}, "This is your address already."),
    ],
)
def test_a_change_that_is_refused(client: Client, fields: dict[str, str], problem: str) -> None:
    client.force_login(UserFactory.create(email="old@example.com"))
    response = client.post(CHANGE, fields)
    assert response.status_code == 422
    assert problem in Page(response).text
    assert mail.outbox == []


def test_letters_are_in_the_language_of_the_account(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(letters, "mail_send", lambda **letter: sent.append(letter["language"]))
    letters.verification_send(UserFactory.create(language="zh-hans"))
    letters.verification_send(UserFactory.create())
    assert sent == ["zh-hans", None]
