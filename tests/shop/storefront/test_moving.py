"""Links to a category arrive after it was renamed or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shop.catalogue.models import Category
from shop.storefront.models import FormerCategoryPath
from tests.factories import CategoryFactory

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def mugs() -> Category:
    """Mugs in the kitchen."""
    return CategoryFactory.create(
        name="Mugs", slug="mugs", parent=CategoryFactory.create(name="Kitchen", slug="kitchen")
    )


def change(category: Category, **values: Any) -> None:
    for name, value in values.items():
        setattr(category, name, value)
    category.save()


def test_a_renamed_category_is_found_where_it_was(client: Client, mugs: Category) -> None:
    change(mugs, slug="cups")
    response = client.get("/categories/kitchen/mugs/?sort=price&page=2")
    assert response.status_code == 301
    assert response.headers["Location"] == "/categories/kitchen/cups/?sort=price&page=2"


def test_what_is_below_moves_along_and_one_redirect_is_enough(client: Client, mugs: Category) -> None:
    kitchen = mugs.parent
    assert kitchen is not None
    change(kitchen, slug="cookery")
    change(kitchen, slug="table")
    for path in ("/categories/kitchen/mugs/", "/categories/cookery/mugs/"):
        assert client.get(path).headers["Location"] == "/categories/table/mugs/"


def test_what_moves_back_is_simply_there(client: Client, mugs: Category) -> None:
    change(mugs, slug="cups")
    change(mugs, slug="mugs")
    assert client.get("/categories/kitchen/mugs/").status_code == 200
    assert client.get("/categories/kitchen/cups/").headers["Location"] == "/categories/kitchen/mugs/"
    assert FormerCategoryPath.objects.count() == 1


def test_a_new_category_may_take_the_place(client: Client, mugs: Category) -> None:
    change(mugs, slug="cups")
    CategoryFactory.create(name="Mugs", slug="mugs", parent=mugs.parent)
    assert client.get("/categories/kitchen/mugs/").status_code == 200


@pytest.mark.parametrize("path", ["/categories/kitchen/spoons/", "/nowhere/", "/items/none/-/"])
def test_what_never_was_is_not_found(client: Client, mugs: Category, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_save_that_moves_nothing_keeps_nothing(mugs: Category) -> None:
    change(mugs, name="Mugs and cups")
    assert not FormerCategoryPath.objects.exists()


def test_with_the_category_its_former_paths_go(mugs: Category) -> None:
    change(mugs, slug="cups")
    mugs.delete()
    assert not FormerCategoryPath.objects.exists()


def test_only_looking_is_redirected(client: Client, mugs: Category) -> None:
    change(mugs, slug="cups")
    assert client.post("/categories/kitchen/mugs/").status_code == 405
    assert client.head("/categories/kitchen/mugs/").status_code == 301
