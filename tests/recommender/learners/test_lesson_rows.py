"""Rows to learn from: the same however many processes make them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.learners.lesson_rows import LessonRows, Questions, lesson_rows
from recommender.learners.ranker import learn_tables
from recommender.learners.ranking_cases import make_lesson
from recommender.ranker_options import RankerOptions
from recommender.ranking_features import FEATURES
from tests.recommender.walks import walks

ITEMS = 30


@pytest.fixture(scope="module")
def questions() -> Questions:
    log, published = walks(1, users=100), np.ones(ITEMS, dtype=np.bool_)
    lesson = make_lesson(log, published=published, generator=np.random.default_rng(0))
    tables = learn_tables(lesson.known, similar=None)
    return Questions(lesson=lesson, tables=tables, published=published, options=RankerOptions(), seed=3)


def same(one: LessonRows, other: LessonRows) -> bool:
    return one.answered == other.answered and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ("features", "wanted", "weights")
    )


def test_two_processes_make_what_one_makes(questions: Questions) -> None:
    alone = lesson_rows(questions, processes=1)
    assert len(questions.lesson.cases) > 50  # more than one task
    assert same(lesson_rows(questions, processes=2), alone)
    assert not same(lesson_rows(replace(questions, seed=4), processes=1), alone)


def test_all_that_was_wanted_stays_and_the_rest_is_weighed_up(questions: Questions) -> None:
    rows = lesson_rows(questions)
    every = lesson_rows(replace(questions, options=RankerOptions(kept=1.0)))
    assert rows.wanted.sum() == every.wanted.sum() >= rows.answered == every.answered
    assert np.unique(rows.weights[rows.wanted]).tolist() == [1.0]
    assert np.unique(rows.weights[~rows.wanted]).tolist() == [1 / 0.3]
    assert (~rows.wanted).sum() == pytest.approx(0.3 * (~every.wanted).sum(), rel=0.1)


def test_progress_ends_at_the_number_of_questions(questions: Questions) -> None:
    told: list[tuple[int, int]] = []
    lesson_rows(questions, progress=lambda done, count: told.append((done, count)))
    count = len(questions.lesson.cases)
    assert told[-1] == (count, count)
    assert told == sorted(told)


def test_no_questions_give_no_rows(questions: Questions) -> None:
    rows = lesson_rows(replace(questions, lesson=replace(questions.lesson, cases=())))
    assert rows.answered == 0
    assert rows.features.shape == (0, len(FEATURES))
