"""What the ranker is asked: nothing it could know, nothing made up, and the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.learners import ranking_cases
from recommender.learners.log import CLICK, FAVOURITE, PURCHASE, ActionLog
from recommender.learners.ranking_cases import Lesson, RankingCase, make_lesson
from tests.recommender.logs import DAY, log_of
from tests.recommender.walks import walks

HOUR = DAY / 24


def lesson_of(log: ActionLog, *, published: np.ndarray | None = None, seed: int = 0) -> Lesson:
    every = np.ones(log.item_count, dtype=np.bool_) if published is None else published
    return make_lesson(log, published=every, generator=np.random.default_rng(seed))


def keys(log: ActionLog) -> set[tuple[int, int, int, float]]:
    """Actions as who, what, how and when."""
    return set(zip(log.users.tolist(), log.items.tolist(), log.kinds.tolist(), log.times.tolist(), strict=True))


def answers(lesson: Lesson, case: RankingCase) -> list[int]:
    """Places of what was asked for: purchases of it by the user from the moment on that are not in the past."""
    own = lesson.log.histories.of(case.user)
    later = own[~np.isin(own, case.past) & ~(lesson.log.times[own] < case.now)]
    return [
        place
        for place in later.tolist()
        if lesson.log.items[place] in case.wanted and lesson.log.kinds[place] == PURCHASE
    ]


@pytest.fixture(scope="module", params=[True, False], ids=["ordered", "unordered"])
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return lesson_of(walks(1, timed=request.param))


def test_answers_stand_neither_in_the_past_nor_in_what_tables_learn_from(lesson: Lesson) -> None:
    known = keys(lesson.known)
    unordered = np.isnan(lesson.log.times).all()
    assert len(lesson.cases) > 150
    for case in lesson.cases:
        found = answers(lesson, case)
        assert {int(lesson.log.items[place]) for place in found} == set(case.wanted.tolist())
        for place in found:
            action = lesson.log.where(np.arange(len(lesson.log)) == place)
            if not unordered:
                assert not keys(action) & known
        if unordered:
            same = (lesson.known.users == case.user) & np.isin(lesson.known.items, case.wanted)
            assert (lesson.known.kinds[same] != PURCHASE).all()


def test_only_the_past_is_known_of_the_asked(lesson: Lesson) -> None:
    for case in lesson.cases:
        times = lesson.log.times[case.past]
        assert (lesson.log.users[case.past] == case.user).all()
        if np.isnan(times).all():
            assert np.isnan(case.now)
            continue
        assert (np.diff(times) >= 0).all()
        assert times[-1] <= case.now


def test_what_a_list_must_not_hold_is_never_wanted(lesson: Lesson) -> None:
    assert lesson.returning
    for case in lesson.cases:
        assert not np.isin(case.wanted, lesson.excluded(case)).any()
        assert len(case.wanted)
        assert len(case.past)


def ratings(log: ActionLog) -> ActionLog:
    return replace(log, kinds=np.where(log.kinds == PURCHASE, FAVOURITE, CLICK).astype(np.int8))


def test_among_ratings_what_was_touched_is_not_wanted_again() -> None:
    lesson = lesson_of(ratings(walks(1)))
    assert not lesson.returning
    assert len(lesson.cases) > 150
    for case in lesson.cases:
        touched = np.unique(lesson.log.items[case.past])
        assert lesson.excluded(case).tolist() == touched.tolist()
        assert not np.isin(case.wanted, touched).any()


def test_unpublished_items_are_never_asked_about() -> None:
    published = np.arange(30) % 2 == 0
    for timed in (True, False):
        cases = lesson_of(walks(1, timed=timed), published=published).cases
        assert len(cases) > 100
        assert all((case.wanted % 2 == 0).all() for case in cases)


@pytest.mark.parametrize("timed", [True, False])
def test_simulated_shoppers_are_never_asked_about_but_tables_may_learn_from_them(*, timed: bool) -> None:
    log = walks(1, timed=timed)
    mixed = replace(log, simulated=log.users >= 200)
    lesson = lesson_of(mixed)
    assert lesson.cases
    assert {case.user for case in lesson.cases} <= set(range(200))
    assert int(lesson.known.simulated.sum()) == int(mixed.simulated.sum())
    assert lesson_of(replace(log, simulated=np.ones(len(log), dtype=np.bool_))).cases == ()


def test_the_last_visit_is_asked_for_as_of_its_begin() -> None:
    # Visits on day 1, day 3 and day 4; the rest of the log, from day 9 on, is another's.
    visits = [(0, 0, 1 * DAY), (0, 1, 1 * DAY + HOUR), (0, 2, 3 * DAY), (0, 3, 4 * DAY), (0, 4, 4 * DAY + HOUR)]
    others = [(1, item, 9 * DAY + item) for item in range(5)]
    rows = [*visits, *others]
    log = log_of("\n".join(f"{user} {item} click {time / DAY}" for user, item, time in rows))
    cases = [case for case in lesson_of(log).cases if case.user == 0]
    assert [case.past.tolist() for case in cases] == [[0, 1, 2]]
    assert cases[0].now == pytest.approx(4 * DAY)
    assert cases[0].wanted.tolist() == [3, 4]


def test_a_visit_that_is_nearly_everything_is_asked_about_in_session_instead() -> None:
    lines = ["0 0 click 1", *(f"0 {item} click {3 + item / 100}" for item in range(1, 10))]
    log = log_of("\n".join([*lines, "1 0 click 20", "1 1 click 20.1", "1 2 click 20.2"]))
    cases = [case for case in lesson_of(log).cases if case.user == 0]
    # Of ten actions the last two are asked about, each right before it came.
    assert [(len(case.past), case.wanted.tolist()) for case in cases] == [(8, [8]), (9, [9])]
    assert [case.now for case in cases] == pytest.approx([3.07 * DAY, 3.08 * DAY])


def test_what_comes_after_the_date_is_asked_of_who_comes_back() -> None:
    lesson = lesson_of(walks(1))
    date = float(np.quantile(lesson.log.times, 0.9))
    back = [case for case in lesson.cases if case.now == date]
    assert len(back) > 20
    assert any(len(case.wanted) > 1 for case in back)
    assert float(lesson.known.times.max()) <= date
    for case in back:
        # Nothing of it is what another question of the same shopper hides.
        assert np.isin(lesson.log.times[case.past], lesson.known.times).all()


def test_in_session_half_are_asked_before_the_item_was_first_touched() -> None:
    """A shop's shopper clicks, then buys: asked right before the purchase only, every answer would be touched."""
    lines = []
    for user in range(120):
        start = user % 7
        steps = [(item, kind) for item in range(start, start + 12) for kind in ("click", "purchase")]
        lines += [f"{user} {item} {kind} {place / 1000}" for place, (item, kind) in enumerate(steps)]
    lesson = lesson_of(log_of("\n".join(lines)))
    date = float(np.quantile(lesson.log.times, 0.9))
    touched = [
        bool(np.isin(case.wanted, lesson.log.items[case.past]).any()) for case in lesson.cases if case.now != date
    ]
    assert len(touched) > 60
    assert 0.25 < np.mean(touched) < 0.75


