"""``demo``: paint a catalogue and simulate shoppers, or take it all away again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.demo.catalogue import DEFAULT_ITEMS, MOST_ITEMS
from shop.demo.services import ItemIdTaken, demo_clear, demo_open
from shop.demo.simulation import simulation_clear, simulation_run

if TYPE_CHECKING:
    from shop.demo.services import Opening

DEFAULT_SHOPPERS = 1_000
DAYS = 60


class Command(BaseCommand):
    """Paint a catalogue and simulate shoppers."""

    help = (
        "Paints a demonstration catalogue and simulates shoppers for it. "
        "A second run with the same numbers changes nothing. Example: manage.py demo --items 630 --seed 0"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--items", type=int, default=DEFAULT_ITEMS, help=f"how many items (default {DEFAULT_ITEMS})"
        )
        parser.add_argument(
            "--shoppers",
            type=int,
            default=DEFAULT_SHOPPERS,
            help=f"how many shoppers (default {DEFAULT_SHOPPERS:,}; 0: none)",
        )
        parser.add_argument("--seed", type=int, default=0, help="start of all chance (default 0)")
        parser.add_argument(
            "--clear", action="store_true", help="take the demonstration and all simulated shoppers away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open or clear the demonstration."""
        try:
            self._clear() if options["clear"] else self._open(options)
        except KeyboardInterrupt as interruption:
            raise CommandError("Stopped. Nothing was changed.", returncode=130) from interruption

    def _clear(self) -> None:
        """Take everything away."""
        shoppers = simulation_clear()
        items = demo_clear()
        self.stdout.write(f"Removed {items:,} demonstration items and {shoppers:,} simulated shoppers.")

    def _open(self, options: dict[str, Any]) -> None:
        """Check the numbers, paint, simulate, say what was done."""
        if not 1 <= options["items"] <= MOST_ITEMS:
            raise CommandError(f"--items must be from 1 to {MOST_ITEMS:,}, not {options['items']:,}.")
        if options["shoppers"] < 0:
            raise CommandError(f"--shoppers must be 0 or more, not {options['shoppers']:,}.")
        if options["seed"] < 0:
            raise CommandError(f"--seed must be 0 or more, not {options['seed']}.")
        started = time.monotonic()
        try:
            opening = demo_open(items=options["items"], seed=options["seed"])
        except ItemIdTaken as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(_report(opening))
        if options["shoppers"]:
            simulated = simulation_run(shoppers=options["shoppers"], days=DAYS, seed=options["seed"])
            self.stdout.write(f"{simulated.shoppers:,} simulated shoppers, {simulated.actions:,} actions.")
        else:
            simulation_clear()
        self.stdout.write(f"Done in {time.monotonic() - started:.0f} s.")


def _report(opening: Opening) -> str:
    """What was painted, in a line."""
    removed = f", {opening.removed:,} removed" if opening.removed else ""
    painted = f"{opening.painted:,} pictures painted" if opening.painted else "all painted before"
    return f"{opening.items:,} demonstration items: {painted}{removed}."
