"""What the command says is what it did."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from shop.mail.models import Letter

pytestmark = pytest.mark.django_db


def letter(**fields: Any) -> Letter:
    facts = {"recipient": "ada@example.com", "template": "sample", "subject": "Hello", "text": "Hi", "html": "Hi"}
    return Letter.objects.create(**facts | fields)


def test_it_sends_what_is_due_and_says_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    letter()
    letter(recipient="two@example.com\nBcc: all@example.com")
    letter(failed_at=timezone.now(), problem="refused")
    call_command("send_letters")
    assert capsys.readouterr().out == ("sent: 1\nnot sent, to be tried again or given up: 1\nwaiting: 1\ngiven up: 1\n")
    assert len(mail.outbox) == 1
