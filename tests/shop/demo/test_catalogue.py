"""What stands in the demonstration shop follows from the seed and reads well in both languages."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from shop.demo.catalogue import DEFAULT_ITEMS, MOST_ITEMS, blueprints, categories
from shop.demo.painting.studio import FAMILIES
from shop.demo.words.families import WORDS
from shop.demo.words.vocabulary import FINISHES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLANS = blueprints()


def test_there_are_more_than_six_hundred_things_spread_over_all_families() -> None:
    assert len(PLANS) == DEFAULT_ITEMS >= 600
    counts = Counter(plan.design.family for plan in PLANS)
    assert set(counts) == set(FAMILIES)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_same_seed_gives_the_same_shop_and_another_seed_another() -> None:
    assert blueprints(items=60) == PLANS[:60]
    assert blueprints(items=60, seed=1)[:60] != PLANS[:60]


def test_ids_titles_and_descriptions_are_unique() -> None:
    for part in ("item_id", "title", "description", "chinese_title", "chinese_description"):
        values = [getattr(plan, part) for plan in PLANS]
        assert len(set(values)) == len(values), part
    assert PLANS[0].item_id == "mug-001"


def test_no_two_things_of_a_family_look_alike() -> None:
    looks = [
        (p.design.family, p.design.silhouette, p.design.material, p.design.pattern, p.design.colourway) for p in PLANS
    ]
    assert len(set(looks)) == len(looks)


def test_every_combination_is_one_its_family_allows() -> None:
    for plan in PLANS:
        design = plan.design
        assert FAMILIES[design.family].allows(design.silhouette, design.material, design.pattern)


def test_texts_are_whole_sentences_in_both_languages() -> None:
    for plan in PLANS:
        assert not re.search(r"[{}]|  |\.\.", plan.description + plan.title), plan.item_id
        assert plan.description[0].isupper()
        assert plan.description.endswith(".")
        assert not CHINESE.search(plan.description + plan.title)
        assert len(CHINESE.findall(plan.chinese_description)) >= 15
        assert CHINESE.search(plan.chinese_title)
        assert plan.chinese_description.endswith("。")
        assert not re.search(r"[{}]", plan.chinese_description + plan.chinese_title)


def test_articles_fit_their_nouns() -> None:
    assert not any(re.search(r"\b[Aa] [aeio]", plan.description) for plan in PLANS)


def test_sentences_come_in_varied_shapes() -> None:
    openings = Counter(plan.description.split(" ")[0] for plan in PLANS)
    assert len(openings) > 30
    assert openings.most_common(1)[0][1] < DEFAULT_ITEMS / 3


def test_prices_and_stock_cover_what_a_shop_meets() -> None:
    assert any(plan.price is None for plan in PLANS)
    assert all(plan.price is None or plan.price >= Decimal(1) for plan in PLANS)
    assert any(plan.stock == 0 for plan in PLANS)
    assert any(1 <= plan.stock <= 4 for plan in PLANS)
    assert sum(plan.stock == 0 for plan in PLANS) < 0.1 * DEFAULT_ITEMS


def test_the_category_tree_has_two_levels_with_chinese_names() -> None:
    tree = categories()
    assert {len(path) for path in tree} == {1, 2}
    assert all(CHINESE.search(name) for name in tree.values())
    assert all(path[:-1] in tree for path in tree if len(path) > 1)
    assert {plan.category for plan in PLANS} <= set(tree)


def test_there_are_words_for_everything_that_is_painted() -> None:
    assert set(WORDS) == set(FAMILIES)
    for name, family in FAMILIES.items():
        words = WORDS[name]
        assert set(family.silhouettes) == set(words.shapes) == set(words.measures), name
        assert set(family.materials) == set(words.materials), name
        assert set(family.patterns) <= set(FINISHES), name


@pytest.mark.parametrize("items", [0, -1, MOST_ITEMS + 1])
def test_impossible_numbers_are_refused(items: int) -> None:
    with pytest.raises(ValueError, match="1 to 5,000 items"):
        blueprints(items=items)


def test_names_do_not_run_out() -> None:
    plans = blueprints(items=1_300)
    assert len({plan.title for plan in plans}) == 1_300
    assert len({plan.item_id for plan in plans}) == 1_300
