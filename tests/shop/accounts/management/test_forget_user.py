"""``forget_user`` erases a person and says what it did."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shop.accounts.models import Shopper, User
from shop.actions.models import Action
from shop.orders.models import Order
from tests.factories import ActionFactory, OrderFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db


def forget(user_id: str) -> str:
    out = StringIO()
    call_command("forget_user", user_id, stdout=out)
    return out.getvalue()


def test_an_imported_shopper_is_forgotten() -> None:
    ActionFactory.create(shopper=ShopperFactory.create(user_id="007"))
    other = ActionFactory.create()
    assert forget("007").splitlines()[0] == "007 is forgotten."
    assert list(Action.objects.all()) == [other]
    assert not Shopper.objects.filter(user_id="007").exists()


def test_an_account_with_a_past_and_orders_is_forgotten() -> None:
    shopper = ShopperFactory.create(user_id="ada", account=UserFactory.create())
    ShopperFactory.create(user_id="ada-before", merged_into=shopper)
    OrderFactory.create(shopper=shopper, status=Order.Status.DECLINED)
    assert forget("ada").splitlines()[0] == (
        "ada is forgotten; 1 other id of the same person too; the account is closed."
    )
    assert Order.objects.get().name == ""
    assert not User.objects.exists()


def test_an_unknown_id_is_told() -> None:
    with pytest.raises(CommandError, match="no shopper with the user id 'nobody'"):
        forget("nobody")


def test_staff_are_refused() -> None:
    ShopperFactory.create(user_id="boss", account=UserFactory.create(is_staff=True))
    with pytest.raises(CommandError, match="keeps the shop"):
        forget("boss")
    assert Shopper.objects.get().user_id == "boss"
