#!/usr/bin/env python
"""What a web worker costs: seconds until it is ready, memory, milliseconds a page, and changing the model under load.

    .venv/bin/python benchmarks/serving.py [--items 12500] [--requests 300]
    .venv/bin/python benchmarks/serving.py --this-shop

By default a temporary shop with made-up items and a made-up bundle of the same
size as a real one; ``--this-shop`` measures the shop that the environment names
(DATABASE_URL, RECOMMENDER_HOME …). Prints a table and writes
``benchmarks/results/serving.json``. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from shop.catalogue.models import Item

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "serving.json"
MOST_PSS_MB = 120.0
MOST_SECONDS_READY = 1.5
NEIGHBOURS = 100
DIMS = 128
START_PATIENCE = 30.0
MADE_UP = ("made-up-1", "made-up-2")
SWAPS = 6
MOST_SECONDS_TO_SWAP = 2.0


def main() -> int:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=12_500)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--this-shop", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serving-") as folder:
        if not options.this_shop:
            _use_shop_in(Path(folder))
        sys.path.insert(0, str(ROOT))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        if not options.this_shop:
            _make_shop(options.items)
        figures = _measure(requests=options.requests)
        if not options.this_shop:
            figures |= _measure_swaps()
    for name, value in figures.items():
        print(f"{name:32} {value}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0 if figures["within_bounds"] and figures.get("swaps_within_bounds", True) else 1


def _use_shop_in(folder: Path) -> None:
    """Point the environment, this process's and the server's, at a shop of its own."""
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder}/shop.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "RECOMMENDER_HOME": f"{folder}/bundles",
        "SECRET_KEY": "for measuring only, long enough for any validator 0123456789",
    }


def _make_shop(number: int) -> None:
    """Items without pictures, and two bundles with every table that pages read."""
    from django.core.management import call_command

    from shop.catalogue.models import Category, Item

    call_command("migrate", interactive=False, verbosity=0)
    categories = [Category(name=f"Room {place}") for place in range(40)]
    for category in categories:
        category.save()
    items = [
        Item(
            item_id=f"{place:06}",
            title=f"Thing {place}",
            description="A plain thing, well made. " * 8,
            price="12.50",
            category=categories[place % len(categories)],
        )
        for place in range(number)
    ]
    for item in items:
        item.derive()
    Item.objects.bulk_create(items, batch_size=1000)
    for place, version in enumerate(MADE_UP):
        _make_bundle(version, [item.item_id for item in items], categories=len(categories), seed=place)


def _make_bundle(version: str, item_ids: list[str], *, categories: int, seed: int) -> None:
    """A bundle with random neighbours; the last one made is active."""
    from recommender.bundle import publish
    from recommender.bundle_files import BundleWriter, Manifest

    number = len(item_ids)
    random = np.random.default_rng(seed)
    home = Path(os.environ["RECOMMENDER_HOME"])
    with BundleWriter(home, version) as writer:
        writer.write_json("items", item_ids)
        for name in ("similar", "looks_like", "also_liked", "bought_together"):
            scores = -np.sort(-random.random((number, NEIGHBOURS), dtype=np.float32), axis=1)
            writer.write_array(f"{name}_ids", random.integers(0, number, (number, NEIGHBOURS), dtype=np.int32))
            writer.write_array(f"{name}_scores", scores)
            if name == "similar":
                writer.write_array("similar_text", scores * np.float32(0.3))
            else:
                writer.write_array(f"{name}_support", random.integers(1, 50, (number, NEIGHBOURS), dtype=np.int32))
        order = random.permutation(number).astype(np.int32)
        writer.write_array("trending_ids", order[:1000])
        writer.write_array("trending_scores", np.linspace(2, 1, min(number, 1000), dtype=np.float32))
        writer.write_array("popularity", random.random(number, dtype=np.float32))
        writer.write_array("item_shoppers", random.integers(1, 500, number, dtype=np.int32))
        writer.write_array("item_categories", np.arange(number, dtype=np.int32) % categories)
        writer.write_array("newest_ids", order)
        writer.write_array("image_vectors", random.random((number, DIMS), dtype=np.float32))
        writer.write_array("image_rows", np.arange(number, dtype=np.int32))
        writer.finish(Manifest(version=version, seed=0, created_at="", counts={"items": number, "actions": 0}))
    publish(version, decision="made up for measuring", activate_now=True)


def _measure(*, requests: int) -> dict[str, Any]:
    """Start the server twice (one worker, two workers) and look at it."""
    from django.conf import settings
    from django.core.management import call_command

    from recommender.bundle import active_bundle
    from recommender.session import open_session
    from shop.catalogue.models import Item

    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    bundle = active_bundle()
    if bundle is None:
        sys.exit("no model version is active; run manage.py retrain first")
    started = time.perf_counter()
    open_session(bundle.version)
    opening = time.perf_counter() - started
    items = list(Item.objects.available().order_by("item_id")[:: max(1, Item.objects.available().count() // 50)])
    with _server(workers=1) as (_master, _base, ready):
        pass
    with _server(workers=2) as (master, base, _ready):
        pages = _pages(base, items, requests=requests)
        workers = _children(master)
        pss = [_pss_mb(pid) for pid in workers]
        heavy = sorted({name for pid in workers for name in _heavy_libraries(pid)})
    return {
        "items": Item.objects.count(),
        "bundle": bundle.version,
        "opening_ms": round(opening * 1000, 1),
        "seconds_until_ready": round(ready, 2),
        "pss_mb": [round(value, 1) for value in pss],
        "heavy_libraries_loaded": heavy,
        **pages,
        "within_bounds": max(pss) <= MOST_PSS_MB and ready <= MOST_SECONDS_READY and not heavy,
    }


def _measure_swaps() -> dict[str, Any]:
    """Activate one bundle after the other while four clients ask two workers without a pause."""
    from recommender.bundle import activate

    finished = threading.Event()
    failures: list[str] = []
    answers: list[tuple[float, str]] = []

    def ask(base: str) -> None:
        while not finished.is_set():
            started = time.monotonic()
            try:
                address = f"{base}/api/v1/items/000001/recommendations"
                with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
                    answers.append((started, json.load(answer)["bundle"]))
            except (OSError, ValueError) as error:
                failures.append(str(error))

    latest = []
    with _server(workers=2) as (_master, base, _ready):
        clients = [threading.Thread(target=ask, args=(base,)) for _client in range(4)]
        for client in clients:
            client.start()
        for place in range(SWAPS):
            version = MADE_UP[place % len(MADE_UP)]
            activate(version)
            activated = time.monotonic()
            time.sleep(MOST_SECONDS_TO_SWAP * 1.5)
            # The last request that still got the old version tells when all workers had followed.
            old = [moment for moment, served in answers if moment > activated and served != version]
            latest.append(max(old, default=activated) - activated)
        finished.set()
        for client in clients:
            client.join()
    return {
        "swaps": SWAPS,
        "swap_seconds_worst": round(max(latest), 2),
        "swap_requests": len(answers),
        "swap_failed_requests": len(failures),
        "swaps_within_bounds": not failures and max(latest) <= MOST_SECONDS_TO_SWAP,
    }


@contextmanager
def _server(*, workers: int) -> Iterator[tuple[int, str, float]]:
    """A production server on a free port: its process id, its address, and the seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PORT": str(port), "WEB_WORKERS": str(workers)}
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"], cwd=ROOT, env=environment
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{base}/readyz", timeout=10) as answer:  # noqa: S310 - our own server
                    answer.read()
                break
            except (OSError, urllib.error.URLError) as error:
                if server.poll() is not None or time.monotonic() - started > START_PATIENCE:
                    sys.exit(f"the server does not answer: {error}")
                time.sleep(0.01)
        yield server.pid, base, time.monotonic() - started
    finally:
        server.terminate()
        server.wait(timeout=20)


