"""What is hidden, and what is asked."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.evaluation.ratings import BiasModel, rating_errors
from recommender.evaluation.splits import (
    Split,
    cut_at_random,
    cut_by_time,
    cut_last,
    make_cases,
    weakest_guessed,
)
from tests.recommender.logs import log_of, random_log


def chance() -> np.random.Generator:
    return np.random.default_rng(3)


def test_the_latest_tenth_is_hidden() -> None:
    log = log_of("\n".join(f"0 {day} click {day}" for day in range(20)))
    split = cut_by_time(log, generator=chance())
    assert split.name == "time"
    assert split.hidden.items.tolist() == [18, 19]
    assert split.train.items.tolist() == list(range(18))


def test_nothing_of_the_latest_slice_stays_in_training() -> None:
    log = log_of(
        "0 0 click 1\n0 1 click 2 - simulated\n0 2 click 100 - simulated\n0 3 click 100\n0 4 click -\n0 5 click 3"
    )
    split = cut_by_time(log, generator=chance())
    assert split.hidden.items.tolist() == [3]
    assert split.train.items.tolist() == [0, 1, 4, 5]


def test_without_times_a_random_tenth_is_hidden_and_it_is_said() -> None:
    split = cut_by_time(random_log(1, timed=False), generator=chance())
    assert split.name == "random"
    assert len(split.hidden) == pytest.approx(40, abs=20)
    assert "No times are known" in split.notes[0]


def test_simulated_actions_judge_only_where_there_are_no_others_and_it_is_said() -> None:
    mixed = log_of("0 0 click 1 - simulated\n0 1 click 2\n0 2 click 9 - simulated")
    assert cut_by_time(mixed, generator=chance()).hidden.items.tolist() == [1]
    made_up = log_of("0 0 click 1 - simulated\n0 1 click 2 - simulated")
    split = cut_by_time(made_up, generator=chance())
    assert split.hidden.items.tolist() == [1]
    assert "simulated" in split.notes[0]


def test_equal_times_can_be_cut_too() -> None:
    split = cut_by_time(log_of("0 0 click 1\n0 1 click 1"), generator=chance())
    assert len(split.hidden) == 2


def test_the_last_action_of_each_user_is_hidden_and_equal_times_keep_their_order() -> None:
    log = log_of("0 0 click 5\n0 1 click 9\n0 2 click 9\n1 3 click 2\n1 4 click 1")
    split = cut_last(log, generator=chance())
    assert split.hidden.items.tolist() == [2, 3]
    assert split.train.items.tolist() == [0, 1, 4]
    assert split.notes == ()


def test_where_times_are_unknown_any_action_may_be_the_hidden_one() -> None:
    log = log_of("\n".join(f"{user} {item} click" for user in range(40) for item in range(3)))
    split = cut_last(log, generator=chance())
    assert split.hidden.users.tolist() == list(range(40))
    assert set(split.hidden.items.tolist()) == {0, 1, 2}
    assert "unknown" in split.notes[0]


def test_the_same_seed_hides_the_same() -> None:
    log = random_log(4)
    first, second = (cut_at_random(log, generator=chance()) for _ in range(2))
    assert first.hidden.items.tolist() == second.hidden.items.tolist()
    assert len(first.hidden) + len(first.train) == len(log)


def test_the_strongest_kind_that_enough_users_reach_is_guessed() -> None:
    enough = "\n".join(f"{user} 0 purchase\n{user} 1 click" for user in range(50))
    few = "\n".join(f"{user} 0 purchase\n{user} 1 click" for user in range(49))
    assert weakest_guessed(log_of(enough)) == 3
    assert weakest_guessed(log_of(few)) == 0
    assert weakest_guessed(log_of(few + "\n60 0 favourite")) == 1


def cases_of(train: str, hidden: str, **options: object) -> object:
    counts = {"users": 5, "items": 9}
    split = Split(name="time", train=log_of(train, **counts), hidden=log_of(hidden, **counts))
    published = np.ones(9, dtype=np.bool_)
    published[8] = False
    return make_cases(split, published=published, generator=chance())


def test_cases_say_what_is_new_to_a_user_and_leave_out_what_cannot_be_asked() -> None:
    cases = cases_of(
        "0 0 click\n0 1 purchase\n1 2 cart\n2 3 click",
        "0 0 purchase\n1 4 purchase\n2 8 purchase\n3 5 purchase\n0 1 purchase",
    )
    assert cases.users.tolist() == [0, 1]  # type: ignore[attr-defined]
    assert [truth.tolist() for truth in cases.truths] == [[0], [4]]  # type: ignore[attr-defined]
    assert [banned.tolist() for banned in cases.exclude] == [[1], []]  # type: ignore[attr-defined]
    assert cases.discovery.tolist() == [False, True]  # type: ignore[attr-defined]
    assert cases.exclusion == "purchased"  # type: ignore[attr-defined]
    assert cases.cold == 1  # type: ignore[attr-defined]


def test_in_a_log_of_ratings_what_was_touched_does_not_return() -> None:
    cases = cases_of("0 0 favourite\n0 1 click", "0 0 favourite\n0 2 favourite")
    assert [truth.tolist() for truth in cases.truths] == [[2]]  # type: ignore[attr-defined]
    assert [banned.tolist() for banned in cases.exclude] == [[0, 1]]  # type: ignore[attr-defined]
    assert cases.exclusion == "touched"  # type: ignore[attr-defined]


def test_golden_rating_biases() -> None:
    # Mean 3. Item 0 rests +2, +1 → 3/(2+1); item 1 rests −1, −2 → −3/3. Then user 0: 1, 0 → 1/3; user 1: 0, −1 → −1/3.
    log = log_of("0 0 click - 5\n1 0 click - 4\n0 1 click - 2\n1 1 click - 1")
    model = BiasModel(shrinkage=1).fit(log)
    assert model.mean == 3
    assert model.item_bias == pytest.approx([1, -1])
    assert model.user_bias == pytest.approx([1 / 3, -1 / 3])
    assert model.predict(log.users[:1], log.items[:1]) == pytest.approx([13 / 3])


def test_rating_errors_need_values_on_both_sides() -> None:
    rated, plain = log_of("0 0 click - 4\n0 1 click - 2"), log_of("0 0 click")
    assert rating_errors(Split(name="random", train=rated, hidden=plain)) == {}
    assert rating_errors(Split(name="random", train=plain, hidden=rated)) == {}
    errors = rating_errors(Split(name="random", train=rated, hidden=rated))
    assert errors["mean"]["rmse"] == 1.0
    assert errors["bias"]["rmse"] < 1.0
