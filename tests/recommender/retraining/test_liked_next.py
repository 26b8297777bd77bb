"""Which table answers *also liked*: a directed one only where it finds more of what people wanted next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.splits import Split, cut_by_time
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.log import ActionLog
from recommender.learners.next_item import NextItem
from recommender.learners.transitions import SmoothedTransitions, Transitions
from recommender.neighbours import NeighbourTable
from recommender.retraining import liked_next
from recommender.retraining.liked_next import choose_liked_next, learn_liked_next, wanted_pairs
from tests.recommender.logs import log_of
from tests.recommender.walks import walks

ITEMS = 60
EVERY = np.ones(ITEMS, dtype=np.bool_)


def split_of(log: ActionLog) -> Split:
    return cut_by_time(log, generator=np.random.default_rng(0))


def one_way(seed: int, *, users: int = 2000) -> ActionLog:
    """Walks of which many start late, so that the hidden part holds many pairs; all of it is bought."""
    log = walks(seed, users=users, items=ITEMS)
    return replace(log, kinds=np.full(len(log), 3, dtype=np.int8))


def test_pairs_are_what_one_user_wanted_in_a_row() -> None:
    log = log_of(
        "0 3 click 1\n0 1 click 3\n0 2 click 2\n0 2 click 4\n0 2 click 5\n1 0 click 1\n1 4 click -\n1 3 click 2"
    )
    assert wanted_pairs(log).tolist() == [[3, 2], [2, 1], [1, 2], [0, 3]]
    bought = log_of("\n".join(f"{user} 0 purchase 1\n{user} 1 click 2\n{user} 2 purchase 3" for user in range(50)))
    assert wanted_pairs(bought).tolist() == [[0, 2]] * 50
    assert wanted_pairs(ActionLog.empty(user_count=1, item_count=1)).shape == (0, 2)


def test_where_people_go_one_way_a_directed_table_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liked_next, "LENGTH", 1)
    choice = choose_liked_next(split_of(one_way(1)), published=EVERY, seed=0)
    assert choice.method in {NextItem.name, Transitions.name, SmoothedTransitions.name}
    assert choice.hits[choice.method] > choice.hits["also_liked"] + 0.2
    assert f"Also liked is {choice.method}" in choice.why


def test_where_order_tells_nothing_co_occurrence_stays() -> None:
    """The negative control: the same baskets in a random order."""
    log = one_way(1)
    shuffled = np.random.default_rng(0).permutation(len(log))
    by_user = shuffled[np.argsort(log.users[shuffled], kind="stable")]
    choice = choose_liked_next(split_of(replace(log, items=log.items[by_user])), published=EVERY, seed=0)
    assert len(choice.hits) == 4
    assert choice.method == ""
    assert "Also liked is co-occurrence" in choice.why


def test_a_lead_within_noise_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Among the first two both sides of the walk have a place, so that the order tells next to nothing more.
    monkeypatch.setattr(liked_next, "LENGTH", 2)
    choice = choose_liked_next(split_of(one_way(1)), published=EVERY, seed=0)
    assert choice.hits["also_liked"] < max(choice.hits.values()) < choice.hits["also_liked"] + 0.01
    assert choice.method == ""
    assert "nothing is better beyond noise" in choice.why


def test_few_pairs_choose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    split = split_of(one_way(1, users=150))
    choice = choose_liked_next(split, published=EVERY, seed=0)
    assert (choice.method, choice.hits) == ("", {})
    assert "are too few to choose by (200 are needed)" in choice.why
    monkeypatch.setattr(liked_next, "FEWEST_PAIRS", 1)
    assert choose_liked_next(split, published=EVERY, seed=0).hits != {}


def test_simulated_shoppers_choose_nothing() -> None:
    log = one_way(1)
    split = split_of(replace(log, simulated=np.ones(len(log), dtype=np.bool_)))
    assert len(wanted_pairs(split.hidden)) >= 200
    choice = choose_liked_next(split, published=EVERY, seed=0)
    assert (choice.method, choice.hits) == ("", {})
    assert "0 items that real shoppers wanted" in choice.why


def test_without_times_in_the_training_part_only_co_occurrence_is_asked() -> None:
    log = one_way(1)
    cut = float(np.quantile(log.times, 0.9))
    split = split_of(log)
    untimed = replace(split, train=replace(split.train, times=np.full(len(split.train), np.nan)))
    assert float(split.hidden.times.min()) > cut
    choice = choose_liked_next(untimed, published=EVERY, seed=0)
    assert len(choice.hits) == 1
    assert choice.method == ""


def test_unpublished_items_are_neither_asked_about_nor_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    published = np.arange(ITEMS) % 3 != 0
    split = split_of(one_way(1))
    seen: list[np.ndarray] = []
    plain = liked_next._hits

    def hits(near: NeighbourTable, pairs: np.ndarray) -> np.ndarray:
        seen.extend((near.ids, pairs))
        return plain(near, pairs)

    monkeypatch.setattr(liked_next, "_hits", hits)
    choose_liked_next(split, published=published, seed=0)
    assert len(seen) == 8
    for array in seen:
        assert published[array[array >= 0]].all()


def test_the_same_seed_chooses_by_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liked_next, "MOST_PAIRS", 250)
    split = split_of(one_way(1))
    first, second, other = (choose_liked_next(split, published=EVERY, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first.hits != other.hits


@pytest.mark.parametrize("method", [NextItem.name, Transitions.name])
def test_the_chosen_table_is_learned_from_everything(method: str) -> None:
    published = np.arange(ITEMS) != 8
    found = learn_liked_next(one_way(1), method, published=published, neighbours=5)
    assert found is not None
    assert found.ids.shape == (ITEMS, 5)
    assert found.ids[3, 0] == 4
    assert 8 not in found.ids
    assert found.ids[7, 0] == 9


def test_tables_that_are_learned_already_are_not_learned_again() -> None:
    split = split_of(one_way(1))
    learned = {
        "also_liked": CoOccurrence().fit(split.train).table,
        NextItem.name: NextItem().learn(split.train),
        Transitions.name: Transitions().learn(split.train),
    }
    anew = choose_liked_next(split, published=EVERY, seed=0)
    assert choose_liked_next(split, published=EVERY, seed=0, learned=learned) == anew
    # A table that finds nothing shows that those given are the ones asked.
    nothing = NeighbourTable(ids=np.full((ITEMS, 1), -1, np.int32), scores=np.zeros((ITEMS, 1), np.float32))
    given = choose_liked_next(split, published=EVERY, seed=0, learned=learned | {"transitions": nothing})
    assert given.hits["transitions"] == 0
    found = learn_liked_next(split.train, NextItem.name, published=EVERY, neighbours=1, learned={"next_item": nothing})
    assert found is not None
    assert found.filled == 0


def test_nothing_is_learned_where_nothing_was_chosen() -> None:
    assert learn_liked_next(one_way(1, users=5), "", published=EVERY, neighbours=5) is None
