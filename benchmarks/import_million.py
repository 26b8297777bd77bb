"""Imports a million made-up actions and measures time, memory, and how long the shop's own writes wait meanwhile.

    .venv/bin/python -m benchmarks.import_million [--actions 1000000]

Prints a table and writes ``benchmarks/results/import_million.json``. The shop is
a fresh one on SQLite in a temporary folder. All the while another process
adds actions as a shopper would, twenty times a second, and notes the longest wait.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "import_million.json"
ITEMS = 10_000
USERS = 30_000
SECONDS_BETWEEN_WRITES = 0.05
KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """What an import cost; times in seconds, memory in MB, waits of the shop's own writes in seconds."""

    actions: int
    seconds: float
    processor_seconds: float
    peak_memory: float
    shop_writes: int
    longest_wait: float
    median_wait: float
    load_before: float


class ShopWriter(threading.Thread):
    """Writes one action at a time in short transactions, as the web workers do, and times each."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self._database = database
        self._stopped = threading.Event()

    def run(self) -> None:
        """Write until told to stop."""
        with closing(sqlite3.connect(self._database, timeout=20, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=NORMAL")
            while not self._stopped.wait(SECONDS_BETWEEN_WRITES):
                started = time.monotonic()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE catalogue_item SET stock = 1 WHERE item_id = 'none'")
                connection.execute("INSERT INTO django_session VALUES (?, '', '2099-01-01')", (str(len(self.waits)),))
                connection.execute("COMMIT")
                self.waits.append(time.monotonic() - started)

    def stop(self) -> None:
        """End after the current write."""
        self._stopped.set()
        self.join()


def make_input(folder: Path, *, actions: int) -> list[str]:
    """A catalogue and a log; gives the command's arguments."""
    chance = random.Random(0)
    with (folder / "items.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["item_id", "title", "price", "category"])
        table.writerows([n, f"Thing {n}", n % 100, f"A/B{n % 50}"] for n in range(ITEMS))
    with gzip.open(folder / "actions.csv.gz", "wt", compresslevel=1, newline="") as text:
        table = csv.writer(text)
        table.writerow(["user_id", "product_id", "action", "timestamp"])
        table.writerows(
            [chance.randrange(USERS), int(ITEMS * chance.random() ** 2), chance.randrange(4), 1_700_000_000 + n]
            for n in range(actions)
        )
    return ["--items", str(folder / "items.csv"), "--actions", str(folder / "actions.csv.gz")]


def measure(folder: Path, *, actions: int) -> Measured:
    """Import into a fresh shop below ``folder``."""
    database = folder / "shop.sqlite3"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "MEDIA_ROOT": str(folder / "media"),
        "RECOMMENDER_HOME": str(folder / "bundles"),
        "SECRET_KEY": "only-for-this-benchmark",
    }
    command = [sys.executable, "manage.py"]
    subprocess.run([*command, "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    arguments = make_input(folder, actions=actions)
    writer = ShopWriter(database)
    load = os.getloadavg()[0]
    writer.start()
    started = time.monotonic()
    process = subprocess.Popen([*command, "import_data", *arguments], cwd=ROOT, env=environment)
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    writer.stop()
    if process.returncode:
        raise SystemExit(f"import_data ended with {process.returncode}")
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT count(*) FROM actions_action").fetchone()[0]
    if found != actions:
        raise SystemExit(f"{found:,} of {actions:,} actions arrived")
    waits = sorted(writer.waits)
    return Measured(
        actions=actions,
        seconds=round(seconds, 1),
        processor_seconds=round(usage.ru_utime + usage.ru_stime, 1),
        peak_memory=round(usage.ru_maxrss / KIBIBYTE, 0),
        shop_writes=len(waits),
        longest_wait=round(waits[-1], 3),
        median_wait=round(waits[len(waits) // 2], 4),
        load_before=round(load, 2),
    )


def main() -> None:
    """Measure, print, write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="import-million-") as folder:
        measured = measure(Path(folder), actions=options.actions)
    for name, value in asdict(measured).items():
        print(f"{name.replace('_', ' '):20} {value:>12,}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(asdict(measured), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
