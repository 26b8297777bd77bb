"""``simulate_shoppers``: actions over whatever catalogue is there, from a documented taste model."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.demo.simulation import MOST_DAYS, MOST_SHOPPERS, NothingToShop, simulation_run

DEFAULT_DAYS = 60


class Command(BaseCommand):
    """Simulate shoppers."""

    help = (
        "Simulates shoppers over whatever catalogue is there, in place of those simulated before. Their actions are "
        "marked as simulated: they fill panels but never tune weights or decide a gate. docs/demo.md describes their "
        "taste. Example: manage.py simulate_shoppers --shoppers 2000 --days 60 --seed 0"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--shoppers", type=int, help="how many (default: about one for three items, 200 to 5,000)")
        parser.add_argument(
            "--days", type=int, default=DEFAULT_DAYS, help=f"over how many days (default {DEFAULT_DAYS})"
        )
        parser.add_argument("--seed", type=int, default=0, help="start of all chance (default 0)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the numbers, simulate, say what was done."""
        shoppers, days, seed = options["shoppers"], options["days"], options["seed"]
        if shoppers is not None and not 1 <= shoppers <= MOST_SHOPPERS:
            raise CommandError(f"--shoppers must be from 1 to {MOST_SHOPPERS:,}, not {shoppers:,}.")
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days must be from 1 to {MOST_DAYS:,}, not {days:,}.")
        if seed < 0:
            raise CommandError(f"--seed must be 0 or more, not {seed}.")
        started = time.monotonic()
        try:
            simulated = simulation_run(shoppers=shoppers, days=days, seed=seed)
        except NothingToShop as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt as interruption:
            raise CommandError("Stopped. Nothing was changed.", returncode=130) from interruption
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{simulated.shoppers:,} simulated shoppers, {simulated.actions:,} actions over {days} days, {seconds:.1f} s."
        )
