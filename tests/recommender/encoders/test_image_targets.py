"""What the network learns to tell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from recommender.encoders.image_targets import learnable_tags, make_targets, split_for_validation
from tests.recommender.encoders.shapes import shapes


def test_rare_tags_are_left_out_and_named_in_a_note() -> None:
    labels = np.array([0] * 6 + [1] * 4 + [2] * 5 + [-1], dtype=np.int32)

    targets = make_targets(labels, ("mug", "lamp", "chair"), None, pictures=shapes(16)[0], seed=0)

    assert targets.tags == ("mug", "chair")
    assert targets.labels.tolist() == [0] * 6 + [-1] * 4 + [1] * 5 + [-1]
    assert targets.notes == ("1 tags have fewer than 5 pictures and don't train the network.",)
    expected = np.array([[0.95, 0.05], [0, 0], [0.05, 0.95], [0, 0]])
    np.testing.assert_allclose(targets.tag_shares[[0, 6, 10, 15]], expected)
    assert targets.usable.tolist() == [True] * 6 + [False] * 4 + [True] * 5 + [False]


def test_one_tag_teaches_nothing() -> None:
    targets = make_targets(np.zeros(8, dtype=np.int32), ("mug",), None, pictures=shapes(8)[0], seed=0)

    assert not targets.has_tags
    assert not targets.anything
    assert targets.notes[0] == "Only one tag has pictures enough: the picture network cannot learn from tags."


def test_silhouettes_where_there_are_neither_tags_nor_words() -> None:
    pictures, kinds = shapes(80)

    targets = make_targets(np.full(80, -1, dtype=np.int32), (), [""] * 80, pictures=pictures, seed=0)

    assert targets.notes[-1] == "Neither tags nor words: the picture network learned to tell silhouettes apart."
    assert not targets.has_tags
    assert targets.tag_shares.shape == (80, 4)
    bars = targets.tag_shares.argmax(axis=1)[kinds == 1]
    others = targets.tag_shares.argmax(axis=1)[kinds != 1]
    assert not set(bars.tolist()) & set(others.tolist())


@pytest.mark.parametrize("pictures", [np.zeros((0, 8, 8, 3)), shapes(30)[0], np.zeros((60, 8, 8, 3))])
def test_too_few_or_equal_pictures_teach_nothing(pictures: npt.NDArray[np.uint8]) -> None:
    pictures = pictures.astype(np.uint8)

    targets = make_targets(np.full(len(pictures), -1, dtype=np.int32), (), None, pictures=pictures, seed=0)

    assert not targets.anything
    assert targets.notes[-1].startswith("Too few pictures to train")


def test_words_count_by_rarity_and_the_rarest_and_commonest_not_at_all() -> None:
    texts = ["acme red mug"] * 20 + ["acme red lamp"] * 20 + ["acme"] * 40 + ["acme unique"]

    targets = make_targets(np.full(81, -1, dtype=np.int32), (), texts, pictures=shapes(81)[0], seed=0)

    red, rare = np.log(81 / 40), np.log(81 / 20)
    assert targets.word_shares.shape == (81, 3)
    np.testing.assert_allclose(targets.word_shares[0], [red / (red + rare), 0, rare / (red + rare)], rtol=1e-6)
    assert targets.word_shares[60].tolist() == [0, 0, 0]


def test_every_tag_is_checked_by_its_share_and_untagged_pictures_never() -> None:
    labels = np.array([0] * 40 + [1] * 20 + [2] * 5 + [-1] * 30, dtype=np.int32)

    chosen = split_for_validation(labels, None, share=0.1, random=np.random.default_rng(0))

    assert [int(chosen[labels == label].sum()) for label in (0, 1, 2, -1)] == [4, 2, 0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_pictures_of_one_item_stay_together(seed: int) -> None:
    labels = np.repeat(np.array([0, 1], dtype=np.int32), 30)
    groups = np.repeat(np.arange(20, dtype=np.int32), 3)

    chosen = split_for_validation(labels, groups, share=0.3, random=np.random.default_rng(seed))

    assert int(chosen.sum()) == 18
    assert all(len(set(chosen[groups == group].tolist())) == 1 for group in range(20))
    # Without the groups some item has pictures on both sides.
    alone = split_for_validation(labels, None, share=0.3, random=np.random.default_rng(seed))
    assert any(len(set(alone[groups == group].tolist())) == 2 for group in range(20))


def test_items_with_several_pictures_are_learned_by_themselves() -> None:
    owners = np.array([7] * 4 + [3] * 3 + [5] * 6, dtype=np.int32)
    pictures = shapes(13)[0]

    targets = make_targets(np.full(13, -1, dtype=np.int32), (), None, pictures=pictures, seed=0, groups=owners)

    assert targets.item_shares.shape == (13, 2)
    assert targets.item_shares.argmax(axis=1)[[0, 3]].tolist() == [1, 1]
    assert not targets.item_shares[4:7].any()
    assert targets.item_shares.argmax(axis=1)[7:].tolist() == [0] * 6
    assert targets.notes[-1] == "The picture network learned from items that have several pictures alone."
    assert targets.usable.tolist() == [True] * 4 + [False] * 3 + [True] * 6


@pytest.mark.parametrize("owners", [np.arange(40), np.zeros(40)], ids=["one picture each", "one item"])
def test_single_pictures_and_single_items_teach_no_items(owners: npt.NDArray[np.float64]) -> None:
    targets = make_targets(
        np.full(40, -1, dtype=np.int32), (), None, pictures=shapes(40)[0], seed=0, groups=owners.astype(np.int32)
    )

    assert targets.item_shares.shape == (40, 0)


def test_a_hundred_thousand_tags_of_one_item_each_teach_nothing_and_take_no_memory() -> None:
    labels = np.arange(100_000, dtype=np.int32)

    kept, names, notes = learnable_tags(labels, [str(label) for label in labels.tolist()])

    assert names == ()
    assert (kept == -1).all()
    assert notes[0].startswith("100,000 tags have fewer than 5 pictures")
