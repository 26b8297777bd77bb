"""``manage.py import_data``: items, users, actions and pictures from files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from shop.command_help import ExplainedCommand
from shop.importing.commanding import run_and_tell
from shop.importing.errors import ImportRefused
from shop.importing.journey import ImportRequest
from shop.importing.picture_source import picture_source
from shop.importing.sources import open_csv_sources

EXAMPLE = """Example:
  manage.py import_data --items items.csv --images pictures.zip --actions log.csv.gz

All formats are described in docs/import.md. Items are known again by item_id, users by user_id;
only columns that a file has are changed. Nothing is imported while any row is bad, unless
--on-error skip leaves the bad rows out and lists them in the report."""


class Command(ExplainedCommand):
    """Imports CSV files and pictures."""

    help = "Bring in items, users, actions and pictures from CSV files and a folder or ZIP."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and how to treat them."""
        parser.add_argument("--items", type=Path, metavar="FILE", help="CSV or CSV.gz of items")
        parser.add_argument("--users", type=Path, metavar="FILE", help="CSV or CSV.gz of users")
        parser.add_argument("--actions", type=Path, metavar="FILE", help="CSV or CSV.gz of actions")
        parser.add_argument("--images", type=Path, metavar="DIR|ZIP", help="where image_path is looked up")
        parser.add_argument("--encoding", default="", help="of all CSV files, such as gbk; UTF-8 unless given")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--again", action="store_true", help="import an actions file a second time")
        parser.add_argument(
            "--on-error", choices=["stop", "skip"], default="stop", help="at bad rows: stop unless given"
        )
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="CSV that lists the bad rows (with skip: var/import-report.csv unless given)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the files, then import them."""
        if not (options["items"] or options["users"] or options["actions"]):
            raise CommandError("Nothing to import: give --items, --users or --actions (see --help).")
        # call_command passes paths on as they come, so texts become paths here too.
        paths = {
            name: Path(options[name]) for name in ("items", "users", "actions", "images", "report") if options[name]
        }
        skip = options["on_error"] == "skip"
        report = paths.get("report") or (settings.VAR_DIR / "import-report.csv" if skip else None)
        try:
            sources = open_csv_sources(
                items=paths.get("items"),
                users=paths.get("users"),
                actions=paths.get("actions"),
                encoding=options["encoding"],
            )
            pictures = picture_source(paths["images"]) if "images" in paths else None
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        for note in sources.notes:
            self.stdout.write(note)
        request = ImportRequest(
            items=sources.items,
            users=sources.users,
            actions=sources.actions,
            pictures=pictures,
            stop=not skip,
            dry_run=options["dry_run"],
            again=options["again"],
        )
        run_and_tell(request, report=report, tell=self.stdout.write)
