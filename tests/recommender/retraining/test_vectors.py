"""Vectors travel: learned by name, written with their ids, carried over without those who left, exported whole or not."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recommender import session
from recommender.bundle import active_bundle, bundle_path, open_bundle
from recommender.bundle_vectors import VECTOR_METHODS, NoVectors, read_vectors
from recommender.configuration import DEFAULT_METHODS, METHODS
from recommender.learners import methods
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.management.commands import export_vectors
from recommender.pipeline import RetrainOptions, retrain
from shop.accounts.models import Shopper
from shop.catalogue.models import Item
from tests.recommender.tiny_shop import fill_actions, fill_items

pytestmark = pytest.mark.django_db
METHOD = "matrix_factorisation"


@pytest.fixture(autouse=True)
def quick_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few sweeps of few dims."""
    quick = methods.Method(
        name=METHOD,
        summary="",
        build=lambda context: MatrixFactorisation(FactorOptions(dims=3, sweeps=4, burn_in=1, seed=context.seed)),
        slow=True,
    )
    monkeypatch.setattr("recommender.retraining.vectors.METHODS", dict(methods.METHODS) | {METHOD: quick})


def shop(*, shoppers: int = 12) -> list[Item]:
    items = fill_items(10)
    fill_actions(items, shoppers=shoppers)
    retrain(RetrainOptions(only=frozenset({"trending", METHOD})))
    session.refresh()
    return items


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_every_method_of_vectors_can_be_asked_for_and_none_runs_by_itself() -> None:
    assert set(VECTOR_METHODS) <= set(METHODS) <= set(methods.METHODS) | set(DEFAULT_METHODS)
    assert not set(VECTOR_METHODS) & set(DEFAULT_METHODS)
    assert RetrainOptions().only == frozenset(DEFAULT_METHODS)
    assert all(methods.METHODS[name].slow for name in VECTOR_METHODS)


def test_they_stand_in_the_bundle_with_their_ids() -> None:
    shop()
    row = active_bundle()
    assert row is not None
    stored = read_vectors(open_bundle(bundle_path(row.version)), METHOD)
    assert stored.item_ids == tuple(f"i{number}" for number in range(10))
    assert stored.user_ids == tuple(f"u0-{number}" for number in range(12))
    assert stored.vectors.users is not None
    assert stored.vectors.users.shape == (12, stored.vectors.items.shape[1])
    assert stored.vectors.active is not None
    assert stored.vectors.active.all()


def test_a_later_retrain_carries_them_over_without_those_who_left() -> None:
    shop()
    before = active_bundle()
    assert before is not None
    Shopper.objects.get(user_id="u0-3").delete()
    result = retrain(RetrainOptions(only=frozenset({"trending"})))
    assert any("Carried over" in note and METHOD in note for note in result.notes)
    first = read_vectors(open_bundle(bundle_path(before.version)), METHOD)
    second = read_vectors(open_bundle(bundle_path(result.version)), METHOD)
    assert "u0-3" in first.user_ids
    assert second.user_ids == tuple(user for user in first.user_ids if user != "u0-3")
    assert first.vectors.users is not None
    assert second.vectors.users is not None
    assert np.array_equal(second.vectors.users, np.delete(first.vectors.users, 3, axis=0))
    assert np.array_equal(second.vectors.items, first.vectors.items)


def test_another_catalogue_leaves_them_out_and_an_empty_log_says_so() -> None:
    shop()
    Item.objects.get(item_id="i9").delete()
    result = retrain(RetrainOptions(only=frozenset({"trending"})))
    assert any("catalogue has changed" in note and METHOD in note for note in result.notes)
    with pytest.raises(NoVectors, match=f"retrain --only {METHOD}"):
        read_vectors(open_bundle(bundle_path(result.version)), METHOD)


def test_an_empty_log_has_nothing_to_learn_from() -> None:
    fill_items(3)
    result = retrain(RetrainOptions(only=frozenset({METHOD, "two_tower"})))
    assert f"No actions: {METHOD} has nothing to learn from." in result.notes
    assert "No actions: two_tower has nothing to learn from." in result.notes


