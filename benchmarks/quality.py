"""How good the recommendations are, on real data, from the import to the exported file; ``make quality``.

    .venv/bin/python -m benchmarks.quality [--only taobao fashion] [--write] [--table]

Each data set goes through a temporary shop: import, ``retrain --seed 7``, export,
score, all through the same commands an owner uses. Prints one table (figure,
bound, wish, measured, seconds, peak memory), writes
``benchmarks/results/quality.json``, and with ``--write`` the table in
docs/quality.md. Sets that are left out keep their earlier figures there. Exit
code 1 where a bound is missed.

Data and evaluators are not part of the repository: their folder is named by
VITRINE_SHARED_DATA, else ``../shared`` beside the repository. What is absent is
skipped with a word.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.quality_sets import PICTURE_ENCODER, PICTURE_WEIGHTS, RATING_METHOD, SETS, Bound, DataSet, Export
from benchmarks.quality_shop import ROOT, SHARED, Cost, StepFailed, TemporaryShop, score
from benchmarks.quality_table import Row, page_with, plain_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RESULTS = ROOT / "benchmarks" / "results" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
SEED = "7"


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [data.name for data in SETS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="SET", help=f"of {' '.join(names)}")
    parser.add_argument("--write", action="store_true", help="put the table into docs/quality.md")
    parser.add_argument("--table", action="store_true", help="measure nothing, use the figures of earlier runs")
    options = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    chosen = [] if options.table else [data for data in SETS if data.name in (options.only or names)]
    for data in chosen:
        reason = why_skipped(data)
        if reason:
            print(f"{data.name}: skipped, {reason}", flush=True)
            continue
        results[data.name] = measured(data)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shown = [data.name for data in chosen] or names
    rows = [Row.from_json(row) for name in shown if name in results for row in results[name]["rows"]]
    print(plain_table(rows))
    for row in rows:
        if row.problem:
            print(f"\n{row.data}, {row.figure}:\n{row.problem}")
    if options.write:
        whole = [Row.from_json(row) for name in names if name in results for row in results[name]["rows"]]
        page = page_with(PAGE.read_text(encoding="utf-8"), rows=whole, notes=notes(results, names))
        PAGE.write_text(page, encoding="utf-8")
    return int(any(row.missed for row in rows))


def why_skipped(data: DataSet) -> str:
    """What is absent of a data set; empty where nothing is."""
    needed = [SHARED / "data" / data.name, SHARED / "evaluate.py", SHARED / "evaluate_similar.py"]
    absent = [path.name for path in needed if not path.exists()]
    return f"{', '.join(absent)} not found; VITRINE_SHARED_DATA names the folder with data/ in it" if absent else ""


def measured(data: DataSet) -> dict[str, Any]:
    """One data set's rows, with when and on what they were measured."""
    started = time.monotonic()
    load = os.getloadavg()[0]
    rows = []
    with TemporaryShop() as shop:
        for row in rows_of(data, shop):
            print(f"{row.data}: {row.figure} {row.cells[4]} {row.verdict}".rstrip(), flush=True)
            rows.append(row)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processors": os.cpu_count(),
        "load_before": round(load, 1),
        "seconds": round(time.monotonic() - started),
        "rows": [row.to_json() for row in rows],
    }


def rows_of(data: DataSet, shop: TemporaryShop) -> Iterator[Row]:
    """Import, learn, export, score; a command that fails becomes a row and ends what needs it."""
    folder = SHARED / "data" / data.name
    try:
        shop.manage("migrate", "--noinput")
        cost = shop.manage(*import_arguments(data, folder))
    except StepFailed as failure:
        yield Row(data=data.name, figure="import", problem=str(failure))
        return
    yield Row(data=data.name, figure="import", seconds=cost.seconds, megabytes=cost.megabytes)
    if data.ratings:
        yield _rating_row(data, data.ratings, shop)
        return
    yield from _learned_rows(data, shop, environment={})
    weights = SHARED / "weights" / PICTURE_WEIGHTS
    if data.pictures and weights.exists():
        environment = {"IMAGE_ENCODER": PICTURE_ENCODER, "IMAGE_WEIGHTS": str(weights)}
        for row in _learned_rows(data, shop, environment=environment):
            yield replace(row, data=f"{data.name}, {PICTURE_ENCODER}", bound=Bound())


def import_arguments(data: DataSet, folder: Path) -> list[str | Path]:
    """The command that brings a data set in."""
    if data.ratings:
        return ["import_movielens", folder / "ml-1m.zip"]
    files = {
        "--items": folder / "items.csv",
        "--users": folder / "users.csv",
        "--actions": folder / "actions.csv.gz",
        "--images": folder / "images.zip",
    }
    arguments: list[str | Path] = ["import_data"]
    for option, path in files.items():
        if path.exists():
            arguments += [option, path]
    return arguments


