"""The report of a model version: what it shows, of whole bundles and of odd ones, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from recommender.bundle import bundle_path, record_evaluation
from recommender.bundle_report import bundle_report
from recommender.models import Bundle
from shop.accounts.models import User
from tests.factories import UserFactory
from tests.pages import Page
from tests.recommender.tiny_bundle import TinyBundle

pytestmark = pytest.mark.django_db


def slices(overall: float, discovery: float) -> dict[str, dict[str, float]]:
    return {
        "overall": {"ndcg@10": overall, "ndcg@10 low": overall - 0.01, "ndcg@10 high": overall + 0.01, "hr@10": 0.2},
        "discovery": {"ndcg@10": discovery, "hr@10": 0.1},
        "returning": {"ndcg@10": 0.4, "hr@10": 0.5},
    }


def evaluation(**changes: Any) -> dict[str, Any]:
    return {
        "split": "time",
        "methods": {"popularity": slices(0.1, 0.05), "history_sum": slices(0.25, 0.075)},
        "rating": {},
        "cases": {"overall": 1200, "discovery": 300, "returning": 900},
        "notes": ["What a user had purchased is not shown again."],
        "coverage": {"popularity": [0.01, 0.02], "history_sum": [0.1, 0.4]},
        "seconds": {"history_sum": 1.25},
        **changes,
    }


METRICS = {"evaluation": evaluation(), "seconds": {"snapshot": 1.5, "content": 60.0}}


def published(**metrics: Any) -> Bundle:
    TinyBundle(items=["a"]).publish("v1")
    Bundle.objects.update(metrics=metrics, decision="Activated: not worse beyond noise.")
    return Bundle.objects.get()


def report_page(client: Client, row: Bundle) -> str:
    response = client.get(f"/admin/recommender/bundle/{row.pk}/report/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def test_the_page_says_what_was_decided_and_what_was_measured(owner: Client) -> None:
    page = report_page(owner, published(**METRICS))
    assert "Activated: not worse beyond noise." in page
    assert "Served now" in page
    assert "With the latest tenth of the log hidden there were 1,200 cases, of them 300 with something new" in page
    assert "Best is history_sum with 0.2500." in page
    assert "What a user had purchased is not shown again." in page
    assert "61.5 seconds" in page
    assert page.count('<svg class="plot"') == 3
    assert '<th scope="row">history_sum</th>' in page


def test_methods_stand_best_first_with_all_figures_and_seconds() -> None:
    (section, _seconds) = bundle_report(published(**METRICS)).sections
    overall, discovery, returning = section.figures[0].tables
    assert [row[0] for row in overall.rows] == ["history_sum", "popularity"]
    assert overall.rows[0][:6] == ["history_sum", "0.2500", "0.2400", "0.2600", "–", "0.200"]
    assert [row[-1] for row in overall.rows] == ["1.2", "–"]
    assert discovery.rows[0][1] == "0.0750"
    assert (overall.folded, discovery.folded, returning.folded) == (False, True, True)
    assert section.figures[1].tables[0].rows == [
        ["history_sum", "0.100", "0.400"],
        ["popularity", "0.010", "0.020"],
    ]


def test_the_best_curves_and_popularity_are_drawn_however_many_there_are() -> None:
    names = [f"method{number}" for number in range(9)]
    methods = {name: slices(0.9 - number / 10, 0) for number, name in enumerate(names)}
    methods["popularity"] = slices(0.001, 0)
    document = evaluation(methods=methods, coverage={name: [0.1, 0.2] for name in methods})
    drawing = bundle_report(published(evaluation=document)).sections[0].figures[1].drawing
    assert drawing.count("<polyline") == 6
    assert ">method4<" in drawing
    assert ">method5<" not in drawing
    assert ">popularity<" in drawing


def test_learning_curves_of_pictures_and_of_methods() -> None:
    curve: list[dict[str, Any]] = [
        {"loss": 2.0, "validation_loss": None, "size": 32},
        {"loss": 1.0, "validation_loss": 1.5},
    ]
    image = {"curve": [{**curve[0], "validation_accuracy": None}, {**curve[1], "validation_accuracy": 0.75}]}
    row = published(evaluation=evaluation(curves={"two_tower": curve}))
    write_image_document(row.version, image)
    learning = next(section for section in bundle_report(row).sections if section.key == "learning")
    assert [figure.heading for figure in learning.figures] == [
        "picture network: loss", "picture network: accuracy", "two_tower: loss",
    ]  # fmt: skip
    assert learning.figures[1].tables[0].rows == [["1", "2.0000", "–", "–"], ["2", "1.0000", "1.5000", "0.7500"]]


def write_image_document(version: str, document: dict[str, Any]) -> None:
    folder = bundle_path(version)
    text = json.dumps(document)
    (folder / "image_encoder.json").write_text(text)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["image_encoder.json"] = {"size": len(text), "sha256": ""}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_rating_errors_are_drawn_smallest_first() -> None:
    rating = {"mean": {"rmse": 1.1}, "bias": {"rmse": 0.907}}
    figures = bundle_report(published(evaluation=evaluation(rating=rating))).sections[0].figures
    assert figures[-1].tables[0].rows == [["bias", "0.9070"], ["mean", "1.1000"]]


def test_later_evaluations_stand_beside_and_do_not_change_the_headline(owner: Client) -> None:
    row = published(**METRICS)
    assert record_evaluation("last", evaluation(split="last", methods={"two_tower": slices(0.9, 0.9)})) == "v1"
    record_evaluation("last", evaluation(split="last", methods={"two_tower": slices(0.8, 0.8)}))
    page = report_page(owner, row)
    assert "Evaluated with each shopper&#x27;s last action hidden" in page
    assert "Best is two_tower with 0.8000." in page
    listed = owner.get("/admin/recommender/bundle/").content.decode()
    assert "0.250 (history_sum)" in listed
    assert f"/admin/recommender/bundle/{row.pk}/report/" in listed
    assert "two_tower" not in owner.get(f"/admin/recommender/bundle/{row.pk}/change/").content.decode()


def test_nothing_is_recorded_where_nothing_is_served() -> None:
    TinyBundle(items=["a"]).publish("v1", active=False)
    assert record_evaluation("last", evaluation()) is None
    assert Bundle.objects.get().metrics == {}


ODD: dict[str, Any] = {
    "nothing": {},
    "no cases": {"evaluation": evaluation(methods={}, cases={"overall": 0})},
    "of another shape": {"evaluation": {"methods": {"a": 3}, "cases": {"overall": 3}, "coverage": [1], "notes": "x"}},
    "not a document": {"evaluation": [1], "evaluations": {"time": 2}, "seconds": 4},
    "no numbers": {"evaluation": evaluation(methods={"a": {"overall": {"ndcg@10": "much"}}}, coverage={"a": [None]})},
    "not finite": {"evaluation": evaluation(coverage={"popularity": [float("nan")]})},
}


@pytest.mark.parametrize("name", ODD)
def test_figures_of_other_times_leave_gaps_and_never_break_the_page(name: str, owner: Client) -> None:
    TinyBundle(items=["a"]).publish("v1")
    row = Bundle.objects.get()
    row.metrics = ODD[name]
    assert bundle_report(row) is not None
    if name != "not finite":
        row.save()
        report_page(owner, row)


def test_a_missing_folder_is_said_and_the_row_still_speaks(owner: Client) -> None:
    row = published(**METRICS)
    (bundle_path("v1") / "items.json").unlink()
    page = report_page(owner, row)
    assert "items.json is missing" in page
    assert "Best is history_sum" in page


def test_the_download_holds_what_the_page_shows(owner: Client) -> None:
    row = published(**METRICS)
    response = owner.get(f"/admin/recommender/bundle/{row.pk}/report.json")
    assert response.headers["Content-Disposition"] == 'attachment; filename="v1.json"'
    document = response.json()
    assert document["metrics"] == METRICS
    assert document["decision"] == "Activated: not worse beyond noise."
    assert document["notes"] == []


@pytest.mark.parametrize("address", ["report/", "report.json"])
def test_only_staff_who_may_look_see_it(address: str, owner: Client) -> None:
    row = published(**METRICS)
    path = f"/admin/recommender/bundle/{row.pk}/{address}"
    assert Client().get(path).status_code == 302
    user: User = UserFactory.create(is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(path).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="view_bundle"))
    assert client.get(path).status_code == 200
    assert owner.post(path).status_code == 405
    assert owner.get(f"/admin/recommender/bundle/{row.pk + 1}/{address}").status_code == 404


def test_nothing_inline(owner: Client) -> None:
    page = Page(owner.get(f"/admin/recommender/bundle/{published(**METRICS).pk}/report/"))
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))


def test_a_slice_without_cases_has_no_table_and_no_dots() -> None:
    row = published(evaluation=evaluation(cases={"overall": 9, "discovery": 0, "returning": 9}))
    figure = bundle_report(row).sections[0].figures[0]
    assert [table.caption for table in figure.tables] == ["all cases", "returning"]
    assert "<polygon" not in figure.drawing
