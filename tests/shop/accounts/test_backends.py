"""What a session brings back: the account with its shopper, and nobody whose account was closed."""

from __future__ import annotations

import pytest

from shop.accounts.backends import ShopperBackend
from shop.accounts.models import Shopper
from tests.factories import UserFactory
from tests.query_budget import assert_within_budget

pytestmark = pytest.mark.django_db


def test_the_shopper_comes_with_the_account() -> None:
    user = UserFactory.create()
    shopper = Shopper.objects.create(account=user)
    found: list[object] = []

    def read() -> None:
        account = ShopperBackend().get_user(user.pk)
        assert account is not None
        found.append(account.shopper)

    assert assert_within_budget(read, budget=1) == 1
    assert found == [shopper]


def test_an_account_without_a_shopper_is_an_account() -> None:
    user = UserFactory.create()
    Shopper.objects.filter(account=user).delete()
    assert ShopperBackend().get_user(user.pk) == user


def test_a_closed_account_is_nobody() -> None:
    assert ShopperBackend().get_user(UserFactory.create(is_active=False).pk) is None
    assert ShopperBackend().get_user(0) is None