def export_arguments(export: Export, folder: Path, out: Path) -> list[str | Path]:
    """The command that writes the recommendations to score."""
    keys = {
        "for_you": ("--users", folder / export.truth),
        "also_liked": ("--items", folder / export.truth),
        "photo": ("--photos", folder / "photos.zip"),
    }
    command: list[str | Path] = ["export_recommendations", "--panel", export.panel, "-k", "10", "--out", out]
    return [*command, *keys.get(export.panel, ()), *export.options]


def score_arguments(export: Export, folder: Path, out: Path, *, k: int) -> list[str | Path]:
    """The evaluator's arguments for an exported file."""
    if export.scorer == "similar":
        return ["evaluate_similar.py", out, folder / export.truth, "-k", str(k)]
    common: list[str | Path] = [
        "evaluate.py",
        out,
        folder / export.truth,
        "-k",
        str(k),
        "--items",
        folder / "items.csv",
    ]
    if export.scorer == "pairs":
        return [*common, "--pairs"]
    return [*common, "--actions", folder / "actions.csv.gz", "--exclude", export.banned, "--slices"]


def _learned_rows(data: DataSet, shop: TemporaryShop, *, environment: dict[str, str]) -> Iterator[Row]:
    """What one training costs and gives."""
    try:
        # The second training of a shop is forced, so that it is the one that is scored.
        force = ["--force"] if environment else []
        cost = shop.manage("retrain", "--seed", SEED, *force, environment=environment)
    except StepFailed as failure:
        yield Row(data=data.name, figure="retrain", problem=str(failure))
        return
    for name, bound, spent in (("seconds", data.seconds, cost.seconds), ("MB", data.megabytes, cost.megabytes)):
        yield Row(
            data=data.name,
            figure=f"retrain, {name}",
            bound=bound,
            measured=spent,
            seconds=cost.seconds,
            megabytes=cost.megabytes,
        )
    # An export keeps one processor busy, so they are written side by side; only trainings are held to a time.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        places = range(len(data.exports))
        outs = [shop.path / f"export-{place}.csv" for place in places]
        yield from itertools.chain.from_iterable(
            pool.map(
                lambda place: list(_exported_rows(data, data.exports[place], outs[place], shop, environment)), places
            )
        )


def _exported_rows(
    data: DataSet, export: Export, out: Path, shop: TemporaryShop, environment: dict[str, str]
) -> Iterator[Row]:
    """The figures of one exported file, ``out``."""
    folder = SHARED / "data" / data.name
    cost = Cost(seconds=0.0, megabytes=0)
    for number, figure in enumerate(export.figures):
        try:
            if number == 0:
                cost = shop.manage(*export_arguments(export, folder, out), environment=environment)
            answer = score(*score_arguments(export, folder, out, k=figure.k))
        except StepFailed as failure:
            yield Row(data=data.name, figure=figure.name, bound=figure.bound, problem=str(failure))
            return
        value = reduce(lambda part, step: part[step], figure.key.split("."), answer)
        yield Row(
            data=data.name,
            figure=figure.name,
            bound=figure.bound,
            measured=float(value),  # type: ignore[arg-type]  # the evaluators answer numbers
            seconds=cost.seconds,
            megabytes=cost.megabytes,
        )


def _rating_row(data: DataSet, bound: Bound, shop: TemporaryShop) -> Row:
    """The error of predicted ratings, as ``evaluate`` measures it on a tenth of them."""
    out = shop.path / "evaluation.json"
    row = Row(data=data.name, figure=f"rating RMSE ({RATING_METHOD})", bound=bound)
    try:
        cost = shop.manage("evaluate", "--split", "random", "--methods", RATING_METHOD, "--json", out)
    except StepFailed as failure:
        return replace(row, problem=str(failure))
    rated = json.loads(out.read_text(encoding="utf-8")).get("rating", {})
    if RATING_METHOD not in rated:
        return replace(row, problem=f"evaluate has no rating error of {RATING_METHOD}")
    return replace(row, measured=rated[RATING_METHOD]["rmse"], seconds=cost.seconds, megabytes=cost.megabytes)


def notes(results: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """When each set was measured, on what, and which are missing."""
    told = []
    for name in names:
        if name in results:
            run = results[name]
            told.append(
                f"{name}: {run['date']}, {run['processors']} processors, load {run['load_before']} before,"
                f" {run['seconds']} s in all."
            )
        else:
            told.append(f"{name}: not measured.")
    return told


if __name__ == "__main__":
    sys.exit(main())
