"""Factories for the shop's models; every test builds just the rows it is about."""

from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from shop.accounts.models import Shopper, User
from shop.actions.models import Action, Favourite, Kind
from shop.cart.models import CartLine, KeptLine
from shop.catalogue.models import Category, Item
from shop.orders.models import Order, OrderLine
from shop.reviews.models import Review


class UserFactory(DjangoModelFactory[User]):
    """An account with the password ``correct horse``."""

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = factory.django.Password("correct horse")

    class Meta:
        model = User


class ShopperFactory(DjangoModelFactory[Shopper]):
    """A shopper without an account."""

    user_id = factory.Sequence(lambda n: f"shopper-{n}")

    class Meta:
        model = Shopper


class CategoryFactory(DjangoModelFactory[Category]):
    """A category at the top of the tree."""

    name = factory.Sequence(lambda n: f"Category {n}")

    class Meta:
        model = Category


class ItemFactory(DjangoModelFactory[Item]):
    """A published item with a price, no picture, not stock-managed."""

    item_id = factory.Sequence(lambda n: f"i{n}")
    title = factory.Sequence(lambda n: f"Thing {n}")
    description = "A plain thing, well made."
    price = Decimal("12.50")

    class Meta:
        model = Item


class ActionFactory(DjangoModelFactory[Action]):
    """A click, now."""

    shopper = factory.SubFactory(ShopperFactory)
    item = factory.SubFactory(ItemFactory)
    kind = Kind.CLICK

    class Meta:
        model = Action


class FavouriteFactory(DjangoModelFactory[Favourite]):
    """An item saved by a shopper."""

    shopper = factory.SubFactory(ShopperFactory)
    item = factory.SubFactory(ItemFactory)

    class Meta:
        model = Favourite


class CartLineFactory(DjangoModelFactory[CartLine]):
    """One piece of an item in a cart, at the item's price."""

    shopper = factory.SubFactory(ShopperFactory)
    item = factory.SubFactory(ItemFactory)
    quantity = 1
    price_when_added = factory.SelfAttribute("item.price")

    class Meta:
        model = CartLine


class KeptLineFactory(DjangoModelFactory[KeptLine]):
    """One piece of an item kept for later, at the item's price."""

    shopper = factory.SubFactory(ShopperFactory)
    item = factory.SubFactory(ItemFactory)
    quantity = 1
    price_when_added = factory.SelfAttribute("item.price")

    class Meta:
        model = KeptLine


class OrderFactory(DjangoModelFactory[Order]):
    """An order that waits for payment."""

    shopper = factory.SubFactory(ShopperFactory)
    email = "person@example.com"
    name = "Ada Person"
    street = "1 Quiet Lane"
    postcode = "12345"
    city = "Townsville"
    country = "Germany"
    currency = "EUR"

    class Meta:
        model = Order


class OrderLineFactory(DjangoModelFactory[OrderLine]):
    """One piece of an item in an order."""

    order = factory.SubFactory(OrderFactory)
    item = factory.SubFactory(ItemFactory)
    title = factory.SelfAttribute("item.title")
    price = Decimal("12.50")
    quantity = 1

    class Meta:
        model = OrderLine


class ReviewFactory(DjangoModelFactory[Review]):
    """Four stars that wait to be looked at; the item's own stars are left to the services."""

    item = factory.SubFactory(ItemFactory)
    shopper = factory.SubFactory(ShopperFactory)
    stars = 4
    text = "Does what it should."

    class Meta:
        model = Review
