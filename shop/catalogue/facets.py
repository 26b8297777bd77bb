"""The filters beside a list: which there are, in which order, and what each choice would leave."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.catalogue.facet_codes import (
    ATTRIBUTE,
    BRAND,
    COLOUR,
    TAG,
    code_of,
    facet_number,
    facet_words,
)
from shop.catalogue.models import Item
from shop.catalogue.overview import steps_to
from shop.catalogue.selection import CATEGORY
from shop.catalogue.swatches import colour_label, swatch_of
from shop.catalogue.value_names import value_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shop.catalogue.overview import Overview, Place
    from shop.catalogue.selection import Selection
    from shop.catalogue.tally import Tally, ValueCount

OWN_FACETS = (COLOUR, BRAND, TAG)
MOST_ATTRIBUTES = 6
SHOWN_VALUES, MOST_VALUES = 8, 40
FEWEST_CARRIERS = 0.05
"""An attribute that fewer of the items have tells too little of the list to filter by."""
MANY_VALUES = 12
SIZES = {name: place for place, name in enumerate(("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"))}
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")

LABELS = {
    CATEGORY: gettext_lazy("Category"),
    COLOUR: gettext_lazy("Colour"),
    BRAND: gettext_lazy("Brand"),
    TAG: gettext_lazy("Kind"),
}
# What shops most often call an attribute; any other name stands as it was given.
ATTRIBUTE_LABELS = {
    "material": gettext_lazy("Material"),
    "size": gettext_lazy("Size"),
    "pattern": gettext_lazy("Pattern"),
    "shape": gettext_lazy("Shape"),
    "style": gettext_lazy("Style"),
    "finish": gettext_lazy("Finish"),
    "season": gettext_lazy("Season"),
    "gender": gettext_lazy("Gender"),
    "year": gettext_lazy("Year"),
    "genre": gettext_lazy("Genre"),
    "width": gettext_lazy("Width"),
    "height": gettext_lazy("Height"),
    "weight": gettext_lazy("Weight"),
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice.

    Attributes:
        value: As it stands in the address.
        label: As a shopper reads it.
        count: How many items one would see by choosing it, the other facets kept.
        chosen: Whether it is chosen.
        element: The ``id`` of its box on the page: the same after every answer, so that focus finds it again.
        swatch: A colour to paint beside it, ``#rrggbb``; empty where there is none.
        depth: How far it is set in, for categories inside categories.
    """

    value: str
    label: str
    count: int
    chosen: bool
    element: str
    swatch: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One property with its choices.

    Attributes:
        name: As it stands in the address.
        label: As a shopper reads it.
        values: The choices that are shown.
        more: Further choices, behind *Show more*.
        element: The ``id`` of its group on the page.
    """

    name: str
    label: str
    values: tuple[FacetValue, ...]
    element: str
    more: tuple[FacetValue, ...] = field(default=())

    @property
    def chosen(self) -> tuple[FacetValue, ...]:
        """The choices that are made."""
        return tuple(value for value in (*self.values, *self.more) if value.chosen)

    @property
    def more_chosen(self) -> bool:
        """Whether one of the further choices is made, so that they have to show."""
        return any(value.chosen for value in self.more)


def facet_label(name: str) -> str:
    """What a facet is called in the language of the page."""
    attribute = name.removeprefix(ATTRIBUTE)
    known = LABELS.get(name) or ATTRIBUTE_LABELS.get(attribute.casefold())
    return str(known) if known else value_name(attribute)


def value_label(facet: str, value: str) -> str:
    """What a value is called in the language of the page, with a capital first where it is a word of the shop's."""
    label = value_name(value)
    if facet == COLOUR and label == value:
        label = colour_label(value)
    return label[:1].upper() + label[1:]


def item_facets(tally: Tally, selection: Selection) -> tuple[Facet, ...]:
    """The facets read from the items; one query for the words behind the codes.

    A facet whose only value everything has is no choice and is left out,
    unless the visitor has chosen from it.
    """
    groups: defaultdict[int, list[ValueCount]] = defaultdict(list)
    for value in tally.values():
        groups[value.facet].append(value)
    chosen = {name: {code_of(name, value): value for value in values} for name, values in selection.values.items()}
    wanted = _worth_showing(groups, chosen)
    words = _words(value for values in wanted.values() for value in values)
    facets = []
    for number, values in wanted.items():
        known = [value for value in values if value.code in words]
        name, codes = next(
            ((name, codes) for name, codes in chosen.items() if facet_number(name) == number),
            (words[known[0].code][0] if known else "", {}),
        )
        named = [
            (value.carriers, _value(name, words[value.code][1], value.count, chosen=value.code in codes))
            for value in known
        ]
        unmet = codes.keys() - {value.code for value in known}
        facets.append(_facet(name, named + [(0, _value(name, codes[code], 0, chosen=True)) for code in unmet]))
    for name, codes in chosen.items():
        if facet_number(name) not in wanted:
            facets.append(_facet(name, [(0, _value(name, text, 0, chosen=True)) for text in codes.values()]))
    facets = [facet for facet in facets if facet.name]
    return tuple(sorted(facets, key=lambda facet: _place_of(facet.name)))


