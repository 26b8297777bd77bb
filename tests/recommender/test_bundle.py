"""Rows and folders of bundles go together, whatever happens between the two."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from recommender import bundle as bundles
from recommender.bundle import BundleBroken, BundleMissing, BundleWriter, Manifest
from recommender.models import Bundle

pytestmark = pytest.mark.django_db


def write(version: str) -> Path:
    bundles.announce(version)
    with BundleWriter(bundles.bundle_home(), version) as writer:
        writer.write_json("items", ["a"])
        return writer.finish(
            Manifest(version=version, seed=0, created_at="", counts={"items": 1, "actions": 2}, metrics={"x": 1.5})
        )


def names() -> list[str]:
    return sorted(path.name for path in bundles.bundle_home().iterdir())


def test_publishing_makes_the_row_from_the_manifest() -> None:
    write("one")
    row = bundles.publish("one", decision="first", activate_now=True)
    assert (row.item_count, row.action_count, row.metrics, row.decision) == (1, 2, {"x": 1.5}, "first")
    assert bundles.active_bundle() == row
    assert names() == ["one"]


def test_at_most_one_is_active_and_an_older_one_can_come_back() -> None:
    for version in ("one", "two"):
        write(version)
        bundles.publish(version, decision="", activate_now=True)
    assert [row.version for row in Bundle.objects.active()] == ["two"]
    bundles.activate("one")
    assert [row.version for row in Bundle.objects.active()] == ["one"]


def test_the_database_itself_refuses_a_second_active_bundle() -> None:
    write("one")
    row = bundles.publish("one", decision="", activate_now=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.create(version="two", active=True, activated_at=row.activated_at)


def test_a_damaged_bundle_is_neither_published_nor_activated() -> None:
    write("one")
    bundles.publish("one", decision="", activate_now=True)
    folder = write("two")
    bundles.publish("two", decision="", activate_now=False)
    (folder / "items.json").write_text('["b"]')
    with pytest.raises(BundleBroken):
        bundles.activate("two")
    assert bundles.active_bundle() == Bundle.objects.get(version="one")
    folder = write("three")
    (folder / "items.json").write_text('["b"]')
    with pytest.raises(BundleBroken):
        bundles.publish("three", decision="", activate_now=True)
    assert not Bundle.objects.filter(version="three").exists()


def test_what_was_never_published_cannot_be_activated() -> None:
    with pytest.raises(BundleMissing):
        bundles.activate("nothing")
    write("one")
    with pytest.raises(BundleMissing, match="published"):
        bundles.activate("one")


def test_pruning_keeps_the_newest_and_the_active_one() -> None:
    for version in ("one", "two", "three", "four"):
        write(version)
        bundles.publish(version, decision="", activate_now=version == "one")
    assert bundles.prune(1) == ["three", "two"]
    assert names() == ["four", "one"]
    assert sorted(Bundle.objects.values_list("version", flat=True)) == ["four", "one"]


def test_a_folder_whose_row_never_came_is_tidied_away() -> None:
    write("one")
    assert names() == [".one.pending", "one"]
    assert bundles.tidy_up() == ["one"]
    assert names() == []


def test_tidying_leaves_published_and_foreign_folders_alone() -> None:
    write("one")
    bundles.publish("one", decision="", activate_now=True)
    bundles.announce("one")  # as if killed between the commit and the removal of the note
    with BundleWriter(bundles.bundle_home(), "foreign") as writer:
        writer.finish(Manifest(version="foreign", seed=0, created_at=""))
    (bundles.bundle_home() / ".foreign.pending").write_text('{"database": "another shop"}')
    assert bundles.tidy_up() == []
    assert names() == [".foreign.pending", "foreign", "one"]


def test_a_half_pruned_bundle_is_finished_off() -> None:
    folder = write("one")
    folder.rename(folder.with_name(".one.removed"))
    assert bundles.tidy_up() == [".one.removed"]
    assert names() == []
