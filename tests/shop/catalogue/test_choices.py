"""Heads, their variants, and the page on which one is chosen."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from shop.actions.clicks import buffer
from shop.actions.models import Action
from shop.cart.selectors import cart_summary
from shop.catalogue.choices import frames_refresh, product_read
from shop.catalogue.models import Item, ItemImage
from tests.factories import CartLineFactory, CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page, save_picture
from tests.query_budget import assert_queries_constant, queries_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def tee(**stocks: int | None) -> Item:
    """A frame around sizes with these stocks, each a little dearer than the one before."""
    head: Item = ItemFactory.create(item_id="tee", title="Tee", price=Decimal(10))
    for place, (size, stock) in enumerate(stocks.items()):
        ItemFactory.create(
            item_id=f"tee-{size}",
            title="Tee",
            variant_of=head,
            variant_name=size,
            stock=stock,
            price=Decimal(10 + place),
        )
    return head


def variant(**fields: Any) -> Item:
    item: Item = ItemFactory.create(**{"variant_name": "S"} | fields)
    return item


def test_lists_hold_heads_alone() -> None:
    head = tee(S=1)
    hidden = ItemFactory.create(published=False)
    assert list(Item.objects.listed()) == [head]
    assert hidden not in Item.objects.listed()
    assert Item.objects.published().count() == 2


@pytest.mark.parametrize(
    ("own", "name", "stocks", "left"),
    [
        (None, "", {}, True),
        (0, "", {}, False),
        (2, "", {}, True),
        (None, "", {"S": 0, "M": 0}, False),  # the frame itself cannot be had
        (0, "", {"S": 0, "M": 1}, True),
        (0, "", {"S": None}, True),
        (3, "XS", {"S": 0}, True),  # here the head is a choice
        (0, "XS", {"S": 0}, False),
    ],
)
def test_an_item_is_sold_out_when_nothing_that_can_be_chosen_is_left(
    own: int | None,
    name: str,
    stocks: dict[str, int | None],
    left: bool,  # noqa: FBT001 - a case of the table
) -> None:
    head = tee(**stocks)
    Item.objects.filter(pk=head.pk).update(stock=own, variant_name=name)
    assert Item.objects.available().exists() is left
    assert Item.objects.for_cards().get(pk=head.pk).sold_out is not left
    product = product_read("tee")
    assert product is not None
    assert product.sold_out is not left


def test_a_hidden_variant_is_none() -> None:
    head = tee(S=0, M=4)
    head.variants.filter(variant_name="M").update(published=False)
    assert not Item.objects.available().exists()
    product = product_read("tee")
    assert product is not None
    assert [row.variant_name for row in product.rows] == ["S"]


def test_constraints() -> None:
    head = tee(S=1)
    wrong: list[dict[str, Any]] = [
        {"variant_of": head, "variant_name": "S"},  # twice
        {"variant_of": head, "variant_name": ""},
        {"rating_count": 1},
        {"rating_average": 3},
        {"rating_average": 6, "rating_count": 1},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemFactory.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=head.pk).update(variant_of=head, variant_name="X")


def test_there_is_one_level() -> None:
    head = tee(S=1)
    small = head.variants.get()
    with pytest.raises(ValidationError, match="is a variant itself"):
        variant(variant_of=small)
    head.variant_of, head.variant_name = ItemFactory.create(), "S"
    with pytest.raises(ValidationError, match="has variants of its own"):
        head.save()


def test_a_variant_without_a_picture_is_shown_by_its_heads() -> None:
    head = tee(S=1, M=1)
    of_head = save_picture(head, colour="#bd684e")
    own = save_picture(head.variants.get(variant_name="M"), colour="#323848")
    shown = {item.item_id: item.shown_cover for item in Item.objects.all()}
    assert shown == {"tee": of_head, "tee-S": of_head, "tee-M": own}


def test_the_picture_of_a_heads_variant_costs_the_cart_no_query() -> None:
    head = tee(S=1)
    picture = save_picture(head, colour="#bd684e")
    line = CartLineFactory.create(item=head.variants.get())
    cart = cart_summary(line.shopper)
    shown: list[ItemImage | None] = []
    assert queries_of(lambda: shown.extend(entry.item.shown_cover for entry in cart.lines)) == []
    assert shown == [picture]


def test_names_say_which_one_it_is_once() -> None:
    head = ItemFactory.create(title="Tee", variant_name="Small")
    large = ItemFactory.create(
        title="Tee", variant_of=head, variant_name="Large", translations={"zh-hans": {"title": "T恤", "variant": "大"}}
    )
    said = ItemFactory.create(title="Tee, extra large", variant_of=head, variant_name="Extra large")
    assert (head.name, head.choice_name) == ("Tee", "Tee, Small")
    assert (large.name, large.choice_name) == ("Tee, Large", "Tee, Large")
    assert said.name == "Tee, extra large"
    small = ItemFactory.create(title="Marha T-shirt", variant_of=head, variant_name="S")
    assert small.name == "Marha T-shirt, S"
    with translation.override("zh-hans"):
        assert large.variant == "大"
        assert "大" in large.name
        assert "T恤" in large.name


@pytest.mark.parametrize(
    ("own_name", "wanted", "chosen", "decided"),
    [
        ("", "", "tee", False),
        ("", "tee-M", "tee-M", True),
        ("", "tee-S", "tee-S", True),  # sold out, but asked for
        ("", "mug", "tee", False),
        ("XS", "", "tee", True),
        ("XS", "tee-M", "tee-M", True),
    ],
)
def test_what_the_page_shows(own_name: str, wanted: str, chosen: str, decided: bool) -> None:  # noqa: FBT001 - a case of the table
    head = tee(S=0, M=4)
    Item.objects.filter(pk=head.pk).update(variant_name=own_name)
    ItemFactory.create(item_id="mug")
    product = product_read("tee", wanted=wanted)
    assert product is not None
    assert (product.chosen.item_id, product.decided) == (chosen, decided)


def test_of_one_choice_nothing_has_to_be_chosen() -> None:
    tee(S=4)
    product = product_read("tee")
    assert product is not None
    assert (product.chosen.item_id, product.decided) == ("tee-S", True)


def test_an_item_without_variants_has_no_choices() -> None:
    ItemFactory.create(item_id="mug")
    product = product_read("mug")
    assert product is not None
    assert (product.choices, product.decided, product.is_price_from) == ((), True, False)


def test_frames_cost_what_their_cheapest_choice_costs() -> None:
    head = tee(S=1, M=1)
    mug = ItemFactory.create(price=Decimal(3))
    named = ItemFactory.create(price=Decimal(50), variant_name="XS")
    variant(variant_of=named, price=Decimal(5))
    head.variants.filter(variant_name="S").update(price=Decimal(8))
    keys = [head.pk, mug.pk, named.pk]
    assert frames_refresh(keys) == 1
    assert [item.price for item in Item.objects.filter(pk__in=keys).order_by("pk")] == [8, 3, 50]
    assert frames_refresh(keys) == 0
    head.variants.update(price=None)
    assert frames_refresh(keys) == 1
    assert Item.objects.get(pk=head.pk).price is None


def test_cards_know_that_a_price_is_a_price_from() -> None:
    head, mug = tee(S=1, M=1), ItemFactory.create()
    alike, named = ItemFactory.create(price=Decimal(5)), ItemFactory.create(price=Decimal(5), variant_name="XS")
    variant(variant_of=alike, price=Decimal(5))
    variant(variant_of=named, price=Decimal(8))
    cards = {item.pk: item.price_varies for item in Item.objects.for_cards().listed()}
    assert cards == {head.pk: True, mug.pk: False, alike.pk: False, named.pk: False}


def test_cards_say_that_a_price_is_a_price_from(client: Client) -> None:
    room = CategoryFactory.create(slug="room")
    tee(S=1, M=1)
    ItemFactory.create(item_id="mug", price=Decimal(3))
    Item.objects.filter(variant_of=None).update(category=room)
    response = client.get("/categories/room/")
    prices = re.findall(r'<p class="price">([^<]*)</p>', response.content.decode())
    assert sorted(prices) == ["From €10.00", "€3.00"]


def test_before_one_is_chosen_the_page_asks(client: Client) -> None:
    tee(S=0, M=4)
    response = client.get("/items/tee/tee/")
    words = " ".join(Page(response).text.split())
    for expected in ("From €10.00", "Please choose:", "S Sold out", "M €11.00", "Choose one to see how many are left."):
        assert expected in words
    assert 'name="item_id" value="tee"' in response.content.decode()
    answer = client.post("/cart/add/", {"item_id": "tee"}, follow=True)
    assert "Please choose which Tee you would like." in Page(answer).text


def test_the_chosen_one_is_what_is_bought(client: Client) -> None:
    tee(S=0, M=4)
    response = client.get("/items/tee/tee/?variant=tee-M&from=similar&at=1")
    words = " ".join(Page(response).text.split())
    assert "Your choice: M" in words
    assert "In stock, 4 left." in words
    html = response.content.decode()
    assert '<input type="hidden" name="item_id" value="tee-M">' in html
    assert "<h1>Tee</h1>" in html
    assert "?variant=tee-S&amp;from=similar&amp;at=1" in html
    assert Page(response).canonical.endswith("/items/tee/tee/")
    sold_out = client.get("/items/tee/tee/?variant=tee-S").content.decode()
    assert "/cart/add/" not in sold_out


def test_a_variants_own_address_leads_to_its_choice(client: Client) -> None:
    head = tee(S=1)
    small = head.variants.get()
    for address in (small.get_absolute_url(), "/items/tee-S/", "/items/tee-S/any-slug/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"] == "/items/tee/tee/?variant=tee-S"
    Item.objects.filter(pk=head.pk).update(published=False)
    assert client.get("/items/tee-S/", follow=True).status_code == 404
    assert client.get(small.get_absolute_url(), follow=True).status_code == 404


def test_choosing_by_htmx_swaps_the_product_alone_and_is_no_further_click(client: Client) -> None:
    tee(S=1, M=2)
    client.get("/items/tee/tee/", HTTP_USER_AGENT="Mozilla/5.0")
    buffer.flush()
    response = client.get("/items/tee/tee/?variant=tee-M", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="product")
    html = response.content.decode().strip()
    assert html.startswith('<article class="product" id="product">')
    assert "<html" not in html
    assert 'id="choice-said" hx-swap-oob="innerHTML"' in html
    assert "HX-Target" in response.headers["Vary"]
    buffer.flush()
    assert Action.objects.count() == 1


def test_pictures_are_those_of_the_choice_else_of_the_head_else_of_any(client: Client) -> None:
    head = tee(S=1, M=1)
    small, medium = head.variants.order_by("pk")
    of_medium = save_picture(medium, colour="#123456")
    assert client.get("/items/tee/tee/").context["images"] == [of_medium]
    of_head = save_picture(head)
    assert client.get("/items/tee/tee/").context["images"] == [of_head]
    assert client.get("/items/tee/tee/?variant=tee-S").context["images"] == [of_head]
    assert client.get("/items/tee/tee/?variant=tee-M").context["images"] == [of_medium]
    assert small.images.count() == 0


def test_search_engines_are_told_every_offer(client: Client, settings: Any) -> None:
    tee(S=0, M=4)
    product = Page(client.get("/items/tee/tee/")).data[0]
    assert (product["name"], product["sku"]) == ("Tee", "tee")
    assert [
        (offer["sku"], offer["price"], offer["availability"].rpartition("/")[2]) for offer in product["offers"]
    ] == [
        ("tee-S", "10.00", "OutOfStock"),
        ("tee-M", "11.00", "InStock"),
    ]
    assert product["offers"][1]["url"] == f"{settings.SITE_URL}/items/tee/tee/?variant=tee-M"


def test_queries_do_not_grow_with_variants_and_pictures(client: Client) -> None:
    head = tee(S=1)
    Item.objects.filter(pk=head.pk).update(category=CategoryFactory.create())
    client.force_login(UserFactory.create())
    client.post("/favourites/toggle/", {"item_id": "tee"})
    client.post("/cart/add/", {"item_id": "tee-S"})
    client.get("/items/tee/tee/")

    def grow() -> None:
        for number in range(12):
            save_picture(ItemFactory.create(variant_of=head, variant_name=f"size {number}"))

    assert_queries_constant(lambda: client.get("/items/tee/tee/"), grow=grow)


def test_the_product_is_found_by_indexes() -> None:
    tee(S=1)
    statement = queries_of(lambda: product_read("tee"))[0]
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's plan")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "SCAN catalogue_item" not in plan


def test_a_cart_of_variants_knows_their_pages_without_a_query_each(client: Client) -> None:
    line = CartLineFactory.create(item=ItemFactory.create(item_id="tee-S", variant_of=tee(), variant_name="S"))
    assert line.item.get_absolute_url() == f"/items/tee-S/{line.item.slug}/"
