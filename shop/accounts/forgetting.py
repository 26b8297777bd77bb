"""Erasing what the shop knows of somebody, for good.

What was erased must not come back. Clicks wait in the memory of web workers
for a moment before they are written; whoever writes them asks here whether
they are from before an erasure.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from shop.accounts import hooks
from shop.accounts.models import Erasure, Shopper

# No process keeps a click for longer than this before it writes it or loses it.
ERASURE_LIFETIME = timedelta(days=7)


class StaffAccount(Exception):
    """The account belongs to somebody who keeps the shop; it goes in the admin, once its rights are taken away."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of somebody who was erased.

    Attributes:
        user_ids: The public ids that no longer exist, those from before signing in included.
        account_closed: Whether they had an account.
    """

    user_ids: tuple[str, ...]
    account_closed: bool


def shopper_forget(shopper: Shopper) -> Forgotten:
    """Erase somebody: all that every room holds of them, their account, their rows; whole or not at all.

    Asked about the past of an account (a guest who has signed in since), the
    whole person is erased. What a room must keep, such as orders for the books,
    it keeps without the shopper and without what is personal.

    Raises:
        StaffAccount: see the class.
    """
    with transaction.atomic():
        person = whole_of(shopper)
        shoppers_hold(Q(pk=person.pk) | Q(merged_into=person))
        if person.account is not None and person.account.is_staff:
            raise StaffAccount
        account = person.account
        guests = Shopper.objects.filter(merged_into=person).order_by("id").values_list("user_id", flat=True)
        user_ids = (person.user_id, *guests)
        erasure_note(person)
        hooks.forget(person)
        # The rows of the guests go with the person's, and that one with the account.
        (person if account is None else account).delete()
    return Forgotten(user_ids=user_ids, account_closed=account is not None)


def whole_of(shopper: Shopper) -> Shopper:
    """The shopper of the account that a guest became; the shopper itself where there is none."""
    while shopper.merged_into is not None:
        shopper = shopper.merged_into
    return shopper


def shoppers_hold(condition: Q) -> list[Shopper]:
    """The shoppers of whom the condition holds; their rows are held to the end of the transaction.

    Who erases and who writes down what somebody did both do so first, so that
    of two at the same moment the second knows what the first has done.
    """
    # In the order of their keys, so that two never wait for each other in a circle.
    return list(Shopper.objects.select_for_update().filter(condition).order_by("pk"))


def erasure_note(shopper: Shopper) -> None:
    """Have clicks of a shopper from before this moment dropped wherever they still wait, and in older browsers' memory.

    Call it in the transaction that erases.
    """
    now = timezone.now()
    Shopper.objects.filter(pk=shopper.pk).update(erased_at=now)
    shopper.erased_at = now
    keys = Shopper.objects.filter(merged_into=shopper).values_list("visitor_key", flat=True)
    for digest in (_digest(subject) for subject in [shopper.visitor_key, *keys, shopper.account_id] if subject):
        Erasure.objects.update_or_create(digest=digest, defaults={"erased_at": now})
    Erasure.objects.filter(erased_at__lt=now - ERASURE_LIFETIME).delete()


def erasures_of(subjects: Iterable[uuid.UUID | int]) -> Mapping[uuid.UUID | int, datetime]:
    """Up to when actions under these visitor keys and accounts (their primary keys) were erased; one query.

    Subjects without an erasure are left out.
    """
    by_digest = {_digest(subject): subject for subject in subjects}
    found = Erasure.objects.filter(digest__in=by_digest).values_list("digest", "erased_at")
    return {by_digest[digest]: erased_at for digest, erased_at in found}


def _digest(subject: uuid.UUID | int) -> str:
    """What an erasure is found by: tells nothing to those who don't hold the key of the site."""
    words = f"key {subject.hex}" if isinstance(subject, uuid.UUID) else f"account {subject}"
    return salted_hmac("shop.accounts.erasure", words, algorithm="sha256").hexdigest()
