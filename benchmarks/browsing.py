#!/usr/bin/env python
"""What a page of a list costs among few items and among many: queries and milliseconds.

    .venv/bin/python benchmarks/browsing.py [--items 600 60000] [--repeats 7]

For each size a temporary shop on SQLite, or the database of DATABASE_URL where
``--this-database`` says so (it must be empty), with forty categories, fifteen
colours, 120 brands and three attributes. The pages are asked for as a visitor's
browser would, through the whole of Django; the best of the repeats counts, in
milliseconds of this process, so that neighbours on the machine count little.
Prints a table and writes ``benchmarks/results/browsing.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "browsing.json"
MOST_MILLISECONDS = 200.0
MOST_QUERIES = 10
COLOURS = (
    *("clay", "oat", "moss", "ink", "sky", "plum", "signal yellow", "red", "green", "blue", "black", "white"),
    *("grey", "teal", "pink"),
)
PAGES = {
    "category": "/categories/house/room-3/",
    "category, filtered": "/categories/house/room-3/?colour=clay&colour=moss&in_stock=1&price_to=150&sort=price",
    "category, page 3 by popularity": "/categories/house/room-3/?sort=popular&page=3",
    "all that the shop has": "/categories/house/",
    "all, filtered": "/categories/house/?colour=clay&brand=Brand+7&in_stock=1&sort=-price",
    "search": "/search/?q=room+3",
}
SMALL_PAGES = {"category, page 3 by popularity": "/categories/house/?sort=popular&page=3"}
BOUNDED = ("category", "category, filtered", "category, page 3 by popularity")


def main() -> int:
    """Measure each size in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[600, 60_000])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--this-database", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.measure, repeats=options.repeats)))
        return 0
    figures = {size: _measure_apart(size, options) for size in options.items}
    print(f"{'page':34}" + "".join(f"{f'{size:,} items':>22}" for size in figures))
    for page in PAGES:
        cells = (f"{found[page]['ms']:8.0f} ms {found[page]['queries']:3} queries" for found in figures.values())
        print(f"{page:34}" + "".join(f"{cell:>22}" for cell in cells))
    within = all(
        found[page]["queries"] <= MOST_QUERIES and (page not in BOUNDED or found[page]["ms"] <= MOST_MILLISECONDS)
        for found in figures.values()
        for page in PAGES
    )
    print(f"within {MOST_QUERIES} queries, a category within {MOST_MILLISECONDS:.0f} ms: {'yes' if within else 'no'}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"pages": figures, "within_bounds": within}, indent=2) + "\n", encoding="utf-8")
    return 0 if within else 1


def _measure_apart(size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a fresh process on a shop of its own."""
    with tempfile.TemporaryDirectory(prefix="browsing-") as folder:
        environment = os.environ | {
            "MEDIA_ROOT": f"{folder}/media",
            "RECOMMENDER_HOME": f"{folder}/bundles",
            "STATIC_ROOT": f"{folder}/static",
            "SECRET_KEY": "for measuring only, long enough for any validator 0123456789",
            "ALLOWED_HOSTS": "localhost",
            "DEBUG": "1",
        }
        if not options.this_database:
            environment["DATABASE_URL"] = f"sqlite:///{folder}/shop.sqlite3"
        command = [sys.executable, __file__, "--measure", str(size), "--repeats", str(options.repeats)]
        result = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def _measure(size: int, *, repeats: int) -> dict[str, dict[str, float]]:
    """Fill the shop, then ask for each page, signed in and with something in cart and favourites."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection, reset_queries
    from django.test import Client

    call_command("migrate", interactive=False, verbosity=0)
    _fill(size)
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_user(email="bench@example.com", password=None))
    client.post("/favourites/toggle/", {"item_id": "n000001"})
    client.post("/cart/add/", {"item_id": "n000001"})
    figures = {}
    for page, address in PAGES.items():
        path = SMALL_PAGES.get(page, address) if size < 5_000 else address
        seconds, queries = [], 0
        client.get(path)
        for _repeat in range(repeats):
            reset_queries()
            start = time.process_time()
            response = client.get(path)
            seconds.append(time.process_time() - start)
            queries = len(connection.queries)
            if response.status_code != 200:
                raise SystemExit(f"{path} answered {response.status_code}")
        figures[page] = {"ms": round(1000 * min(seconds), 1), "queries": queries}
    return figures


def _fill(size: int) -> None:
    """Items without pictures."""
    from shop.catalogue.models import Category, Item

    chance = random.Random(0)
    house = Category.objects.create(name="House")
    rooms = [Category.objects.create(name=f"Room {number}", parent=house) for number in range(40)]
    items = []
    for number in range(size):
        room = number % len(rooms)
        item = Item(
            item_id=f"n{number:06}",
            title=f"Thing {chance.randrange(10**6)} of room {room}",
            description="A plain thing, well made. " * 12,
            tag=f"kind {chance.randrange(40)}",
            category=rooms[room],
            price=Decimal(chance.randrange(100, 30_000)) / 100,
            stock=chance.choice([0, 5, None]),
            brand=f"Brand {chance.randrange(120)}",
            colour=chance.choice(COLOURS),
            attributes={
                "Material": f"m{chance.randrange(30)}",
                "Size": chance.choice(["S", "M", "L", "XL"]),
                "Pattern": f"p{chance.randrange(10)}",
            },
            translations={"zh-hans": {"title": f"东西 {number}", "description": "好东西。" * 40}},
            popularity=chance.randrange(1000),
        )
        item.derive()
        items.append(item)
    Item.objects.bulk_create(items, batch_size=500)


if __name__ == "__main__":
    sys.exit(main())
