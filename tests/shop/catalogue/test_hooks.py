"""Additional orderings, and the feed of changed items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shop.catalogue import hooks
from shop.catalogue.models import Item
from tests.factories import ItemFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_orderings_are_offered_in_their_order_and_replaced_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_orderings", {})

    def unchanged(items: Any, request: Any) -> Any:
        return items

    hooks.register_ordering("liked", "Most liked", unchanged)
    hooks.register_ordering("near", "Nearest", unchanged)
    hooks.register_ordering("liked", "Best liked", unchanged)
    assert [(ordering.name, ordering.label) for ordering in hooks.registered_orderings()] == [
        ("liked", "Best liked"),
        ("near", "Nearest"),
    ]


def test_the_feed_tells_changes_from_a_moment_on_oldest_first(db: None) -> None:
    items = ItemFactory.create_batch(3)
    for hours, item in zip((2, 0, 1), items, strict=True):
        Item.objects.filter(pk=item.pk).update(updated_at=NOON + timedelta(hours=hours))
    assert list(hooks.items_changed_since(NOON + timedelta(hours=1))) == [items[2], items[0]]
    assert list(hooks.items_changed_since(None)) == [items[1], items[2], items[0]]
