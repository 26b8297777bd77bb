"""How good the encoders are at finding similar products, on 12,556 real ones whose types and colours are known.

    .venv/bin/python -m benchmarks.encoders_fashion [--epochs 16] [--seed 0]

Prints, per method, the precision of the ten nearest for the products whose tags
were withheld: same type, same colour, both. Writes
``benchmarks/results/encoders_fashion.json``. The data is not part of the
repository: its folder is named by VITRINE_SHARED_DATA, else ``../shared`` beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import IMAGE, TEXT, Modality, unit_rows
from recommender.encoders.image_network import ImageOptions, TrainedImageEncoder, train_image_encoder
from recommender.encoders.picture_arrays import load_pictures
from recommender.encoders.text import fit_text_encoder
from recommender.index.exact import nearest_neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("VITRINE_SHARED_DATA", ROOT.parent / "shared"))
FASHION = SHARED / "data" / "fashion"
RESULTS = ROOT / "benchmarks" / "results" / "encoders_fashion.json"
TOP = 10
TEXT_WEIGHT, IMAGE_WEIGHT = 0.3, 0.7


@dataclass(frozen=True, kw_only=True)
class Products:
    """The catalogue, and the answers, which only ``precision`` looks at."""

    texts: list[str]
    tags: list[str]
    pictures: list[str]
    types: npt.NDArray[np.str_]
    colours: npt.NDArray[np.str_]
    queries: npt.NDArray[np.intp]


def main() -> int:
    """Train, find neighbours by each method, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=ImageOptions().epochs)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not (FASHION / "items.csv").exists():
        print(f"Skipped: no data at {FASHION}; name its folder in VITRINE_SHARED_DATA.")
        return 0
    products = read_products()
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(FASHION / "images.zip") as archive:
        archive.extractall(folder)
        clock.lap("unpack")
        pictures, _ = load_pictures([Path(folder, name) for name in products.pictures], size=50)
    clock.lap("read pictures")
    names = sorted({tag for tag in products.tags if tag})
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([place.get(tag, -1) for tag in products.tags], dtype=np.int32)
    encoder = train_image_encoder(
        pictures,
        labels,
        tags=names,
        texts=products.texts,
        options=ImageOptions(epochs=options.epochs, seed=options.seed),
        progress=lambda done, total: print(f"\rtraining {done}/{total}", end="", file=sys.stderr, flush=True),
    )
    print(file=sys.stderr)
    clock.lap("train")
    known = {tag: number for number, tag in enumerate(encoder.tags)}
    vectors = encoder.embed(pictures, known=np.array([known.get(tag, -1) for tag in products.tags], dtype=np.int32))
    clock.lap("embed")
    table = [
        {"method": name} | precision(products, nearest_neighbours(*views, k=TOP).ids)
        for name, views in methods(products, labels, encoder, vectors)
    ]
    clock.lap("all texts and neighbours")
    report = {
        "table": table,
        "accuracy": encoder.accuracy,
        "seconds": clock.laps,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    show(report)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


class Clock:
    """Wall-clock and processor seconds of each stage."""

    def __init__(self) -> None:
        self.laps: dict[str, dict[str, float]] = {}
        self._last = time.perf_counter(), time.process_time()

    def lap(self, what: str) -> None:
        """``what`` ends here."""
        now = time.perf_counter(), time.process_time()
        self.laps[what] = {"wall": round(now[0] - self._last[0], 1), "cpu": round(now[1] - self._last[1], 1)}
        self._last = now


def methods(
    products: Products, labels: npt.NDArray[np.int32], encoder: TrainedImageEncoder, vectors: npt.NDArray[np.float32]
) -> Iterator[tuple[str, tuple[Modality, ...]]]:
    """Names of methods, and the views of the products that each compares."""
    colours = unit_rows(encoder.colours(vectors))
    plain = fit_text_encoder(products.texts).matrix
    told = fit_text_encoder(products.texts, labels=labels, colours=colours).matrix
    pictures = Modality(IMAGE, vectors, IMAGE_WEIGHT)
    yield "colour alone", (Modality(IMAGE, colours),)
    yield "embedding alone", (Modality(IMAGE, unit_rows(vectors[:, : encoder.options.dims])),)
    yield "embedding and tags", (Modality(IMAGE, unit_rows(vectors[:, : encoder.network_dims])),)
    yield "looks like: network and colour", (Modality(IMAGE, vectors),)
    yield "plain TF-IDF", (Modality(TEXT, plain),)
    yield "TF-IDF told by tag and colour", (Modality(TEXT, told),)
    yield "0.3 plain TF-IDF + 0.7 picture", (Modality(TEXT, plain, TEXT_WEIGHT), pictures)
    yield "similar: 0.3 told TF-IDF + 0.7 picture", (Modality(TEXT, told, TEXT_WEIGHT), pictures)


def read_products() -> Products:
    """The catalogue and its labels, in the order of the items file."""
    with (FASHION / "labels.csv").open(newline="", encoding="utf-8-sig") as file:
        labels = {row["item_id"]: row for row in csv.DictReader(file)}
    with (FASHION / "items.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    known = [labels[row["item_id"]] for row in rows]
    return Products(
        texts=["\n".join((row["title"], row["description"], row["category"])) for row in rows],
        tags=[row["tag"] for row in rows],
        pictures=[row["image_path"] for row in rows],
        types=np.array([row["type"] for row in known]),
        colours=np.array([row["colour"] for row in known]),
        queries=np.flatnonzero([row["split"] == "test" and bool(row["type"]) for row in known]),
    )


def precision(products: Products, neighbours: npt.NDArray[np.int32]) -> dict[str, float]:
    """Share of the ten nearest with the same type, the same colour, and both; missing ones count as wrong."""
    queries = products.queries
    best = neighbours[queries]
    there = best >= 0
    same_type = there & (products.types[best] == products.types[queries, None])
    coloured = products.colours[queries] != ""
    same_colour = there & (products.colours[best] == products.colours[queries, None]) & coloured[:, None]
    asked = max(1, int(coloured.sum())) * best.shape[1]
    return {
        "type": round(float(same_type.mean()), 4),
        "colour": round(float(same_colour.sum() / asked), 4),
        "both": round(float((same_type & same_colour).sum() / asked), 4),
    }


def show(report: Mapping[str, Any]) -> None:
    """Print the table."""
    print(f"{'method':40} {'type':>6} {'colour':>6} {'both':>6}")
    for line in report["table"]:
        print(f"{line['method']:40} {line['type']:6.3f} {line['colour']:6.3f} {line['both']:6.3f}")
    print(f"validation accuracy {report['accuracy']:.3f}, peak memory {report['peak_mb']} MB")
    for what, spent in report["seconds"].items():
        print(f"{what:26} {spent['wall']:7.1f} s, processor {spent['cpu']:7.1f} s")


if __name__ == "__main__":
    sys.exit(main())
