"""Asking again for refunds that are due, because a provider did not answer or a process was killed in between."""

from __future__ import annotations

import logging

from django.utils import timezone

from shop.orders.fulfilment import cancellation_resume
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.payments.base import PaymentError
from shop.orders.refunds import HOLD, refund_hold
from shop.orders.returns import return_resume
from shop.orders.workflow import IllegalStep

logger = logging.getLogger(__name__)


def refunds_settle_due() -> int:
    """Ask for every refund that is due and that nobody asks for; how many went back now.

    Late money of orders that were given up has its own way (``orders_give_back_late_money``).
    """
    due = Payment.objects.unattended(before=timezone.now() - HOLD).exclude(order__in=Order.objects.given_up())
    settled = 0
    for refund in due.select_related("order").order_by("asked_at", "id"):
        try:
            settled += _resume(refund)
        except PaymentError:
            logger.exception("order %s: %s is to go back and did not", refund.order.number, refund.amount)
    return settled


def refund_ask_again(row: Order | ReturnRequest) -> None:
    """Ask at once for the refund that an order or a return waits for.

    Raises:
        IllegalStep: it waits for none, or somebody is asking at this moment.
        RefundRefused, PaymentUnavailable, PaymentTimedOut: as the first time.
    """
    refunds = (
        Payment.objects.filter(request=row) if isinstance(row, ReturnRequest) else row.payments.filter(request=None)
    )
    due = refunds.due().select_related("order").first()
    if due is None or not _resume(due):
        raise IllegalStep(f"{row} waits for no refund, or somebody asks for it")


def _resume(due: Payment) -> bool:
    """Ask for one refund; ``False`` where somebody else does, or has."""
    if not refund_hold(due):
        return False
    if due.request_id is not None:
        return_resume(due)
    else:
        cancellation_resume(due)
    return True
