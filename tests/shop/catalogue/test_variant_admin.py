"""Variants on the page of their head in the admin."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from shop.catalogue.models import Item
from shop.orders.models import OrderLine
from tests.factories import ItemFactory, OrderLineFactory, UserFactory
from tests.shop.test_administration import item_data

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def send(staff: Client, head: Item, *variants: dict[str, str], **changes: str) -> Any:
    """Send the head's form with these rows of variants."""
    data = item_data(head, **changes)
    data["variants-TOTAL_FORMS"] = str(len(variants))
    data["variants-INITIAL_FORMS"] = str(sum("id" in variant for variant in variants))
    for place, variant in enumerate(variants):
        row = {"published": "on", "variant_of": str(head.pk), "stock": "", "price": "", **variant}
        data |= {f"variants-{place}-{name}": value for name, value in row.items() if name != "initial-stock"}
        data[f"initial-variants-{place}-stock"] = row.get("initial-stock", row["stock"])
    return staff.post(reverse("admin:catalogue_item_change", args=[head.pk]), data)


def test_choices_are_made_on_the_page_of_their_head(staff: Client) -> None:
    head = ItemFactory.create(item_id="tee", translations={"zh-hans": {"title": "T恤", "description": "棉"}})
    answer = send(
        staff,
        head,
        {"item_id": "tee-s", "variant_name": "Small", "price": "11.00", "stock": "3", "initial-stock": ""},
        {"item_id": "tee-l", "variant_name": "Large", "price": "9.50"},
        title="Tee",
        translations='{"zh-hans": {"title": "T恤", "description": "棉"}}',
    )
    assert answer.status_code == 302, answer.context["errors"]
    small, large = head.variants.order_by("pk")
    assert (small.item_id, small.title, small.name, small.stock) == ("tee-s", "Tee", "Tee, Small", 3)
    assert small.translations == {"zh-hans": {"title": "T恤"}}
    assert (large.price, large.stock) == (Decimal("9.50"), None)
    head.refresh_from_db()
    assert head.price == Decimal("9.50")  # a frame costs what its cheapest choice does


def test_pieces_sold_while_the_form_was_open_stay_sold(staff: Client) -> None:
    head = ItemFactory.create()
    variant = ItemFactory.create(variant_of=head, variant_name="Small", stock=5)
    Item.objects.filter(pk=variant.pk).update(stock=3)  # two are sold after the form was opened
    row = {"id": str(variant.pk), "variant_name": "S", "price": "8.00", "stock": "5", "initial-stock": "5"}
    assert send(staff, head, row | {"item_id": "other"}).status_code == 302
    variant.refresh_from_db()
    assert (variant.variant_name, variant.price, variant.stock) == ("S", Decimal("8.00"), 3)
    assert variant.item_id != "other"


@pytest.mark.parametrize("own", ["", "Small"])
def test_two_choices_cannot_have_one_name(staff: Client, own: str) -> None:
    head = ItemFactory.create(variant_name=own)
    rows = [{"item_id": f"x-{number}", "variant_name": "Small"} for number in range(1 if own else 2)]
    answer = send(staff, head, *rows, variant_name=own)
    assert "Two choices have the same name: Small." in str(answer.context["errors"])
    assert not head.variants.exists()


def test_there_is_one_level(staff: Client) -> None:
    head = ItemFactory.create(title="Tee")
    variant = ItemFactory.create(variant_of=head, variant_name="Small")
    page = staff.get(reverse("admin:catalogue_item_change", args=[variant.pk]))
    assert "variants-TOTAL_FORMS" not in page.content.decode()
    other = ItemFactory.create()
    answer = send(staff, other, variant_of=str(variant.pk), variant_name="Odd")
    assert "is a variant itself" in str(answer.context["errors"])
    answer = send(staff, head, variant_of=str(other.pk), variant_name="Odd")
    assert "has variants of its own" in str(answer.context["errors"])


def test_a_head_hides_its_choices_with_it(staff: Client) -> None:
    head = ItemFactory.create()
    variant = ItemFactory.create(variant_of=head, variant_name="Small")
    for action, published in (("unpublish", False), ("publish", True)):
        staff.post(reverse("admin:catalogue_item_changelist"), {"action": action, "_selected_action": [head.pk]})
        variant.refresh_from_db()
        assert variant.published is published


def test_a_head_whose_choice_was_sold_is_not_deleted(staff: Client) -> None:
    head = ItemFactory.create()
    line = OrderLineFactory.create(item=ItemFactory.create(variant_of=head, variant_name="Small"))
    assert staff.post(reverse("admin:catalogue_item_delete", args=[head.pk]), {"post": "yes"}).status_code == 403
    assert OrderLine.objects.get() == line


@pytest.mark.parametrize(("chosen", "expected"), [("heads", ["tee"]), ("variants", ["tee-s"])])
def test_the_list_tells_heads_from_variants(staff: Client, chosen: str, expected: list[str]) -> None:
    ItemFactory.create(item_id="tee-s", variant_of=ItemFactory.create(item_id="tee"), variant_name="Small")
    response = staff.get(reverse("admin:catalogue_item_changelist"), {"variants": chosen})
    assert [item.item_id for item in response.context["cl"].result_list] == expected
