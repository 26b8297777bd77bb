"""Letters go out when what they tell is true, and cost nobody anything when they don't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import override

from shop.mail.models import Letter
from shop.mail.services import letters_forget, mail_pretend, mail_send

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(settings: Any, tmp_path: Path) -> None:
    """A letter called ``sample`` beside the shop's own."""
    folder = tmp_path / "letters" / "email"
    folder.mkdir(parents=True)
    (folder / "sample.subject.txt").write_text("For\n{{ name }}\n")
    (folder / "sample.txt").write_text(
        '{% extends "email/base.txt" %}{% load i18n %}{% block content %}Hello {{ name }}, {% translate "Yes" %}'
        "{% endblock %}"
    )
    (folder / "sample.html").write_text(
        '{% extends "email/base.html" %}{% block content %}<p>Hello {{ name }}</p>{% endblock %}'
    )
    (folder / "broken.subject.txt").write_text("Broken")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path / "letters"]}]
    settings.SITE_URL = "https://shop.example"


def test_a_letter_comes_as_text_and_as_html(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada & <Bo>"})
    [letter] = mail.outbox
    assert letter.to == ["ada@example.com"]
    assert letter.subject == "For Ada & <Bo>"
    assert letter.body.startswith("Hello Ada & <Bo>, ")
    assert letter.body.endswith("https://shop.example\n")
    [(html, kind)] = letter.alternatives  # type: ignore[attr-defined]  # mail_send makes letters with alternatives
    assert kind == "text/html"
    assert "Hello Ada &amp; &lt;Bo&gt;" in html
    assert 'href="https://shop.example"' in html


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_it_is_true_nor_when_it_never_is() -> None:
    with transaction.atomic():
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"})
        assert mail.outbox == []
    assert len(mail.outbox) == 1
    with transaction.atomic():
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"})
        transaction.set_rollback(True)
    assert len(mail.outbox) == 1


def test_the_language_is_the_readers_not_the_writers(django_capture_on_commit_callbacks: Any) -> None:
    with override("en"), django_capture_on_commit_callbacks(execute=True):
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"}, language="zh-hans")
    assert "是" in mail.outbox[0].body
    assert '<html lang="zh-hans">' in mail.outbox[0].alternatives[0][0]  # type: ignore[attr-defined]


def test_without_a_language_the_one_of_the_moment_counts(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), override("zh-hans"):
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"})
    assert "是" in mail.outbox[0].body


def test_without_an_address_nothing_is_sent(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail_send(to="", template="sample", context={"name": "Ada"})
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_is_logged_and_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    with transaction.atomic():
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"})
    assert "'sample' could not be sent" in caplog.text


def test_the_outbox_holds_a_letter_until_it_is_sent(settings: Any) -> None:
    mail_send(to="ada@example.com", template="sample", context={"name": "Ada"}, language="zh-hans", about="account 7")
    letter = Letter.objects.get()
    assert (letter.recipient, letter.template, letter.subject) == ("ada@example.com", "sample", "For Ada")
    assert (letter.language, letter.about, letter.attempts) == ("zh-hans", "account 7", 0)
    assert "是" in letter.text
    assert '<html lang="zh-hans">' in letter.html


def test_a_pretended_letter_is_written_like_another_and_sent_to_nobody(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail_pretend(template="sample", context={"name": "Ada"})
        assert Letter.objects.get().text.startswith("Hello Ada, ")
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_letters_about_somebody_are_thrown_away_and_no_others() -> None:
    for about in ("account 1", "account 11", "order 1", ""):
        mail_send(to="ada@example.com", template="sample", context={"name": "Ada"}, about=about)
    assert letters_forget("account 1", "order 1", "") == 2
    assert list(Letter.objects.values_list("about", flat=True)) == ["account 11", ""]


@pytest.mark.django_db(transaction=True)
def test_a_broken_template_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    with transaction.atomic():
        mail_send(to="ada@example.com", template="broken", context={})
    assert "TemplateDoesNotExist" in caplog.text
    assert mail.outbox == []
