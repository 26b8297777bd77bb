"""Prepares many pictures at once in worker processes.

Workers read, check and shrink; they write into a staging folder that nobody
serves from. The importing process alone moves files to their places. Workers
know no Django, ignore Ctrl-C (their parent handles it) and end when their
parent is killed.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from shop.catalogue.picture_files import PictureFacts, PictureLimits, PictureRefused, prepare_picture
from shop.importing.errors import ImportRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shop.importing.picture_source import PictureSource

PICTURES_PER_TASK = 24
TASKS_PER_WORKER = 3
# Starting workers costs more than a few pictures are worth.
WORTH_A_POOL = 64


@dataclass(frozen=True, slots=True)
class PictureJob:
    """How pictures are to be prepared.

    ``known`` holds checksums whose files the shop has already: those pictures
    are not decoded again. Without a ``staging`` folder nothing is written.
    """

    source: PictureSource
    limits: PictureLimits
    staging: Path | None
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class PictureResult:
    """What became of the picture ``name``.

    Exactly one of ``facts`` (new), ``known`` (its checksum; the shop has it)
    and ``problem`` says something.
    """

    name: str
    facts: PictureFacts | None = None
    known: str = ""
    problem: str = ""


def prepare_pictures(names: Sequence[str], job: PictureJob, *, workers: int | None = None) -> Iterator[PictureResult]:
    """Prepare the pictures, in any order.

    Args:
        names: What the items file calls them, each once.
        job: How.
        workers: Processes to use; as many as there are processors unless given.

    Raises:
        ImportRefused: A worker was killed, as happens when memory runs out.
    """
    workers = workers or os.cpu_count() or 1
    if len(names) < WORTH_A_POOL or workers == 1:
        for name in names:
            yield _prepare_one(name, job)
        return
    # Spawned, not forked: a fork would share the database connection and its locks.
    pool = ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(job,),
    )
    try:
        yield from _through(pool, names, waiting_tasks=workers * TASKS_PER_WORKER)
    except BrokenProcessPool as error:
        raise ImportRefused("A process that prepares pictures was killed; is there enough memory?") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _through(pool: ProcessPoolExecutor, names: Sequence[str], *, waiting_tasks: int) -> Iterator[PictureResult]:
    """Send the names through the pool, never more at a time than keep it busy."""
    tasks = iter([names[start : start + PICTURES_PER_TASK] for start in range(0, len(names), PICTURES_PER_TASK)])
    running: set[Future[list[PictureResult]]] = {
        pool.submit(_prepare_some, task) for task in islice(tasks, waiting_tasks)
    }
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            running.update(pool.submit(_prepare_some, task) for task in islice(tasks, 1))
            yield from future.result()


_job: PictureJob | None = None


def _start_worker(job: PictureJob) -> None:
    """Set up a worker process: its job, no Ctrl-C, and an end when its parent ends."""
    global _job  # noqa: PLW0603  # a pool's initializer has no other place to leave things
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent's end, however it comes, and end too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare_some(names: Iterable[str]) -> list[PictureResult]:
    """One task of a worker."""
    if _job is None:
        raise RuntimeError("the worker was not set up")
    return [_prepare_one(name, _job) for name in names]


def _prepare_one(name: str, job: PictureJob) -> PictureResult:
    """Read, check, shrink and stage one picture."""
    try:
        content = job.source.read(name, max_bytes=job.limits.max_bytes)
        checksum = hashlib.sha256(content).hexdigest()
        if checksum in job.known:
            return PictureResult(name, known=checksum)
        prepared = prepare_picture(content, limits=job.limits, name=name)
    except PictureRefused as error:
        return PictureResult(name, problem=error.problem)
    if job.staging:
        prepared.write(job.staging)
    return PictureResult(name, facts=prepared.facts)
