"""A list of items that a visitor can narrow down, sort and page through.

A view says which items and which orders; the address says the rest::

    listing = listing_of(request, Item.objects.listed().in_category(path), orderings=catalogue_orderings(), within=path)
    return listing_response(request, "catalogue/category.html", listing, context)

Four queries, however many items: two that count (``tally``), one for the words
of the filters, one for the cards of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from shop.catalogue.facets import category_facet, facet_label, item_facets, places_below, value_label
from shop.catalogue.orderings import chosen_ordering, stable_order
from shop.catalogue.overview import catalogue_overview
from shop.catalogue.paging import KeyPaginator
from shop.catalogue.selection import (
    CATEGORY,
    IN_STOCK,
    PAGE,
    PRICE,
    PRICE_FROM,
    PRICE_TO,
    SORT,
    is_own,
    read_selection,
    tidy,
    without,
)
from shop.catalogue.tally import Tally, read_candidates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page
    from django.http import HttpRequest, HttpResponse, QueryDict

    from shop.catalogue.facets import Facet
    from shop.catalogue.hooks import Ordering
    from shop.catalogue.models import Item, ItemQuerySet
    from shop.catalogue.overview import Overview, Place
    from shop.catalogue.selection import Selection
    from shop.catalogue.tally import Candidates, Flags

FRAGMENT = "catalogue/inc/listing_fragment.html"
FRAGMENT_TARGET = "listing-results"
MOST_ESCAPES = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that was made, with the address without it.

    Attributes:
        facet: The facet's name in the address; ``price`` and ``in_stock`` among them.
        label: What the facet is called.
        text: What was chosen of it; empty for the price and the stock.
        address: The list without this choice.
        element: The ``id`` of its link on the page.
    """

    facet: str
    label: str
    text: str
    address: str
    element: str


@dataclass(frozen=True, slots=True)
class Escape:
    """A facet that stands between an empty list and something to see.

    Attributes:
        label: What the facet is called; its name for the price and the stock.
        facet: Its name in the address.
        count: How many items there are without it.
        address: The list without it.
    """

    label: str
    facet: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page one can go to; without a number a gap between pages.

    Attributes:
        number: Of the page.
        address: Empty for the page that is shown, and for a gap.
        element: The ``id`` of its link on the page.
    """

    number: int | None
    address: str
    element: str


@dataclass(frozen=True, slots=True)
class PriceChoice:
    """The prices of what else matches, as bounds to choose between, in whole units; and what is chosen."""

    lowest: Decimal | None
    highest: Decimal | None
    wanted_from: Decimal | None
    wanted_to: Decimal | None


@dataclass(frozen=True, slots=True)
class StockChoice:
    """How many of what else matches are in stock, and whether only those are wanted."""

    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a page shows of a list.

    Attributes:
        page: The cards.
        pages: The pages to go to; the ends, the current one and its neighbours.
        previous: The page before, where there is one.
        following: The page after, where there is one.
        total: How many items match.
        total_before: How many there are when nothing is chosen.
        facets: The filters, with what each choice would leave.
        price: The price filter, where prices differ.
        stock: The stock filter, where some things are sold out.
        chosen: What is chosen, each to be taken away.
        escapes: For an empty list: what to take away, the most rewarding first.
        places: The categories below, with how many matching items each holds.
        ordering: The order they are in.
        orderings: The orders to choose from, each with its address.
        notes: What could not be understood of the address, in words for the visitor.
        address: Of this very list, without anything that says nothing.
        clear_address: Of the list with nothing chosen.
        kept: Parameters that the form of the filters has to send along.
    """

    page: Page[Item]
    pages: tuple[PageLink, ...]
    previous: PageLink | None
    following: PageLink | None
    total: int
    total_before: int
    facets: tuple[Facet, ...]
    price: PriceChoice | None
    stock: StockChoice | None
    chosen: tuple[Chip, ...]
    escapes: tuple[Escape, ...]
    places: tuple[tuple[Place, int, str], ...]
    ordering: Ordering
    orderings: tuple[tuple[Ordering, str], ...]
    notes: tuple[str, ...]
    address: str
    clear_address: str
    kept: tuple[tuple[str, str], ...]

    @property
    def can_be_narrowed(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.facets or self.price or self.stock)


