"""What a visitor has chosen to see of a list, as the address says it.

``?colour=clay&colour=moss&attr.Material=oak&price_from=10&price_to=40&in_stock=1&category=kitchen/mugs``:
several values of one facet widen the list, several facets narrow it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalogue.facet_codes import ATTRIBUTE, BRAND, COLOUR, LONGEST_NAME, LONGEST_VALUE, TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CATEGORY, PRICE, IN_STOCK = "category", "price", "in_stock"
PRICE_FROM, PRICE_TO = "price_from", "price_to"
SORT, PAGE = "sort", "page"
OWN_PARAMETERS = frozenset({COLOUR, BRAND, TAG, CATEGORY, IN_STOCK, PRICE_FROM, PRICE_TO, SORT, PAGE})

MOST_FACETS = 12
MOST_VALUES = 40
LONGEST_PATH = 1000
LARGEST_PRICE = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen.

    Attributes:
        values: Chosen values by facet, as they were written.
        categories: Paths of chosen categories, the most particular ones alone.
        lowest: The least price wanted.
        highest: The highest price wanted.
        in_stock: Whether only what is in stock is wanted.
        notes: What could not be understood, in words for the visitor.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None
    in_stock: bool = False
    notes: tuple[str, ...] = ()

    @property
    def has_price(self) -> bool:
        """Whether the price is limited at either end."""
        return self.lowest is not None or self.highest is not None

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of everything that narrows the list."""
        marks = ((CATEGORY, self.categories), (PRICE, self.has_price), (IN_STOCK, self.in_stock))
        return (*(name for name, chosen in marks if chosen), *self.values)


def read_selection(parameters: QueryDict) -> Selection:
    """What the parameters of an address choose; what makes no sense is left out, with a note where it helps."""
    notes: list[str] = []
    lowest, highest = (_price(parameters.get(name, ""), notes) for name in (PRICE_FROM, PRICE_TO))
    if lowest is not None and highest is not None and lowest > highest:
        lowest, highest = highest, lowest
    names = [name for name in parameters if is_facet(name)][:MOST_FACETS]
    chosen = {name: _distinct(parameters.getlist(name), longest=LONGEST_VALUE) for name in names}
    return Selection(
        values={name: values for name, values in chosen.items() if values},
        categories=_most_particular(_distinct(parameters.getlist(CATEGORY), longest=LONGEST_PATH)),
        lowest=lowest,
        highest=highest,
        in_stock=parameters.get(IN_STOCK) == "1",
        notes=tuple(notes),
    )


def is_facet(name: str) -> bool:
    """Whether a parameter of an address names a facet that is read from the items."""
    attribute = name.removeprefix(ATTRIBUTE)
    return name in {COLOUR, BRAND, TAG} or (attribute != name and 0 < len(attribute.strip()) <= LONGEST_NAME)


def is_own(name: str) -> bool:
    """Whether a parameter belongs to the list: a filter, the order or the page."""
    return name in OWN_PARAMETERS or name.startswith(ATTRIBUTE)


def tidy(parameters: QueryDict, *, first_ordering: str = "") -> QueryDict:
    """The parameters without what a form sends for nothing: empty fields, repeated values, page one.

    Args:
        parameters: Of an address.
        first_ordering: The order that need not be said.
    """
    tidied = parameters.copy()
    for name in list(tidied):
        if is_own(name):
            tidied.setlist(name, list(dict.fromkeys(value for value in tidied.getlist(name) if value.strip())))
        if not tidied.getlist(name):
            del tidied[name]
    if tidied.get(PAGE) == "1":
        del tidied[PAGE]
    if first_ordering and tidied.get(SORT) == first_ordering:
        del tidied[SORT]
    return tidied


def without(parameters: QueryDict, taken: Iterable[tuple[str, str | None]]) -> QueryDict:
    """The parameters without some values, or without all of a name where the value is ``None``; from page one again."""
    left = parameters.copy()
    left.pop(PAGE, None)
    for name, value in taken:
        kept = [other for other in left.getlist(name) if value is not None and not _same(other, value)]
        left.setlist(name, kept)
        if not kept:
            del left[name]
    return left


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _distinct(values: Iterable[str], *, longest: int) -> tuple[str, ...]:
    """Values that say something, each once, however it is capitalised."""
    found: dict[str, str] = {}
    for value in values:
        words = " ".join(value.split())
        if 0 < len(words) <= longest and "\0" not in words:
            found.setdefault(words.casefold(), words)
    return tuple(found.values())[:MOST_VALUES]


def _most_particular(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths without those that another one leads through: choosing mugs in the kitchen means mugs."""
    tidied = tuple(path.strip("/") for path in paths)
    return tuple(path for path in tidied if path and not any(other.startswith(f"{path}/") for other in tidied))


def _price(text: str, notes: list[str]) -> Decimal | None:
    """A price as people write it, with a point or a comma; a note and nothing where it is none."""
    words = text.strip()
    if not words:
        return None
    try:
        price = Decimal(words.replace(",", "."))
    except InvalidOperation:
        price = Decimal(-1)
    if price.is_finite() and 0 <= price < LARGEST_PRICE:
        return round(price, 2)
    shown = words[:LONGEST_VALUE]
    notes.append(_("“%(words)s” is not a price, so it was left out.") % {"words": shown})
    return None
