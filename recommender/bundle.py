"""Bundles and their rows: publish, activate, prune, and tidy up after a killed process.

The row of a bundle appears only after its folder is complete, and goes before
its folder does, so a row never points at nothing. Between the two steps a
hidden note ``.<version>.pending`` says that the folder is in between; whoever
finds the note of a dead process finishes the tidying.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from recommender.bundle_files import (
    BundleBroken,
    BundleError,
    BundleExists,
    BundleMissing,
    BundleWriter,
    FileEntry,
    Manifest,
    OpenBundle,
    open_bundle,
    published_folders,
    remove_abandoned,
    verify,
)
from recommender.models import Bundle

__all__ = [
    "BundleBroken",
    "BundleError",
    "BundleExists",
    "BundleMissing",
    "BundleWriter",
    "FileEntry",
    "Manifest",
    "OpenBundle",
    "activate",
    "active_bundle",
    "announce",
    "appearing",
    "bundle_home",
    "bundle_path",
    "open_bundle",
    "prune",
    "publish",
    "published_folders",
    "record_evaluation",
    "tidy_up",
    "verify",
]

PENDING_SUFFIX = ".pending"


def bundle_home() -> Path:
    """The folder that holds all bundles."""
    return Path(settings.RECOMMENDER_HOME)


def bundle_path(version: str) -> Path:
    """Where the bundle of a version is."""
    return bundle_home() / version


def announce(version: str) -> None:
    """Leave the note that the folder of ``version`` is about to appear without its row."""
    bundle_home().mkdir(parents=True, exist_ok=True)
    _note_path(version).write_text(json.dumps({"database": _database_name()}), encoding="utf-8")


@contextmanager
def appearing(version: str) -> Iterator[None]:
    """Within it a folder gets its public name and then its row; left by an error before the row is there, neither stays."""
    announce(version)
    try:
        yield
    finally:
        if not Bundle.objects.filter(version=version).exists():
            _remove_folder(version)
        _note_path(version).unlink(missing_ok=True)


def publish(version: str, *, decision: str, activate_now: bool) -> Bundle:
    """Make the row of a finished folder, and in the same transaction activate it if wanted.

    Args:
        version: The folder's name under the bundles' home.
        decision: What the gate said, for the record.
        activate_now: Whether sessions shall switch to it.

    Raises:
        BundleMissing, BundleBroken: the folder is not a whole bundle.
    """
    manifest = verify(bundle_path(version))
    with transaction.atomic():
        row = Bundle.objects.create(
            version=version,
            configuration=dict(manifest.configuration),
            metrics=dict(manifest.metrics),
            decision=decision,
            item_count=manifest.counts.get("items", 0),
            action_count=manifest.counts.get("actions", 0),
        )
        if activate_now:
            row = _make_active(row)
    _note_path(version).unlink(missing_ok=True)
    return row


def activate(version: str) -> Bundle:
    """Make a published bundle the one that is served; every session follows within seconds.

    Raises:
        BundleMissing: there is no such row, or no folder for it.
        BundleBroken: the folder is damaged; the active bundle stays as it was.
    """
    verify(bundle_path(version))
    with transaction.atomic():
        row = Bundle.objects.filter(version=version).first()
        if row is None:
            raise BundleMissing(f"no bundle {version} has been published")
        return _make_active(row)


def active_bundle() -> Bundle | None:
    """The row of the bundle that is served, if any."""
    return Bundle.objects.active().first()


def record_evaluation(split: str, figures: Mapping[str, Any]) -> str | None:
    """Keep what ``evaluate`` found with the row of the bundle that is served, the latest of each split.

    Args:
        split: How the log was cut.
        figures: The document of ``evaluate --json``.

    Returns:
        The version, or ``None`` where none is active and nothing was kept.
    """
    with transaction.atomic():
        row = Bundle.objects.select_for_update().active().first()
        if row is None:
            return None
        kept = {**row.metrics.get("evaluations", {}), split: {**figures, "at": timezone.now().isoformat()}}
        row.metrics = {**row.metrics, "evaluations": kept}
        row.save(update_fields=["metrics"])
        return row.version


def prune(keep: int) -> list[str]:
    """Take away all but the ``keep`` newest bundles; the active one always stays.

    Returns:
        The versions that were removed.
    """
    removed = []
    for row in list(Bundle.objects.order_by("-id")[max(keep, 0) :]):
        if row.active:
            continue
        announce(row.version)
        with transaction.atomic():
            gone, _by_model = Bundle.objects.filter(pk=row.pk, active=False).delete()
        if gone:
            _remove_folder(row.version)
            removed.append(row.version)
        _note_path(row.version).unlink(missing_ok=True)
    return removed


def tidy_up() -> list[str]:
    """Remove what killed processes left; call it only while holding the retrain lock.

    Returns:
        The names of what was removed.
    """
    home = bundle_home()
    removed = remove_abandoned(home)
    for note in sorted(home.glob(f".*{PENDING_SUFFIX}")):
        version = note.name.removeprefix(".").removesuffix(PENDING_SUFFIX)
        if _noted_database(note) != _database_name():
            continue  # another shop keeps its bundles in the same folder
        if not Bundle.objects.filter(version=version).exists() and _remove_folder(version):
            removed.append(version)
        note.unlink(missing_ok=True)
    for path in sorted(home.glob(".*.removed")):
        shutil.rmtree(path, ignore_errors=True)
        removed.append(path.name)
    return removed


def _make_active(row: Bundle) -> Bundle:
    """Flip ``active`` over; all rows are locked first, so that two activations go one after the other."""
    list(Bundle.objects.select_for_update().order_by("id").values_list("id", flat=True))
    Bundle.objects.active().exclude(pk=row.pk).update(active=False)
    row.active = True
    row.activated_at = timezone.now()
    row.save(update_fields=["active", "activated_at"])
    return row


def _remove_folder(version: str) -> bool:
    """Take a bundle's folder away under a hidden name first, so that a half-deleted one is never seen."""
    path = bundle_path(version)
    if not path.is_dir():
        return False
    hidden = path.with_name(f".{version}.removed")
    try:
        path.rename(hidden)
    except FileNotFoundError:
        return False  # somebody else is taking it away
    shutil.rmtree(hidden, ignore_errors=True)
    return True


def _note_path(version: str) -> Path:
    return bundle_home() / f".{version}{PENDING_SUFFIX}"


def _noted_database(note: Path) -> str | None:
    """The database a note speaks of; ``None`` where the process died while writing it."""
    try:
        content: Mapping[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return str(content.get("database"))


def _database_name() -> str:
    values = connection.settings_dict
    return f"{values['ENGINE']}|{values.get('HOST', '')}|{values['NAME']}"
