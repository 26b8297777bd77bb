"""The report of a model version in a browser: readable by all, in light and dark, on a phone too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from recommender.models import Bundle
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import violations
from tests.factories import UserFactory
from tests.recommender.test_bundle_report import METRICS, evaluation, slices

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def report(small_shop: Any, open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """The report of the active version, as its owner sees it."""
    names = ("popularity", "trending", "content", "also_liked", "history_sum", "two_tower", "text_cnn")
    methods = {name: slices(0.3 - number / 30, 0.02 + number / 100) for number, name in enumerate(names)}
    document = evaluation(
        methods=methods,
        coverage={
            name: [0.02 * place * number for place in range(1, 11)] for number, name in enumerate(names, start=1)
        },
        rating={"bias": {"rmse": 0.907}, "text_cnn": {"rmse": 0.85}},
        curves={"two_tower": [{"loss": 2 / epoch, "validation_loss": 2.2 / epoch} for epoch in range(1, 9)]},
    )
    Bundle.objects.update(metrics={**METRICS, "evaluation": document})
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    def open_report(**options: Any) -> Page:
        page = open_page("/", **options)
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"/admin/recommender/bundle/{Bundle.objects.get(active=True).pk}/report/")
        return page

    return open_report


@pytest.mark.parametrize("options", [{"viewport": DESK}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_axe_finds_nothing_and_the_policy_blocks_nothing(report: Callable[..., Page], options: dict[str, Any]) -> None:
    page = report(**options)
    expect(page.locator("svg.plot")).to_have_count(5)
    for details in page.locator(".report details").all():
        details.locator("summary").click()
    assert violations(page) == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_drawings_take_their_colours_from_the_sheet_in_light_and_dark(report: Callable[..., Page]) -> None:
    colour = "getComputedStyle(document.querySelector('.plot-line')).stroke"
    light, dark = (report(color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark"))
    assert light == "rgb(23, 101, 127)"
    assert dark == "rgb(120, 197, 227)"


def test_from_the_list_to_the_report_and_its_figures(report: Callable[..., Page]) -> None:
    page = report()
    page.goto("/admin/recommender/bundle/")
    page.get_by_role("link", name="Report browser").click()
    expect(page.get_by_role("img", name="NDCG@10 by method")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as JSON").click()
    assert download.value.suggested_filename == "browser.json"


def test_the_list_scrolls_by_itself_on_a_telephone(report: Callable[..., Page]) -> None:
    page = report(viewport=PHONE)
    page.goto("/admin/recommender/bundle/")
    table, list_width, width = page.evaluate(
        "[...['#result_list', '.results'].map((name) => document.querySelector(name).scrollWidth),"
        " document.documentElement.scrollWidth]"
    )
    assert table > PHONE["width"]
    assert (list_width > PHONE["width"], width) == (True, PHONE["width"])
