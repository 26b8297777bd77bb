"""Counts a whole list at once: which items match, and how many each further choice would leave.

Two queries whatever the size: all that is asked of an item stands in one index
(``item_listing``), which is read in the order of the list and counted with
NumPy. Counting in SQL would join each item with each of its facets and sort
the result; docs/browsing.md has the measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from django.db.models import FloatField
from django.db.models.functions import Cast

from shop.catalogue.facet_codes import CODE_BYTES, VALUE_BITS, code_of, facet_number
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from shop.catalogue.models import ItemQuerySet

    Flags: TypeAlias = NDArray[np.bool_]
    Numbers: TypeAlias = NDArray[np.int64]
    Codes: TypeAlias = NDArray[np.uint64]

ASKED_BY_KEY = 5_000
"""Beyond so many items the variants of the whole shop are read: naming each head would take longer."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every item of a list before anything is chosen, in the order of the list; one place in each array for each item.

    Attributes:
        keys: Database keys.
        categories: Keys of the categories, 0 where there is none.
        prices: Prices, not a number where there is none.
        left: Whether there are pieces left.
        codes: Facets and values of all items in one row.
        owners: Whose each code is, as a place in the other arrays.
        sources: Key of the item, or of its variant, that each code was read from.
    """

    keys: Numbers
    categories: Numbers
    prices: NDArray[np.float64]
    left: Flags
    codes: Codes
    owners: Numbers
    sources: Numbers

    @property
    def prices_differ(self) -> bool:
        """Whether there is a price to choose."""
        bounds = _range(self.prices)
        return bounds is not None and bounds[0] < bounds[1]

    @property
    def some_sold_out(self) -> bool:
        """Whether there is anything that isn't in stock."""
        return not bool(self.left.all())

    def holding(self, facet: str, values: Iterable[str]) -> Flags:
        """Which items have any of the values."""
        wanted = np.fromiter((code_of(facet, value) for value in values), dtype=np.uint64)
        flags = np.zeros(len(self.keys), dtype=np.bool_)
        flags[self.owners[np.isin(self.codes, wanted)]] = True
        return flags

    def filed_under(self, categories: Iterable[int]) -> Flags:
        """Which items are in one of the categories, by key."""
        return np.isin(self.categories, np.fromiter(categories, dtype=np.int64))

    def priced(self, lowest: float | None, highest: float | None) -> Flags:
        """Which items cost between the two, both included; what has no price doesn't."""
        flags = ~np.isnan(self.prices)
        if lowest is not None:
            flags &= self.prices >= lowest
        if highest is not None:
            flags &= self.prices <= highest
        return flags


def read_candidates(items: ItemQuerySet) -> Candidates:
    """Read a list in its order; two queries. What a variant has, its head has, each value once."""
    columns = ("pk", "category_id", Cast("price", FloatField()), "stock", "variant_name", "facets")
    rows = list(items.values_list(*columns))
    columns_read = zip(*rows, strict=True) if rows else ((),) * len(columns)
    key_column, categories, prices, stocks, variant_names, facets = columns_read
    keys = np.array(key_column, dtype=np.int64)
    left = np.array([stock != 0 for stock in stocks], dtype=np.bool_)
    blobs = list(facets)
    from_variants = _merged(_variants(keys), key_column, blobs)
    for place, merged in from_variants.items():
        blobs[place] = b"".join(merged.codes)
        # A head without a name of its own is only the frame around its variants.
        left[place] = merged.left or (bool(left[place]) and variant_names[place] != "")
    sizes = np.array([len(blob) for blob in blobs], dtype=np.int64) // CODE_BYTES
    sources = np.repeat(keys, sizes)
    starts = np.cumsum(sizes) - sizes
    for place, merged in from_variants.items():
        sources[starts[place] : starts[place] + sizes[place]] = list(merged.codes.values())
    return Candidates(
        keys=keys,
        categories=np.array([category or 0 for category in categories], dtype=np.int64),
        prices=np.array(prices, dtype=np.float64),
        left=left,
        codes=np.frombuffer(b"".join(blobs), dtype=">u8").astype(np.uint64),
        owners=np.repeat(np.arange(len(rows)), sizes),
        sources=sources,
    )


@dataclass(slots=True)
class _Merged:
    """What a head and its variants have together: each code with the key it was read from; and whether any are left."""

    codes: dict[bytes, int]
    left: bool = False


