"""Kills ``import_data`` at random moments and looks whether the shop ever shows half an import.

    .venv/bin/python -m benchmarks.kill_import --times 100

Each round starts an import of items, pictures and actions into a fresh shop in
a temporary folder and ends it with SIGKILL. Afterwards the shop must show no
item or all, no action or all (and none without the items). The next import must
clear away what the killed one left, and the last one must give exactly the shop
that an undisturbed import gives.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
ITEMS = 150
ACTIONS = 30_000


class HalfAnImport(AssertionError):
    """The shop showed something that is neither before nor after."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of its own in a temporary folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.folder / "shop.sqlite3"

    @property
    def media(self) -> Path:
        """Its media folder."""
        return self.folder / "media"

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run a management command in a process group of its own."""
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "MEDIA_ROOT": str(self.media),
            "RECOMMENDER_HOME": str(self.folder / "bundles"),
            "SECRET_KEY": "only-for-this-benchmark",
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> float:
        """Run a management command to its end; gives how many seconds it took."""
        started = time.monotonic()
        process = self.start(*arguments)
        _out, errors = process.communicate()
        if process.returncode:
            raise HalfAnImport(f"{arguments[0]} failed: {errors.decode(errors='replace')}")
        return time.monotonic() - started

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """What the database says."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(question).fetchall()

    def counts(self) -> tuple[int, int, int]:
        """Items, pictures and actions that the shop shows."""
        return (
            int(str(self.ask("SELECT count(*) FROM catalogue_item")[0][0])),
            int(str(self.ask("SELECT count(*) FROM catalogue_itemimage")[0][0])),
            int(
                str(
                    self.ask(
                        "SELECT count(*) FROM actions_action a LEFT JOIN actions_importbatch b ON b.id = a.batch_id"
                        " WHERE a.batch_id IS NULL OR b.published"
                    )[0][0]
                )
            ),
        )

    def leftovers(self) -> list[str]:
        """Files without rows and actions of unpublished imports, which a finished import must have cleared away."""
        used = {str(name)[9:73] for (name,) in self.ask("SELECT file FROM catalogue_itemimage")}
        files = [path for path in self.media.rglob("*") if path.is_file() and path.name != "lock"]
        found = [str(path) for path in files if path.name[:64] not in used]
        hidden = self.ask("SELECT count(*) FROM actions_importbatch WHERE NOT published")[0][0]
        return found + ([f"{hidden} unpublished imports"] if hidden else [])

    def content(self) -> list[list[tuple[object, ...]]]:
        """All that an import determines, to compare two shops by."""
        return [
            self.ask("SELECT item_id, title, price, tag FROM catalogue_item ORDER BY item_id"),
            self.ask(
                "SELECT i.item_id, p.position, p.file, p.renditions, p.id = i.cover_id FROM catalogue_itemimage p"
                " JOIN catalogue_item i ON i.id = p.item_id ORDER BY i.item_id, p.position"
            ),
            self.ask("SELECT user_id FROM accounts_shopper ORDER BY user_id"),
            self.ask(
                "SELECT s.user_id, i.item_id, a.kind, a.time FROM actions_action a"
                " JOIN accounts_shopper s ON s.id = a.shopper_id JOIN catalogue_item i ON i.id = a.item_id ORDER BY a.id"
            ),
        ]


def make_input(folder: Path, *, items: int, actions: int) -> list[str]:
    """Files to import; gives the command's arguments."""
    chance = random.Random(0)
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for number in range(items):
            out = io.BytesIO()
            Image.effect_noise((120, 90), 40 + number).save(out, "JPEG")
            archive.writestr(f"{number}.jpg", out.getvalue())
    with (folder / "items.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["item_id", "title", "tag", "price", "category", "image_path"])
        for number in range(items):
            table.writerow(
                [number, f"Thing {number}", f"kind {number % 9}", number, f"A/B{number % 5}", f"{number}.jpg"]
            )
    with (folder / "actions.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["user_id", "product_id", "action", "timestamp"])
        for number in range(actions):
            table.writerow(
                [chance.randrange(500), chance.randrange(items), chance.randrange(4), 1_700_000_000 + number]
            )
    return [
        "import_data",
        *("--items", str(folder / "items.csv")),
        *("--images", str(folder / "images.zip")),
        *("--actions", str(folder / "actions.csv")),
    ]


def copy_of(shop: Shop, folder: Path) -> Shop:
    """Another shop with the same database; quicker than migrating anew."""
    folder.mkdir()
    copy = Shop(folder)
    shutil.copyfile(shop.database, copy.database)
    return copy


def check(shop: Shop, *, items: int, actions: int) -> str:
    """What the shop shows after a kill.

    Raises:
        HalfAnImport: It is neither before nor after.
    """
    counts = shop.counts()
    names = {(0, 0, 0): "nothing", (items, items, 0): "items", (items, items, actions): "everything"}
    if counts not in names:
        raise HalfAnImport(f"items, pictures, actions: {counts}")
    return names[counts]


def kill_rounds(folder: Path, *, times: int, seed: int, items: int = ITEMS, actions: int = ACTIONS) -> dict[str, int]:
    """Kill so many imports; gives how often the shop showed nothing, the items, everything.

    Each killed import is followed by one that is killed too or, every fifth
    time, left alone: after that nothing may be left over.
    """
    chance = random.Random(seed)
    arguments = make_input(folder, items=items, actions=actions)
    empty = Shop(folder / "empty")
    empty.folder.mkdir()
    empty.run("migrate")
    undisturbed = copy_of(empty, folder / "undisturbed")
    seconds = undisturbed.run(*arguments)
    seen = {"nothing": 0, "items": 0, "everything": 0}
    shop: Shop | None = None
    for number in range(times):
        if shop is None:
            shop = copy_of(empty, folder / f"shop-{number}")
        process = shop.start(*arguments)
        # Beyond the last import's time too: on a busy machine this one may take longer.
        time.sleep(chance.uniform(0.2, 1.4 * seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        shown = check(shop, items=items, actions=actions)
        seen[shown] += 1
        if number % 5 == 4 or number == times - 1 or shown == "everything":
            seconds = shop.run(*arguments, *(["--again"] if shown == "everything" else []))
            if shown == "everything":
                if shop.counts()[2] != 2 * actions:
                    raise HalfAnImport("a second import of the actions did not add exactly them")
            elif shop.content() != undisturbed.content():
                raise HalfAnImport("the shop after a kill and an import differs from an undisturbed one")
            if shop.leftovers():
                raise HalfAnImport(f"left over: {shop.leftovers()[:5]}")
            shop = None
    return seen


def main() -> None:
    """Run the rounds and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-import-") as folder:
        seen = kill_rounds(Path(folder), times=options.times, seed=options.seed)
    print(f"{options.times} imports killed; the shop showed", ", ".join(f"{what} {n}×" for what, n in seen.items()))
    print("Never half an import, and nothing left over.")


if __name__ == "__main__":
    main()
