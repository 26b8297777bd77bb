"""``manage.py export_vectors``: item and user vectors of the active bundle as plain arrays with their ids."""

from __future__ import annotations

import json
import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError

from recommender.bundle import BundleError, active_bundle, bundle_path, open_bundle
from recommender.bundle_vectors import NAMES, StoredVectors, read_vectors
from recommender.forgetting import without_forgotten
from shop.command_help import ExplainedCommand

INTERRUPTED = 130


class Command(ExplainedCommand):
    """Writes a new folder, whole or not at all."""

    help = (
        "Write the vectors of a method into a new folder: items.npy (n, d) and item_ids.json, and where the method "
        "has vectors of shoppers users.npy (u, d) and user_ids.json. Row i of an array belongs to id i of its list; "
        "the dot product of a shopper and an item ranks items for that shopper.\n\n"
        "Example: manage.py export_vectors --method two_tower --out vectors/"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which vectors, where to."""
        parser.add_argument("--method", required=True, choices=NAMES, help="whose vectors")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")

    def handle(self, **options: Any) -> None:
        """Read, write, and say what was written."""
        out = options["out"].absolute()
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CommandError(f"{out} exists already and is not an empty folder")
        if not out.parent.is_dir():
            raise CommandError(f"the folder of {out} does not exist")
        active = active_bundle()
        if active is None:
            raise CommandError("no model version is active; run manage.py retrain first")
        try:
            stored = without_forgotten(read_vectors(open_bundle(bundle_path(active.version)), options["method"]))
            _write(out, stored)
        except KeyboardInterrupt:
            raise CommandError("stopped; nothing was written", returncode=INTERRUPTED) from None
        except (BundleError, OSError) as error:
            raise CommandError(str(error)) from error
        dims = stored.vectors.items.shape[1]
        self.stdout.write(
            f"{len(stored.item_ids):,} items, {len(stored.user_ids):,} shoppers, {dims} dims "
            f"from model version {active.version}: {out}"
        )


def _write(out: Path, stored: StoredVectors) -> None:
    """Fill a hidden folder and give it its name at the end."""
    draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=".partial"))
    try:
        _save(draft, "item", stored.vectors.items, stored.item_ids)
        if stored.vectors.users is not None:
            _save(draft, "user", stored.vectors.users, stored.user_ids)
        draft.chmod(0o755)
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _save(folder: Path, what: str, vectors: np.ndarray[Any, Any], ids: tuple[str, ...]) -> None:
    np.save(folder / f"{what}s.npy", np.ascontiguousarray(vectors), allow_pickle=False)
    (folder / f"{what}_ids.json").write_text(json.dumps(ids, ensure_ascii=False) + "\n", encoding="utf-8")
