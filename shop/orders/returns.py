"""Sending things back: asked for by the shopper, decided by staff, refunded when they arrive.

A shopper may ask within ``RETURN_DAYS`` after delivery, for no more pieces than
they have. Staff approve or reject; when the parcel arrives, one step gives the
money back, puts the pieces back on sale and undoes the purchases of what came
back whole. The price of delivery goes back with the last piece of an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.orders import emails, hooks
from shop.orders.errors import ReturnRefused
from shop.orders.fulfilment import purchases_undo
from shop.orders.models import Order, ReturnLine, ReturnRequest
from shop.orders.refunds import refund_carry_out, refund_note
from shop.orders.stock import stock_return
from shop.orders.workflow import IllegalStep, return_step, return_step_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shop.orders.models import OrderLine, Payment

Status = ReturnRequest.Status


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line of an order and how many of its pieces may still be sent back."""

    line: OrderLine
    left: int


def return_deadline(order: Order) -> datetime | None:
    """Until when things of an order may be sent back; ``None`` where it has not been delivered."""
    if order.status != Order.Status.DELIVERED or order.delivered_at is None:
        return None
    return order.delivered_at + timedelta(days=settings.RETURN_DAYS)


def may_be_returned(order: Order) -> bool:
    """Whether it is delivered, and not too long ago; whether pieces are left to return is another question."""
    deadline = return_deadline(order)
    return deadline is not None and timezone.now() < deadline


def returnable_lines(order: Order) -> list[ReturnableLine]:
    """The lines with pieces that are not on their way back yet; rejected wishes don't count."""
    going = Sum("returns__quantity", filter=~Q(returns__request__status=Status.REJECTED))
    lines = order.lines.annotate(going=going).select_related("item__cover", "item__variant_of__cover").order_by("id")
    return [
        ReturnableLine(line, line.quantity - (line.going or 0)) for line in lines if line.quantity > (line.going or 0)
    ]


def return_ask(*, order: Order, quantities: Mapping[int, int], reason: str, words: str = "") -> ReturnRequest:
    """Ask to send pieces back.

    Args:
        order: Theirs.
        quantities: How many of each line, by the line's key; zeros are passed over.
        reason: One of ``ReturnRequest.Reason``.
        words: What they want to say.

    Raises:
        ReturnRefused: not delivered, too late, nothing chosen, or more than there is.
    """
    wanted = {key: quantity for key, quantity in quantities.items() if quantity}
    with transaction.atomic():
        # The row is held, so that two wishes at the same moment cannot both take the last piece.
        held = Order.objects.select_for_update().get(pk=order.pk)
        if not may_be_returned(held):
            raise ReturnRefused(_("The things of this order cannot be sent back, or not any more."))
        if not wanted:
            raise ReturnRefused(_("Please choose what you want to send back."))
        left = {found.line.pk: found.left for found in returnable_lines(held)}
        if any(quantity < 0 or quantity > left.get(key, 0) for key, quantity in wanted.items()):
            raise ReturnRefused(_("That is more than you can send back. Please look at the numbers again."))
        request = ReturnRequest.objects.create(order=held, reason=reason, words=words)
        ReturnLine.objects.bulk_create(
            ReturnLine(request=request, line_id=key, quantity=quantity) for key, quantity in wanted.items()
        )
        emails.return_requested(request)
    return request


def return_approve(request: ReturnRequest, *, answer: str = "") -> None:
    """Let the shopper send the things.

    Raises:
        IllegalStep: it was decided before.
    """
    with transaction.atomic():
        return_step(request, Status.APPROVED, decided_at=timezone.now(), answer=answer)
        emails.return_approved(request)


def return_reject(request: ReturnRequest, *, answer: str = "") -> None:
    """Refuse the wish; its pieces may be asked for again.

    Raises:
        IllegalStep: it was decided before.
    """
    with transaction.atomic():
        return_step(request, Status.REJECTED, decided_at=timezone.now(), answer=answer)
        emails.return_rejected(request)


def return_receive(request: ReturnRequest) -> None:
    """The things arrived: the money goes back, and then the pieces are on sale again.

    The refund is written down as due with the step, and the provider is asked
    after that transaction. One refund of an order is under way at a time,
    because what goes back depends on what went back before.

    Raises:
        IllegalStep: it is not approved, was refunded before, or another refund of the order is under way.
        RefundRefused, PaymentUnavailable: nothing changed.
        PaymentTimedOut: the refund stays due (``refunds_settle_due``).
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=request.order_id)
        if order.payments.due().exists():
            raise IllegalStep(f"another refund of order {order.number} is under way")
        amount = return_amount(request)
        return_step(request, Status.REFUNDING, amount=amount)
        due = refund_note(order, amount, request=request)
        if due is None:
            _refunded(request)
            return
    refund_carry_out(due, given=partial(_refunded, request), kept=partial(return_step_back, request))


def return_resume(due: Payment) -> None:
    """Ask again for the refund of things that came back; the caller holds it.

    Raises:
        RefundRefused: the return is approved and waits as before.
        PaymentUnavailable, PaymentTimedOut: the refund stays due.
    """
    request = ReturnRequest.objects.select_related("order").get(refunds=due)
    refund_carry_out(due, given=partial(_refunded, request), kept=partial(return_step_back, request))


def _refunded(request: ReturnRequest) -> None:
    """The money is back, or there was none: the pieces are on sale again, and what came back whole was not bought."""
    return_step(request, Status.REFUNDED, refunded_at=timezone.now())
    order = request.order
    lines = list(request.lines.select_related("line__item").order_by("line__item_id"))
    for returned in lines:
        if returned.line.from_stock and returned.line.item_id is not None:
            stock_return(item_key=returned.line.item_id, quantity=returned.quantity)
    purchases_undo(order, _whole_items(order))
    hooks.undone(order)
    emails.return_refunded(request)


def return_amount(request: ReturnRequest) -> Decimal:
    """What goes back for a return: its pieces, and the delivery if nothing of the order is left."""
    amount = sum((line.total for line in request.lines.select_related("line")), Decimal("0.00"))
    back = _pieces_back(request.order, also=request)
    everything = all(back.get(line.pk, 0) >= line.quantity for line in request.order.lines.all())
    return amount + request.order.shipping_price if everything else amount


def _pieces_back(order: Order, *, also: ReturnRequest | None = None) -> dict[int, int]:
    """How many pieces of each line came back, by the line's key; with those of ``also`` counted in."""
    counted = Q(request__status=Status.REFUNDED)
    if also is not None:
        counted |= Q(request=also)
    rows = ReturnLine.objects.filter(counted, line__order=order).values_list("line").annotate(pieces=Sum("quantity"))
    return dict(rows.order_by())


def _whole_items(order: Order) -> Sequence[OrderLine]:
    """The lines of items of which nothing was kept; an item in two sizes is whole when both came back."""
    back = _pieces_back(order)
    lines = [line for line in order.lines.select_related("item") if line.item is not None]
    kept = {line.item.head_key for line in lines if line.item and back.get(line.pk, 0) < line.quantity}
    return [line for line in lines if line.item and line.item.head_key not in kept]