def listing_of(
    request: HttpRequest, items: ItemQuerySet, *, orderings: tuple[Ordering, ...], within: str = ""
) -> Listing:
    """The list that the address of ``request`` asks for.

    Args:
        request: Its parameters choose, sort and page.
        items: Everything the list is about, before any choice; ``listed()`` items.
        orderings: The ways to sort, the usual one first.
        within: The path of the category whose page this is; elsewhere the categories are one of the filters.

    Raises:
        Http404: there is no such page.
    """
    offered = tuple(ordering for ordering in orderings if ordering.offered(request))
    ordering = chosen_ordering(request, offered)
    selection = read_selection(request.GET)
    overview = catalogue_overview()
    candidates = read_candidates(stable_order(ordering, items, request))
    tally = Tally(candidates, _conditions(candidates, selection, overview))
    counts = tally.by_category()
    categories = None if within else category_facet(overview, counts, selection)
    facets = item_facets(tally, selection)
    keys = tally.keys()
    address = _Addresses(request.path, tidy(request.GET, first_ordering=offered[0].name))
    page = KeyPaginator(keys, items.for_cards()).items_page(request)
    return Listing(
        page=page,
        pages=tuple(_page_links(page, address)),
        previous=_page_link(page.number - 1, "page-previous", page, address),
        following=_page_link(page.number + 1, "page-next", page, address),
        total=len(keys),
        total_before=len(candidates.keys),
        facets=((categories, *facets) if categories else facets),
        price=_price_choice(candidates, tally, selection),
        stock=_stock_choice(candidates, tally, selection),
        chosen=tuple(_chips(selection, overview, address)),
        escapes=() if keys else tuple(_escapes(tally, selection, address)),
        places=tuple(
            (place, count, address.on(place.get_absolute_url())) for place, count in _below(within, overview, counts)
        ),
        ordering=ordering,
        orderings=tuple((other, address.sorted_by(other, usual=offered[0])) for other in offered),
        notes=selection.notes,
        address=address.whole(),
        clear_address=address.cleared(),
        kept=address.kept(),
    )


