"""What stands in the demonstration shop: which things, what they are called, what they cost, how many there are.

Everything follows from the seed. Nothing here draws or touches the database.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from shop.demo.painting.design import Design
from shop.demo.painting.studio import FAMILIES, Family
from shop.demo.words.families import WORDS
from shop.demo.words.names import name_of
from shop.demo.words.sentences import Story, describe, title_of
from shop.demo.words.vocabulary import COLOURS, PATTERN_TITLES, FamilyWords

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_ITEMS = 630
MOST_ITEMS = 5_000
"""More would repeat themselves."""

SOLD_OUT, LOW_STOCK, ON_REQUEST = 0.03, 0.09, 0.012
"""Shares of the things that are sold out, nearly so, and sold at a price on request."""

ROUND_ABOVE = 60
"""Dearer things cost whole amounts."""

EVERY_CLOSE_UP = 7
"""Every seventh thing of a family also has a close-up."""


@dataclass(frozen=True)
class Blueprint:
    """One thing of the demonstration shop, complete but not yet painted.

    ``sizes`` are what one chooses between, with how many there are of each;
    where there are some, ``stock`` is the sum of them.
    """

    item_id: str
    design: Design
    title: str
    description: str
    chinese_title: str
    chinese_description: str
    tag: str
    category: tuple[str, str]
    price: Decimal | None
    stock: int
    brand: str
    attributes: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    close_up: bool = False

    @property
    def pictures(self) -> int:
        """How many pictures it has."""
        return 2 if self.close_up else 1


def blueprints(*, items: int = DEFAULT_ITEMS, seed: int = 0) -> list[Blueprint]:
    """The first ``items`` things of the shop with this seed.

    Families take turns, so any number of things is spread over all of them.

    Args:
        items: How many, 1 … MOST_ITEMS.
        seed: Start of all chance.

    Raises:
        ValueError: There cannot be so many.
    """
    if not 1 <= items <= MOST_ITEMS:
        raise ValueError(f"a demonstration shop has 1 to {MOST_ITEMS:,} items, not {items:,}")
    names = _names(seed)
    wanted = -(-items // len(FAMILIES))
    ranges = {family.name: _designs(family, wanted, seed) for family in FAMILIES.values()}
    return [
        _blueprint(ranges[name][turn], number=turn + 1, name=next(names), seed=(seed, index))
        for index, (turn, name) in enumerate(itertools.islice(itertools.product(range(wanted), FAMILIES), items))
    ]


def _names(seed: int) -> Iterator[str]:
    """Names of the shop's invented world in a shuffled order, doubled up once they run out."""
    names = name_of()
    order = np.random.default_rng([seed, 11]).permutation(len(names))
    yield from (names[at] for at in order)
    for first, second in itertools.product(order, order):
        if first != second:
            yield f"{names[first]} {names[second]}"


def _designs(family: Family, wanted: int, seed: int) -> list[Design]:
    """So many designs of one family: all silhouettes and colourways by turns, no two alike while any are left."""
    number = list(FAMILIES).index(family.name)
    rng = np.random.default_rng([seed, 23, number])
    possible = [
        combination
        for combination in itertools.product(
            family.silhouettes, family.colourways, family.materials, dict.fromkeys(family.patterns)
        )
        if family.allows(combination[0], combination[2], combination[3])
    ]
    rng.shuffle(possible)
    # Plain things would drown among so many patterns: half of the choices leave the pattern out.
    chosen: list[tuple[str, str, str, str]] = []
    seen: dict[str, int] = {}
    remaining = list(possible)
    while len(chosen) < wanted:
        if not remaining:
            remaining = list(possible)
        plain_turn = rng.random() < family.patterns.count("plain") / len(family.patterns)
        best = min(
            remaining,
            key=lambda combination: (
                3 * seen.get(combination[0], 0) + 3 * seen.get(combination[1], 0) + 2 * seen.get(combination[2], 0),
                (combination[3] == family.plain) != plain_turn,
                seen.get(combination[3], 0),
            ),
        )
        remaining.remove(best)
        chosen.append(best)
        for word in best:
            seen[word] = seen.get(word, 0) + 1
    return [
        Design(family.name, silhouette, material, pattern, colourway, (seed, 1_000 * number + at))
        for at, (silhouette, colourway, material, pattern) in enumerate(chosen)
    ]


def _blueprint(design: Design, *, number: int, name: str, seed: tuple[int, int]) -> Blueprint:
    """Name, words, price and stock for one design."""
    words = WORDS[design.family]
    rng = np.random.default_rng([*seed, 37])
    story = Story(name=name, design=design, words=words)
    title, chinese_title = title_of(story, rng)
    description, chinese_description = describe(story, rng)
    price, stock, brand = _price(words, design, rng), _stock(rng), str(rng.choice(words.brands))
    sizes = _sizes(words, stock, np.random.default_rng([*seed, 41]))
    return Blueprint(
        item_id=f"{words.tag}-{number:03d}",
        design=design,
        title=title,
        description=description,
        chinese_title=chinese_title,
        chinese_description=chinese_description,
        tag=words.tag,
        category=(words.parent.english, words.category.english),
        price=price,
        stock=sum(sizes.values()) if sizes else stock,
        brand=brand,
        attributes=_attributes(words, design),
        sizes=sizes,
        close_up=number % EVERY_CLOSE_UP == 1,
    )


def _price(words: FamilyWords, design: Design, rng: np.random.Generator) -> Decimal | None:
    """A price within the family's range, dearer for dearer materials; rarely none at all."""
    if rng.random() < ON_REQUEST:
        return None
    low, high = words.price
    amount = low + (high - low) * float(rng.beta(1.6, 2.6))
    amount *= words.dearness.get(design.material, 1.0)
    ending = Decimal(str(rng.choice(["0.00", "0.50", "0.90"]))) if amount < ROUND_ABOVE else Decimal("0.00")
    return Decimal(max(1, round(amount))) + ending


def _stock(rng: np.random.Generator) -> int:
    """How many there are: mostly plenty, some few, some none."""
    chance = rng.random()
    if chance < SOLD_OUT:
        return 0
    if chance < SOLD_OUT + LOW_STOCK:
        return int(rng.integers(1, 5))
    return int(rng.integers(5, 80))


def _sizes(words: FamilyWords, stock: int, rng: np.random.Generator) -> dict[str, int]:
    """How many there are of each size: the middle ones most, now and then one that is gone."""
    if not words.sizes:
        return {}
    middle = (len(words.sizes) - 1) / 2
    weights = np.array([1.5 + middle - abs(place - middle) for place in range(len(words.sizes))])
    counts = rng.multinomial(stock, weights / weights.sum())
    return {size: int(count) for size, count in zip(words.sizes, counts, strict=True)}


def _attributes(words: FamilyWords, design: Design) -> dict[str, str]:
    """What the product page lists: material, shape, pattern, colour."""
    attributes = {
        "Material": words.materials[design.material].english,
        "Shape": words.shapes[design.silhouette].english,
        "Colour": COLOURS[design.colourway].english,
    }
    if design.pattern in PATTERN_TITLES:
        attributes["Pattern"] = PATTERN_TITLES[design.pattern].english
    return attributes


def categories() -> dict[tuple[str, ...], str]:
    """Every category of the shop by the names on the way to it, with its Chinese name; parents first."""
    tree: dict[tuple[str, ...], str] = {}
    for words in WORDS.values():
        tree[(words.parent.english,)] = words.parent.chinese
    for words in WORDS.values():
        tree[words.parent.english, words.category.english] = words.category.chinese
    return tree
