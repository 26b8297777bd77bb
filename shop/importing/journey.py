"""The journey of an import: check everything, then write everything.

1. Read and check all files; work out what changes. Bad rows stop the journey
   here, or are left out of it.
2. Prepare the pictures beside their places.
3. Items, categories, pictures and shoppers in one transaction.
4. Actions out of sight in short transactions; one statement brings them in sight.

Whatever happens on the way, the shop shows the state before or after a step,
and what a killed import left is cleared away when the next one starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.db.models.functions import Coalesce

from shop.accounts.models import Shopper
from shop.actions.models import ImportBatch
from shop.actions.popularity import popularity_refresh
from shop.catalogue.models import Item
from shop.importing.action_rows import ActionRow, ActionSpool
from shop.importing.batches import batch_publish, batch_write
from shop.importing.errors import BadRows, BadRowsFound, ImportRefused
from shop.importing.gallery import drop_changes_without_pictures, take_pictures
from shop.importing.item_plan import ItemPlan, plan_items, plan_pictures
from shop.importing.lock import import_running
from shop.importing.pacing import much_to_write
from shop.importing.user_plan import UserPlan, missing_shoppers, plan_users, shopper_keys
from shop.importing.variants import check_variants
from shop.importing.writing import write_plans
from shop.progress import track

if TYPE_CHECKING:
    from pathlib import Path

    from shop.importing.item_rows import ItemRow
    from shop.importing.picture_source import PictureSource
    from shop.importing.user_rows import UserRow


@dataclass(frozen=True, slots=True)
class ItemSource:
    """Where items come from: what to call it, and its good rows."""

    name: str
    rows: Callable[[BadRows], Iterator[ItemRow]]


@dataclass(frozen=True, slots=True)
class UserSource:
    """Where users come from."""

    name: str
    rows: Callable[[BadRows], Iterator[UserRow]]


@dataclass(frozen=True, slots=True)
class ActionSource:
    """Where actions come from; a source with the same ``checksum`` is imported only once."""

    name: str
    rows: Callable[[BadRows], Iterator[ActionRow]]
    item_column: str
    checksum: str


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import, and how.

    ``stop``: any bad row means that nothing is imported; else bad rows are left
    out. ``dry_run``: check everything, write nothing. ``again``: take actions
    even if the same file was imported before.
    """

    items: ItemSource | None = None
    users: UserSource | None = None
    actions: ActionSource | None = None
    pictures: PictureSource | None = None
    stop: bool = True
    dry_run: bool = False
    again: bool = False


@dataclass(slots=True)
class ImportResult:
    """What an import did, or in a dry run would do."""

    items_new: int = 0
    items_changed: int = 0
    items_unchanged: int = 0
    pictures_new: int = 0
    users_new: int = 0
    users_changed: int = 0
    users_unchanged: int = 0
    actions: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Checked:
    """What passed the checks, ready to be written."""

    items: ItemPlan | None = None
    users: UserPlan = field(default_factory=lambda: plan_users(()))
    met_in_actions: list[Shopper] = field(default_factory=list)


def run_import(request: ImportRequest, bad_rows: BadRows) -> ImportResult:
    """Import what the request names.

    Args:
        request: What and how.
        bad_rows: Collects what is wrong with single rows.

    Raises:
        ImportRefused: Nothing was imported; the text says why and what to do.
        BadRowsFound: The same, because of bad rows and ``stop``.
    """
    _refuse_known_actions(request)
    result = ImportResult()
    with ExitStack() as stack:
        staging = None if request.dry_run else stack.enter_context(import_running())
        spool = stack.enter_context(ActionSpool())
        checked = _check(request, bad_rows, spool, staging, result)
        _count(checked, spool, result)
        if not request.dry_run:
            _write(request, checked, spool)
    return result


def _refuse_known_actions(request: ImportRequest) -> None:
    """An actions file counts once, unless its owner insists."""
    source = request.actions
    if source is None or request.again:
        return
    batch = ImportBatch.objects.filter(checksum=source.checksum, published=True).first()
    if batch:
        raise ImportRefused(
            f"{source.name} was imported already, on {batch.started_at:%Y-%m-%d %H:%M} UTC"
            f" ({batch.rows:,} actions). Use --again to count its actions a second time."
        )