def category_facet(overview: Overview, counts: Mapping[int, int], selection: Selection) -> Facet | None:
    """The categories as a facet, for lists that aren't a category's: the top ones, and below those that are chosen."""
    roots = overview.roots
    inside = _totals(overview, counts)
    if len(roots) == 1:
        roots = overview.below(roots[0].path) or roots
    opened = {step for path in selection.categories for step in steps_to(path)}
    places: list[tuple[int, Place]] = []
    _walk(overview, roots, opened, depth=0, found=places)
    values = [
        FacetValue(
            value=place.path,
            label=place.title,
            count=inside[place.path],
            chosen=place.path in opened,
            element=f"category-{place.key}",
            depth=depth,
        )
        for depth, place in places
        if inside[place.path] or place.path in opened
    ]
    known = {value.value for value in values}
    values += [
        FacetValue(value=path, label=path, count=0, chosen=True, element=f"category-unknown-{number}")
        for number, path in enumerate(selection.categories)
        if path not in known
    ]
    if not any(value.chosen for value in values) and len(values) <= 1:
        return None
    return Facet(name=CATEGORY, label=_("Category"), values=tuple(values[:MOST_VALUES]), element="facet-category")


def places_below(overview: Overview, path: str, counts: Mapping[int, int]) -> list[tuple[Place, int]]:
    """The categories right under ``path`` with how many matching items each holds."""
    inside = _totals(overview, counts)
    return [(place, inside[place.path]) for place in overview.below(path)]


def _worth_showing(
    groups: Mapping[int, list[ValueCount]], chosen: Mapping[str, Mapping[int, str]]
) -> dict[int, list[ValueCount]]:
    """The facets to show by number, the most telling attributes first, each with its largest values."""
    own = [facet_number(name) for name in OWN_FACETS]
    asked = {facet_number(name) for name in chosen}
    carriers = {number: sum(value.carriers for value in values) for number, values in groups.items()}
    most = max(carriers.values(), default=0)
    attributes = sorted(
        (number for number in groups if number not in own and number not in asked and _tells(groups[number], most)),
        key=lambda number: (-carriers[number], number),
    )[:MOST_ATTRIBUTES]
    codes = {code for values in chosen.values() for code in values}
    shown: dict[int, list[ValueCount]] = {}
    for number in (*own, *asked, *attributes):
        values = groups.get(number, [])
        if number in asked or (len(values) > 1 and (number in own or number in attributes)):
            # A short facet stays whole, so that nothing moves under the finger; of a long one what leads nowhere goes.
            short = len(values) <= SHOWN_VALUES + 1
            there = [value for value in values if short or value.count or value.code in codes]
            # By what the whole list holds, so that no value changes its place when another is chosen.
            there.sort(key=lambda value: (-value.carriers, value.code))
            kept = [value for place, value in enumerate(there) if place < MOST_VALUES or value.code in codes]
            if kept:
                shown[number] = kept
    return shown


def _tells(values: Sequence[ValueCount], most: int) -> bool:
    """Whether an attribute helps to choose: enough items have it, and its values are shared."""
    carriers = sum(value.carriers for value in values)
    return carriers >= FEWEST_CARRIERS * most and (len(values) <= MANY_VALUES or carriers >= 2 * len(values))


def _words(values: Iterable[ValueCount]) -> dict[int, tuple[str, str]]:
    """Facet and value behind each code, read from an item that has it; one query."""
    wanted = {value.code: value.source for value in values}
    columns = ("pk", "colour", "brand", "tag", "tags", "attributes")
    carriers = Item.objects.filter(pk__in=set(wanted.values())).only(*columns).order_by()
    found = {code_of(facet, value): (facet, value) for carrier in carriers for facet, value in facet_words(carrier)}
    return {code: found[code] for code in wanted if code in found}


def _value(facet: str, value: str, count: int, *, chosen: bool) -> FacetValue:
    return FacetValue(
        value=value,
        label=value_label(facet, value),
        count=count,
        chosen=chosen,
        element=f"value-{code_of(facet, value):016x}",
        swatch=swatch_of(value) if facet == COLOUR else "",
    )


def _facet(name: str, carried: list[tuple[int, FacetValue]]) -> Facet:
    """A facet with its values in the order people look for them: sizes and numbers upwards, else the most common first.

    How common a value is doesn't depend on what is chosen, so none changes its place.
    """
    ranks = {value.value: _rank(value.value) for _carriers, value in carried}
    if all(ranks.values()):
        carried = sorted(carried, key=lambda pair: (ranks[pair[1].value] or (0, 0.0), pair[1].label))
    else:
        carried = sorted(carried, key=lambda pair: (-pair[0], pair[1].label.casefold()))
    values = [value for _carriers, value in carried]
    # A list one entry longer is better than a button for one more.
    shown = SHOWN_VALUES if len(values) > SHOWN_VALUES + 1 else len(values)
    return Facet(
        name=name,
        label=facet_label(name),
        values=tuple(values[:shown]),
        more=tuple(values[shown:]),
        element=f"facet-{facet_number(name):06x}",
    )


def _rank(value: str) -> tuple[int, float] | None:
    """Where a size or a number stands among its like; nothing for other words."""
    size = SIZES.get(value.casefold())
    if size is not None:
        return 0, float(size)
    number = NUMBER.match(value)
    return (1, float(number[0].replace(",", "."))) if number else None


def _place_of(name: str) -> tuple[int, int]:
    """Own facets in their order, then attributes as they came."""
    return (0, OWN_FACETS.index(name)) if name in OWN_FACETS else (1, 0)


def _totals(overview: Overview, counts: Mapping[int, int]) -> dict[str, int]:
    """How many items each category holds with all below it."""
    totals: defaultdict[str, int] = defaultdict(int)
    for place in overview.places:
        here = counts.get(place.key, 0)
        for step in steps_to(place.path):
            totals[step] += here
    return totals


def _walk(
    overview: Overview, places: Iterable[Place], opened: set[str], *, depth: int, found: list[tuple[int, Place]]
) -> None:
    """The places in the order of the tree, going down into those that are opened."""
    for place in places:
        found.append((depth, place))
        if place.path in opened:
            _walk(overview, overview.below(place.path), opened, depth=depth + 1, found=found)
