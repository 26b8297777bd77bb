"""Which step may follow which, for orders and for returns; the one place that says so.

A step is a guarded update: the database changes the row only if it still
stands where the step starts from. Of two people who take a step at the same
moment one does, and the other hears ``IllegalStep``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop.orders.models import Order, ReturnRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OrderStatus = Order.Status
ReturnStatus = ReturnRequest.Status

ORDER_STEPS: Mapping[str, frozenset[str]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.DECLINED, OrderStatus.EXPIRED}),
    OrderStatus.PAID: frozenset({OrderStatus.SENT, OrderStatus.CANCELLING}),
    OrderStatus.SENT: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLING: frozenset({OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.DECLINED: frozenset(),
    OrderStatus.EXPIRED: frozenset(),
}
RETURN_STEPS: Mapping[str, frozenset[str]] = {
    ReturnStatus.REQUESTED: frozenset({ReturnStatus.APPROVED, ReturnStatus.REJECTED}),
    ReturnStatus.APPROVED: frozenset({ReturnStatus.REFUNDING}),
    ReturnStatus.REFUNDING: frozenset({ReturnStatus.REFUNDED}),
    ReturnStatus.REJECTED: frozenset(),
    ReturnStatus.REFUNDED: frozenset(),
}


class IllegalStep(Exception):
    """The order or the return does not stand where this step starts from; nothing happened."""


def order_step(order: Order, status: str, **fields: Any) -> None:
    """Take an order one step on, with ``fields`` changed in the same update; ``order`` shows it afterwards.

    Raises:
        IllegalStep: see the class.
    """
    starts = [start for start, ends in ORDER_STEPS.items() if status in ends]
    _order_step(order, starts, status, fields)


def order_step_back(order: Order) -> None:
    """An order that was being cancelled stands as before: its money did not go back.

    Not in the table, because nobody chooses it: it follows from a provider's no alone.

    Raises:
        IllegalStep: see the class.
    """
    _order_step(order, [OrderStatus.CANCELLING], OrderStatus.PAID, {})


def return_step(request: ReturnRequest, status: str, **fields: Any) -> None:
    """Take a return one step on, as ``order_step`` does.

    Raises:
        IllegalStep: see the class.
    """
    starts = [start for start, ends in RETURN_STEPS.items() if status in ends]
    _return_step(request, starts, status, fields)


def return_step_back(request: ReturnRequest) -> None:
    """A return that was being refunded is approved as before, as ``order_step_back`` does.

    Raises:
        IllegalStep: see the class.
    """
    _return_step(request, [ReturnStatus.REFUNDING], ReturnStatus.APPROVED, {"amount": None})


def _order_step(order: Order, starts: Sequence[str], status: str, fields: Mapping[str, Any]) -> None:
    if not Order.objects.filter(pk=order.pk, status__in=starts).update(status=status, **fields):
        raise IllegalStep(f"order {order.number} cannot become {status}")
    order.refresh_from_db()


def _return_step(request: ReturnRequest, starts: Sequence[str], status: str, fields: Mapping[str, Any]) -> None:
    if not ReturnRequest.objects.filter(pk=request.pk, status__in=starts).update(status=status, **fields):
        raise IllegalStep(f"return {request.pk} cannot become {status}")
    request.refresh_from_db()
