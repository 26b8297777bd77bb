"""The ranker's budget in the manifest."""

from __future__ import annotations

import json

from recommender.configuration import Configuration
from recommender.ranker_options import RankerOptions


def test_options_survive_the_manifest() -> None:
    options = RankerOptions(trees=7, ridge=1.5, kept=1.0)
    assert RankerOptions.from_json(json.loads(json.dumps(options.to_json()))) == options
    configuration = Configuration(ranker=options)
    assert Configuration.from_json(configuration.to_json()) == configuration


def test_absent_ones_take_the_default_and_unknown_ones_are_passed_over() -> None:
    assert RankerOptions.from_json({"leaves": 3, "gone": 1}) == RankerOptions(leaves=3)
    assert Configuration.from_json({}).ranker == RankerOptions()
