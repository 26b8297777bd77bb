"""Writing to the stream of actions, and the favourites that go with it.

Whatever is done to a variant is recorded for its head: what somebody likes is
the cup, not its size. That happens here and nowhere else; callers pass the row
they have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import Shopper, shoppers_of
from shop.actions.models import Action, Favourite, Kind
from shop.actions.sources import UNKNOWN_SOURCE, ActionSource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shop.catalogue.models import Item


def action_record(  # noqa: PLR0913 - one argument per column of the stream
    *,
    shopper: Shopper,
    item: Item,
    kind: int,
    time: datetime | None = None,
    value: float | None = None,
    panel: str = "",
    position: int | None = None,
    bundle: str = "",
) -> Action:
    """Add one action to the stream, in the caller's transaction. ``time`` defaults to now.

    What is done to a variant is told of its head: sizes are bought, things are liked.
    """
    action: Action = Action.objects.create(
        shopper=shopper,
        item_id=item.head_key,
        kind=kind,
        time=time or timezone.now(),
        value=value,
        panel=panel,
        position=position,
        bundle=bundle,
    )
    return action


def favourite_add(*, shopper: Shopper, item: Item, source: ActionSource = UNKNOWN_SOURCE) -> bool:
    """Save an item, with the price it has now; the action is written in the same transaction.

    Returns:
        Whether it was not saved before; saving twice changes and records nothing.
    """
    item = item.head
    with transaction.atomic():
        _favourite, created = Favourite.objects.get_or_create(
            shopper=shopper, item=item, defaults={"price_when_saved": item.price}
        )
        if created and source.recorded:
            action_record(
                shopper=shopper,
                item=item,
                kind=Kind.FAVOURITE,
                panel=source.panel,
                position=source.position,
                bundle=source.bundle,
            )
    return created


def favourite_remove(*, shopper: Shopper, item: Item) -> bool:
    """Take a favourite back; its actions stay in the stream, marked as undone.

    Returns:
        Whether it was saved before.
    """
    with transaction.atomic():
        removed, _by_model = Favourite.objects.filter(shopper=shopper, item=item.head_key).delete()
        if removed:
            actions_undo(shopper=shopper, items=[item], kind=Kind.FAVOURITE)
    return bool(removed)


def actions_undo(*, shopper: Shopper, items: Iterable[Item | int], kind: int, time: datetime | None = None) -> int:
    """Mark a shopper's actions of one kind on ``items`` (or the keys of their heads) as undone.

    Actions from before signing in count as the shopper's. With ``time`` only
    actions of exactly that moment are marked: a cancelled order must not undo
    an earlier purchase of the same item.

    Returns:
        How many actions were marked.
    """
    keys = [item if isinstance(item, int) else item.head_key for item in items]
    actions = Action.objects.of(shopper).counted().filter(kind=kind, item__in=keys)
    if time is not None:
        actions = actions.filter(time=time)
    # By key: an UPDATE cannot carry the join that leaves out unpublished imports.
    return Action.with_unpublished.filter(pk__in=list(actions.values_list("pk", flat=True))).update(
        undone_at=timezone.now()
    )


def favourites_merge(*, guest: Shopper, account: Shopper) -> None:
    """At sign-in: what either had saved is saved, once."""
    owned = Favourite.objects.filter(shopper=account).values("item")
    Favourite.objects.filter(shopper=guest, item__in=owned).delete()
    Favourite.objects.filter(shopper=guest).update(shopper=account)


def favourites_forget(shopper: Shopper) -> None:
    """Erase a shopper's favourites and actions, from before signing in too."""
    Favourite.objects.filter(shoppers_of(shopper)).delete()
    Action.with_unpublished.filter(shoppers_of(shopper)).delete()
