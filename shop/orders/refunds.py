"""Giving money back: written down as due first, then asked for, then recorded; no transaction waits for a provider.

A refund is a payment whose outcome is *due*. It is written in the transaction
of the step that calls for it; the provider is asked outside any; its answer is
recorded in a second transaction around one guarded update, so an answer that
two processes hear counts once. Whoever asks holds the refund meanwhile
(``asked_at``). A process that is killed in between leaves it due, and when its
hold is over it is asked for again, under the same key, by which the provider
knows that it is the same refund.

====================  =============================================================
the provider says     then
====================  =============================================================
done                  the step is completed
no                    the step is undone: all is as it was before
cannot be reached     as well, unless an earlier question may have come through
nothing in time       nobody knows: the refund stays due and is asked for again
====================  =============================================================
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.orders.models import Payment
from shop.orders.payments import get_provider
from shop.orders.payments.base import PaymentTimedOut, PaymentUnavailable, RefundRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from shop.orders.models import Order, PaymentQuerySet, ReturnRequest
    from shop.orders.payments.base import PaymentProvider

# Providers answer within seconds; who has held a refund for so long was killed.
HOLD = timedelta(minutes=2)


def refund_note(order: Order, amount: Decimal, *, request: ReturnRequest | None = None) -> Payment | None:
    """Write down that money of an order is to go back, held by the caller, who asks for it after the transaction.

    Returns:
        The refund; ``None`` where nothing was charged, so that there is nothing to ask for.

    Raises:
        RefundRefused: the shop's provider is not the one that took the money.
        PaymentUnavailable: the shop is not set up to move money any more.
    """
    charged = order.payments.filter(outcome=Payment.Outcome.ACCEPTED).first()
    if charged is None or not amount:
        return None
    return Payment.objects.create(
        order=order,
        request=request,
        provider=_provider_of(charged).name,
        amount=amount,
        outcome=Payment.Outcome.DUE,
        asked_at=timezone.now(),
        attempts=1,
    )


def refund_hold(due: Payment) -> bool:
    """Take a refund that nobody asks for any more upon oneself; ``False`` where somebody does, or it is done."""
    now = timezone.now()
    held = Payment.objects.unattended(before=now - HOLD).filter(pk=due.pk)
    if not held.update(asked_at=now, attempts=F("attempts") + 1):
        return False
    due.refresh_from_db()
    return True


def refund_carry_out(due: Payment, *, given: Callable[[], None], kept: Callable[[], None]) -> None:
    """Ask the provider for a refund that the caller holds, and record the answer. Call it outside any transaction.

    Args:
        due: From ``refund_note``, once that is committed, or from ``refund_hold``.
        given: Completes the step; called in the transaction that records the refund.
        kept: Undoes the step; called in the transaction that takes the refund back.

    Raises:
        RefundRefused: nothing was given back; the step is undone.
        PaymentUnavailable: the provider was not reached. The step is undone where this was the first question.
        PaymentTimedOut: nobody knows; the refund stays due.
    """
    try:
        reference = _ask(due)
    except RefundRefused:
        _take_back(due, kept)
        raise
    except PaymentUnavailable:
        # An earlier question may have come through unheard, as this one did not.
        if due.attempts > 1:
            _let_go(due)
        else:
            _take_back(due, kept)
        raise
    except PaymentTimedOut:
        _let_go(due)
        raise
    with transaction.atomic():
        if Payment.objects.due().filter(pk=due.pk).update(outcome=Payment.Outcome.REFUNDED, reference=reference):
            given()


def _ask(due: Payment) -> str:
    charged = due.order.payments.get(outcome=Payment.Outcome.ACCEPTED)
    key = f"{due.order.number}-{due.pk}"
    try:
        return _provider_of(charged).refund(
            reference=charged.reference, amount=due.amount, currency=due.order.currency, key=key
        )
    except OSError as error:  # what networks raise: the question may have come through, or not
        raise PaymentTimedOut from error


def _provider_of(charged: Payment) -> PaymentProvider:
    provider = get_provider()
    if provider.name != charged.provider:
        raise RefundRefused(f"paid through {charged.provider}")
    return provider


def _take_back(due: Payment, kept: Callable[[], None]) -> None:
    """Nothing was given back: as if it had never been asked for; unless somebody else is asking by now."""
    with transaction.atomic():
        if _held(due).delete()[0]:
            kept()


def _let_go(due: Payment) -> None:
    """Let whoever comes next ask again, without waiting for the end of the hold."""
    _held(due).update(asked_at=None)


def _held(due: Payment) -> PaymentQuerySet:
    """The refund, if it is still due and nobody has taken it over."""
    return Payment.objects.due().filter(pk=due.pk, attempts=due.attempts)