def _pages(base: str, items: list[Item], *, requests: int) -> dict[str, Any]:
    """Milliseconds a request, one after the other, after a few to warm up."""
    addresses = {
        "product_page": [item.get_absolute_url() for item in items],
        "home": ["/"],
        "similar_fragment": [f"/panels/similar/?item={item.item_id}" for item in items],
        "similar_api": [f"/api/v1/items/{item.item_id}/recommendations?panel=similar&k=8" for item in items],
    }
    figures: dict[str, Any] = {}
    for name, paths in addresses.items():
        times = []
        for place in range(requests + 10):
            started = time.perf_counter()
            with urllib.request.urlopen(base + paths[place % len(paths)], timeout=30) as answer:  # noqa: S310 - our own server
                answer.read()
            times.append((time.perf_counter() - started) * 1000)
        kept = sorted(times[10:])
        figures[f"{name}_ms"] = {
            "median": round(statistics.median(kept), 1),
            "p95": round(kept[int(len(kept) * 0.95) - 1], 1),
        }
    return figures


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _pss_mb(pid: int) -> float:
    """Memory that is a process's own, and its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no Pss for process {pid}")


def _heavy_libraries(pid: int) -> set[str]:
    """Which libraries that belong to training alone a process has mapped."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
    return {name for name in ("tensorflow", "pandas", "sklearn", "scipy") if f"/site-packages/{name}/" in maps}


if __name__ == "__main__":
    sys.exit(main())
