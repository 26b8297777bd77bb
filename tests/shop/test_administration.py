"""Lists stay quick whatever they hold, history stays as it was, and staff can do their work."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from shop import administration
from shop.accounts.models import User
from shop.actions.models import Action, ImportBatch, Kind
from shop.catalogue.models import Category, Item, ItemImage
from shop.orders.models import Order
from tests.factories import (
    ActionFactory,
    CategoryFactory,
    FavouriteFactory,
    ItemFactory,
    OrderFactory,
    OrderLineFactory,
    ShopperFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

CHANGELISTS = [
    "accounts_user",
    "accounts_shopper",
    "actions_action",
    "actions_favourite",
    "actions_importbatch",
    "catalogue_category",
    "catalogue_item",
    "mail_letter",
    "orders_order",
    "orders_returnrequest",
]


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def picture(colour: str = "teal") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (400, 200), colour).save(content, "PNG")
    return SimpleUploadedFile("lamp.png", content.getvalue(), content_type="image/png")


def fill_everything() -> None:
    for _row in range(3):
        item = ItemFactory.create(category=CategoryFactory.create())
        ItemImage.objects.create(item=item, file=picture())
        shopper = ShopperFactory.create(account=UserFactory.create())
        ActionFactory.create(shopper=shopper, item=item)
        FavouriteFactory.create(shopper=shopper, item=item)
        OrderLineFactory.create(order=OrderFactory.create(shopper=shopper), item=item)
        ImportBatch.objects.create(checksum="0" * 64, file_name="actions.csv", published=True)


@pytest.mark.parametrize("name", CHANGELISTS)
def test_lists_take_the_same_queries_whatever_they_hold(
    staff: Client, name: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill_everything()
    address = reverse(f"admin:{name}_changelist")
    staff.get(address)
    with CaptureQueriesContext(connection) as few:
        assert staff.get(address).status_code == 200
    for _more in range(3):
        fill_everything()
    with django_assert_num_queries(len(few)):
        staff.get(address)
    assert len(few) <= 8


def test_counting_stops_at_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "COUNTED_ROWS", 5)
    items = ItemFactory.create_batch(7)
    assert administration.BoundedPaginator(Item.objects.all(), 2).count == 5
    assert (
        administration.BoundedPaginator(
            Item.objects.order_by("pk").exclude(pk__in=[item.pk for item in items[:4]]), 2
        ).count
        == 3
    )


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("actions_action", ActionFactory.create),
        ("actions_favourite", FavouriteFactory.create),
        ("orders_order", OrderFactory.create),
    ],
)
def test_history_can_be_looked_at_and_nothing_else(staff: Client, name: str, make: Callable[[], Any]) -> None:
    row = make()
    assert staff.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    assert staff.get(reverse(f"admin:{name}_add")).status_code == 403
    assert staff.post(reverse(f"admin:{name}_change", args=[row.pk]), {"value": 1}).status_code == 403
    assert staff.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_actions_are_found_by_item_and_by_shopper(staff: Client) -> None:
    ActionFactory.create(item__item_id="lamp-1", shopper__user_id="u-7", panel="similar")
    ActionFactory.create()
    address = reverse("admin:actions_action_changelist")
    for query in ({"q": "lamp-1"}, {"q": "u-7"}, {"panel": "similar"}):
        assert staff.get(address, query).context["cl"].result_count == 1
    assert staff.get(address, {"q": "lamp"}).context["cl"].result_count == 0
    assert staff.get(address, {"q": " "}).context["cl"].result_count == 2


# --- items -----------------------------------------------------------------------


def item_data(item: Item | None = None, **changes: Any) -> dict[str, Any]:
    """What the item form sends when nothing was touched, and ``changes``."""
    data: dict[str, Any] = {
        "title": "Lamp",
        "description": "Warm light.",
        "price": "12.50",
        "stock": "5",
        "initial-stock": "5",
        "published": "on",
        "tags": "[]",
        "attributes": "{}",
        "translations": "{}",
        "image_urls": "[]",
        "images-TOTAL_FORMS": "0",
        "images-INITIAL_FORMS": "0",
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
    }
    if item is None:
        data |= {"item_id": "lamp-1"}
    return data | changes


def change(staff: Client, item: Item, **changes: Any) -> Any:
    return staff.post(reverse("admin:catalogue_item_change", args=[item.pk]), item_data(item, **changes))


def test_a_new_item_with_a_picture_gets_renditions_and_a_cover(staff: Client) -> None:
    upload: dict[str, Any] = {
        "images-TOTAL_FORMS": "1",
        "images-0-file": picture(),
        "images-0-alt_text": "A lamp",
        "images-0-position": "0",
    }
    answer = staff.post(reverse("admin:catalogue_item_add"), item_data(**upload))
    assert answer.status_code == 302, answer.context["errors"]
    item = Item.objects.get()
    assert (item.item_id, item.slug, item.stock) == ("lamp-1", "lamp", 5)
    image = item.images.get()
    assert (item.cover, image.width, image.alt_text) == (image, 400, "A lamp")
    assert image.renditions
    page = staff.get(reverse("admin:catalogue_item_change", args=[item.pk])).content.decode()
    assert 'width="120" height="60" alt="A lamp"' in page


def test_a_file_that_is_no_picture_is_refused_with_the_reason(staff: Client) -> None:
    upload: dict[str, Any] = {
        "images-TOTAL_FORMS": "1",
        "images-0-file": SimpleUploadedFile("lamp.jpg", b"<html>not a picture</html>"),
        "images-0-position": "0",
    }
    answer = staff.post(reverse("admin:catalogue_item_add"), item_data(**upload))
    assert answer.status_code == 200
    assert "lamp.jpg" in str(answer.context["errors"])
    assert not Item.objects.exists()


def test_stock_sold_while_the_form_was_open_stays_sold(staff: Client) -> None:
    item = ItemFactory.create(stock=5)
    Item.objects.update(stock=3)  # two are sold after the form was opened
    assert change(staff, item, title="New title").status_code == 302
    item.refresh_from_db()
    assert (item.title, item.slug, item.stock) == ("New title", "new-title", 3)


def test_a_stock_that_was_corrected_is_written(staff: Client) -> None:
    """Negative control: the field is saved when it is what was changed."""
    item = ItemFactory.create(stock=5)
    assert change(staff, item, stock="8").status_code == 302
    item.refresh_from_db()
    assert item.stock == 8


def test_the_public_id_is_chosen_once(staff: Client) -> None:
    item = ItemFactory.create(item_id="lamp-1")
    change(staff, item, item_id="other")
    item.refresh_from_db()
    assert item.item_id == "lamp-1"


def test_saving_moves_the_feed_of_changes(staff: Client) -> None:
    item = ItemFactory.create()
    before = item.updated_at
    change(staff, item, title="New title")
    item.refresh_from_db()
    assert item.updated_at > before


def test_an_item_with_a_history_is_hidden_not_deleted(staff: Client) -> None:
    fresh, known = ItemFactory.create_batch(2)
    ActionFactory.create(item=known)
    assert staff.post(reverse("admin:catalogue_item_delete", args=[known.pk]), {"post": "yes"}).status_code == 403
    assert staff.post(reverse("admin:catalogue_item_delete", args=[fresh.pk]), {"post": "yes"}).status_code == 302
    assert list(Item.objects.all()) == [known]
    address = reverse("admin:catalogue_item_changelist")
    staff.post(address, {"action": "delete_selected", "_selected_action": [known.pk], "post": "yes"})
    assert Item.objects.exists()
    staff.post(address, {"action": "unpublish", "_selected_action": [known.pk]})
    known.refresh_from_db()
    assert not known.published
    assert Action.objects.exists()
    staff.post(address, {"action": "publish", "_selected_action": [known.pk]})
    known.refresh_from_db()
    assert known.published


def test_prices_can_be_changed_in_the_list_and_stock_is_left_alone(staff: Client) -> None:
    item = ItemFactory.create(stock=5)
    data = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": item.pk,
        "form-0-price": "20.00",
        "form-0-published": "on",
        "form-0-stock": "99",
        "_save": "Save",
    }
    assert staff.post(reverse("admin:catalogue_item_changelist"), data).status_code == 302
    item.refresh_from_db()
    assert (item.price, item.stock) == (Decimal("20.00"), 5)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"availability": "sold-out"}, ["none left"]),
        ({"availability": "few"}, ["few left"]),
        ({"availability": "no-price"}, ["no price"]),
        ({"availability": "no-picture"}, ["few left", "no price", "none left"]),
        ({"availability": "unmanaged"}, ["no price"]),
        ({"department": "kitchen"}, ["few left"]),
        ({"q": "none"}, ["none left"]),
    ],
)
def test_items_are_found(staff: Client, query: dict[str, str], found: list[str]) -> None:
    kitchen = CategoryFactory.create(name="kitchen")
    ItemFactory.create(item_id="few left", title="", stock=2, category=CategoryFactory.create(parent=kitchen))
    ItemFactory.create(item_id="none left", title="", stock=0, category=CategoryFactory.create(name="garden"))
    ItemFactory.create(item_id="no price", title="", price=None)
    answer = staff.get(reverse("admin:catalogue_item_changelist"), query)
    assert sorted(item.item_id for item in answer.context["cl"].result_list) == found


def category_data(**changes: Any) -> dict[str, Any]:
    return {"name": "Lamps", "slug": "lamps", "parent": "", "translations": "{}"} | changes


def test_a_category_gets_its_path_from_its_parent(staff: Client) -> None:
    home = CategoryFactory.create(name="Home")
    assert staff.post(reverse("admin:catalogue_category_add"), category_data(parent=home.pk)).status_code == 302
    assert Category.objects.get(name="Lamps").path == "home/lamps"


def test_a_taken_path_and_a_circle_are_refused(staff: Client) -> None:
    home = CategoryFactory.create(name="Home")
    lamps = CategoryFactory.create(name="Lamps", parent=home)
    taken = staff.post(reverse("admin:catalogue_category_add"), category_data(parent=home.pk))
    assert "There is such a category already." in str(taken.context["errors"])
    for parent in (home, lamps):
        circle = staff.post(
            reverse("admin:catalogue_category_change", args=[home.pk]),
            category_data(name="Home", slug="home", parent=parent.pk),
        )
        assert "A category cannot be below itself." in str(circle.context["errors"])
    assert sorted(Category.objects.values_list("path", flat=True)) == ["home", "home/lamps"]


def test_moving_a_category_moves_what_is_below_it(staff: Client) -> None:
    home, garden = CategoryFactory.create(name="Home"), CategoryFactory.create(name="Garden")
    lamps = CategoryFactory.create(name="Lamps", parent=home)
    CategoryFactory.create(name="Desk", parent=lamps)
    staff.post(reverse("admin:catalogue_category_change", args=[lamps.pk]), category_data(parent=garden.pk))
    assert sorted(Category.objects.values_list("path", flat=True)) == [
        "garden",
        "garden/lamps",
        "garden/lamps/desk",
        "home",
    ]


# --- orders and accounts ------------------------------------------------------------


def test_staff_cancel_orders_and_hear_which_could_not_be(staff: Client, settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "dummy"
    paid, pending = OrderFactory.create_batch(2)
    line = OrderLineFactory.create(order=paid, item__stock=1, from_stock=True, quantity=2)
    Order.objects.filter(pk=paid.pk).update(status="paid", paid_at=paid.created_at)
    address = reverse("admin:orders_order_changelist")
    answer = staff.post(address, {"action": "cancel", "_selected_action": [paid.pk, pending.pk]})
    messages = [str(message) for message in get_messages(answer.wsgi_request)]
    assert "Done: 1." in messages
    assert any(message.startswith(f"{pending.number}: this cannot be done") for message in messages)
    paid.refresh_from_db()
    assert paid.status == "cancelled"
    assert line.item is not None
    line.item.refresh_from_db()
    assert line.item.stock == 3


def test_who_may_only_look_cannot_cancel(client: Client) -> None:
    from django.contrib.auth.models import Permission

    watcher = UserFactory.create(is_staff=True)
    watcher.user_permissions.add(Permission.objects.get(codename="view_order"))
    client.force_login(watcher)
    order = OrderFactory.create()
    Order.objects.update(status="paid", paid_at=order.created_at)
    client.post(reverse("admin:orders_order_changelist"), {"action": "cancel", "_selected_action": [order.pk]})
    order.refresh_from_db()
    assert order.status == "paid"


def test_an_account_is_made_by_address_in_lower_case(staff: Client) -> None:
    data = {
        "email": "Ada@Example.com",
        "usable_password": "true",
        "password1": "blue kettle lane",
        "password2": "blue kettle lane",
    }
    assert staff.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(email="ada@example.com")
    assert staff.get(reverse("admin:accounts_user_change", args=[user.pk])).status_code == 200


def test_a_shoppers_identity_is_not_edited(staff: Client) -> None:
    shopper = ShopperFactory.create(user_id="u-7")
    address = reverse("admin:accounts_shopper_change", args=[shopper.pk])
    assert staff.get(address).status_code == 200
    staff.post(address, {"user_id": "other", "gender": "F", "age": "", "occupation": ""})
    shopper.refresh_from_db()
    assert (shopper.user_id, shopper.gender) == ("u-7", "F")
    assert staff.get(reverse("admin:accounts_shopper_add")).status_code == 403
    assert staff.get(reverse("admin:accounts_shopper_delete", args=[shopper.pk])).status_code == 403


def test_kinds_are_shown_in_words(staff: Client) -> None:
    ActionFactory.create(kind=Kind.PURCHASE)
    assert "purchase" in staff.get(reverse("admin:actions_action_changelist")).content.decode()


def test_the_rooms_and_what_is_published_are_said_in_chinese(staff: Client) -> None:
    chinese = {"Accept-Language": "zh-CN"}
    start = staff.get(reverse("admin:index"), headers=chinese).content.decode()
    for room in ("顾客与账户", "行为", "商品目录", "订单", "评价", "推荐", "邮件"):
        assert f">{room}</a>" in re.sub(r"\s*\n\s*", "", start)
    form = staff.get(reverse("admin:catalogue_item_add"), headers=chinese).content.decode()
    assert '<label class="vCheckboxLabel" for="id_published">已发布</label>' in form
