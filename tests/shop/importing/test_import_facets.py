"""What an import brings can be filtered by at once, though it goes past ``save``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shop.catalogue.facet_codes import facet_words, packed
from shop.catalogue.models import Item
from tests.shop.importing.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db


def test_imported_items_can_be_filtered_by_and_follow_a_second_import(
    write: Callable[..., Path], client: Client
) -> None:
    head = "item_id,title,category,colour,attr:Material\n"
    run(items=write("first.csv", f"{head}1,Cup,Room,clay,oak\n2,Bowl,Room,moss,oak\n"))
    assert client.get("/categories/room/?colour=clay").context["listing"].total == 1
    run(items=write("second.csv", f"{head}2,Bowl,Room,clay,steel\n"))
    assert client.get("/categories/room/?colour=clay").context["listing"].total == 2
    assert client.get("/categories/room/?attr.Material=oak").context["listing"].total == 1
    for item in Item.objects.all():
        assert bytes(item.facets) == packed(facet_words(item))
