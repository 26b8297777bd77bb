"""A letter leaves once, is tried again for a while, and nothing of it stays behind."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from shop.mail import delivery
from shop.mail.delivery import (
    FAILED_LIFETIME,
    LEASE,
    MOST_ATTEMPTS,
    PAUSES,
    Delivered,
    letter_deliver,
    letters_deliver,
)
from shop.mail.models import Letter
from tests.concurrency import run_together

pytestmark = pytest.mark.django_db


def letter(**fields: Any) -> Letter:
    facts = {"recipient": "ada@example.com", "template": "sample", "subject": "Hello", "text": "Hi\n", "html": "<p>Hi"}
    return Letter.objects.create(**facts | fields)


@pytest.fixture
def server_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any) -> int:
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)


def come_due(moment: Any = None) -> None:
    Letter.objects.update(next_attempt_at=moment or timezone.now())


def test_what_is_sent_is_gone() -> None:
    first, second = letter(subject="One"), letter(subject="Two")
    assert letters_deliver() == Delivered(sent=2)
    assert [(sent.subject, sent.to, sent.body) for sent in mail.outbox] == [
        (first.subject, ["ada@example.com"], "Hi\n"),
        (second.subject, ["ada@example.com"], "Hi\n"),
    ]
    assert mail.outbox[0].alternatives == [("<p>Hi", "text/html")]  # type: ignore[union-attr]  # it has some
    assert not Letter.objects.exists()


def test_a_letter_to_nobody_is_thrown_away() -> None:
    letter(recipient="")
    letters_deliver()
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_what_is_not_due_waits() -> None:
    waiting = letter(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert not letter_deliver(waiting.pk)
    assert letters_deliver() == Delivered()
    assert mail.outbox == []


def test_the_rest_waits_when_it_is_enough() -> None:
    letter()
    letter()
    assert letters_deliver(enough=lambda: len(mail.outbox) == 1) == Delivered(sent=1)
    assert Letter.objects.count() == 1


@pytest.mark.usefixtures("server_down")
def test_what_cannot_be_sent_waits_longer_each_time_and_is_given_up_in_the_end() -> None:
    letter()
    for attempt, pause in enumerate(PAUSES, start=1):
        begin = timezone.now()
        assert letters_deliver() == Delivered(not_sent=1)
        waiting = Letter.objects.waiting().get()
        assert waiting.attempts == attempt
        assert begin + pause <= waiting.next_attempt_at <= timezone.now() + pause
        assert waiting.problem == "ConnectionRefusedError: nobody is there"
        come_due()
    assert letters_deliver() == Delivered(not_sent=1)
    given_up = Letter.objects.failed().get()
    assert (given_up.attempts, len(PAUSES)) == (MOST_ATTEMPTS, MOST_ATTEMPTS - 1)
    assert letters_deliver() == Delivered()


def test_the_log_names_the_letter_and_not_the_reader(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: Any) -> int:
        raise SMTPRecipientsRefused({"ada@example.com": (550, b"no such box")})

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    letter()
    letters_deliver()
    assert "'sample' could not be sent (SMTPRecipientsRefused), attempt 1 of 8" in caplog.text
    assert "ada@example.com" not in caplog.text
    assert "no such box" in Letter.objects.get().problem


def test_an_address_that_no_header_can_hold_stops_no_other_letter() -> None:
    letter(recipient="ada@example.com\nBcc: all@example.com")
    letter(recipient="bo@example.com")
    assert letters_deliver() == Delivered(sent=1, not_sent=1)
    assert [sent.to for sent in mail.outbox] == [["bo@example.com"]]


def test_a_killed_process_leaves_a_letter_that_is_due_again_when_its_lease_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        """Nothing handles it."""

    def die(self: Any) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", die)
        letter()
        with pytest.raises(Killed):
            letters_deliver()
    left = Letter.objects.get()
    assert left.attempts == 1
    assert timedelta(0) < timezone.now() + LEASE - left.next_attempt_at < timedelta(minutes=1)
    assert letters_deliver() == Delivered()
    come_due()
    assert letters_deliver() == Delivered(sent=1)


def test_a_letter_that_kills_whoever_sends_it_is_given_up() -> None:
    letter(attempts=MOST_ATTEMPTS)
    assert letters_deliver() == Delivered()
    assert Letter.objects.failed().get().problem == "The last attempt never ended."


def test_who_lost_the_lease_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(hours=1)

    def slow(self: Any) -> int:
        Letter.objects.update(attempts=2, next_attempt_at=later)  # another process has claimed it meanwhile
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", slow)
    letter()
    letters_deliver()
    assert Letter.objects.values_list("attempts", "next_attempt_at", "problem").get() == (2, later, "")


def test_a_letter_forgotten_while_it_is_claimed_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    letter()
    now = timezone.now

    def forget() -> Any:
        Letter.objects.all().delete()
        return now()

    monkeypatch.setattr(timezone, "now", forget)
    assert letters_deliver() == Delivered()
    assert mail.outbox == []


def test_letters_given_up_long_ago_are_thrown_away() -> None:
    now = timezone.now()
    kept = letter(failed_at=now - FAILED_LIFETIME + timedelta(minutes=1), problem="refused")
    letter(failed_at=now - FAILED_LIFETIME - timedelta(minutes=1), problem="refused")
    letters_deliver()
    assert list(Letter.objects.all()) == [kept]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_several_at_once_send_each_letter_once() -> None:
    for number in range(12):
        letter(subject=str(number))
    results = run_together(*[letters_deliver] * 3)
    assert sum(result.sent for result in results) == 12
    assert sorted(int(sent.subject) for sent in mail.outbox) == list(range(12))


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_without_the_claim_they_would_send_some_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real: who looks without claiming sends what others send."""
    keys = [letter(subject=str(number)).pk for number in range(12)]
    letters = [Letter.objects.get(pk=key) for key in keys]
    run_together(*[lambda: [delivery._send(one) for one in letters]] * 3)
    assert len(mail.outbox) > 12


def test_the_database_wants_a_reason_for_giving_up() -> None:
    with pytest.raises(IntegrityError, match="letter_failed_says_why"):
        letter(failed_at=timezone.now())
