"""``make quality``: bounds, verdicts, the table, and what is said where data is absent."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import quality, quality_shop
from benchmarks.quality import export_arguments, import_arguments, measured, score_arguments, why_skipped
from benchmarks.quality_sets import PICTURE_WEIGHTS, RATING_METHOD, SETS, Bound, DataSet, Export, Figure
from benchmarks.quality_shop import Cost, StepFailed, TemporaryShop
from benchmarks.quality_table import BEGIN, END, MarksMissing, Row, page_with, plain_table

SHARED = Path(os.environ.get("VITRINE_SHARED_DATA", quality_shop.ROOT.parent / "shared"))
BY_NAME = {data.name: data for data in SETS}


@pytest.mark.parametrize(
    ("bound", "value", "verdict"),
    [
        (Bound(must=0.1, aim=0.2), 0.2, "aim"),
        (Bound(must=0.1, aim=0.2), 0.1, "ok"),
        (Bound(must=0.1, aim=0.2), 0.0999, "MISSED"),
        (Bound(must=0.1, aim=0.2), None, "MISSED"),
        (Bound(must=120, aim=30, at_most=True), 30, "aim"),
        (Bound(must=120, aim=30, at_most=True), 120, "ok"),
        (Bound(must=120, aim=30, at_most=True), 120.1, "MISSED"),
        (Bound(), 0.5, ""),
        (Bound(at_most=True), None, ""),
    ],
)
def test_verdicts(bound: Bound, value: float | None, verdict: str) -> None:
    row = Row(data="d", figure="f", bound=bound, measured=value)
    assert (row.verdict, row.missed) == (verdict, verdict == "MISSED")


def test_a_failed_command_is_a_miss() -> None:
    row = Row(data="d", figure="retrain", problem="no memory")
    assert (row.verdict, row.missed) == ("failed", True)


def test_rows_survive_being_written() -> None:
    row = Row(data="d", figure="f", bound=Bound(must=1.0), measured=2.0, seconds=3.5, megabytes=9)
    assert Row.from_json(json.loads(json.dumps(row.to_json()))) == row


def test_the_table_lines_up() -> None:
    rows = [
        Row(
            data="taobao", figure="HR@10", bound=Bound(must=0.35, aim=0.39), measured=0.3611, seconds=8.2, megabytes=99
        ),
        Row(data="x", figure="retrain, MB", bound=Bound(must=3_000, at_most=True), measured=3_001, megabytes=3_001),
    ]
    assert plain_table(rows).splitlines() == [
        "data    figure          must    aim  measured          seconds  peak MB",
        "taobao  HR@10          0.350  0.390     0.361  ok            8       99",
        "x       retrain, MB  ≤ 3,000      –     3,001  MISSED             3,001",
    ]


def test_the_page_gets_the_table_between_its_marks() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    row = Row(data="d", figure="f", bound=Bound(must=0.1), measured=0.2)
    new = page_with(page, rows=[row], notes=["d: today."])
    assert new.splitlines() == [
        "before",
        BEGIN,
        "| data | figure | must | aim | measured |  | seconds | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| d | f | 0.100 | – | 0.200 | ok |  |  |",
        "",
        "- d: today.",
        END,
        "after",
    ]
    assert page_with(new, rows=[row], notes=["d: today."]) == new


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(MarksMissing):
        page_with("words", rows=[], notes=[])


def test_the_page_of_the_repository_has_its_place() -> None:
    assert BEGIN in page_with(quality.PAGE.read_text(encoding="utf-8"), rows=[], notes=[])


def test_the_commands_are_those_of_the_yardstick(tmp_path: Path) -> None:
    taobao, out = BY_NAME["taobao"], Path("o.csv")
    (tmp_path / "items.csv").touch()
    (tmp_path / "actions.csv.gz").touch()
    assert import_arguments(taobao, tmp_path) == [
        "import_data", "--items", tmp_path / "items.csv", "--actions", tmp_path / "actions.csv.gz",
    ]  # fmt: skip
    discovery = taobao.exports[1]
    assert export_arguments(discovery, tmp_path, out) == [
        "export_recommendations", "--panel", "for_you", "-k", "10", "--out", out,
        "--users", tmp_path / "truth.csv", "--exclude", "touched",
    ]  # fmt: skip
    assert score_arguments(discovery, tmp_path, out, k=10) == [
        "evaluate.py", out, tmp_path / "truth.csv", "-k", "10", "--items", tmp_path / "items.csv",
        "--actions", tmp_path / "actions.csv.gz", "--exclude", "0,1,2,3", "--slices",
    ]  # fmt: skip
    assert taobao.exports[0].banned == "3"
    assert BY_NAME["ml-1m-llo"].exports[0].options == ("--exclude", "touched", "--at", "last-action")
    photo = BY_NAME["grocery"].exports[0]
    assert score_arguments(photo, tmp_path, out, k=1)[-1] == "--pairs"
    assert export_arguments(photo, tmp_path, out)[-2:] == ["--photos", tmp_path / "photos.zip"]
    assert import_arguments(BY_NAME["ml-1m"], tmp_path) == ["import_movielens", tmp_path / "ml-1m.zip"]


def test_absent_data_is_skipped_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quality, "SHARED", tmp_path)
    monkeypatch.setattr(quality, "RESULTS", tmp_path / "quality.json")
    monkeypatch.setattr(sys, "argv", ["quality", "--only", "taobao"])
    assert quality.main() == 0
    assert capsys.readouterr().out.startswith("taobao: skipped, taobao, evaluate.py, evaluate_similar.py not found")


class MadeUpShop(TemporaryShop):
    """Runs nothing; remembers what it was asked to."""

    asked: list[tuple[str, dict[str, str]]]

    def manage(self, *arguments: str | Path, environment: dict[str, str] | None = None) -> Cost:
        self.asked.append((str(arguments[0]), environment or {}))
        if arguments[0] == "export_recommendations" and "broken" in arguments:
            raise StepFailed("no such panel")
        return Cost(seconds=4.0, megabytes=50)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeUpShop]:
    monkeypatch.setattr(quality, "score", lambda *_arguments: {"overall": {"HR@10": 0.25}})
    with MadeUpShop() as made_up:
        made_up.asked = []
        yield made_up


def data_set(panel: str, **choices: Any) -> DataSet:
    """A set with one file to score."""
    figure = Figure(name="hits", key="overall.HR@10", bound=Bound(must=0.3))
    return DataSet(
        name="s", exports=(Export(panel=panel, truth="t.csv", scorer="pairs", figures=(figure,)),), **choices
    )


def test_a_set_goes_through_import_training_export_and_score(shop: MadeUpShop) -> None:
    rows = list(quality.rows_of(data_set("similar"), shop))
    assert [name for name, _environment in shop.asked] == [
        "migrate",
        "import_data",
        "retrain",
        "export_recommendations",
    ]
    assert [(row.figure, row.measured, row.verdict) for row in rows] == [
        ("import", None, ""),
        ("retrain, seconds", 4.0, "aim"),
        ("retrain, MB", 50, "aim"),
        ("hits", 0.25, "MISSED"),
    ]


def test_pictures_are_learned_once_more_with_weights_and_held_to_nothing(
    shop: MadeUpShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "weights" / PICTURE_WEIGHTS
    weights.parent.mkdir()
    weights.touch()
    monkeypatch.setattr(quality, "SHARED", tmp_path)
    rows = list(quality.rows_of(data_set("similar", pictures=True), shop))
    assert [row.data for row in rows] == ["s"] * 4 + ["s, MobileNet"] * 3
    assert rows[-1].verdict == ""
    environment = {"IMAGE_ENCODER": "MobileNet", "IMAGE_WEIGHTS": str(weights)}
    assert [variables for _name, variables in shop.asked] == [{}] * 4 + [environment] * 2


def test_a_command_that_fails_leaves_the_others(shop: MadeUpShop) -> None:
    *_costs, row = quality.rows_of(data_set("broken"), shop)
    assert (row.figure, row.verdict, row.problem) == ("hits", "failed", "no such panel")


def test_a_real_command_tells_its_cost_and_its_failure() -> None:
    with TemporaryShop() as shop:
        cost = shop.manage("help", "check")
        assert cost.seconds > 0
        assert cost.megabytes > 10
        with pytest.raises(StepFailed, match="unknown_command"):
            shop.manage("unknown_command")
    assert not shop.path.exists()


def test_the_rating_error_is_read_from_the_report(shop: MadeUpShop, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*arguments: Any, **_more: Any) -> Cost:
        if arguments[0] == "evaluate":
            Path(arguments[-1]).write_text(json.dumps({"rating": {RATING_METHOD: {"rmse": 0.85}}}))
        return Cost(seconds=1.0, megabytes=1)

    monkeypatch.setattr(shop, "manage", write)
    *_import, row = quality.rows_of(DataSet(name="ml-1m", ratings=Bound(must=0.855, at_most=True)), shop)
    assert (row.measured, row.verdict) == (0.85, "ok")


@pytest.mark.shared_data
def test_every_set_of_the_shared_data_is_measured() -> None:
    if not (SHARED / "data").exists():
        pytest.skip("no shared data: VITRINE_SHARED_DATA names its folder")
    assert {path.name for path in (SHARED / "data").iterdir()} == set(BY_NAME)
    assert [why_skipped(data) for data in SETS] == [""] * len(SETS)
    for data in SETS:
        for export in data.exports:
            assert (SHARED / "data" / data.name / export.truth).exists()


def test_a_measured_set_says_when_and_on_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "rows_of", lambda _data, _shop: [Row(data="s", figure="f")])
    run = measured(data_set("similar"))
    assert run["rows"] == [Row(data="s", figure="f").to_json()]
    assert quality.notes({"s": run}, ["s", "t"])[1] == "t: not measured."