def test_unordered_only_the_pair_is_hidden_and_clicks_on_it_stay() -> None:
    log = walks(1, timed=False)
    lesson = lesson_of(log)
    assert len({case.user for case in lesson.cases}) == len(lesson.cases)
    hidden = len(log) - len(lesson.known)
    assert len(lesson.cases) <= hidden <= len(lesson.cases) * 2
    assert int((lesson.known.kinds == CLICK).sum()) == int((log.kinds == CLICK).sum())


@pytest.mark.parametrize("timed", [True, False])
def test_the_same_seed_asks_the_same_and_another_something_else(
    monkeypatch: pytest.MonkeyPatch, *, timed: bool
) -> None:
    monkeypatch.setattr(ranking_cases, "MOST_VISITS", 50)

    def asked(seed: int) -> list[tuple[int, list[int], list[int]]]:
        cases = lesson_of(walks(1, timed=timed), seed=seed).cases
        return [(case.user, case.past.tolist(), case.wanted.tolist()) for case in cases]

    assert asked(3) == asked(3)
    assert asked(3) != asked(4)


def test_no_more_than_so_many_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_IN_SESSION", "MOST_COMING_BACK", "MOST_VISITS", "MOST_UNORDERED"):
        monkeypatch.setattr(ranking_cases, name, 5)
    assert len({case.user for case in lesson_of(walks(1)).cases}) <= 15
    assert len(lesson_of(walks(1, timed=False)).cases) <= 5


def test_hardly_any_log_has_no_questions() -> None:
    assert lesson_of(ActionLog.empty(user_count=0, item_count=0)).cases == ()
    assert lesson_of(ActionLog.empty(user_count=3, item_count=2)).cases == ()
    assert lesson_of(log_of("0 0 purchase 1")).cases == ()
    assert lesson_of(log_of("0 0 purchase")).cases == ()


def test_of_many_questions_some_of_every_kind_are_asked() -> None:
    log, every = walks(1), np.ones(30, dtype=np.bool_)
    whole, part = (
        make_lesson(log, published=every, generator=np.random.default_rng(0), most=most) for most in (None, 100)
    )
    assert len(whole.cases) > 200
    assert len(part.cases) == 100
    assert keys(part.known) == keys(whole.known)
    assert {case.user for case in part.cases} < {case.user for case in whole.cases}
