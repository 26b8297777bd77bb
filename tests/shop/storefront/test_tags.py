"""Template tags: prices, sentences, pictures, structured data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context
from django.utils import translation
from django.utils.safestring import mark_safe

from shop.catalogue.models import Item
from shop.storefront.templatetags import storefront as tags
from tests.factories import FavouriteFactory, ItemFactory
from tests.pages import save_picture


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("en", "EUR", "€1,234.50"),
        ("zh-hans", "CNY", "¥1,234.50"),
        ("en", "JPY", "¥1,234"),
        ("de", "EUR", "1.234,50\xa0€"),
    ],
)
def test_prices_by_locale(settings: Any, language: str, currency: str, expected: str) -> None:
    settings.CURRENCY = currency
    with translation.override(language):
        assert tags.money(Decimal("1234.50")) == expected


def test_an_order_keeps_its_own_currency(settings: Any) -> None:
    settings.CURRENCY = "EUR"
    assert tags.money(Decimal(3), "USD") == "$3.00"


def test_no_price_is_words() -> None:
    assert tags.money(None) == "Price on request"


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("A vase. Thrown by hand.", "A vase.", "Thrown by hand."),
        ("一个花瓶。手工制作。", "一个花瓶。", "手工制作。"),
        ("Only this", "Only this", ""),
        ("9.5 cm wide. Blue.", "9.5 cm wide.", "Blue."),
        ("", "", ""),
    ],
)
def test_first_sentence(text: str, first: str, rest: str) -> None:
    assert tags.first_sentence(text) == first
    assert tags.after_first_sentence(text) == rest


def test_a_very_long_sentence_is_cut_and_then_told_whole() -> None:
    text = "word " * 100
    assert tags.first_sentence(text).endswith("…")
    assert len(tags.first_sentence(text)) <= 160
    assert tags.after_first_sentence(text) == text.strip()


def test_a_missing_picture_is_drawn() -> None:
    assert 'aria-hidden="true"' in tags.picture(None, sizes="10rem")
    assert 'aria-label="A &lt;b&gt;"' in tags.picture(None, sizes="10rem", alt="A <b>")


@pytest.mark.django_db
def test_a_picture_has_its_size_and_widths() -> None:
    image = save_picture(ItemFactory.create(), size=(800, 600))
    html = tags.picture(image, sizes="10rem", alt='"x"')
    assert 'width="800" height="600"' in html
    assert 'alt="&quot;x&quot;"' in html
    assert "160w" in html
    assert 'loading="lazy"' in html
    assert 'fetchpriority="high"' in tags.picture(image, sizes="10rem", eager=True)


@pytest.mark.django_db
def test_a_variant_without_a_picture_is_drawn_only_where_its_head_has_none_either() -> None:
    head = ItemFactory.create(title="Tee")
    small = ItemFactory.create(title="Tee", variant_of=head, variant_name="S")
    assert "title-card" in tags.cover(small, sizes="1rem")
    save_picture(head)
    assert "<img" in tags.cover(Item.objects.get(pk=small.pk), sizes="1rem")


def test_structured_data_is_escaped() -> None:
    html = tags.json_ld({"name": "</script>&<!--"})
    assert html.count("<") == 2
    assert "\\u003C/script\\u003E\\u0026\\u003C!--" in html


def test_query_keeps_what_else_is_asked(rf: Any) -> None:
    context = Context({"request": rf.get("/search/?q=a+b&page=3")})
    assert tags.query(context, page=4) == "?q=a+b&page=4"
    assert tags.query(context, page=None) == "?q=a+b"
    assert tags.query(Context({"request": rf.get("/x/?page=2")}), page=None) == "/x/"


def test_many_pages_are_elided() -> None:
    page = Paginator(range(1000), 10).page(50)
    assert tags.page_numbers(page) == [1, "…", 49, 50, 51, "…", 100]


@pytest.mark.django_db
def test_hearts_know_what_is_saved_in_one_query(visit: Any, django_assert_num_queries: Any) -> None:
    from shop.accounts.visitors import sign_key
    from shop.storefront.bar import bar_of

    favourite = FavouriteFactory.create()
    other = ItemFactory.create()
    request = visit("/", cookies={"visitor": sign_key(favourite.shopper.visitor_key)})
    context = Context({"bar": bar_of(request)})
    with django_assert_num_queries(2):  # the visitor's shopper, and the favourites
        assert tags.saved(context, favourite.item)
        assert not tags.saved(context, other)
        assert bar_of(request).favourite_count == 1


def test_one_shelf_of_several() -> None:
    shelves = mark_safe(
        '<section class="shelf" data-panel="similar"><p>a</p></section>\n'
        '<section data-panel="also_liked" class="shelf"><p>b</p></section>'
    )
    assert tags.one_panel(shelves, "similar") == '<section class="shelf" data-panel="similar"><p>a</p></section>'
    assert tags.one_panel(shelves, "also_liked") == '<section data-panel="also_liked" class="shelf"><p>b</p></section>'
    assert tags.one_panel(shelves, "trending") == ""
