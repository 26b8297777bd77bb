"""Drawn title cards for items without a picture."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from shop.catalogue.models import Item, ItemImage
from shop.catalogue.overview import Place
from shop.storefront.templatetags import storefront as tags
from shop.storefront.title_cards import TitleCard, card_html, item_card, place_card, type_size
from tests.factories import CategoryFactory, ItemFactory
from tests.pages import save_picture


def test_a_card_depends_on_nothing_but_kind_and_item() -> None:
    card = item_card(Item(item_id="1", title="Toy Story (1995)", tag="Animation"))
    assert card == TitleCard(title="Toy Story", year="1995", tone=8, motif=7, size=0)
    other = item_card(Item(item_id="2", title="Jumanji (1995)", tag="animation"))
    assert (other.tone, other.motif) == (8, 5)


def test_a_category_has_the_colour_of_its_items() -> None:
    place = Place(key=1, path="animation", name="Animation", translations={}, items=3)
    assert place_card(place) == TitleCard(title="", year="", tone=8, motif=4, size=0)
    assert "title-card-title" not in tags.place_cover(place, sizes="1rem")


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("Fargo", 0),
        ("Toy Story", 0),
        ("American Beauty", 1),
        ("Interview", 0),
        ("Frankenstein", 1),
        ("The Silence of the Lambs", 2),
        ("Star Wars: Episode IV - A New Hope", 2),
        ("Donaudampfschifffahrt", 4),
        ("霸王别姬", 0),
        ("卧虎藏龙：青冥宝剑", 1),
        ("x " * 60, 4),
        ("", 0),
    ],
)
def test_type_is_as_large_as_fits(title: str, size: int) -> None:
    assert type_size(title) == size


def test_a_title_without_end_is_cut() -> None:
    assert item_card(Item(item_id="1", title="word " * 99)).title == f"{('word ' * 28)[:139].rstrip()}…"


def test_a_card_speaks_the_language_of_the_page() -> None:
    item = Item(item_id="1", title="Farewell (1993)", translations={"zh-hans": {"title": "霸王别姬（1993）"}})
    with translation.override("zh-hans"):
        assert (item_card(item).title, item_card(item).year) == ("霸王别姬", "1993")


def test_titles_are_escaped_and_nothing_is_inline() -> None:
    drawn = card_html(item_card(Item(item_id="1", title="<b>Fargo</b>")), alt='"Fargo"')
    assert "&lt;b&gt;Fargo" in drawn
    assert 'aria-label="&quot;Fargo&quot;"' in drawn
    assert "style=" not in drawn


@pytest.mark.django_db
def test_a_kind_is_the_tag_else_the_category_that_is_at_hand(django_assert_num_queries: object) -> None:
    category = CategoryFactory.create(name="Animation")
    ItemFactory.create(item_id="1", category=category)
    assert item_card(Item.objects.select_related("category").get()).tone == 8
    unread = Item.objects.get()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert item_card(unread).tone == item_card(Item(item_id="1", title="x")).tone


@pytest.mark.django_db
def test_pages_draw_cards_where_there_are_no_pictures_and_keep_none(client: Client) -> None:
    drawn = ItemFactory.create(title="Fargo (1996)", tag="Crime")
    seen = ItemFactory.create(title="Heat (1995)")
    save_picture(seen)
    page = client.get(drawn.get_absolute_url()).content.decode()
    assert 'role="img" aria-label="Fargo (1996)"' in page
    assert '<span class="title-card-year">1996</span>' in page
    page = client.get("/search/?q=Heat").content.decode()
    assert "title-card-in" not in page
    assert ItemImage.objects.count() == 1


def test_nothing_at_all_is_the_placeholder() -> None:
    assert 'class="placeholder"' in tags.cover(None, sizes="1rem")


@pytest.mark.django_db
@pytest.mark.parametrize(("title", "whole"), [("Heat (1995)", True), ("A vase", False)])
def test_posters_do_not_melt_into_the_frame(client: Client, title: str, *, whole: bool) -> None:
    item = ItemFactory.create(title=title)
    save_picture(item)
    for page in (item.get_absolute_url(), f"/search/?q={title.split()[-2]}"):
        assert (' class="whole"' in client.get(page).content.decode()) is whole


@pytest.mark.django_db
def test_the_rooms_of_a_film_shop_show_posters_whole(client: Client) -> None:
    save_picture(ItemFactory.create(title="Heat (1995)", category=CategoryFactory.create(name="Crime")))
    rooms = client.get("/").content.decode().partition('class="rooms"')[2]
    assert ' class="whole"' in rooms
