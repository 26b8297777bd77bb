"""What goes back: no more than there is, no later than told, and money, pieces and stream follow."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from shop.actions.models import Action
from shop.orders.errors import ReturnRefused
from shop.orders.fulfilment import order_send
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.payments.base import RefundRefused
from shop.orders.payments.dummy import REFUSE_REFUND
from shop.orders.returns import (
    may_be_returned,
    return_amount,
    return_approve,
    return_ask,
    return_deadline,
    return_receive,
    return_reject,
    returnable_lines,
)
from shop.orders.workflow import IllegalStep
from tests.concurrency import run_together
from tests.factories import CartLineFactory, ItemFactory, ShopperFactory
from tests.shop.orders.scenarios import cart_with, deliver, place, stocks

pytestmark = pytest.mark.django_db


def ask(order: Order, *quantities: int) -> ReturnRequest:
    """Ask to send so many of each line back."""
    keys = order.lines.order_by("id").values_list("pk", flat=True)
    return return_ask(order=order, quantities=dict(zip(keys, quantities, strict=False)), reason="changed_mind")


def receive(request: ReturnRequest) -> ReturnRequest:
    return_approve(request)
    return_receive(request)
    return request


def refunds() -> list[Decimal]:
    return list(Payment.objects.filter(outcome="refunded").values_list("amount", flat=True))


# --- asking --------------------------------------------------------------------------


def test_a_wish_is_written_down() -> None:
    order = deliver(place(cart_with(5, quantity=2)))
    request = return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged", words="It rattles.")
    assert (request.status, request.reason, request.words) == ("requested", "damaged", "It rattles.")
    assert [(line.line, line.quantity) for line in request.lines.all()] == [(order.lines.get(), 1)]
    assert [line.left for line in returnable_lines(order)] == [1]
    assert stocks() == [3], "nothing moves before the parcel does"


@pytest.mark.parametrize("quantities", [(0,), (), (3,), (-1,)])
def test_nothing_too_much_and_less_than_nothing_are_refused(quantities: tuple[int, ...]) -> None:
    order = deliver(place(cart_with(5, quantity=2)))
    with pytest.raises(ReturnRefused):
        ask(order, *quantities)
    assert not ReturnRequest.objects.exists()


def test_a_line_of_another_order_is_refused() -> None:
    order, other = (deliver(place(cart_with(5))) for _order in range(2))
    with pytest.raises(ReturnRefused):
        return_ask(order=order, quantities={other.lines.get().pk: 1}, reason="damaged")


def test_what_is_on_its_way_back_cannot_be_asked_for_twice_but_what_was_rejected_can() -> None:
    order = deliver(place(cart_with(5)))
    request = ask(order, 1)
    with pytest.raises(ReturnRefused):
        ask(order, 1)
    return_reject(request, answer="It was worn.")
    assert ask(order, 1).status == "requested"


@pytest.mark.parametrize(("days", "may"), [(29, True), (31, False)])
def test_things_may_go_back_for_so_many_days(days: int, *, may: bool) -> None:
    order = deliver(place(cart_with(5)))
    Order.objects.update(delivered_at=timezone.now() - timedelta(days=days))
    order.refresh_from_db()
    assert may_be_returned(order) is may
    if may:
        ask(order, 1)
    else:
        with pytest.raises(ReturnRefused):
            ask(order, 1)


def test_what_has_not_arrived_cannot_be_sent_back() -> None:
    order = place(cart_with(5))
    order_send(order)
    assert return_deadline(order) is None
    with pytest.raises(ReturnRefused):
        ask(order, 1)


def test_the_owner_may_take_nothing_back(settings: Any) -> None:
    settings.RETURN_DAYS = 0
    order = deliver(place(cart_with(5)))
    with pytest.raises(ReturnRefused):
        ask(order, 1)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_wishes_for_the_last_piece_at_once_one_is_heard() -> None:
    order = deliver(place(cart_with(5)))
    results = run_together(*[partial(ask, order, 1)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["ReturnRefused", "ReturnRequest"]


# --- receiving -----------------------------------------------------------------------


def test_a_part_that_comes_back_is_paid_back_without_the_delivery() -> None:
    order = deliver(place(cart_with(5, None, quantity=2), shipping="express"))
    request = receive(ask(order, 1, 1))
    assert (request.status, request.amount) == ("refunded", Decimal("25.00"))
    assert refunds() == [Decimal("25.00")]
    assert stocks() == [4, None]
    assert Action.objects.counted().count() == 2, "a piece of each is still theirs"


def test_the_last_piece_takes_the_delivery_along() -> None:
    order = deliver(place(cart_with(5, quantity=2), shipping="express"))
    receive(ask(order, 1))
    receive(ask(order, 1))
    assert refunds() == [Decimal("12.50"), Decimal("22.40")]
    assert sum(refunds()) == order.total
    assert stocks() == [5]
    assert not Action.objects.counted().exists()


def test_only_the_purchase_of_what_came_back_is_undone() -> None:
    order = deliver(place(cart_with(5, 5)))
    kept = order.lines.order_by("id")[1].item
    receive(ask(order, 1, 0))
    assert [action.item for action in Action.objects.counted()] == [kept]


def test_an_item_in_two_sizes_stays_bought_while_one_is_kept() -> None:
    head = ItemFactory.create(title="Shirt", variant_name="Small")
    large = ItemFactory.create(title="Shirt", variant_of=head, variant_name="Large")
    shopper = ShopperFactory.create()
    for item in (head, large):
        CartLineFactory.create(shopper=shopper, item=item)
    order = deliver(place(shopper))
    receive(ask(order, 1, 0))
    assert Action.objects.counted().count() == 1
    receive(ask(order, 0, 1))
    assert not Action.objects.counted().exists()


def test_what_would_go_back_is_known_before() -> None:
    order = deliver(place(cart_with(5)))
    assert return_amount(ask(order, 1)) == Decimal("17.40")


def test_a_refused_refund_changes_nothing() -> None:
    order = deliver(place(cart_with(5), REFUSE_REFUND))
    request = ask(order, 1)
    return_approve(request)
    with pytest.raises(RefundRefused):
        return_receive(request)
    assert ReturnRequest.objects.get().status == "approved"
    assert stocks() == [4]
    assert Action.objects.counted().exists()


def test_a_return_is_not_received_before_it_is_approved_nor_twice() -> None:
    request = ask(deliver(place(cart_with(5))), 1)
    with pytest.raises(IllegalStep):
        return_receive(request)
    receive(request)
    with pytest.raises(IllegalStep):
        return_receive(request)
    assert refunds() == [Decimal("17.40")]
    assert stocks() == [5]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_a_parcel_received_by_two_at_once_is_paid_back_once() -> None:
    request = ask(deliver(place(cart_with(5))), 1)
    return_approve(request)
    results = run_together(*(partial(return_receive, ReturnRequest.objects.get()) for _desk in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["IllegalStep", "NoneType"]
    assert refunds() == [Decimal("17.40")]
    assert stocks() == [5]
