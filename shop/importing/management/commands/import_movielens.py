"""``manage.py import_movielens``: films, users and ratings in MovieLens' own format."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from shop.command_help import ExplainedCommand
from shop.importing.commanding import run_and_tell
from shop.importing.errors import ImportRefused
from shop.importing.movielens import movielens_request

EXAMPLE = """Example:
  manage.py import_movielens ml-1m.zip

Films become items on request, genres their tags and categories. A rating of 4 or 5 becomes a
favourite, a lower one a click; the stars are kept as the action's value."""


class Command(ExplainedCommand):
    """Imports MovieLens."""

    help = "Bring in MovieLens from users.dat, movies.dat and ratings.dat in a folder or ZIP."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the files are."""
        parser.add_argument("path", type=Path, metavar="DIR|ZIP", help="folder or ZIP that holds the three files")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--again", action="store_true", help="import the same ratings a second time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the files, then import them."""
        try:
            request = movielens_request(Path(options["path"]), again=options["again"], dry_run=options["dry_run"])
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        run_and_tell(request, report=None, tell=self.stdout.write)
