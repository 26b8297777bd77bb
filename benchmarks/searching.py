"""How long searches take in a large shop, and what keeping the index costs those who write.

    .venv/bin/python -m benchmarks.searching [--items 60000]

Prints a table and writes ``benchmarks/results/searching.json``. The shop is a
fresh one of made-up items, English and Chinese, in a temporary folder; with
``DATABASE_URL`` set to an empty PostgreSQL database it is measured there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shop.catalogue.models import Item

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "searching.json"
PER_QUERY = 1_000
ROUNDS = 7
SINGLE_WRITES = 200
SYLLABLES = ("al", "bor", "cen", "dil", "el", "fan", "gor", "hul", "im", "jor", "kel", "lun", "mir", "nor", "op", "pel")
COLOURS = (("blue", "蓝色"), ("clay", "陶土色"), ("moss", "苔绿色"), ("plum", "梅紫色"), ("oat", "燕麦色"))
KINDS = (("mug", "马克杯"), ("vase", "花瓶"), ("teapot", "茶壶"), ("rug", "地毯"), ("lamp", "台灯"), ("chair", "椅子"))
SEARCHES = {
    "a word of a fifth of all items": "blue",
    "a rare word": "norlun",
    "two words": "blue mug",
    "two words, the last unfinished": "clay tea",
    "a word of every item": "thrown",
    "Chinese": "蓝色",
    "Chinese, several words unspaced": "蓝色茶壶",
    "a slip, corrected": "teapto",
    "one word that is nowhere": "blue xyzzyx",
    "nothing": "xyzzyx",
}
TYPED = ("t", "te", "teap", "blue m", "蓝", "nor")


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=60_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/shop.sqlite3")
        os.environ.setdefault("SECRET_KEY", "benchmark")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measured = measure(arguments.items)
    for name, value in measured.items():
        print(f"{name:<48} {value:>10.1f}")
    RESULTS.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def measure(items: int) -> dict[str, float]:
    """Every figure by its name; milliseconds unless the name says otherwise."""
    from django.db import connection

    from shop.catalogue.models import Item
    from shop.search.index import index_rebuild

    measured = {"items": float(items), "load before": os.getloadavg()[0]}
    measured |= {f"writing, {name} (s)": seconds for name, seconds in fill(items)}
    started = time.perf_counter()
    for item in Item.objects.order_by("pk")[:SINGLE_WRITES]:
        Item.objects.filter(pk=item.pk).update(brand="Renamed")
    measured["renaming one item"] = (time.perf_counter() - started) / SINGLE_WRITES * 1000
    started = time.perf_counter()
    index_rebuild()
    measured["rebuild_search (s)"] = time.perf_counter() - started
    for name, words in SEARCHES.items():
        measured[f"search: {name}"] = median_of(partial(first_page, words))
    for typed in TYPED:
        measured[f"suggestions: {typed}"] = median_of(partial(suggestions, typed))
    connection.close()
    return measured


def fill(items: int) -> Iterator[tuple[str, float]]:
    """Write the items, the second half in bulk; yields how long each half took."""
    from django.db import transaction

    from shop.catalogue.models import Item
    from shop.search.index import index_in_bulk

    made = list(made_up(items))
    for name, some, around in (
        ("first half, one by one indexed", made[: items // 2], transaction.atomic),
        ("second half, indexed in bulk", made[items // 2 :], index_in_bulk),
    ):
        started = time.perf_counter()
        with around():
            Item.objects.bulk_create(some, batch_size=PER_QUERY)
        yield name, time.perf_counter() - started


def made_up(items: int) -> Iterator[Item]:
    """Items that look like a shop's: a name, a kind, a colour, four sentences in two languages."""
    from shop.catalogue.models import Category, Item

    chosen = random.Random(0)
    places = {kind: Category.objects.get_or_create(name=kind.capitalize())[0] for kind, _chinese in KINDS}
    for number in range(items):
        kind, kind_chinese = chosen.choice(KINDS)
        colour, colour_chinese = chosen.choice(COLOURS)
        name = "".join(chosen.choices(SYLLABLES, k=2)).capitalize()
        other = " ".join("".join(chosen.choices(SYLLABLES, k=3)) for _word in range(12))
        item = Item(
            item_id=f"{kind}-{number}",
            title=f"{name} {kind} in {colour}",
            description=f"{name} is thrown by hand, {colour} all over. {other}. Made to be used every day.",
            tag=kind,
            colour=colour,
            category=places[kind],
            price=chosen.randint(5, 300),
            translations={
                "zh-hans": {
                    "title": f"{name} {colour_chinese}{kind_chinese}",
                    "description": f"{name}手工制作,通体{colour_chinese}。为每天使用而做的{kind_chinese}。",
                }
            },
        )
        item.derive()
        yield item


def first_page(words: str) -> None:
    """What the search page asks of the database: the list, its filters, its first page of cards."""
    from django.http import QueryDict
    from django.test import RequestFactory

    from shop.catalogue.listing import listing_of
    from shop.catalogue.orderings import RELEVANCE
    from shop.search.finding import find

    request = RequestFactory().get("/search/", QueryDict(f"q={words}"))
    listing_of(request, find(words).items, orderings=(RELEVANCE,))


def suggestions(typed: str) -> None:
    """What is offered while somebody types."""
    from shop.search.suggestions import suggest

    suggest(typed)


def median_of(action: Callable[[], object]) -> float:
    """Milliseconds of an action, the median of some rounds after a first."""
    action()
    taken = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        action()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
