"""Lists from vectors, with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import vector_lists
from recommender.vector_lists import NoUserVectors, Vectors, also_liked, for_users, similar_items

ITEMS = np.array([[1, 0], [0.8, 0.6], [0, 2], [-1, 0], [0, 0]], dtype=np.float32)
USERS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
BOTH = Vectors(items=ITEMS, users=USERS)


def crowd(seed: int = 0, *, users: int = 60, items: int = 40) -> Vectors:
    """Even users love even items, odd ones odd items, each a little their own way."""
    generator = np.random.default_rng(seed)

    def side(count: int) -> np.ndarray:
        taste = np.where(np.arange(count) % 2, 1.0, -1.0)[:, None]
        return np.hstack([taste, generator.normal(0, 0.2, (count, 3))]).astype(np.float32)

    return Vectors(users=side(users), items=side(items))


def test_for_users_ranks_by_dot_product_and_scores_by_its_logistic() -> None:
    found = for_users(BOTH, [0, 1], k=3)
    assert found.ids.tolist() == [[0, 1, 2], [2, 1, 0]]
    assert found.scores[0].tolist() == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(-0.8)), 0.5])


def test_negative_products_are_still_an_order() -> None:
    found = for_users(BOTH, [0], k=5)
    assert found.ids[0].tolist() == [0, 1, 2, 4, 3]
    assert (found.scores[0] > 0).all()


def test_excluded_and_forbidden_items_never_come_and_lists_are_padded() -> None:
    allow = np.array([True, True, True, False, False])
    found = for_users(
        BOTH, [0, 0], k=4, exclude=[np.array([0], dtype=np.int32), np.zeros(0, dtype=np.int32)], allow=allow
    )
    assert found.ids.tolist() == [[1, 2, -1, -1], [0, 1, 2, -1]]
    assert found.scores[0, 2:].tolist() == [0, 0]


def test_similar_items_by_cosine_without_itself_and_the_unknown() -> None:
    found = similar_items(BOTH, [0, 4], k=4)
    assert found.ids.tolist() == [[1, 2, 3, -1], [-1, -1, -1, -1]]
    assert found.scores[0, :3].tolist() == pytest.approx([0.9, 0.5, 1e-9], rel=1e-5)


def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = crowd()
    whole = [
        for_users(vectors, range(60), k=5),
        similar_items(vectors, range(40), k=5),
        also_liked(vectors, range(40), k=5),
    ]
    monkeypatch.setattr(vector_lists, "BLOCK_ENTRIES", 1)
    again = [
        for_users(vectors, range(60), k=5),
        similar_items(vectors, range(40), k=5),
        also_liked(vectors, range(40), k=5),
    ]
    for first, second in zip(whole, again, strict=True):
        assert first.ids.tolist() == second.ids.tolist()


def test_also_liked_hears_the_people_with_the_highest_affinity() -> None:
    found = also_liked(crowd(), range(40), k=5)
    assert ((found.ids % 2) == (np.arange(40) % 2)[:, None]).all()
    assert not (found.ids == np.arange(40)[:, None]).any()


def test_also_liked_ends_where_there_are_fewer_people_or_items_than_wanted() -> None:
    found = also_liked(BOTH, [0], k=50, fans=1000)
    assert sorted(found.ids[0].tolist())[-4:] == [1, 2, 3, 4]
    assert (found.ids[0] == -1).sum() == 46
    nobody = Vectors(items=ITEMS, users=USERS, active=np.zeros(3, dtype=np.bool_))
    assert (also_liked(nobody, [0], k=3).ids == -1).all()


def test_only_people_who_did_something_are_heard() -> None:
    # User 0 is the natural fan of item 0; inactive, it leaves the word to the others.
    one = Vectors(items=ITEMS, users=USERS, active=np.array([True, False, False]))
    other = Vectors(items=ITEMS, users=USERS, active=np.array([False, True, True]))
    assert also_liked(other, [0], k=2).ids.tolist() != also_liked(one, [0], k=2).ids.tolist()


def test_visits_differ_by_seed_only_and_never_lose_what_is_good() -> None:
    vectors = crowd()

    def visit(seed: int) -> list[np.ndarray]:
        generator = np.random.default_rng(seed)
        return [
            for_users(vectors, range(60), k=5, generator=generator).ids,
            similar_items(vectors, range(40), k=5, generator=generator).ids,
            also_liked(vectors, range(40), k=5, generator=generator).ids,
        ]

    for first, again, other in zip(visit(1), visit(1), visit(2), strict=True):
        assert first.tolist() == again.tolist()
        assert first.tolist() != other.tolist()
        own = np.arange(len(other)) % 2
        assert ((other % 2) == own[:, None]).all(), "the draw stays among those of the same taste"


def test_a_visit_draws_from_twice_as_many_and_no_more() -> None:
    vectors = crowd()
    best = for_users(vectors, [7], k=10).ids[0]
    for seed in range(20):
        drawn = for_users(vectors, [7], k=5, generator=np.random.default_rng(seed)).ids[0]
        assert set(drawn.tolist()) <= set(best.tolist())


def test_without_vectors_of_users_only_similar_works() -> None:
    alone = Vectors(items=ITEMS)
    assert similar_items(alone, [0], k=1).ids.tolist() == [[1]]
    for ask in (for_users, also_liked):
        with pytest.raises(NoUserVectors):
            ask(alone, [0], k=1)
    with pytest.raises(ValueError, match="dims"):
        Vectors(items=ITEMS, users=np.zeros((2, 3), dtype=np.float32))
