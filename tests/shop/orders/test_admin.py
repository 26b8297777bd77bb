"""The desk: staff take the steps that there are, and hear why where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse

from shop.orders.models import Order, ReturnRequest
from shop.orders.payments.base import PaymentTimedOut
from shop.orders.payments.dummy import REFUSE_REFUND, DummyProvider
from shop.orders.returns import return_ask
from tests.factories import UserFactory
from tests.pages import Page
from tests.shop.orders.scenarios import cart_with, deliver, place, stocks

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def take(client: Client, row: Order | ReturnRequest, step: str, words: str = "") -> list[str]:
    """Press a button on the page of a row; what was said."""
    name = f"admin:orders_{type(row).__name__.lower()}_step"
    answer = client.post(reverse(name, args=[row.pk, step]), {"words": words})
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def page_of(client: Client, row: Order | ReturnRequest) -> str:
    return Page(client.get(reverse(f"admin:orders_{type(row).__name__.lower()}_change", args=[row.pk]))).text


def buttons_of(client: Client, row: Order | ReturnRequest) -> list[str]:
    """What may be done next."""
    answer = client.get(reverse(f"admin:orders_{type(row).__name__.lower()}_change", args=[row.pk]))
    return [
        str(step.label) for step in answer.context["desk_steps"] if f'value="{step.label}"' in answer.content.decode()
    ]


def wish() -> ReturnRequest:
    order = deliver(place(cart_with(5)))
    return return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged")


def test_an_order_goes_from_paid_to_delivered(staff: Client) -> None:
    order = place(cart_with(5))
    assert "Tracking number or address" in page_of(staff, order)
    assert take(staff, order, "send", " 1Z999 ") == ["Done."]
    order.refresh_from_db()
    assert (order.status, order.tracking) == ("sent", "1Z999")
    assert buttons_of(staff, order) == ["Delivered"]
    take(staff, order, "deliver")
    assert Order.objects.get().status == "delivered"


def test_a_step_that_does_not_exist_is_refused_with_words(staff: Client) -> None:
    order = place(cart_with(5))
    [words] = take(staff, order, "deliver")
    assert words.startswith(f"{order.number}: this cannot be done")
    assert Order.objects.get().status == "paid"
    assert staff.post(reverse("admin:orders_order_step", args=[order.pk, "burn"])).status_code == 404
    assert staff.get(reverse("admin:orders_order_step", args=[order.pk, "send"])).status_code == 405


def test_a_refused_refund_is_told(staff: Client) -> None:
    order = place(cart_with(5), REFUSE_REFUND)
    [words] = take(staff, order, "cancel")
    assert "the refund was refused" in words
    assert Order.objects.get().status == "paid"


def silent(self: Any, **facts: Any) -> str:
    raise PaymentTimedOut


def test_a_refund_without_an_answer_is_told_and_can_be_asked_for_again(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, request = place(cart_with(5)), wish()
    take(staff, request, "approve")
    with monkeypatch.context() as patch:
        patch.setattr(DummyProvider, "refund", silent)
        for row, step in ((order, "cancel"), (request, "refund")):
            words = take(staff, row, step)[-1]
            assert words.startswith(str(row).partition(" ")[0])
            assert "has not confirmed the refund. It stays due" in words
    for row in (order, request):
        assert buttons_of(staff, row) == ["Ask for the refund again"]
        assert take(staff, row, "ask-again")[-1] == "Done."
        row.refresh_from_db()
    assert (order.status, request.status) == ("cancelled", "refunded")
    assert buttons_of(staff, order) == []


def test_what_waits_for_no_refund_is_asked_for_none(staff: Client) -> None:
    order = place(cart_with(5))
    [words] = take(staff, order, "ask-again")
    assert "this cannot be done as it stands" in words
    assert Order.objects.get().status == "paid"


def test_many_orders_are_sent_at_once(staff: Client) -> None:
    orders = [place(cart_with(5)) for _order in range(2)]
    keys = [order.pk for order in orders]
    staff.post(reverse("admin:orders_order_changelist"), {"action": "send", "_selected_action": keys})
    assert set(Order.objects.values_list("status", flat=True)) == {"sent"}


def test_a_return_is_approved_and_paid_back_when_it_arrives(staff: Client) -> None:
    request = wish()
    assert "17.40" in page_of(staff, request)
    take(staff, request, "approve", "To 5 Dock Road.")
    request.refresh_from_db()
    assert (request.status, request.answer) == ("approved", "To 5 Dock Road.")
    take(staff, request, "refund")
    assert ReturnRequest.objects.get().status == "refunded"
    assert stocks() == [5]


def test_a_return_is_rejected(staff: Client) -> None:
    request = wish()
    take(staff, request, "reject", "It was worn.")
    assert ReturnRequest.objects.get().status == "rejected"


def test_who_may_only_look_takes_no_step(client: Client) -> None:
    watcher = UserFactory.create(is_staff=True)
    watcher.user_permissions.add(*Permission.objects.filter(codename__in=["view_order", "view_returnrequest"]))
    client.force_login(watcher)
    order = place(cart_with(5))
    assert "What comes next" not in page_of(client, order)
    assert client.post(reverse("admin:orders_order_step", args=[order.pk, "send"])).status_code == 403
    assert Order.objects.get().status == "paid"
    request = wish()
    assert client.post(reverse("admin:orders_returnrequest_step", args=[request.pk, "approve"])).status_code == 403


def test_who_is_no_staff_is_sent_to_sign_in(client: Client) -> None:
    order = place(cart_with(5))
    assert (
        "/admin/login/" in client.post(reverse("admin:orders_order_step", args=[order.pk, "send"])).headers["Location"]
    )
    assert Order.objects.get().status == "paid"