def listing_response(
    request: HttpRequest, template: str, listing: Listing, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a list, or only what changes of it where HTMX asks; the address is told without empty parameters.

    Args:
        request: The request that ``listing`` was made for.
        template: Of the whole page; it includes ``catalogue/inc/listing.html``.
        listing: What to show.
        context: What else the template needs.
    """
    htmx = cast("Any", request).htmx
    fragment = bool(htmx) and not htmx.history_restore_request and htmx.target == FRAGMENT_TARGET
    response: HttpResponse
    if not fragment and _has_empty(request.GET):
        return HttpResponseRedirect(listing.address)
    response = render(request, FRAGMENT if fragment else template, {**(context or {}), "listing": listing})
    if fragment:
        response["HX-Push-Url"] = listing.address
    # The same address answers with the page or with a part of it: Back must never show the part.
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


class _Addresses:
    """Addresses of the list with one thing changed; each begins at page one again."""

    def __init__(self, path: str, parameters: QueryDict) -> None:
        self._path = path
        self._parameters = parameters

    def on(self, path: str) -> str:
        """The same choices on the page of another category."""
        return self._written(without(self._parameters, [(CATEGORY, None)]), path=path)

    def lacking(self, taken: Iterable[tuple[str, str | None]]) -> str:
        return self._written(without(self._parameters, taken))

    def sorted_by(self, ordering: Ordering, *, usual: Ordering) -> str:
        parameters = without(self._parameters, [(SORT, None)])
        if ordering.name != usual.name:
            parameters[SORT] = ordering.name
        return self._written(parameters)

    def page(self, number: int) -> str:
        parameters = without(self._parameters, [])
        if number > 1:
            parameters[PAGE] = str(number)
        return self._written(parameters)

    def whole(self) -> str:
        return self._written(self._parameters)

    def cleared(self) -> str:
        names = [name for name in self._parameters if is_own(name) and name != SORT]
        return self._written(without(self._parameters, [(name, None) for name in names]))

    def kept(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, value)
            for name, values in self._parameters.lists()
            if (name == SORT or not is_own(name)) and name != PAGE
            for value in values
        )

    def _written(self, parameters: QueryDict, *, path: str = "") -> str:
        words = parameters.urlencode(safe="/")
        return f"{path or self._path}?{words}" if words else path or self._path


def _conditions(candidates: Candidates, selection: Selection, overview: Overview) -> dict[str, Flags]:
    """Which items each chosen facet lets through."""
    conditions = {facet: candidates.holding(facet, values) for facet, values in selection.values.items()}
    if selection.categories:
        chosen = {
            place.key
            for place in overview.places
            for path in selection.categories
            if place.path == path or place.path.startswith(f"{path}/")
        }
        conditions[CATEGORY] = candidates.filed_under(chosen)
    if selection.has_price:
        bounds = (None if bound is None else float(bound) for bound in (selection.lowest, selection.highest))
        conditions[PRICE] = candidates.priced(*bounds)
    if selection.in_stock:
        conditions[IN_STOCK] = candidates.left
    return conditions


def _below(within: str, overview: Overview, counts: dict[int, int]) -> list[tuple[Place, int]]:
    return places_below(overview, within, counts) if within else []


def _page_links(page: Page[Item], address: _Addresses) -> Iterable[PageLink]:
    """Every page worth a link; none where there is one page alone."""
    if not page.has_other_pages():
        return
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            yield PageLink(number, "" if number == page.number else address.page(number), f"page-{number}")
        else:
            yield PageLink(None, "", "")


def _page_link(number: int, element: str, page: Page[Item], address: _Addresses) -> PageLink | None:
    if not 1 <= number <= page.paginator.num_pages:
        return None
    return PageLink(number, address.page(number), element)


def _price_choice(candidates: Candidates, tally: Tally, selection: Selection) -> PriceChoice | None:
    if not selection.has_price and not candidates.prices_differ:
        return None
    found = tally.price_range()
    return PriceChoice(
        lowest=Decimal(str(found[0])).to_integral_value(ROUND_FLOOR) if found else None,
        highest=Decimal(str(found[1])).to_integral_value(ROUND_CEILING) if found else None,
        wanted_from=selection.lowest,
        wanted_to=selection.highest,
    )


def _stock_choice(candidates: Candidates, tally: Tally, selection: Selection) -> StockChoice | None:
    if not selection.in_stock and not candidates.some_sold_out:
        return None
    return StockChoice(count=tally.in_stock(), chosen=selection.in_stock)


def _chips(selection: Selection, overview: Overview, address: _Addresses) -> Iterable[Chip]:
    """One for each choice, in the order of the filters."""
    for number, path in enumerate(selection.categories):
        place = overview.by_path.get(path)
        # With the categories it lies in: those were chosen on the way to it.
        way = [(CATEGORY, step.path) for step in overview.way_to(path)] or [(CATEGORY, path)]
        yield Chip(
            CATEGORY, facet_label(CATEGORY), place.title if place else path, address.lacking(way), f"chip-c{number}"
        )
    if selection.has_price:
        yield Chip(PRICE, "", "", address.lacking(_both_ends()), "chip-price")
    if selection.in_stock:
        yield Chip(IN_STOCK, "", "", address.lacking([(IN_STOCK, None)]), "chip-stock")
    for place_of_facet, (facet, values) in enumerate(selection.values.items()):
        for number, value in enumerate(values):
            yield Chip(
                facet,
                facet_label(facet),
                value_label(facet, value),
                address.lacking([(facet, value)]),
                f"chip-{place_of_facet}-{number}",
            )


def _escapes(tally: Tally, selection: Selection, address: _Addresses) -> list[Escape]:
    """Facets without which there is something to see."""
    found = []
    for facet in selection.facets:
        count = int(tally.matching_but_for(facet).sum())
        taken = _both_ends() if facet == PRICE else [(facet, None)]
        if count:
            found.append(Escape(facet_label(facet), facet, count, address.lacking(taken)))
    return sorted(found, key=lambda escape: -escape.count)[:MOST_ESCAPES]


def _both_ends() -> list[tuple[str, str | None]]:
    return [(PRICE_FROM, None), (PRICE_TO, None)]


def _has_empty(parameters: QueryDict) -> bool:
    return any(is_own(name) and not value.strip() for name, values in parameters.lists() for value in values)
