"""``manage.py fetch_posters``: posters and facts of films from the source the owner names."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from shop.command_help import ExplainedCommand
from shop.importing.commanding import INTERRUPTED, positive
from shop.importing.downloading import Fetcher
from shop.importing.kept_files import KeptFiles
from shop.importing.posters import PosterSource, posters_fetch, trusted_place

EXAMPLE = """Example:
  POSTER_ENDPOINT=https://films.example/by-title manage.py fetch_posters --limit 100

Films are items whose title ends with a year: The Matrix (1999). The source is asked once for each, a few
requests a second; its answers are kept on disk. A failed address is listed and doesn't stop the others; run
it again to go on. The format is described in docs/import.md."""
AT_ONCE = 4


class Command(ExplainedCommand):
    """Gives films their posters."""

    help = "Get posters and facts of films from POSTER_ENDPOINT."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        parser.add_argument("--limit", type=positive, help="ask for at most so many films")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, and tell what failed."""
        endpoint = settings.POSTER_ENDPOINT
        if not endpoint:
            raise CommandError("Set POSTER_ENDPOINT to the address of a film source; docs/import.md tells its format.")
        try:
            place = trusted_place(endpoint)
        except ValueError as error:
            raise CommandError(f"POSTER_ENDPOINT cannot be used: {error}.") from error
        fetcher = Fetcher(user_agent=f"Vitrine/1 (+{settings.SITE_URL})", trusted={place})
        source = PosterSource(endpoint, fetcher=fetcher, kept=KeptFiles(Path(settings.POSTER_CACHE)))
        try:
            result = posters_fetch(source, limit=options["limit"], concurrency=AT_ONCE)
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. Run it again to go on.", returncode=INTERRUPTED) from error
        for item_id, address, problem in result.failures:
            self.stdout.write(f"{item_id}: {address}: {problem}")
        self.stdout.write(
            f"Fetched {result.posters:,} posters; {result.facts:,} items got facts;"
            f" {result.unknown:,} films are unknown to the source; {len(result.failures):,} addresses failed."
        )
