"""Which picture files may be nobody's, and how they are cleared away.

Files come before the rows that use them, so a process that is killed between
the two leaves files nobody knows. An import therefore writes the name of every
file into a journal before it writes the file; whoever finds a journal whose
import is over removes what no row uses. While an import runs, files that lose
their last row are noted in its journal too instead of being removed at once:
the import may be about to use them again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from shop.catalogue.models import ItemImage
from shop.catalogue.picture_files import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IMPORT_FOLDER = f"{FOLDER}/.import"
# Only names this shop gives are ever removed, whatever a journal says.
OWN_NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/(?P<checksum>[0-9a-f]{{64}})(-[0-9]+)?\.[a-z]{{3,4}}")
NAMES_PER_QUERY = 500


def import_folder() -> Path:
    """Where an import keeps its journal, its lock and its pictures that aren't in place yet."""
    return Path(settings.MEDIA_ROOT) / IMPORT_FOLDER


def journal_path() -> Path:
    """The journal of the running import, or of one that was killed."""
    return import_folder() / "journal"


def picture_files_release(names: Iterable[str]) -> None:
    """Remove the files no row uses; while an import runs, leave that to its end."""
    if journal_path().exists():
        journal_add(names)
    else:
        picture_files_remove_unused(names)


def journal_add(names: Iterable[str]) -> None:
    """Note files that must be looked at when the import is over."""
    with journal_path().open("a", encoding="ascii") as journal:
        journal.writelines(f"{name}\n" for name in names)


def journal_settle() -> int:
    """Remove what an import that is over left without a row, then its journal; gives how many files went."""
    path = journal_path()
    if not path.exists():
        return 0
    with path.open(encoding="ascii", errors="replace") as journal:
        removed = picture_files_remove_unused(line.strip() for line in journal)
    path.unlink()
    return removed


def picture_files_remove_unused(names: Iterable[str]) -> int:
    """Remove those of the files whose content no row uses; gives how many went."""
    removed = 0
    for some in _in_groups(name for name in names if OWN_NAME.fullmatch(name)):
        checksum_of = {name: OWN_NAME.fullmatch(name)["checksum"] for name in some}  # type: ignore[index]  # matched above
        used = set(ItemImage.objects.filter(checksum__in=set(checksum_of.values())).values_list("checksum", flat=True))
        for name, checksum in checksum_of.items():
            place = Path(settings.MEDIA_ROOT) / name
            if checksum not in used and place.exists():
                place.unlink(missing_ok=True)
                removed += 1
    return removed


def _in_groups(names: Iterable[str]) -> Iterator[list[str]]:
    """The names, so many at a time that a query can hold them."""
    group: list[str] = []
    for name in names:
        group.append(name)
        if len(group) == NAMES_PER_QUERY:
            yield group
            group = []
    if group:
        yield group
