"""Paints the demonstration's pictures in worker processes and keeps their files.

Files come before the rows that use them. Their names are therefore noted in a
journal before they are written; whatever a run that failed or was killed left
behind without a row is removed by the same run, or by the next one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.catalogue import pictures
from shop.catalogue.picture_files import FOLDER, PictureFacts, PreparedPicture
from shop.catalogue.picture_journal import picture_files_remove_unused
from shop.demo import easel
from shop.progress import track

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from shop.demo.easel import Sitting

WAITING_PER_WORKER = 4
"""How many pictures may be under way for each worker; bounds the memory of finished ones."""


@dataclass(frozen=True)
class Painted:
    """A picture whose files are in place."""

    sitting: Sitting
    facts: PictureFacts


def paint_all(sittings: Sequence[Sitting], *, workers: int | None = None) -> Iterator[Painted]:
    """Paint all pictures and write their files, in the order they were asked for.

    The order in which workers finish changes nothing: every picture has its own chance.

    Args:
        sittings: What to paint.
        workers: How many processes; as many as there are processors unless given, 0 for none.
    """
    count = len(os.sched_getaffinity(0)) if workers is None else workers
    prepared: Iterable[PreparedPicture]
    if count == 0 or len(sittings) == 1:
        prepared = (easel.paint(sitting) for sitting in sittings)
    else:
        prepared = _paint_in_pool(sittings, min(count, len(sittings)))
    for sitting, picture in zip(sittings, track(prepared, total=len(sittings), what="Painting pictures"), strict=True):
        note(picture.facts.all_names)
        picture.write(pictures.media_root())
        yield Painted(sitting, picture.facts)


def _paint_in_pool(sittings: Sequence[Sitting], workers: int) -> Iterator[PreparedPicture]:
    """Paint in worker processes, handing out a few pictures ahead of those that are waited for."""
    waiting: list[Future[PreparedPicture]] = []
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=easel.leave_ctrl_c_alone
    )
    try:
        for sitting in sittings:
            waiting.append(pool.submit(easel.paint, sitting))
            if len(waiting) > WAITING_PER_WORKER * workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


# --- The journal ---------------------------------------------------------------------
def _journal() -> Path:
    return pictures.media_root() / FOLDER / ".demo-journal"


def note(names: Iterable[str]) -> None:
    """Note files that may be left without a row."""
    _journal().parent.mkdir(parents=True, exist_ok=True)
    with _journal().open("a", encoding="ascii") as journal:
        journal.writelines(f"{name}\n" for name in names)


def settle() -> None:
    """Remove every noted file that no row uses, then the journal."""
    with contextlib.suppress(FileNotFoundError), _journal().open(encoding="ascii", errors="replace") as journal:
        picture_files_remove_unused(line.strip() for line in journal)
    _journal().unlink(missing_ok=True)


@contextmanager
def orderly() -> Iterator[None]:
    """Settle what an earlier run left, and what this one leaves, however it ends."""
    settle()
    try:
        yield
    finally:
        settle()