def test_export_writes_arrays_and_ids_that_fit(tmp_path: Path) -> None:
    shop()
    out = run("export_vectors", "--method", METHOD, "--out", str(tmp_path / "v"))
    assert "10 items, 12 shoppers" in out
    assert sorted(path.name for path in (tmp_path / "v").iterdir()) == [
        "item_ids.json", "items.npy", "user_ids.json", "users.npy",
    ]  # fmt: skip
    users = np.load(tmp_path / "v" / "users.npy", allow_pickle=False)
    items = np.load(tmp_path / "v" / "items.npy", allow_pickle=False)
    assert users.shape[1] == items.shape[1]
    assert len(json.loads((tmp_path / "v" / "user_ids.json").read_text())) == len(users) == 12
    assert json.loads((tmp_path / "v" / "item_ids.json").read_text())[0] == "i0"
    with pytest.raises(CommandError, match="exists already"):
        run("export_vectors", "--method", METHOD, "--out", str(tmp_path / "v"))


def test_an_export_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop()

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(export_vectors, "_save", full)
    with pytest.raises(CommandError, match="disk full"):
        run("export_vectors", "--method", METHOD, "--out", str(tmp_path / "v"))
    assert list(tmp_path.glob("*v*")) == []


@pytest.mark.parametrize(("method", "cure"), [("two_tower", "retrain --only two_tower"), ("image", "--only content")])
def test_vectors_that_are_not_there_are_named_with_the_cure(tmp_path: Path, method: str, cure: str) -> None:
    with pytest.raises(CommandError, match="no model version is active"):
        run("export_vectors", "--method", method, "--out", str(tmp_path / "v"))
    shop()
    with pytest.raises(CommandError, match=cure):
        run("export_vectors", "--method", method, "--out", str(tmp_path / "v"))
    with pytest.raises(CommandError, match=cure):
        run("recommend", "--panel", "similar", "--item", "i0", "--method", method)
    with pytest.raises(CommandError, match="does not exist"):
        run("export_vectors", "--method", method, "--out", str(tmp_path / "no" / "v"))


def export(tmp_path: Path, *options: str) -> list[list[str]]:
    run("export_recommendations", "-k", "4", "--out", str(tmp_path / "out.csv"), "--method", METHOD, *options)
    with (tmp_path / "out.csv").open(newline="") as file:
        return list(csv.reader(file))[1:]


def test_lists_of_the_method_are_exported_for_three_panels(tmp_path: Path) -> None:
    shop()
    Item.objects.filter(item_id="i2").update(published=False)
    for panel, keys in (("similar", 9), ("also_liked", 9), ("for_you", 12)):
        rows = export(tmp_path, "--panel", panel, *(["--exclude", "none"] if panel == "for_you" else []))
        assert len(rows) == keys * 4
        for key in {row[0] for row in rows}:
            scores = [float(row[2]) for row in rows if row[0] == key]
            assert scores == sorted(scores, reverse=True)
            assert len(set(scores)) == 4
        assert not any(row[1] in {"i2", row[0]} for row in rows)


def test_for_you_keeps_to_the_exclusion(tmp_path: Path) -> None:
    shop()
    bought = {
        (user, item)
        for user, item in Shopper.objects.filter(actions__kind=3).values_list("user_id", "actions__item__item_id")
    }
    rows = export(tmp_path, "--panel", "for_you")
    assert bought
    assert not {(row[0], row[1]) for row in rows} & bought


def test_another_visit_gets_other_lists_and_the_same_visit_the_same(tmp_path: Path) -> None:
    shop()

    def visit(number: int) -> list[list[str]]:
        return export(tmp_path, "--panel", "similar", "--visit", str(number))

    assert visit(1) == visit(1) != visit(2)
    assert run("recommend", "--panel", "similar", "--item", "i0", "--method", METHOD, "--visit", "3")


def test_recommend_shows_them_and_never_what_was_touched() -> None:
    shop()
    out = run("recommend", "--panel", "for_you", "--user", "u0-0", "--method", METHOD, "-k", "10", "--explain")
    touched = set(Shopper.objects.filter(user_id="u0-0").values_list("actions__item__item_id", flat=True))
    shown = {line.split()[1] for line in out.splitlines() if line.strip()[:1].isdigit()}
    assert shown
    assert not shown & touched
    assert f"from {METHOD}: behaviour" in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--panel", "trending", "--method", METHOD], "for_you, similar, also_liked"),
        (["--panel", "similar", "--visit", "1"], "--visit needs"),
        (["--panel", "similar", "--method", METHOD, "--visit", "-1"], "negative"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, options: list[str], words: str) -> None:
    shop()
    with pytest.raises(CommandError, match=words):
        run("export_recommendations", "-k", "3", "--out", str(tmp_path / "o.csv"), *options)
