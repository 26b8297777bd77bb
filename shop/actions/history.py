"""What a visitor did, as the next page knows it: from the stream, and from the visitor's own cookie.

A click reaches the stream a moment after the page was sent. The signed cookie
tells at once what may not have been written yet, and keeps the items that were
looked at last for the shelf of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core import signing
from django.db.models import F

from shop.accounts.visitors import Visitor, register_personal_cookie, visitor_of
from shop.actions.models import Action, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from shop.accounts.models import Shopper

RECENT_COOKIE = register_personal_cookie("recent")
RECENT_LENGTH = 20
RECENT_MAX_BYTES = 3500
RECENT_SALT = "shop.actions.recent"
HISTORY_LENGTH = 200


class HistoryPoint(NamedTuple):
    """An item somebody looked at; ``time`` in seconds since 1970."""

    item_id: str
    time: float


class ActionPoint(NamedTuple):
    """One counted action; ``time`` in seconds since 1970, ``None`` where it is unknown."""

    item_id: str
    kind: int
    time: float | None


def recent_clicks(request: HttpRequest) -> list[HistoryPoint]:
    """What the visitor's cookie says they looked at, oldest first; an altered or odd cookie says nothing.

    Nothing either where the visitor is not to be shown things by what they did.
    Costs a query only for those who have erased something: another browser's
    cookie may still know of it.
    """
    visitor = visitor_of(request)
    if not visitor.personalised:
        return []
    points = remembered(request)
    if not points or visitor.shopper is None or visitor.shopper.erased_at is None:
        return points
    erased_at = visitor.shopper.erased_at.timestamp()
    old = {point.item_id for point in points if point.time <= erased_at}
    stands = set(
        Action.objects.of(visitor.shopper)
        .filter(kind=Kind.CLICK, item__item_id__in=sorted(old))
        .values_list("item__item_id", flat=True)
        if old
        else ()
    )
    return [point for point in points if point.time > erased_at or point.item_id in stands]


def history_of(request: HttpRequest) -> list[ActionPoint]:
    """The visitor's counted actions, oldest first: the last of the stream, and clicks not yet written to it.

    One query beside the one for the visitor's shopper; none for a visitor without one. Nothing for
    those who are not to be shown things by what they did.
    """
    visitor = visitor_of(request)
    if not visitor.personalised:
        return []
    written = _written(visitor.shopper)
    clicks = {(point.item_id, int(point.time)) for point in written if point.kind == Kind.CLICK and point.time}
    # Beyond the window of the query nobody knows what has been written.
    since = min((point.time for point in written if point.time), default=0.0) if len(written) >= HISTORY_LENGTH else 0.0
    if visitor.shopper is not None and visitor.shopper.erased_at is not None:
        # What was erased is not waiting to be written.
        since = max(since, visitor.shopper.erased_at.timestamp())
    unwritten = [
        ActionPoint(point.item_id, int(Kind.CLICK), point.time)
        for point in remembered(request)
        if (point.item_id, int(point.time)) not in clicks and point.time >= since
    ]
    return sorted([*written, *unwritten], key=lambda point: point.time or 0.0)


def remember(visitor: Visitor, points: Iterable[HistoryPoint]) -> None:
    """Leave the cookie, each item once at its latest time, with as many of the last clicks as fit."""
    latest = {point.item_id: point for point in points}
    kept = sorted(latest.values(), key=lambda point: point.time)[-RECENT_LENGTH:]
    while kept:
        text = signing.dumps([list(point) for point in kept], salt=RECENT_SALT, compress=True)
        if len(text) <= RECENT_MAX_BYTES:
            visitor.leave_cookie(RECENT_COOKIE, text)
            return
        kept = kept[1:]


def clicks_unremember(request: HttpRequest, item_id: str) -> None:
    """Take an item out of what the visitor's own cookie remembers."""
    points = remembered(request)
    kept = [point for point in points if point.item_id != item_id]
    if not kept:
        visitor_of(request).drop_cookie(RECENT_COOKIE)
    elif len(kept) < len(points):
        remember(visitor_of(request), kept)


def remembered(request: HttpRequest) -> list[HistoryPoint]:
    """What the cookie says, whether or not it counts; nothing where it is about an account that was closed."""
    if visitor_of(request).is_orphaned:
        return []
    try:
        entries = signing.loads(request.COOKIES.get(RECENT_COOKIE, ""), salt=RECENT_SALT)
    except (signing.BadSignature, ValueError):
        return []
    if not isinstance(entries, list):
        return []
    points = map(_history_point, entries[-RECENT_LENGTH:])
    return [point for point in points if point is not None]


def _history_point(entry: Any) -> HistoryPoint | None:
    match entry:
        case [str(item_id), int(seconds)] if item_id:
            return HistoryPoint(item_id, seconds)
        case _:
            return None


def _written(shopper: Shopper | None) -> list[ActionPoint]:
    if shopper is None:
        return []
    rows = (
        Action.objects.of(shopper)
        .counted()
        .order_by(F("time").desc(nulls_last=True), "-id")
        .values_list("item__item_id", "kind", "time")[:HISTORY_LENGTH]
    )
    return [ActionPoint(item_id, kind, time.timestamp() if time else None) for item_id, kind, time in reversed(rows)]
