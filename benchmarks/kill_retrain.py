"""Kills ``retrain`` at random moments and proves that nobody ever sees half a bundle.

Works on a small shop of its own in a temporary folder. After every kill: each
visible folder matches its checksums, each row has its folder, the active bundle
opens. At the end one undisturbed retrain must succeed and leave nothing behind.

    python benchmarks/kill_retrain.py --times 100 --json benchmarks/results/kill_retrain.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ITEMS = 60
SHOPPERS = 60
# Every second kill waits for the new folder and strikes shortly after, where it would hurt most.
CRITICAL_SECONDS = 0.4


class HalfBundleSeen(AssertionError):
    """After a kill something was visible that must not be."""


def main() -> int:
    """Kill, check, repeat; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100, help="how many kills (default: 100)")
    parser.add_argument("--seed", type=int, default=0, help="where the moments come from")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-retrain-") as folder:
        set_up_shop(Path(folder))
        figures = kill_repeatedly(times=options.times, chance=random.Random(options.seed))
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def set_up_shop(folder: Path) -> None:
    """A database, a bundles' folder and a small shop of their own, for this process and its children."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder / 'shop.sqlite3'}",
        RECOMMENDER_HOME=str(folder / "bundles"),
        MEDIA_ROOT=str(folder / "media"),
        SECRET_KEY="only for this benchmark",  # noqa: S106 - guards nothing
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill_shop()


def fill_shop() -> None:
    """Items with words, and shoppers with two tastes."""
    from django.utils import timezone

    from shop.accounts.models import Shopper
    from shop.actions.models import Action
    from shop.catalogue.models import Item

    items = Item.objects.bulk_create(
        [
            Item(item_id=str(number), slug="-", title=f"{('Red', 'Blue')[number % 2]} thing of row {number // 2}")
            for number in range(ITEMS)
        ]
    )
    shoppers = Shopper.objects.bulk_create([Shopper(user_id=f"u{number}") for number in range(SHOPPERS)])
    now = timezone.now()
    Action.objects.bulk_create(
        Action(shopper=shopper, item=item, kind=(number + place) % 4, time=now)
        for number, shopper in enumerate(shoppers)
        for place, item in enumerate(items[number % 2 :: 6])
    )


def kill_repeatedly(*, times: int, chance: random.Random) -> dict[str, Any]:
    """Time one retrain, then start and kill so many, checking after each; then one more that must succeed."""
    started = time.monotonic()
    retrain_undisturbed()
    usual = time.monotonic() - started
    outcomes = {"killed": 0, "finished before the kill": 0, "left a partial folder": 0, "left a note": 0}
    for number in range(times):
        process = start_retrain()
        if number % 2:
            wait_for_folder(process)
            time.sleep(chance.uniform(0, CRITICAL_SECONDS))
        else:
            time.sleep(chance.uniform(0, usual))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            outcomes["killed"] += 1
        else:
            outcomes["finished before the kill"] += 1
        process.wait()
        hidden = check(after=number + 1)
        outcomes["left a partial folder"] += any(name.endswith(".partial") for name in hidden)
        outcomes["left a note"] += any(name.endswith(".pending") for name in hidden)
    retrain_undisturbed()
    left = sorted(check(after=times) - {".retrain.lock"})
    if left:
        raise HalfBundleSeen(f"the last retrain left {left}")
    return {"times": times, "seconds of one retrain": round(usual, 2), **outcomes, "half bundles seen": 0}


def check(*, after: int) -> set[str]:
    """Everything visible must be whole; gives the hidden names.

    Raises:
        HalfBundleSeen: it isn't.
    """
    from django.db import connection

    from recommender.bundle import BundleError, bundle_home, bundle_path, open_bundle, published_folders, verify
    from recommender.models import Bundle

    try:
        for folder in published_folders(bundle_home()):
            verify(folder)
        for row in Bundle.objects.all():
            verify(bundle_path(row.version))
            if row.active:
                open_bundle(bundle_path(row.version))
    except BundleError as error:
        raise HalfBundleSeen(f"after {after} kills: {error}") from error
    if Bundle.objects.filter(active=True).count() != 1:
        raise HalfBundleSeen(f"after {after} kills not exactly one bundle is active")
    connection.close()
    return {path.name for path in bundle_home().iterdir() if path.name.startswith(".")}


def start_retrain() -> subprocess.Popen[bytes]:
    """A retrain in a process group of its own, quiet."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "retrain"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def retrain_undisturbed() -> None:
    """One retrain that must succeed."""
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "retrain"], check=True, capture_output=True)


def wait_for_folder(process: subprocess.Popen[bytes]) -> None:
    """Until the process has begun to write a bundle, or has ended.

    Folders of killed retrains are gone by then: the new one tidies up first.
    """
    from recommender.bundle import bundle_home

    before = {path.name for path in bundle_home().glob(".*.partial")}
    while process.poll() is None:
        if {path.name for path in bundle_home().glob(".*.partial")} - before:
            return
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
