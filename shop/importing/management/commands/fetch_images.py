"""``manage.py fetch_images``: downloads the pictures that items name by address."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from shop.command_help import ExplainedCommand
from shop.importing.commanding import INTERRUPTED, positive
from shop.importing.downloading import Fetcher
from shop.importing.fetching import images_fetch

EXAMPLE = """Example:
  manage.py fetch_images --limit 100

Items with an image_url and no picture get theirs, a few requests a second per host. A failed address
is listed and doesn't stop the others; run it again to go on with the items that still have no picture."""
MOST_AT_ONCE = 32


class Command(ExplainedCommand):
    """Downloads pictures."""

    help = "Download the pictures of items that have image_url but no picture yet."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and how many at once."""
        parser.add_argument("--limit", type=positive, help="at most so many items")
        parser.add_argument("--concurrency", type=positive, default=4, help="downloads at a time; 4 unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, and tell what failed."""
        fetcher = Fetcher(user_agent=f"Vitrine/1 (+{settings.SITE_URL})")
        try:
            result = images_fetch(
                fetcher, limit=options["limit"], concurrency=min(options["concurrency"], MOST_AT_ONCE)
            )
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. Run it again to go on.", returncode=INTERRUPTED) from error
        for item_id, address, problem in result.failures:
            self.stdout.write(f"{item_id}: {address}: {problem}")
        self.stdout.write(
            f"Fetched {result.pictures:,} pictures for {result.items:,} items;"
            f" {len(result.failures):,} addresses failed."
        )
