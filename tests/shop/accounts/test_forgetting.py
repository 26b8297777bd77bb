"""Who is forgotten is gone from every table, and nothing that is under way brings them back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from shop.accounts import hooks, letters
from shop.accounts.forgetting import (
    ERASURE_LIFETIME,
    StaffAccount,
    erasure_note,
    erasures_of,
    shopper_forget,
    whole_of,
)
from shop.accounts.models import Address, Erasure, Shopper, User
from shop.actions.clicks import Click, clicks_write
from shop.actions.models import Action, Favourite
from shop.cart.models import CartLine
from shop.mail.models import Letter
from shop.orders.models import Order
from tests.factories import (
    ActionFactory,
    CartLineFactory,
    FavouriteFactory,
    ItemFactory,
    OrderFactory,
    ShopperFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def somebody() -> Shopper:
    """An account with a past as a guest, and something in every room."""
    shopper: Shopper = ShopperFactory.create(
        user_id="ada", account=UserFactory.create(), gender="F", age=36, occupation="programmer", consent="yes"
    )
    guest = ShopperFactory.create(user_id="ada-before", merged_into=shopper)
    for one in (shopper, guest):
        ActionFactory.create(shopper=one)
    FavouriteFactory.create(shopper=shopper)
    CartLineFactory.create(shopper=shopper)
    Address.objects.create(shopper=shopper, name="Ada", street="1", postcode="2", city="3", country="4")
    return shopper


def test_nothing_is_left_of_somebody_without_orders() -> None:
    other = ActionFactory.create().shopper
    forgotten = shopper_forget(somebody())
    assert forgotten.user_ids == ("ada", "ada-before")
    assert forgotten.account_closed
    assert list(Shopper.objects.all()) == [other]
    assert [action.shopper for action in Action.with_unpublished.all()] == [other]
    for model in (User, Favourite, CartLine, Address):
        assert not model.objects.exists()


def test_letters_that_have_not_left_yet_go_too_but_not_those_of_others() -> None:
    shopper = somebody()
    account = shopper.account
    other = UserFactory.create()
    assert account is not None
    for user in (account, other):
        letters.verification_send(user)
        letters.email_change_send(user, f"new-{user.pk}@example.com")
    letters.account_closed(account.email, language="")
    shopper_forget(shopper)
    assert list(Letter.objects.order_by("id").values_list("template", "recipient")) == [
        ("verify_email", other.email),
        ("change_email", f"new-{other.pk}@example.com"),
        ("account_closed", account.email),
    ]


def test_asked_about_the_past_of_an_account_the_whole_person_is_forgotten() -> None:
    shopper = somebody()
    guest = Shopper.objects.get(merged_into=shopper)
    assert whole_of(guest) == shopper
    assert shopper_forget(guest).user_ids == ("ada", "ada-before")
    assert not Shopper.objects.exists()


def test_an_order_stays_and_is_nobodys() -> None:
    shopper = somebody()
    order = OrderFactory.create(shopper=shopper, status=Order.Status.DECLINED)
    shopper_forget(shopper)
    order.refresh_from_db()
    assert (order.shopper, order.name, order.street, order.email) == (None, "", "", "")
    assert not Shopper.objects.exists()
    assert not User.objects.exists()


def test_somebody_who_keeps_the_shop_is_not_forgotten() -> None:
    shopper = ShopperFactory.create(account=UserFactory.create(is_staff=True))
    with pytest.raises(StaffAccount):
        shopper_forget(shopper)
    assert Shopper.objects.get() == shopper


def test_it_happens_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    shopper = somebody()

    def broken(shopper: Shopper) -> None:
        raise RuntimeError("a room failed")

    monkeypatch.setattr(hooks, "_forget_handlers", [*hooks._forget_handlers, broken])
    with pytest.raises(RuntimeError, match="a room failed"):
        shopper_forget(shopper)
    assert Action.objects.count() == 2
    assert Shopper.objects.filter(user_id="ada").exists()
    assert not Erasure.objects.exists()


def click(item: Any, *, key: uuid.UUID, account: int | None = None, seconds_ago: float = 0) -> Click:
    time = timezone.now() - timedelta(seconds=seconds_ago)
    return Click(visitor_key=key, account=account, item=item.pk, time=time)


def test_a_click_that_was_waiting_elsewhere_does_not_bring_a_guest_back() -> None:
    item, guest = ItemFactory.create(), ShopperFactory.create()
    waiting = click(item, key=guest.visitor_key, seconds_ago=1)
    shopper_forget(guest)
    assert clicks_write([waiting]) == 0
    assert not Shopper.objects.exists()
    assert clicks_write([click(item, key=guest.visitor_key)]) == 1, "what comes after is somebody new"


def test_clicks_from_before_signing_in_do_not_come_back_either() -> None:
    item, shopper = ItemFactory.create(), somebody()
    guest = Shopper.objects.get(merged_into=shopper)
    waiting = [
        click(item, key=guest.visitor_key, seconds_ago=1),
        click(item, key=uuid.uuid4(), account=shopper.account_id, seconds_ago=1),
    ]
    shopper_forget(shopper)
    assert clicks_write(waiting) == 0
    assert not Shopper.objects.exists()


def test_clicks_of_others_are_written() -> None:
    item = ItemFactory.create()
    shopper_forget(ShopperFactory.create())
    assert clicks_write([click(item, key=uuid.uuid4(), seconds_ago=1)]) == 1


def test_what_is_noted_tells_nothing_and_goes_after_a_while() -> None:
    shopper = ShopperFactory.create()
    erasure_note(shopper)
    row = Erasure.objects.get()
    assert shopper.visitor_key.hex not in row.digest
    assert erasures_of([shopper.visitor_key, uuid.uuid4()]) == {shopper.visitor_key: row.erased_at}
    Erasure.objects.update(erased_at=timezone.now() - ERASURE_LIFETIME - timedelta(seconds=1))
    other = ShopperFactory.create()
    erasure_note(other)
    assert erasures_of([shopper.visitor_key, other.visitor_key]).keys() == {other.visitor_key}


def test_a_second_erasure_moves_the_moment() -> None:
    shopper = ShopperFactory.create()
    erasure_note(shopper)
    first = Erasure.objects.get().erased_at
    erasure_note(shopper)
    assert Erasure.objects.get().erased_at > first
    shopper.refresh_from_db()
    assert shopper.erased_at is not None
    assert shopper.erased_at > first


def test_every_room_tells_what_it_keeps() -> None:
    sections = hooks.export(somebody())
    assert [row["user_id"] for row in sections["profile"]] == ["ada"]
    assert [row["user_id"] for row in sections["as_guest"]] == ["ada-before"]
    assert sections["profile"][0]["occupation"] == "programmer"
    assert [row["street"] for row in sections["addresses"]] == ["1"]
    assert sections["account"][0]["email"] == User.objects.get().email
    assert len(sections["actions"]) == 2
    assert len(sections["favourites"]) == 1


def _things(shopper: Shopper, *, number: int) -> dict[str, list[dict[str, Any]]]:
    return {"things": [{"number": number, "of": shopper.user_id}]}


def test_rooms_may_share_a_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_export_handlers", [])
    for number in (1, 2):
        hooks.on_export(partial(_things, number=number))
    shopper = ShopperFactory.create(user_id="ada")
    assert hooks.export(shopper) == {"things": [{"number": 1, "of": "ada"}, {"number": 2, "of": "ada"}]}
