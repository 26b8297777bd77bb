"""Everything recorded of a shopper is shown to them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shop.accounts import hooks
from shop.actions.models import ImportBatch, Kind
from tests.factories import ActionFactory, FavouriteFactory, ItemFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_every_action_and_favourite_from_before_signing_in_too() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    mug = ItemFactory.create(item_id="mug", title="Mug")
    monday, tuesday = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 17, tzinfo=UTC)
    ActionFactory.create(shopper=guest, item=mug, time=monday)
    ActionFactory.create(
        shopper=account,
        item=mug,
        kind=Kind.FAVOURITE,
        time=tuesday,
        panel="similar",
        position=2,
        value=4.5,
        undone_at=tuesday,
    )
    ActionFactory.create(shopper=account, batch=ImportBatch.objects.create(checksum="0" * 64, file_name="unfinished"))
    ActionFactory.create()
    favourite = FavouriteFactory.create(shopper=account, item=mug, price_when_saved=Decimal("3.50"))
    FavouriteFactory.create()
    sections = hooks.export(account)
    same = {"item": "mug", "title": "Mug"}
    assert sections["actions"] == [
        {"time": monday, "action": "click", **same, "value": None, "panel": "", "position": None, "undone_at": None},
        {
            "time": tuesday,
            "action": "favourite",
            **same,
            "value": 4.5,
            "panel": "similar",
            "position": 2,
            "undone_at": tuesday,
        },
    ]
    assert sections["favourites"] == [
        {**same, "saved_at": favourite.created_at, "price_when_saved": Decimal("3.50")},
    ]
