"""Who is forgotten is in no bundle made later, and of one made before nothing of theirs is used."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from recommender import session
from recommender.bundle import active_bundle, bundle_path, open_bundle
from recommender.bundle_vectors import read_vectors
from recommender.forgetting import without_forgotten
from recommender.learners import methods
from recommender.learners.matrix_factorisation import FactorOptions, MatrixFactorisation
from recommender.pipeline import RetrainOptions, RetrainResult, retrain
from shop.accounts.forgetting import shopper_forget
from shop.accounts.models import Shopper
from shop.actions.models import Action, Kind
from shop.catalogue.models import Item
from tests.recommender.tiny_shop import START, fill_actions, fill_items

pytestmark = pytest.mark.django_db
METHOD = "matrix_factorisation"
SOMEBODY = "somebody-in-particular"
OCCUPATION = "lighthouse keeper"


@pytest.fixture
def quick_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors of shoppers within a moment."""
    quick = methods.Method(
        name=METHOD,
        summary="",
        build=lambda context: MatrixFactorisation(FactorOptions(dims=3, sweeps=4, burn_in=1, seed=context.seed)),
        slow=True,
    )
    monkeypatch.setattr("recommender.retraining.vectors.METHODS", dict(methods.METHODS) | {METHOD: quick})


def somebody_arrives(items: list[Item]) -> Shopper:
    """A shopper with a taste of their own, who did some of it before signing in."""
    shopper = Shopper.objects.create(user_id=SOMEBODY, gender="X", age=63, occupation=OCCUPATION)
    guest = Shopper.objects.create(user_id=f"{SOMEBODY}-before", merged_into=shopper)
    Action.objects.bulk_create(
        Action(
            shopper=guest if number % 3 == 0 else shopper,
            item=items[(number * 5) % len(items)],
            kind=Kind(number % 4),
            time=START + timedelta(hours=30 * number),
        )
        for number in range(20)
    )
    return shopper


def checksums(result: RetrainResult) -> dict[str, str]:
    files = open_bundle(bundle_path(result.version)).manifest.files
    return {name: entry.sha256 for name, entry in files.items()}


def everything_in(result: RetrainResult) -> bytes:
    folder = bundle_path(result.version)
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_next_bundle_is_that_of_a_shop_that_never_knew_them() -> None:
    items = fill_items(24)
    fill_actions(items, shoppers=40)
    never_known = retrain(RetrainOptions(seed=3))
    shopper = somebody_arrives(items)
    known = retrain(RetrainOptions(seed=3))
    assert checksums(known) != checksums(never_known), "the test would notice nothing"
    shopper_forget(shopper)
    forgotten = retrain(RetrainOptions(seed=3))
    assert checksums(forgotten) == checksums(never_known)
    manifests = [open_bundle(bundle_path(one.version)).manifest for one in (never_known, forgotten)]
    assert manifests[0].counts == manifests[1].counts
    assert manifests[0].metrics["evaluation"]["methods"] == manifests[1].metrics["evaluation"]["methods"]


@pytest.mark.usefixtures("quick_factors")
@pytest.mark.parametrize(
    "again", [frozenset({"trending", METHOD}), frozenset({"trending"})], ids=["learned", "carried"]
)
def test_no_byte_of_the_next_bundle_names_them(again: frozenset[str]) -> None:
    items = fill_items(10)
    fill_actions(items, shoppers=12)
    shopper = somebody_arrives(items)
    before = retrain(RetrainOptions(only=frozenset({"trending", METHOD})))
    assert SOMEBODY.encode() in everything_in(before), "the test would notice nothing"
    shopper_forget(shopper)
    after = everything_in(retrain(RetrainOptions(only=again)))
    assert SOMEBODY.encode() not in after
    assert OCCUPATION.encode() not in after


@pytest.mark.usefixtures("quick_factors")
def test_of_an_older_bundle_their_vectors_are_used_no_more(tmp_path: Path) -> None:
    items = fill_items(10)
    fill_actions(items, shoppers=12)
    shopper = somebody_arrives(items)
    retrain(RetrainOptions(only=frozenset({"trending", METHOD})))
    session.refresh()
    row = active_bundle()
    assert row is not None
    stored = read_vectors(open_bundle(bundle_path(row.version)), METHOD)
    assert without_forgotten(stored) is stored
    shopper_forget(shopper)

    kept = without_forgotten(stored)
    assert SOMEBODY in stored.user_ids
    assert kept.user_ids == tuple(one for one in stored.user_ids if one != SOMEBODY)
    assert kept.vectors.users is not None
    assert stored.vectors.users is not None
    assert len(kept.vectors.users) == len(stored.vectors.users) - 1 == 12
    assert kept.vectors.active is not None
    assert len(kept.vectors.active) == 12

    call_command("export_vectors", "--method", METHOD, "--out", str(tmp_path / "out"), stdout=StringIO())
    assert SOMEBODY not in json.loads((tmp_path / "out" / "user_ids.json").read_text())
