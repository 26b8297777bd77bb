"""For you, as an order of lists: the items of a category or of a search, by what the visitor did.

A list is ordered in the database, so that pages and filters work as ever; what
the visitor's taste says of the shop's items goes along as places. That costs one
query, for the visitor's history, and for a search one more, for its hits, whatever
the size of the catalogue.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Func, IntegerField, Subquery, Value, When

from recommender.counters import count
from recommender.models import Dismissal
from recommender.panels import SERVING_ERRORS, logger
from recommender.session import get_session
from recommender.types import HistoryEntry
from shop.accounts.visitors import visitor_of
from shop.actions.clicks import history_of, recent_clicks
from shop.actions.models import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models.expressions import Combinable
    from django.http import HttpRequest

    from recommender.types import History
    from shop.catalogue.models import ItemQuerySet

# So many items of the shop have a place in the visitor's taste; the rest follows in the order it would have without.
MOST_PLACED = 1_000
# How fast a place in a list counts less: the fiftieth a third of the first.
FLATNESS = 25
POPULAR = ("-popularity", "-created_at", "-id")
RELEVANT = ("relevance", "-created_at", "-id")
# Sources that say nothing of a visitor.
IMPERSONAL = ("trending", "best_sellers", "newest")


class Place(Func):
    """The place of an item in a list of ids, the first 0; null where it has none.

    Whether an id is in the list at all, and then in which of its pieces, is one look into a set each: a long
    catalogue is not compared with every id, row by row. Written as SQL at once, since a thousand nested conditions
    take Django longer than the database.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(F("item_id"), output_field=IntegerField(null=True))
        self.ids = tuple(ids)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **_context: Any) -> Any:  # noqa: ARG002  # Django's own
        """``CASE WHEN id IN (all) THEN CASE WHEN id IN (piece) THEN CASE id WHEN … THEN 0 … END … END END``."""
        column, _none = compiler.compile(self.source_expressions[0])
        length = math.isqrt(max(len(self.ids) - 1, 0)) + 1
        pieces, parameters = [], list(self.ids)
        for start in range(0, len(self.ids), length):
            piece = self.ids[start : start + length]
            places = " ".join(f"WHEN %s THEN {start + place}" for place in range(len(piece)))
            pieces.append(f"WHEN {column} IN ({_marks(piece)}) THEN CASE {column} {places} END")
            parameters += [*piece, *piece]
        sql = f"CASE WHEN {column} IN ({_marks(self.ids)}) THEN CASE {' '.join(pieces)} END END"
        return sql, tuple(parameters)


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def is_offered(request: HttpRequest) -> bool:
    """Whether the visitor may have a taste to sort by. Costs no query that the bar of the page does not make anyway."""
    visitor = visitor_of(request)
    if not visitor.personalised or not get_session().version:
        return False
    return visitor.shopper is not None or bool(recent_clicks(request))


def order_by_taste(items: ItemQuerySet, request: HttpRequest) -> ItemQuerySet:
    """Sort a list by the visitor's taste: what suits them first, what is not for them last, the rest by popularity.

    Hits of a search, told by their annotation ``relevance``, are sorted by how well they
    fit both the words and the visitor.
    """
    is_search = "relevance" in items.query.annotations
    rest = RELEVANT if is_search else POPULAR
    visitor = visitor_of(request)
    if not visitor.personalised:
        return items.order_by(*rest)
    order: list[Combinable | str] = []
    if visitor.shopper is not None:
        dismissed = Subquery(Dismissal.objects.filter(shopper=visitor.shopper).values("item"))
        order.append(Case(When(pk__in=dismissed, then=Value(1)), default=Value(0)))
    ids = _suiting(tuple(HistoryEntry(point.item_id, point.kind, point.time) for point in history_of(request)))
    if ids and is_search:
        # Read once: places among the hits, worked out by the database, would make it search again for every hit.
        ids = _blend(list(items.order_by(*rest).values_list("item_id", flat=True)), ids)
    if ids:
        order.append(Place(ids).asc(nulls_last=True))
    return items.order_by(*order, *rest)


def _blend(hits: Sequence[str], suiting: Sequence[str]) -> list[str]:
    """The first hits by their place among the hits and their place among those that suit the visitor.

    Places and not scores are added (reciprocal rank fusion, Cormack et al., SIGIR 2009),
    because the two have no unit in common.
    """
    taste = {item_id: 1 / (FLATNESS + place) for place, item_id in enumerate(suiting)}
    worth = {item_id: 1 / (FLATNESS + place) + taste.get(item_id, 0.0) for place, item_id in enumerate(hits)}
    return sorted(hits, key=worth.__getitem__, reverse=True)[:MOST_PLACED]


def _suiting(history: History) -> list[str]:
    """What suits a history, best first: only what it really leads to, not what a panel would be filled up with."""
    if not history:
        return []
    bought = {entry.item_id for entry in history if entry.kind == Kind.PURCHASE}
    session = get_session()
    try:
        found = session.without(IMPERSONAL).for_you(history, MOST_PLACED, exclude=bought, name_causes=False)
    except SERVING_ERRORS:
        count("panel_failed", panel="ordering", bundle=session.version)
        logger.exception("A list could not be sorted by model version %s.", session.version)
        return []
    return [one.item_id for one in found]
