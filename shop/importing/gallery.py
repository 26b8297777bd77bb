"""Brings an import's pictures to their places, and says which items must do without."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shop.catalogue import pictures
from shop.catalogue.models import ItemImage
from shop.catalogue.picture_files import FOLDER, PictureFacts
from shop.catalogue.picture_journal import journal_add
from shop.importing.item_plan import in_groups
from shop.importing.picture_pool import PictureJob, PictureResult, prepare_pictures
from shop.progress import track

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from shop.importing.errors import BadRows
    from shop.importing.item_plan import ItemPlan
    from shop.importing.picture_source import PictureSource

PLACED_TOGETHER = 256


@dataclass(slots=True)
class TakenPictures:
    """What became of the pictures by name: ``facts`` of the good ones, ``problems`` of the others."""

    facts: dict[str, PictureFacts] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def take_pictures(
    names: Sequence[str], source: PictureSource, *, staging: Path | None, bad_rows: BadRows
) -> TakenPictures:
    """Check and shrink the pictures and put their files in place, where no row uses them yet.

    Args:
        names: What the items file calls them, each once.
        source: The folder or ZIP.
        staging: Where workers write before the files are moved; None for a dry run.
        bad_rows: Hostile entries of the source are noted here.
    """
    for name, problem in source.hostile_names():
        bad_rows.add(file=source.path.name, line=0, column="", value=name, problem=problem)
    known = _known_pictures()
    job = PictureJob(source=source, limits=pictures.limits(), staging=staging, known=frozenset(known))
    results = track(prepare_pictures(names, job), total=len(names), what="Preparing pictures")
    taken = TakenPictures()
    for some in in_groups(results, PLACED_TOGETHER):
        _put_in_place(some, staging)
        for result in some:
            if result.problem:
                taken.problems[result.name] = result.problem
            else:
                taken.facts[result.name] = result.facts or known[result.known]
    if staging and taken.facts:
        os.sync()  # before rows speak of the files, the disk has them
    return taken


def drop_changes_without_pictures(plan: ItemPlan, taken: TakenPictures, *, file: str, bad_rows: BadRows) -> None:
    """Take out of the plan, and note, the rows that name a picture which cannot be used."""
    good = []
    for change in plan.changes:
        bad_names = [name for name in change.row.picture_names if name in taken.problems]
        for name in bad_names:
            bad_rows.add(file=file, line=change.row.line, column="image_path", value=name, problem=taken.problems[name])
        if not bad_names:
            good.append(change)
    plan.changes = good


def _known_pictures() -> dict[str, PictureFacts]:
    """The pictures whose files are all in place, by checksum."""
    root = pictures.media_root()
    present = {
        f"{FOLDER}/{folder.name}/{file.name}"
        for folder in ((root / FOLDER).iterdir() if (root / FOLDER).is_dir() else ())
        if folder.is_dir() and not folder.name.startswith(".")
        for file in folder.iterdir()
    }
    known = {}
    rows = ItemImage.objects.values_list("checksum", "file", "width", "height", "renditions")
    for checksum, name, width, height, renditions in rows.iterator():
        facts = PictureFacts(
            checksum=checksum,
            extension=os.path.splitext(name)[1],  # noqa: PTH122  # a name in the media folder, not a path
            width=width,
            height=height,
            renditions=tuple(renditions),
        )
        if present.issuperset(facts.all_names):
            known[checksum] = facts
    return known


def _put_in_place(results: Iterable[PictureResult], staging: Path | None) -> None:
    """Move staged files to their places, noted in the journal before."""
    new = [result.facts for result in results if result.facts]
    if not staging or not new:
        return
    journal_add(name for facts in new for name in facts.all_names)
    root = pictures.media_root()
    for facts in new:
        for name in facts.all_names:
            staged, place = staging / name, root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            # Two names with equal content share their files; the first move served both.
            if staged.exists():
                staged.replace(place)
