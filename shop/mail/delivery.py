"""Emptying the outbox: who claims a letter sends it, and what cannot be sent waits longer each time.

Several processes may do this at once. A claim is one guarded update, which
counts the attempt and moves the letter's next one ahead by a lease: of two who
claim one letter one does. A process that is killed leaves a letter that is due
again when the lease is over. Where it was killed between the mail server's
"taken" and the deletion of the row, the letter goes out twice: better than not
at all, and no more can be had from SMTP.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone

from shop.mail.models import Letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from shop.mail.models import LetterQuerySet

logger = logging.getLogger(__name__)

# How long a letter waits after each failed attempt; it is given up when an attempt fails and none is left.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_ATTEMPTS = len(PAUSES) + 1
# Longer than the slowest talk with a mail server takes, each of whose answers has EMAIL_TIMEOUT seconds.
LEASE = timedelta(minutes=5)
# Letters that were given up are kept for staff so long, and no longer: they hold personal data.
FAILED_LIFETIME = timedelta(days=30)
PROBLEM_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the letters that were due.

    Attributes:
        sent: How many left.
        not_sent: How many attempts failed.
    """

    sent: int = 0
    not_sent: int = 0


def letters_deliver(*, enough: Callable[[], bool] = lambda: False) -> Delivered:
    """Send every letter that is due, each at most once.

    Args:
        enough: Asked before each letter; the rest waits where it says so.
    """
    _tidy()
    sent = not_sent = 0
    while not enough() and (letter := _claim(Letter.objects.all())) is not None:
        if _send(letter):
            sent += 1
        else:
            not_sent += 1
    return Delivered(sent=sent, not_sent=not_sent)


def letter_deliver(key: int) -> bool:
    """Send one letter, if it is due and nobody else does; whether it left."""
    letter = _claim(Letter.objects.filter(pk=key))
    return letter is not None and _send(letter)


def _claim(letters: LetterQuerySet) -> Letter | None:
    """The first of ``letters`` that is due, for the caller alone until the lease is over."""
    while True:
        now = timezone.now()
        due = letters.due(now)
        key = due.values_list("pk", flat=True).first()
        if key is None:
            return None
        lease = now + LEASE
        claimed = Letter.objects.due(now).filter(pk=key).update(attempts=F("attempts") + 1, next_attempt_at=lease)
        # Read again: it may have been forgotten in between, and then it is not to be sent.
        letter = Letter.objects.filter(pk=key).first() if claimed else None
        if letter is not None:
            return letter


def _send(letter: Letter) -> bool:
    """Hand a claimed letter over to the mail server; then the row goes, or waits for its next attempt."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.recipient],
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        if letter.recipient:
            message.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address that no header can hold
        _not_sent(letter, error)
        return False
    Letter.objects.filter(pk=letter.pk).delete()
    return True


def _not_sent(letter: Letter, error: Exception) -> None:
    """Have a letter wait longer, or give it up; unless its lease ran out and somebody else has it."""
    # The words of an error may hold the address: they are for the desk, not for the log.
    logger.warning(
        "the letter %r could not be sent (%s), attempt %d of %d",
        letter.template,
        type(error).__name__,
        letter.attempts,
        MOST_ATTEMPTS,
    )
    now = timezone.now()
    mine = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts, next_attempt_at=letter.next_attempt_at)
    problem = f"{type(error).__name__}: {error}"[:PROBLEM_LENGTH]
    if letter.attempts < MOST_ATTEMPTS:
        mine.update(problem=problem, next_attempt_at=now + PAUSES[letter.attempts - 1])
    else:
        mine.update(problem=problem, failed_at=now)


def _tidy() -> None:
    """Give up letters whose last attempt never ended, and throw away those that were given up long ago."""
    now = timezone.now()
    Letter.objects.due(now).filter(attempts__gte=MOST_ATTEMPTS).update(
        failed_at=now, problem="The last attempt never ended."
    )
    Letter.objects.filter(failed_at__lt=now - FAILED_LIFETIME).delete()
