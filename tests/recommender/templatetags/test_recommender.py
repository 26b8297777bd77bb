"""The template tag."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import RequestContext, Template
from django.test import RequestFactory

from recommender import session
from shop.accounts.visitors import Visitor
from tests.factories import ItemFactory
from tests.recommender.tiny_bundle import TinyBundle, ring

pytestmark = pytest.mark.django_db


def render(source: str, **values: object) -> str:
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.visitor = Visitor(request)
    return Template("{% load recommender %}" + source).render(RequestContext(request, values))


def test_it_renders_each_panel_and_leaves_the_page_s_own_words_alone() -> None:
    items = [ItemFactory.create(item_id=f"i{place}") for place in range(20)]
    ids = [item.item_id for item in items]
    TinyBundle(items=ids, similar=ring(ids), also_liked=ring(ids[::-1])).publish("v1")
    session.refresh()
    html = render('{% panels "similar also_liked" item=item size=3 %}|{{ title }}', item=items[0], title="My own")
    assert html.count("data-panel=") == 2
    assert html.count("data-item=") == 6
    assert html.endswith("|My own")


def test_it_renders_nothing_in_an_empty_shop() -> None:
    assert render('{% panels "for_you trending recently_viewed" %}') == ""
