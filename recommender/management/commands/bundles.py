"""``manage.py bundles``: the model versions there are, and which one is served."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommender.bundle import BundleError, activate, bundle_path, open_bundle, prune, verify
from recommender.models import Bundle


class Command(BaseCommand):
    """Lists, shows, activates, verifies and prunes bundles."""

    help = (
        "Model versions: list them, show one, activate one (also to go back), verify checksums, prune old ones. "
        "Example: manage.py bundles activate 20261122-101500-a1b2c3"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        commands = parser.add_subparsers(dest="action", required=True, metavar="list|show|activate|verify|prune")
        commands.add_parser("list", help="all versions, newest first; * marks the active one")
        for name, words in (("show", "everything known of one"), ("activate", "serve this one from now on")):
            commands.add_parser(name, help=words).add_argument("id", metavar="ID", help="its version or number")
        checker = commands.add_parser("verify", help="compare every file with its checksum")
        checker.add_argument("id", metavar="ID", nargs="?", help="its version or number; all without")
        pruner = commands.add_parser("prune", help="delete old versions; the active one stays")
        pruner.add_argument("--keep", type=int, required=True, metavar="N", help="how many of the newest to keep")

    def handle(self, **options: Any) -> None:
        """Do what the sub-command says."""
        action = options["action"]
        try:
            if action == "list":
                self._list()
            elif action == "show":
                self._show(_find(options["id"]))
            elif action == "activate":
                row = activate(_find(options["id"]).version)
                self.stdout.write(f"{row.version} is active.")
            elif action == "verify":
                self._verify([_find(options["id"])] if options["id"] else list(Bundle.objects.all()))
            else:
                self._prune(options["keep"])
        except BundleError as error:
            raise CommandError(str(error)) from error

    def _list(self) -> None:
        rows = list(Bundle.objects.all())
        if not rows:
            self.stdout.write("There is no model version yet; manage.py retrain makes one.")
            return
        width = max(len(row.version) for row in rows)
        self.stdout.write(
            f"  {'number':>6}  {'version':{width}}  {'published':16}  {'items':>9}  {'actions':>11}  decision"
        )
        for row in rows:
            self.stdout.write(
                f"{'*' if row.active else ' '} {row.pk:>6}  {row.version:{width}}  {row.created_at:%Y-%m-%d %H:%M}  "
                f"{row.item_count:>9,}  {row.action_count:>11,}  {row.decision.splitlines()[0] if row.decision else ''}"
            )

    def _show(self, row: Bundle) -> None:
        manifest = open_bundle(bundle_path(row.version)).manifest
        document = {"number": row.pk, "active": row.active, "decision": row.decision, **asdict(manifest)}
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))

    def _verify(self, rows: list[Bundle]) -> None:
        broken = 0
        for row in rows:
            try:
                verify(bundle_path(row.version))
            except BundleError as error:
                broken += 1
                self.stderr.write(f"{row.version}: {error}")
            else:
                self.stdout.write(f"{row.version}: whole")
        if broken:
            raise CommandError(f"{broken} of {len(rows)} are broken")

    def _prune(self, keep: int) -> None:
        if keep < 0:
            raise CommandError(f"--keep must not be negative, not {keep}")
        removed = prune(keep)
        self.stdout.write(f"Removed {len(removed)}: {', '.join(removed)}" if removed else "Nothing to remove.")


def _find(text: str) -> Bundle:
    """The row of a version, or of a number.

    Raises:
        CommandError: there is none.
    """
    row = Bundle.objects.filter(version=text).first()
    if row is None and text.isascii() and text.isdigit():
        row = Bundle.objects.filter(pk=int(text)).first()
    if row is None:
        raise CommandError(f"there is no model version {text}; see manage.py bundles list")
    return row
