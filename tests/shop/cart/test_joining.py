"""Two carts become one at sign-in, and it is told; everything is shown to its owner, and erased when they ask."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shop.accounts import hooks
from shop.cart.models import CartLine, KeptLine
from tests.factories import CartLineFactory, ItemFactory, KeptLineFactory, ShopperFactory, UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from django.test import Client

    from shop.accounts.models import Shopper

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> Shopper:
    return ShopperFactory.create()


@pytest.fixture
def account() -> Shopper:
    return ShopperFactory.create(account=UserFactory.create(email="ada@example.com", password="correct horse"))


def lines_of(account: Shopper, model: Any = CartLine) -> dict[str, int]:
    lines = model.objects.filter(shopper=account)
    return {line.item.item_id: line.quantity for line in lines.select_related("item")}


def test_lines_that_came_or_grew_are_marked(guest: Shopper, account: Shopper) -> None:
    mug, lamp, rug = (ItemFactory.create(item_id=name) for name in ("mug", "lamp", "rug"))
    CartLineFactory.create(shopper=account, item=mug, quantity=2)
    CartLineFactory.create(shopper=account, item=lamp, quantity=5)
    CartLineFactory.create(shopper=guest, item=mug, quantity=3)
    CartLineFactory.create(shopper=guest, item=lamp, quantity=1)
    CartLineFactory.create(shopper=guest, item=rug, quantity=1)
    hooks.merge(guest=guest, account=account)
    assert lines_of(account) == {"mug": 3, "lamp": 5, "rug": 1}
    joined = CartLine.objects.filter(joined=True).order_by("item__item_id")
    assert [line.item.item_id for line in joined] == ["mug", "rug"]
    assert not CartLine.objects.filter(shopper=guest).exists()


def test_a_cart_that_meets_no_other_just_comes_along(guest: Shopper, account: Shopper) -> None:
    CartLineFactory.create(shopper=guest, quantity=3)
    hooks.merge(guest=guest, account=account)
    assert list(CartLine.objects.values_list("shopper", "quantity", "joined")) == [(account.pk, 3, False)]


def test_what_an_earlier_sign_in_joined_is_not_told_as_of_this_one(guest: Shopper, account: Shopper) -> None:
    CartLineFactory.create(shopper=account, joined=True)
    hooks.merge(guest=guest, account=account)
    assert not CartLine.objects.filter(joined=True).exists()


def test_what_is_kept_is_kept_once_and_not_beside_the_cart(guest: Shopper, account: Shopper) -> None:
    mug, lamp, rug, vase = (ItemFactory.create(item_id=name) for name in ("mug", "lamp", "rug", "vase"))
    KeptLineFactory.create(shopper=account, item=mug, quantity=2)
    KeptLineFactory.create(shopper=guest, item=mug, quantity=7)
    KeptLineFactory.create(shopper=guest, item=lamp)
    KeptLineFactory.create(shopper=account, item=rug)
    CartLineFactory.create(shopper=guest, item=rug)
    CartLineFactory.create(shopper=account, item=vase)
    KeptLineFactory.create(shopper=guest, item=vase)
    hooks.merge(guest=guest, account=account)
    assert lines_of(account, KeptLine) == {"mug": 2, "lamp": 1}
    assert lines_of(account) == {"rug": 1, "vase": 1}
    assert not KeptLine.objects.filter(shopper=guest).exists()


def sign_in(client: Client, *, leading_to: str = "/cart/") -> str:
    credentials = {"username": "ada@example.com", "email": "ada@example.com", "password": "correct horse"}
    response = client.post("/account/sign-in/", {**credentials, "next": leading_to}, follow=True)
    return " ".join(Page(response).text.split())


@pytest.mark.parametrize("leading_to", ["/cart/", "/favourites/", "/checkout/"])
def test_what_was_joined_is_told_at_once_and_in_the_cart_until_it_is_seen(
    client: Client, account: Shopper, leading_to: str
) -> None:
    CartLineFactory.create(shopper=account, item=ItemFactory.create(title="Rug"))
    for item_id, title in (("mug", "Mug"), ("lamp", "Lamp")):
        ItemFactory.create(item_id=item_id, title=title)
    client.post("/cart/add/", {"item_id": "mug", "quantity": "2"})
    client.post("/cart/add/", {"item_id": "lamp"})
    words = "Your cart from this device was joined with the one of your account: Mug (2) and Lamp (1)."
    assert sign_in(client, leading_to=leading_to).count(words) == 1
    assert words in " ".join(Page(client.get("/cart/")).text.split())
    client.post("/cart/see/")
    assert words not in " ".join(Page(client.get("/cart/")).text.split())


def test_signing_in_with_an_empty_hand_tells_nothing(client: Client, account: Shopper) -> None:
    CartLineFactory.create(shopper=account)
    assert "joined" not in sign_in(client)


def test_the_owner_sees_cart_and_list(guest: Shopper, account: Shopper) -> None:
    guest.merged_into = account
    guest.save()
    head = ItemFactory.create(item_id="cup", title="Cup")
    large = ItemFactory.create(item_id="cup-l", title="Cup", variant_of=head, variant_name="Large")
    line = CartLineFactory.create(shopper=account, item=large, quantity=2)
    kept = KeptLineFactory.create(shopper=guest, item=head)
    CartLineFactory.create()
    KeptLineFactory.create()
    sections = hooks.export(account)
    price = Decimal("12.50")
    assert sections["cart"] == [
        {
            "item": "cup-l",
            "title": "Cup",
            "variant": "Large",
            "quantity": 2,
            "price_when_added": price,
            "added_at": line.added_at,
        }
    ]
    assert sections["kept_for_later"] == [
        {
            "item": "cup",
            "title": "Cup",
            "variant": "",
            "quantity": 1,
            "price_when_added": price,
            "kept_at": kept.kept_at,
        }
    ]


def test_who_asks_to_be_forgotten_leaves_neither_cart_nor_list(guest: Shopper, account: Shopper) -> None:
    guest.merged_into = account
    guest.save()
    for shopper in (guest, account):
        CartLineFactory.create(shopper=shopper)
        KeptLineFactory.create(shopper=shopper)
    others = CartLineFactory.create(), KeptLineFactory.create()
    hooks.forget(account)
    assert (CartLine.objects.get(), KeptLine.objects.get()) == others