def _check(
    request: ImportRequest, bad_rows: BadRows, spool: ActionSpool, staging: Path | None, result: ImportResult
) -> Checked:
    """Read everything and plan the changes.

    With ``stop`` the slow pictures come last. Where bad rows are left out they
    come before the actions, for an item with a bad picture takes its actions with it.
    """
    checked = Checked()
    if request.items:
        rows = track(request.items.rows(bad_rows), total=None, what=f"Reading {request.items.name}")
        checked.items = plan_items(rows, file=request.items.name, bad_rows=bad_rows)
        check_variants(checked.items, file=request.items.name, bad_rows=bad_rows)
    if request.stop:
        _check_people(request, checked, bad_rows, spool)
        _stop_if_bad(bad_rows)
        _check_pictures(request, checked, bad_rows, staging, result)
        _stop_if_bad(bad_rows)
    else:
        _check_pictures(request, checked, bad_rows, staging, result)
        _check_people(request, checked, bad_rows, spool)
    return checked


def _stop_if_bad(bad_rows: BadRows) -> None:
    """End the journey at bad rows."""
    if bad_rows.count:
        raise BadRowsFound(bad_rows)


def _check_pictures(
    request: ImportRequest, checked: Checked, bad_rows: BadRows, staging: Path | None, result: ImportResult
) -> None:
    """Prepare the pictures, and plan the galleries."""
    plan, source = checked.items, request.pictures
    if plan is None or request.items is None:
        if source:
            result.notes.append("--images has no use without --items.")
        return
    names = plan.picture_names()
    if source is None:
        if names:
            result.notes.append(f"{len(names):,} pictures are named but --images isn't given; they are left out.")
        return
    taken = take_pictures(names, source, staging=staging, bad_rows=bad_rows)
    drop_changes_without_pictures(plan, taken, file=request.items.name, bad_rows=bad_rows)
    check_variants(plan, file=request.items.name, bad_rows=bad_rows)  # the head of some may be among them
    plan_pictures(plan, taken.facts)


def _check_people(request: ImportRequest, checked: Checked, bad_rows: BadRows, spool: ActionSpool) -> None:
    """Read users and actions, and plan the shoppers."""
    if request.users:
        rows = track(request.users.rows(bad_rows), total=None, what=f"Reading {request.users.name}")
        checked.users = plan_users(rows)
    source = request.actions
    if source:
        known = set(Item.objects.values_list("item_id", flat=True).iterator())
        if checked.items:
            known |= checked.items.item_ids
        spool.fill(
            track(source.rows(bad_rows), total=None, what=f"Reading {source.name}"),
            known_items=known,
            file=source.name,
            column=source.item_column,
            bad_rows=bad_rows,
        )
        checked.met_in_actions = missing_shoppers(spool.user_ids, checked.users)


def _count(checked: Checked, spool: ActionSpool, result: ImportResult) -> None:
    """What will be told at the end."""
    if checked.items:
        for change in checked.items.changes:
            result.items_new += change.adding
            altered = bool(change.fields_change or change.pictures)
            result.items_changed += altered and not change.adding
            result.items_unchanged += not altered
            result.pictures_new += len(change.pictures.added) if change.pictures else 0
    result.users_new = len(checked.users.new) + len(checked.met_in_actions)
    result.users_changed = len(checked.users.changed)
    result.users_unchanged = checked.users.unchanged
    result.actions = spool.count


def _write(request: ImportRequest, checked: Checked, spool: ActionSpool) -> None:
    """Write everything that passed."""
    try:
        write_plans(checked.items, checked.users, checked.met_in_actions)
        if request.actions:
            _write_actions(request.actions, spool)
    except IntegrityError as error:
        raise ImportRefused(f"The shop changed while the import ran ({error}). Run it again.") from error


def _write_actions(source: ActionSource, spool: ActionSpool) -> None:
    """Write the actions out of sight, then bring them in sight."""
    shoppers = shopper_keys(spool.user_ids)
    # What was done to a variant is told of the item it is a variant of, as in the shop itself.
    items = dict(Item.objects.values_list("item_id", Coalesce("variant_of_id", "pk")).iterator())
    batch = ImportBatch.objects.create(checksum=source.checksum, file_name=source.name[:300])
    try:
        pieces = batch_write(
            batch,
            spool.chunks,
            shopper_keys=[shoppers[user_id] for user_id in spool.user_ids],
            item_keys=[items[item_id] for item_id in spool.item_ids],
        )
    except KeyError as error:
        raise ImportRefused(f"{error} went away while the import ran. Run it again.") from error
    written = chain.from_iterable(repeat(None, rows) for rows in pieces)
    with much_to_write():
        for _row in track(written, total=spool.count, what=f"Importing {source.name}"):
            pass
    batch_publish(batch, rows=spool.count)
    popularity_refresh()
