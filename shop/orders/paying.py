"""Asking for the money of a pending order, and what its coming or not coming means.

The provider is asked outside any transaction. Afterwards the order is *settled*
(paid, purchases recorded, cart emptied), *waits* for the shopper's bank with its
pieces reserved, or is *released* (pieces back, closed). Each of these is one
transaction around one guarded step, so an answer that is told twice, late or by
two processes at once counts once; money that comes for an order which was given
up goes back.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from shop.orders import emails
from shop.orders.errors import PaymentNotGivenBack, PaymentTooLate
from shop.orders.links import payment_return_link
from shop.orders.models import Order, Payment
from shop.orders.payments import get_provider
from shop.orders.payments.base import (
    Charge,
    PaymentDeclined,
    PaymentError,
    PaymentTimedOut,
    StepNeeded,
)
from shop.orders.refunds import refund_carry_out, refund_hold, refund_note
from shop.orders.stock import stock_return
from shop.orders.workflow import IllegalStep, order_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from shop.accounts.models import Shopper
    from shop.orders.models import OrderLine
    from shop.orders.payments.base import Paid, PaymentProvider

logger = logging.getLogger(__name__)

# A payment that has not come back by then never will; its pieces go on sale again.
PENDING_LIFETIME = timedelta(minutes=30)


def order_pay(*, order: Order, provider: PaymentProvider, method: str, site: str) -> None:
    """Ask for the money of a pending order; whatever goes wrong, its pieces don't stay reserved for nothing.

    Afterwards the order is paid, or still pending with a payment that waits
    for the shopper's bank (``order.waiting_payment``).

    Raises:
        PaymentDeclined, PaymentTimedOut, PaymentUnavailable: the order is released.
        PaymentTooLate: it had been released meanwhile; the money went back.
        PaymentNotGivenBack: it should have gone back, and is still to (``late_money_give_back``).
    """
    amount = order.total
    charge = Charge(
        order_number=order.number,
        amount=amount,
        currency=order.currency,
        method=method,
        return_address=payment_return_link(order, site=site),
    )
    answer: Paid | StepNeeded | None = None
    kept = False
    ending = Order.Status.EXPIRED
    try:
        answer = provider.charge(charge)
        if isinstance(answer, StepNeeded):
            _note(order, provider, Payment.Outcome.WAITING, answer.reference, step_address=answer.address)
        else:
            _settle(order=order, provider=provider.name, reference=answer.reference, amount=amount)
        kept = True
    except PaymentDeclined as refusal:
        ending = Order.Status.DECLINED
        _note(order, provider, Payment.Outcome.DECLINED, refusal.reference)
        emails.payment_declined(order)
        raise
    except PaymentTimedOut:
        _note(order, provider, Payment.Outcome.TIMED_OUT, "")
        emails.payment_timed_out(order)
        raise
    except IllegalStep as error:
        raise PaymentTooLate from error
    finally:
        if not kept:
            order_release(order, ending)
            if answer is not None and not isinstance(answer, StepNeeded):
                _note_late(order=order, provider=provider.name, reference=answer.reference, amount=amount)
                late_money_give_back(order)


def payment_resume(*, order: Order, answer: Mapping[str, str]) -> None:
    """Finish a payment whose shopper comes back from their bank. Coming back twice changes nothing more.

    Args:
        order: With or without a payment that waits.
        answer: The query of the address they came to.

    Raises:
        PaymentDeclined: the order is released.
        PaymentTimedOut, PaymentUndecided: it goes on waiting.
        PaymentTooLate: the order had been given up; the money went back.
        PaymentNotGivenBack: it should have gone back, and is still to.
        PaymentUnavailable: the shop is not set up to take payments any more.
    """
    waiting = order.payments.filter(outcome=Payment.Outcome.WAITING).first()
    if waiting is None:
        if late_money_give_back(order):
            raise PaymentTooLate
        return
    try:
        paid = get_provider().resume(reference=waiting.reference, answer=answer)
    except PaymentDeclined:
        Payment.objects.filter(pk=waiting.pk, outcome=Payment.Outcome.WAITING).update(outcome=Payment.Outcome.DECLINED)
        with transaction.atomic():
            if order_release(order, Order.Status.DECLINED):
                emails.payment_declined(order)
        raise
    payment_arrived(order=order, reference=paid.reference)


def payment_arrived(*, order: Order, reference: str) -> None:
    """Take note that the money of an order is there; also for a provider's own messages (webhooks).

    Telling it again changes nothing, but that money which should have gone
    back and did not is tried again.

    Raises:
        PaymentTooLate: the order had been given up; the money went back.
        PaymentNotGivenBack: it should have gone back, and is still to.
        PaymentUnavailable: the shop is not set up to take payments any more.
    """
    provider = get_provider()
    try:
        _settle(order=order, provider=provider.name, reference=reference, amount=order.total)
    except IllegalStep as error:
        _note_late(order=order, provider=provider.name, reference=reference, amount=order.total)
        if late_money_give_back(order):
            raise PaymentTooLate from error


def late_money_give_back(order: Order) -> bool:
    """Return money that came for an order which was given up, unless that was done; whether it was done now.

    Of two who are told at once one gives back, and the other hears ``False``.

    Raises:
        PaymentNotGivenBack: the provider would not or could not; the next call tries again.
    """
    try:
        due = _late_refund(order)
        if due is None:
            return False
        # An order that was given up is closed either way: there is no step to complete or to undo.
        refund_carry_out(due, given=_nothing, kept=_nothing)
    except PaymentError as error:
        logger.exception("order %s: %s was charged, not delivered, and not given back", order.number, order.total)
        raise PaymentNotGivenBack from error
    return True


def _late_refund(order: Order) -> Payment | None:
    """The refund of late money, for the caller to carry out; ``None`` where none is owed or somebody is at it."""
    with transaction.atomic():
        # Held first and asked then: PostgreSQL answers one question that does both with what was before the wait.
        Order.objects.select_for_update().get(pk=order.pk)
        if not Order.objects.owed_back().filter(pk=order.pk).exists():
            return None
        due = order.payments.due().first()
        if due is None:
            return refund_note(order, order.total)
        return due if refund_hold(due) else None


def _nothing() -> None:
    """No step hangs on it."""


def orders_give_back_late_money() -> int:
    """Try again to return what should have gone back and did not; of how many orders it did now."""
    returned = 0
    for order in Order.objects.owed_back():
        try:
            returned += late_money_give_back(order)
        except PaymentNotGivenBack:
            continue  # it is logged, and the turn of the next
    return returned


def order_release(order: Order, status: str = Order.Status.EXPIRED) -> bool:
    """Put the pieces of an unpaid order back and close it; whether it was still pending."""
    try:
        with transaction.atomic():
            order_step(order, status, checkout_token=None)
            return_pieces(order)
    except IllegalStep:
        return False
    return True


def orders_expire_pending() -> int:
    """Release orders whose payment never came back, from the bank or because a process died; how many."""
    stale = Order.objects.filter(status=Order.Status.PENDING, created_at__lt=timezone.now() - PENDING_LIFETIME)
    expired = 0
    for order in stale:
        with transaction.atomic():
            if order_release(order):
                expired += 1
                emails.payment_timed_out(order)
    return expired


def return_pieces(order: Order) -> None:
    """Put all pieces of an order back on sale, in the transaction of the step that frees them."""
    for line in order.lines.filter(from_stock=True, item__isnull=False).order_by("item_id"):
        stock_return(item_key=cast("int", line.item_id), quantity=line.quantity)


def _settle(*, order: Order, provider: str, reference: str, amount: Decimal) -> None:
    """The money is there: the order is paid, its purchases are recorded, its items leave the cart."""
    with transaction.atomic():
        now = timezone.now()
        order_step(order, Order.Status.PAID, paid_at=now)
        _accept(order=order, provider=provider, reference=reference, amount=amount)
        lines = list(order.lines.filter(item__isnull=False).select_related("item"))
        if order.shopper is not None:
            if order.recorded:
                heads = list(dict.fromkeys(line.item.head_key for line in lines if line.item))
                _record_purchases(shopper=order.shopper, heads=heads, time=now)
            # Who signed in while their bank was asking took the cart along.
            owner = order.shopper.merged_into or order.shopper
            _leave_cart(owner, lines)
        emails.order_confirmed(order)


def _leave_cart(owner: Shopper, lines: Sequence[OrderLine]) -> None:
    """Take what was ordered out of the cart; pieces that were put in since stay."""
    cart = CartLine.objects.filter(shopper=owner)
    for line in lines:
        cart.filter(item=line.item_id, quantity__lte=line.quantity).delete()
        cart.filter(item=line.item_id, quantity__gt=line.quantity).update(quantity=F("quantity") - line.quantity)


def _accept(*, order: Order, provider: str, reference: str, amount: Decimal) -> None:
    """Write down that the money came, on the row that waited for it where there is one."""
    waiting = Payment.objects.filter(order=order, outcome=Payment.Outcome.WAITING)
    if not waiting.update(outcome=Payment.Outcome.ACCEPTED, reference=reference):
        Payment.objects.create(
            order=order, provider=provider, reference=reference, amount=amount, outcome=Payment.Outcome.ACCEPTED
        )


def _note_late(*, order: Order, provider: str, reference: str, amount: Decimal) -> None:
    """Write down, once, that money came for an order which was given up."""
    try:
        with transaction.atomic():
            _accept(order=order, provider=provider, reference=reference, amount=amount)
    except IntegrityError:
        return  # the constraint payment_accepted_once: it was told before


def _note(order: Order, provider: PaymentProvider, outcome: str, reference: str, *, step_address: str = "") -> None:
    Payment.objects.create(
        order=order,
        provider=provider.name,
        reference=reference,
        amount=order.total,
        outcome=outcome,
        step_address=step_address,
    )


def _record_purchases(*, shopper: Shopper, heads: Sequence[int], time: datetime) -> None:
    """One purchase per item, from wherever it was last put into the cart; a variant's counts for its head."""
    carted = Action.objects.of(shopper).filter(kind=Kind.CART, item__in=heads).order_by("id")
    sources = {item: rest for item, *rest in carted.values_list("item", "panel", "position", "bundle")}
    Action.objects.bulk_create(
        Action(
            shopper=shopper,
            item_id=head,
            kind=Kind.PURCHASE,
            time=time,
            panel=panel,
            position=position,
            bundle=bundle,
        )
        for head in heads
        for panel, position, bundle in [sources.get(head, ("", None, ""))]
    )
