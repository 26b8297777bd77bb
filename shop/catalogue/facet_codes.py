"""What of an item can be filtered by, and how it is written down beside the item.

An item carries its facets as one short row of bytes, ``Item.facets``: eight for
each value, three that stand for the facet (*colour*) and five for the value
(*clay*). The bytes follow from the words alone, so they are derived like the
slug, wherever items are written, and no other table has to be kept in step;
``shop.catalogue.tally`` counts them a whole list at a time.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shop.catalogue.models import Item

COLOUR, BRAND, TAG = "colour", "brand", "tag"
ATTRIBUTE = "attr."
"""Stands before the name of an attribute in an address: ``?attr.Material=oak``."""

FACET_BYTES, VALUE_BYTES = 3, 5
CODE_BYTES = FACET_BYTES + VALUE_BYTES
VALUE_BITS = 8 * VALUE_BYTES
LONGEST_NAME = 60
LONGEST_VALUE = 80
MOST_CODES = 100
"""An index holds the bytes, and an entry of an index has to fit a third of a page."""

# Attributes that repeat a column under the name that import files and the demonstration use.
REPEATED = {"colour": COLOUR, "color": COLOUR, "brand": BRAND, "tag": TAG}


def facet_words(item: Item) -> Iterator[tuple[str, str]]:
    """Each facet of ``item`` with one value: ``("colour", "Clay")``, ``("attr.Material", "Oak")``.

    A sentence is no facet, nor is an empty word; an attribute that repeats the
    colour, the brand or the tag is left out.
    """
    own = {COLOUR: item.colour, BRAND: item.brand, TAG: item.tag}
    for facet, value in own.items():
        yield from _pairs(facet, item.tags or [value] if facet == TAG else [value])
    attributes = item.attributes if isinstance(item.attributes, dict) else {}
    for name, value in attributes.items():
        repeats = own.get(REPEATED.get(name.strip().casefold(), ""))
        if 0 < len(name.strip()) <= LONGEST_NAME and not repeats:
            yield from _pairs(ATTRIBUTE + name.strip(), value if isinstance(value, list) else [value])


def facet_number(facet: str) -> int:
    """The three bytes that stand for a facet, as a number; capitals make no difference."""
    return int.from_bytes(_digest(facet, size=FACET_BYTES), "big")


def code_of(facet: str, value: str) -> int:
    """The eight bytes that stand for a value of a facet, as a number; capitals make no difference."""
    return (facet_number(facet) << VALUE_BITS) | int.from_bytes(_digest(facet, value, size=VALUE_BYTES), "big")


def packed(pairs: Iterable[tuple[str, str]]) -> bytes:
    """The codes of facets and values in a row, each once; what ``Item.facets`` holds."""
    codes = dict.fromkeys(code_of(facet, value) for facet, value in pairs)
    return b"".join(code.to_bytes(CODE_BYTES, "big") for code in list(codes)[:MOST_CODES])


def _pairs(facet: str, values: Iterable[object]) -> Iterator[tuple[str, str]]:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        words = " ".join(str(value).split())
        if 0 < len(words) <= LONGEST_VALUE:
            yield facet, words


def _digest(*words: str, size: int) -> bytes:
    text = "\0".join(" ".join(word.split()).casefold() for word in words)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
