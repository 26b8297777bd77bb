"""Which weights words and pictures get."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.encoders.fusion import unit_rows
from recommender.learners.log import ActionLog
from recommender.retraining.fusion_choice import (
    FEWEST_SHOPPERS,
    Pairs,
    choose_fusion_weights,
    liked_pairs,
    reciprocal_ranks,
)

ITEMS, SHOPPERS = 60, 120
DEFAULT = (0.3, 0.7)


def views(seed: int = 0) -> tuple[csr_matrix, np.ndarray[Any, np.dtype[np.float32]]]:
    """Words that tell the twenty kinds of three items apart, and pictures that tell nothing."""
    random = np.random.default_rng(seed)
    kinds = np.arange(ITEMS) // 3
    words = np.eye(20, dtype=np.float32)[kinds] + 0.3 * random.random((ITEMS, 20), dtype=np.float32)
    looks = random.random((ITEMS, 8), dtype=np.float32)
    return csr_matrix(unit_rows(words)), unit_rows(looks)


def kindred_log(*, simulated: bool = False, shoppers: int = SHOPPERS) -> ActionLog:
    """Each shopper favours the three items of a few kinds, one kind after the other."""
    random = np.random.default_rng(5)
    items = np.concatenate(
        [np.repeat(random.permutation(20)[:3] * 3, 3) + np.tile(np.arange(3), 3) for _ in range(shoppers)]
    )
    users = np.repeat(np.arange(shoppers), 9)
    count = len(items)
    return ActionLog(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        kinds=np.ones(count, dtype=np.int8),
        times=np.tile(np.arange(9.0), shoppers),
        values=np.full(count, np.nan),
        simulated=np.full(count, simulated),
        user_count=shoppers,
        item_count=ITEMS,
    )


def test_behaviour_that_follows_the_words_gives_them_more_weight() -> None:
    choice = choose_fusion_weights(*views(), kindred_log(), default=DEFAULT, seed=0)

    assert choice.text_weight > 0.3
    assert choice.text_weight + choice.image_weight == pytest.approx(1)
    assert "chosen on" in choice.why
    tried = dict(choice.tried)
    assert tried[choice.text_weight] == max(tried.values())


@pytest.mark.parametrize(
    "log", [kindred_log(simulated=True), kindred_log(shoppers=FEWEST_SHOPPERS - 1)], ids=["simulated", "too few"]
)
def test_too_little_and_simulated_behaviour_choose_nothing(log: ActionLog) -> None:
    choice = choose_fusion_weights(*views(), log, default=DEFAULT, seed=0)

    assert (choice.text_weight, choice.image_weight) == DEFAULT
    assert "too few to choose by" in choice.why
    assert choice.tried == ()


def test_behaviour_that_follows_neither_keeps_the_default() -> None:
    log = kindred_log()
    shuffled = np.random.default_rng(1).integers(0, ITEMS, len(log)).astype(np.int32)
    log = ActionLog(**{name: getattr(log, name) for name in ActionLog.__dataclass_fields__} | {"items": shuffled})

    choice = choose_fusion_weights(*views(), log, default=DEFAULT, seed=0)

    assert (choice.text_weight, choice.image_weight) == DEFAULT
    assert "beyond chance" in choice.why


def test_pairs_come_from_before_the_latest_part_a_few_of_each_shopper() -> None:
    log = kindred_log()
    # What everybody does at the last of the nine moments is a tenth of the log, and of one item.
    items = np.where(log.times == 8, ITEMS - 1, np.minimum(log.items, ITEMS - 2)).astype(np.int32)
    log = ActionLog(**{name: getattr(log, name) for name in ActionLog.__dataclass_fields__} | {"items": items})

    pairs = liked_pairs(log, seed=0)

    assert pairs.shoppers == SHOPPERS
    assert len(pairs.first) == 5 * SHOPPERS
    assert (pairs.first != pairs.second).all()
    assert ITEMS - 1 not in pairs.second
    np.testing.assert_array_equal(liked_pairs(log, seed=0).first, pairs.first)


def test_places_count_ties_by_half_and_nothing_for_no_likeness() -> None:
    words = csr_matrix(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float32))
    looks = np.zeros((4, 2), dtype=np.float32)
    pairs = Pairs(first=np.array([0, 0], dtype=np.int32), second=np.array([1, 3], dtype=np.int32), shoppers=1)

    assert reciprocal_ranks(words, looks, pairs, shares=(1.0, 0.0)).tolist() == [[1 / 1.5, 0], [0, 0]]


def test_is_written_for_what_comes_later(tmp_path: Path) -> None:
    choose_fusion_weights(*views(), kindred_log(simulated=True), default=DEFAULT, seed=0).save(tmp_path)

    stored = json.loads((tmp_path / "content_weights.json").read_text(encoding="utf-8"))
    assert (stored["text"], stored["image"]) == DEFAULT
