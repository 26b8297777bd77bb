"""Staff see which letters did not leave, never what they say, and can have them tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from shop.mail.models import Letter
from tests.factories import UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

LIST = "admin:mail_letter_changelist"
SECRET = "https://shop.example/account/password/reset/very-secret/"


def letter(**fields: Any) -> Letter:
    facts = {"recipient": "ada@example.com", "template": "password_reset", "subject": "A new password"}
    return Letter.objects.create(**facts | {"text": SECRET, "html": SECRET} | fields)


def given_up() -> Letter:
    return letter(failed_at=timezone.now(), attempts=8, problem="ConnectionRefusedError: no")


def test_a_letter_is_looked_at_but_not_read(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    found = given_up()
    for address in (reverse(LIST), reverse("admin:mail_letter_change", args=[found.pk])):
        response = client.get(address)
        page = Page(response).text
        assert "ada@example.com" in page
        assert "ConnectionRefusedError: no" in page
        assert b"very-secret" not in response.content


def test_the_chosen_ones_are_tried_again(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    failed, waiting = given_up(), letter(next_attempt_at=timezone.now() + timedelta(hours=1), attempts=3)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse(LIST), {"action": "try_again", "_selected_action": [failed.pk, waiting.pk]}, follow=True
        )
    assert "1 letter is tried again." in Page(answer).text
    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]
    assert list(Letter.objects.values_list("pk", "attempts")) == [(waiting.pk, 3)]


def test_who_may_only_look_tries_nothing(client: Client) -> None:
    watcher = UserFactory.create(is_staff=True)
    watcher.user_permissions.add(Permission.objects.get(codename="view_letter"))
    client.force_login(watcher)
    failed = given_up()
    client.post(reverse(LIST), {"action": "try_again", "_selected_action": [failed.pk]})
    assert Letter.objects.failed().count() == 1
    assert client.get(reverse("admin:mail_letter_add")).status_code == 403
    assert client.post(reverse("admin:mail_letter_delete", args=[failed.pk])).status_code == 403
