"""Reasons in words: true to the figures, never more."""

from __future__ import annotations

import pytest
from django.utils import translation

from recommender.reasons import describe, describe_return
from recommender.types import Reason


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason("content", parts={"text": 0.3, "image": 0.3}), "Looks alike and is described alike"),
        (Reason("content", parts={"text": 0.1, "image": 0.6}), "Looks alike"),
        (Reason("content", parts={"text": 0.6, "image": 0.1}), "Described alike"),
        (Reason("content", parts={"text": 0.6, "image": 0.0}), "Described alike"),
        (Reason("content"), "A similar item"),
        (Reason("looks", parts={"image": 0.6}), "Looks alike"),
        (Reason("also_liked", support=31, population=214), "Drew 31 of the 214 shoppers this one drew"),
        (Reason("also_liked", support=31), "Drew the same shoppers"),
        (Reason("also_liked", support=31, population=9), "Drew the same shoppers"),
        (Reason("bought_together", support=1), "Bought together in 1 order"),
        (Reason("bought_together", support=4), "Bought together in 4 orders"),
        (Reason("bought_together"), "Bought together with this"),
        (Reason("trending", support=1), "Trending, drew 1 shopper so far"),
        (Reason("trending"), "Trending in the shop"),
        (Reason("best_sellers", support=7), "Drew 7 shoppers so far"),
        (Reason("best_sellers", support=3428), "Drew 3,428 shoppers so far"),
        (Reason("trending", support=2990), "Trending, drew 2,990 shoppers so far"),
        (Reason("also_liked", support=1031, population=2140), "Drew 1,031 of the 2,140 shoppers this one drew"),
        (Reason("best_sellers"), "Among the most looked at and chosen"),
        (Reason("newest"), "New in the shop"),
        (Reason("recently_viewed"), "You looked at this"),
        (Reason("history", causes=("a",)), "Picked for you from what you looked at and chose"),
        (Reason("something of tomorrow"), "Chosen from the shop"),
    ],
)
def test_each_source_has_its_sentence(reason: Reason, sentence: str) -> None:
    with translation.override("en"):
        assert describe(reason) == sentence
        assert reason.text == sentence
        assert len(sentence) >= 5


def test_a_cause_is_named_only_when_it_is_given() -> None:
    reason = Reason("history", causes=("a",))
    assert describe(reason, cause="Poptorp", cause_kind=1) == "Because you saved Poptorp"
    assert describe(reason, cause="Poptorp") == "Because you looked at Poptorp"
    assert describe(reason, cause="100% wool", cause_kind=3) == "Because you bought 100% wool"


def test_what_one_did_oneself_is_told_in_kind() -> None:
    sentences = [describe_return(kind) for kind in range(4)]
    assert sentences == ["You looked at this", "You saved this", "You had this in your cart", "You bought this before"]