def _merged(
    variants: Iterable[tuple[int, int | None, int, bytes]], keys: Sequence[int], blobs: Sequence[bytes]
) -> dict[int, _Merged]:
    """By the place of the head in the list; heads without variants are not there."""
    found: dict[int, _Merged] = {}
    places: dict[int, int] = {}
    for head, stock, key, blob in variants:
        places = places or {other: place for place, other in enumerate(keys)}
        place = places.get(head)
        if place is None:
            continue
        merged = found.setdefault(place, _Merged(dict.fromkeys(_split(bytes(blobs[place])), head)))
        for code in _split(blob):
            merged.codes.setdefault(code, key)
        merged.left |= stock != 0
    return found


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value of a facet as bytes alone.

    Attributes:
        code: Facet and value.
        facet: Number of the facet.
        count: How many items one would see by choosing it, all other facets kept.
        carriers: How many items of the list have it, whatever is chosen.
        source: Key of an item, or of a variant, that has it.
    """

    code: int
    facet: int
    count: int
    carriers: int
    source: int


class Tally:
    """What a choice leaves of a list, and what each further choice would.

    An item misses as many facets as there are with none of the chosen values;
    it matches when it misses none, and counts for the values of a facet when it
    misses no other one.
    """

    def __init__(self, candidates: Candidates, conditions: Mapping[str, Flags]) -> None:
        """Count how much each item misses.

        Args:
            candidates: The list.
            conditions: Which of its items each chosen facet lets through, by the facet's name.
        """
        self._candidates = candidates
        self._conditions = conditions
        self._misses = np.zeros(len(candidates.keys), dtype=np.int64)
        for flags in conditions.values():
            self._misses += ~flags

    @property
    def matching(self) -> Flags:
        """Which items match everything chosen."""
        flags: Flags = self._misses == 0
        return flags

    def matching_but_for(self, facet: str) -> Flags:
        """Which items match everything chosen apart from ``facet``."""
        flags = self._conditions.get(facet)
        if flags is None:
            return self.matching
        others: Flags = (self._misses - ~flags) == 0
        return others

    def keys(self) -> list[int]:
        """Keys of the matching items, in the order of the list."""
        keys: list[int] = self._candidates.keys[self.matching].tolist()
        return keys

    def by_category(self) -> dict[int, int]:
        """How many items each category would leave, by key, the other facets kept; 0 is no category."""
        return _counted(self._candidates.categories, self.matching_but_for("category"))

    def price_range(self) -> tuple[float, float] | None:
        """The lowest and the highest price of what matches apart from the price."""
        return _range(self._candidates.prices[self.matching_but_for("price")])

    def in_stock(self) -> int:
        """How many items one would see by asking for what is in stock."""
        return int((self.matching_but_for("in_stock") & self._candidates.left).sum())

    def values(self) -> list[ValueCount]:
        """Every value of every facet in the list."""
        candidates = self._candidates
        codes, inverse = np.unique(candidates.codes, return_inverse=True)
        carriers = np.bincount(inverse, minlength=len(codes))
        counts = np.bincount(inverse[self.matching[candidates.owners]], minlength=len(codes))
        facets = (codes >> np.uint64(VALUE_BITS)).astype(np.int64)
        for facet in self._conditions:
            here = facets == facet_number(facet)
            if here.any():
                others = self.matching_but_for(facet)[candidates.owners]
                counts[here] = np.bincount(inverse[others], minlength=len(codes))[here]
        sources = np.empty(len(codes), dtype=np.int64)
        sources[inverse] = candidates.sources
        rows = zip(codes.tolist(), facets.tolist(), counts.tolist(), carriers.tolist(), sources.tolist(), strict=True)
        return [ValueCount(*row) for row in rows]


def _variants(keys: Numbers) -> Sequence[tuple[int, int | None, int, bytes]]:
    """Published variants: head, stock, key, facets; of these heads, or of all where there are many."""
    if not len(keys):
        return []
    variants = Item.objects.published().filter(variant_of__isnull=False).order_by()
    if len(keys) <= ASKED_BY_KEY:
        variants = variants.filter(variant_of__in=keys.tolist())
    rows = variants.values_list("variant_of_id", "stock", "pk", "facets")
    # Sorted here: asked for an order, SQLite reads every item in that order to find the few that are variants.
    return sorted(((head, stock, key, bytes(blob)) for head, stock, key, blob in rows), key=lambda row: row[2])


def _range(prices: NDArray[np.float64]) -> tuple[float, float] | None:
    known = prices[~np.isnan(prices)]
    return (float(known.min()), float(known.max())) if len(known) else None


def _split(blob: bytes) -> list[bytes]:
    return [blob[start : start + CODE_BYTES] for start in range(0, len(blob), CODE_BYTES)]


def _counted(numbers: Numbers, flags: Flags) -> dict[int, int]:
    found, counts = np.unique(numbers[flags], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))
