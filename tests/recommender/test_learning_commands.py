"""``retrain`` and ``evaluate`` as an owner uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any, Self

import pytest
from django.core.management import CommandError, call_command

from recommender import pipeline
from recommender.configuration import METHODS, Configuration
from recommender.history_sum import HistoryOptions
from recommender.learners.base import CannotLearn
from recommender.learners.context import Context
from recommender.learners.log import ActionLog
from recommender.learners.methods import METHODS as LEARNERS
from recommender.learners.methods import Method
from recommender.learners.popularity import Popularity
from recommender.management.commands import evaluate
from recommender.models import Bundle
from recommender.progress_steps import Steps
from recommender.retraining import judging
from shop.actions.models import Action
from tests.recommender.tiny_shop import fill_actions, fill_items

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_retrain_tells_what_it_did_and_writes_it(tmp_path: Path) -> None:
    fill_actions(fill_items(12), shoppers=30)
    first = run("retrain", "--seed", "3")
    assert "12 items, 0 pictures, 30 shoppers, 360 actions" in first
    assert "note: No pictures: nothing is found by its looks." in first
    assert "Activated: no bundle was active." in first
    second = run("retrain", "--json", str(tmp_path / "new folder" / "out.json"))
    assert "active: ndcg@10 of the active bundle" in second
    document = json.loads((tmp_path / "new folder" / "out.json").read_text())
    assert document["version"] in second
    assert document["activated"] is True
    assert set(document["evaluation"]["methods"]["history_sum"]) == {"overall", "discovery", "returning"}


def test_options_reach_the_retrain() -> None:
    fill_items(3)
    run("retrain", "--no-activate", "--only", "trending", "content")
    assert not Bundle.objects.active().exists()
    assert "also_liked, bought_together" in run("retrain", "--only", "trending", "content", "--force")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--engine", "spark"], "later version"),
        (["--seed", "-1"], "negative"),
        (["--only", "magic"], "magic"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("retrain", *arguments)
    assert not Bundle.objects.exists()


def test_a_picture_model_that_does_not_exist_is_refused_before_anything_is_done(settings: Any) -> None:
    settings.IMAGE_ENCODER = "Sesame"
    with pytest.raises(CommandError, match=r"IMAGE_ENCODER=Sesame.*set it to own or one of"):
        run("retrain")
    assert not Bundle.objects.exists()


def test_an_interruption_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "take_snapshot", interrupt)
    with pytest.raises(CommandError, match="nothing was changed") as caught:
        run("retrain")
    assert caught.value.returncode == 130


def test_a_second_retrain_is_refused() -> None:
    with pipeline.retrain_lock(), pytest.raises(CommandError, match="running already"):
        run("retrain")


@pytest.mark.parametrize("command", ["retrain", "evaluate"])
def test_figures_that_could_not_be_written_are_refused_before_anything_is_done(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_: Any, **__: Any) -> None:
        pytest.fail("the work began")

    monkeypatch.setattr(pipeline, "take_snapshot", too_late)
    monkeypatch.setattr(judging, "evaluate_shop", too_late)
    with pytest.raises(CommandError, match="is a folder; name a file in it"):
        run(command, "--json", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["retrain", "evaluate"])
def test_help_has_an_example_and_the_names_of_methods(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"example:\n  manage.py {command} " in done.stdout
    if command == "retrain":
        for name in METHODS:
            assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize("split", ["time", "last", "random"])
def test_evaluate_writes_the_contracts_document(split: str, tmp_path: Path) -> None:
    fill_actions(fill_items(12), shoppers=60)
    Action.objects.update(value=4.0)
    Action.objects.filter(kind=0).update(value=2.0)
    run("retrain")
    out = run("evaluate", "--fast", "--split", split, "--json", str(tmp_path / "new folder" / "e.json"))
    document = json.loads((tmp_path / "new folder" / "e.json").read_text())
    assert document["split"] == split
    assert f"split: {split}" in out
    fast = {name for name, method in LEARNERS.items() if not method.slow}
    assert set(document["methods"]) == {"popularity", "content", "also_liked", "history_sum"} | fast - {"ranker"}
    assert any(note.startswith("ranker is left out: ") for note in document["notes"])
    for slices in document["methods"].values():
        for part in ("overall", "discovery", "returning"):
            assert {"ndcg@10", "recall@10", "hr@10", "coverage@10"} <= set(slices[part])
    # Everybody keeps to their half of the catalogue, which popularity cannot know.
    methods = document["methods"]
    assert methods["history_sum"]["overall"]["ndcg@10"] > methods["popularity"]["overall"]["ndcg@10"]
    assert bool(document["rating"]) == (split == "random")
    if split == "random":
        assert 0 < document["rating"]["mean"]["rmse"] < 2


class Failing(Popularity):
    """A learner that asks for more than any log has."""

    def fit(self, log: ActionLog) -> Self:
        raise CannotLearn("nobody said enough.")


def test_evaluate_runs_what_is_asked_for_and_says_what_could_not_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = {
        "quick": Method(name="quick", summary="is quick", build=lambda _context: Popularity()),
        "long": Method(name="long", summary="takes long", build=lambda _context: Popularity(), slow=True),
        "picky": Method(name="picky", summary="wants more", build=lambda _context: Failing()),
    }
    for module in (evaluate, judging):
        monkeypatch.setattr(module, "METHODS", methods)
    fill_actions(fill_items(12), shoppers=60)
    out = run("evaluate")
    assert "1 of 3: quick, NDCG@10 0." in out
    assert "\nlong " in out
    assert "note: picky is left out: nobody said enough." in out
    assert "\nlong " not in run("evaluate", "--fast")
    assert "\npopularity " in run("evaluate", "--methods", "long")
    assert "\nquick " not in run("evaluate", "--methods", "long")
    with pytest.raises(CommandError, match="magic"):
        run("evaluate", "--methods", "magic")
    with pytest.raises(CommandError, match="negative"):
        run("evaluate", "--seed", "-1")


def test_two_names_of_one_learner_are_learned_once_and_both_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built: list[Popularity] = []

    def build(_context: Context) -> Popularity:
        built.append(Popularity())
        return built[-1]

    methods = {name: Method(name=name, summary="is one of two", build=build) for name in ("here", "there")}
    for module in (evaluate, judging):
        monkeypatch.setattr(module, "METHODS", methods)
    fill_actions(fill_items(12), shoppers=60)
    out = run("evaluate", "--json", str(tmp_path / "new folder" / "e.json"))
    assert len(built) == 1
    assert "1 of 2: here, NDCG@10 0." in out
    assert "2 of 2: there, NDCG@10 0." in out
    figures = json.loads((tmp_path / "new folder" / "e.json").read_text())["methods"]
    assert figures["here"] == figures["there"] == figures["popularity"]


def test_an_interrupted_evaluation_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(judging, "take_snapshot", interrupt)
    with pytest.raises(CommandError, match="nothing was changed") as caught:
        run("evaluate")
    assert caught.value.returncode == 130


def test_evaluate_works_before_anything_was_trained_and_on_nothing_at_all() -> None:
    assert "Too little data" in run("evaluate", "--fast")
    fill_actions(fill_items(12), shoppers=30)
    assert "No bundle is active: content means words alone." in run("evaluate", "--fast")


def test_a_configuration_survives_the_manifest() -> None:
    configuration = Configuration(history=HistoryOptions(half_life_days=3), trending_half_life_days=2)
    assert Configuration.from_json(json.loads(json.dumps(configuration.to_json()))) == configuration
    assert Configuration.from_json({}) == Configuration()


def test_progress_is_reported_even_where_fewer_steps_were_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps("Training") as steps:
        steps(1, 4)
        steps(3, 4)
    assert capsys.readouterr().err.startswith("Training: 3 in ")
    with Steps("Nothing"):
        pass
    assert capsys.readouterr().err == ""


def test_progress_does_not_hide_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with Steps("Training") as steps:
            steps(1, 4)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert capsys.readouterr().err == ""
