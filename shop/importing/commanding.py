"""What the import commands share: how they run, tell and fail."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from django.core.management.base import CommandError

from shop.importing.errors import BadRows, ImportRefused
from shop.importing.journey import ImportRequest, ImportResult, run_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INTERRUPTED = 130


def positive(written: str) -> int:
    """A whole number from 1."""
    if not written.isascii() or not written.isdigit() or int(written) < 1:
        raise ArgumentTypeError(f"{written!r} is not a whole number from 1")
    return int(written)


def run_and_tell(request: ImportRequest, *, report: Path | None, tell: Callable[[str], object]) -> None:
    """Run an import and tell what it did.

    Args:
        request: What to import.
        report: Where bad rows are listed; None to list the first ones only.
        tell: Prints a line.

    Raises:
        CommandError: Nothing half-done is left; the text says why it failed.
    """
    try:
        with BadRows(report) as bad_rows:
            result = run_import(request, bad_rows)
    except ImportRefused as error:
        raise CommandError(str(error)) from error
    except KeyboardInterrupt as error:
        raise CommandError("Stopped. Nothing half-done is left.", returncode=INTERRUPTED) from error
    for line in summary(result, dry_run=request.dry_run):
        tell(line)
    if bad_rows.count:
        tell(f"{bad_rows.count:,} bad rows were left out; they are listed in {bad_rows.report}.")


def summary(result: ImportResult, *, dry_run: bool) -> list[str]:
    """What an import did, a line each; nothing about what it had nothing to do with."""
    did = "Would import" if dry_run else "Imported"
    lines = [*result.notes]
    if result.items_new or result.items_changed or result.items_unchanged:
        lines.append(
            f"{did} items: {result.items_new:,} new, {result.items_changed:,} changed,"
            f" {result.items_unchanged:,} unchanged; {result.pictures_new:,} new pictures."
        )
    if result.users_new or result.users_changed or result.users_unchanged:
        lines.append(
            f"{did} users: {result.users_new:,} new, {result.users_changed:,} changed,"
            f" {result.users_unchanged:,} unchanged."
        )
    if result.actions:
        lines.append(f"{did} actions: {result.actions:,}.")
    return lines or [f"{did} nothing: the files hold no rows."]
