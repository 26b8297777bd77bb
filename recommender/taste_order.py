"""For you, as an order of lists: the items of a category or of a search, by what the visitor did.

A list is ordered in the database, so that pages and filters work as ever; what
the visitor's taste says of a few hundred items goes along as a rank. That costs
two queries, whatever the size of the catalogue: the visitor's history, and the
ids that the list holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Value, When

from recommender.counters import count
from recommender.dismissals import dismissed_ids
from recommender.panels import SERVING_ERRORS, logger
from recommender.session import get_session
from recommender.types import HistoryEntry
from shop.accounts.visitors import visitor_of
from shop.actions.clicks import history_of, recent_clicks
from shop.actions.models import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.http import HttpRequest

    from recommender.types import History
    from shop.catalogue.models import ItemQuerySet

# So many items of a list are put in order by taste; the rest follows in the order it would have without.
MOST_RANKED = 400
# Up to so many, a list is known by its items; of a longer one, those count that suit the visitor in the whole shop.
LONGEST_KNOWN = 5_000
# So many of the best hits of a search are put in order anew.
MOST_RERANKED = 200
# How fast a place in the list counts less: the fiftieth a third of the first.
FLATNESS = 25
POPULAR = ("-popularity", "-created_at", "-id")
RELEVANT = ("relevance", "-created_at", "-id")


def is_offered(request: HttpRequest) -> bool:
    """Whether the visitor may have a taste to sort by. Costs no query that the bar of the page does not make anyway."""
    visitor = visitor_of(request)
    if not visitor.personalised or not get_session().version:
        return False
    return bool(recent_clicks(request)) or visitor.shopper is not None


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
    history = tuple(HistoryEntry(point.item_id, point.kind, point.time) for point in history_of(request))
    dismissed = dismissed_ids(visitor)
    never = dismissed | {entry.item_id for entry in history if entry.kind == Kind.PURCHASE}
    if is_search:
        hits = list(items.order_by(*rest).values_list("item_id", flat=True)[:MOST_RERANKED])
        hits = [item_id for item_id in hits if item_id not in dismissed]
        ranked = blended(hits, _suiting(history, among=hits, never=never)) if history else []
    else:
        ranked = _suiting(history, among=_known(items), never=never) if history else []
    if not ranked and not dismissed:
        return items.order_by(*rest)
    return items.order_by(_rank(ranked, last=dismissed), *rest)


def blended(hits: Sequence[str], suiting: Sequence[str]) -> list[str]:
    """Hits by their place among the hits and their place among what suits the visitor, the first the better.

    Places and not scores are added (reciprocal rank fusion, Cormack et al., SIGIR 2009),
    because the two have no unit in common.
    """
    worth = {item_id: 1 / (FLATNESS + place) for place, item_id in enumerate(hits)}
    for place, item_id in enumerate(suiting):
        worth[item_id] += 1 / (FLATNESS + place)
    return sorted(hits, key=lambda item_id: -worth[item_id])


def _known(items: ItemQuerySet) -> list[str] | None:
    """The items of a list, or ``None`` where they are too many to be looked at one by one."""
    found = list(items.order_by().values_list("item_id", flat=True)[: LONGEST_KNOWN + 1])
    return found if len(found) <= LONGEST_KNOWN else None


def _suiting(history: History, *, among: Sequence[str] | None, never: Collection[str]) -> list[str]:
    """What suits a history, best first: only what it really leads to, not what a panel would be filled up with."""
    session = get_session()
    try:
        chosen = session if among is None else session.among(among)
        found = chosen.for_you(history, MOST_RANKED, exclude=never, name_causes=False)
    except SERVING_ERRORS:
        count("panel_failed", panel="ordering", bundle=session.version)
        logger.exception("A list could not be sorted by model version %s.", session.version)
        return []
    return [one.item_id for one in found if one.reason.source == "history"]


def _rank(ranked: Sequence[str], *, last: Collection[str]) -> Case:
    """The place of an item, in SQL.

    Asked first whether it has one at all: that is one look into a set, so a long list is not compared with
    every ranked item, row by row.
    """
    whens = []
    if ranked:
        places = Case(
            *(When(item_id=item_id, then=Value(place)) for place, item_id in enumerate(ranked)),
            output_field=IntegerField(),
        )
        whens.append(When(item_id__in=list(ranked), then=places))
    if last:
        whens.append(When(item_id__in=sorted(last), then=Value(len(ranked) + 1)))
    return Case(*whens, default=Value(len(ranked)), output_field=IntegerField())
