"""A lesson's questions become rows to learn from, on all processors. Training only.

Which of the unwanted candidates are kept is drawn for each question by its own
generator, so the rows are the same however many processes make them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from recommender.learners.log import ActionLog, Floats, Mask
from recommender.learners.ranking_cases import Lesson
from recommender.ranker_options import RankerOptions
from recommender.ranking_features import FEATURES, ShopperHistory, SignalTables, candidates_with_features

Progress = Callable[[int, int], None]

QUESTIONS_PER_TASK = 50
# Starting processes costs more than a few questions are worth.
WORTH_PROCESSES = 1_000


@dataclass(frozen=True, slots=True)
class LessonRows:
    """What trees learn from: one row for each candidate of each question.

    Attributes:
        features: float32 (r, len(FEATURES)).
        wanted: bool (r,).
        weights: float64 (r,), more for unwanted ones, of which only some were kept.
        answered: How many questions have their answer among the candidates; the others give no rows.
    """

    features: npt.NDArray[np.float32]
    wanted: Mask
    weights: Floats
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """All that is needed to answer with candidates and features."""

    lesson: Lesson
    tables: SignalTables
    published: Mask
    options: RankerOptions
    seed: int


def history_of(log: ActionLog, places: npt.NDArray[np.intp]) -> ShopperHistory:
    """Actions of one user, by their places in the log, as a history."""
    return ShopperHistory.of(log.items[places], log.kinds[places], log.times[places])


def lesson_rows(questions: Questions, *, progress: Progress | None = None, processes: int | None = None) -> LessonRows:
    """The rows of all questions, in their order.

    Args:
        questions: What to ask.
        progress: Told of the questions done.
        processes: As many as there are processors unless given.
    """
    count = len(questions.lesson.cases)
    workers = (os.cpu_count() or 1) if processes is None else processes
    starts = range(0, max(count, 1), QUESTIONS_PER_TASK)
    tasks = [range(start, min(start + QUESTIONS_PER_TASK, count)) for start in starts]
    if count < WORTH_PROCESSES and processes is None:
        workers = 1
    parts: list[LessonRows] = []
    with _answering(questions, workers=workers) as answers:
        for task, rows in zip(tasks, answers(tasks), strict=True):
            parts.append(rows)
            if progress is not None:
                progress(task.stop, count)
    return _joined(parts)


@contextmanager
def _answering(questions: Questions, *, workers: int) -> Iterator[Callable[[Sequence[range]], Iterator[LessonRows]]]:
    """What turns tasks into rows, in order: this process, or several others."""
    if workers == 1:
        yield partial(map, partial(_answer, questions))
        return
    # Spawned, not forked: TensorFlow and BLAS leave threads behind whose locks a fork would copy.
    with multiprocessing.get_context("spawn").Pool(workers, initializer=_start, initargs=(questions,)) as pool:
        yield partial(pool.imap, _answer_here)


_questions: Questions | None = None


def _start(questions: Questions) -> None:
    """Set up a process: what is asked; Ctrl-C is its parent's to handle."""
    global _questions  # noqa: PLW0603 - a pool's initializer has no other place to leave things
    _questions = questions
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answer_here(numbers: range) -> LessonRows:
    if _questions is None:
        raise RuntimeError("the process was not set up")
    return _answer(_questions, numbers)


def _answer(questions: Questions, numbers: range) -> LessonRows:
    """The rows of some questions."""
    lesson, options = questions.lesson, questions.options
    features, wanted, answered = [], [], 0
    for number in numbers:
        case = lesson.cases[number]
        may = questions.published.copy()
        may[lesson.excluded(case)] = False
        rows, found = candidates_with_features(
            history_of(lesson.log, case.past), questions.tables, now=case.now, allow=may, each=options.candidates_each
        )
        hits = np.isin(rows, case.wanted)
        if not hits.any():
            continue
        answered += 1
        kept = hits | (np.random.default_rng((questions.seed, number)).random(len(rows)) < options.kept)
        features.append(found[kept])
        wanted.append(hits[kept])
    told = np.concatenate(wanted) if wanted else np.zeros(0, dtype=np.bool_)
    return LessonRows(
        features=np.concatenate(features) if features else np.zeros((0, len(FEATURES)), dtype=np.float32),
        wanted=told,
        weights=np.where(told, 1.0, 1.0 / options.kept),
        answered=answered,
    )


def _joined(parts: Sequence[LessonRows]) -> LessonRows:
    return LessonRows(
        features=np.concatenate([part.features for part in parts]),
        wanted=np.concatenate([part.wanted for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
        answered=sum(part.answered for part in parts),
    )
