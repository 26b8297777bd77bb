"""Shoppers take their own actions out of the stream: one, or all of them.

An erased action is gone, not marked: pages and recommendations read the stream,
so they no longer know of it from the next request on, and the next training
does not find it. What stands beside the stream (favourites, the cart, orders)
stays until its owner removes it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.accounts.forgetting import erasure_note, shoppers_hold
from shop.accounts.models import Shopper, shoppers_of
from shop.actions.models import Action

if TYPE_CHECKING:
    from shop.actions.models import ActionQuerySet


def actions_of(shopper: Shopper | None) -> ActionQuerySet:
    """Everything recorded of a shopper, from before signing in and what was taken back too, the latest first."""
    if shopper is None:
        nothing: ActionQuerySet = Action.objects.none()
        return nothing
    actions: ActionQuerySet = Action.objects.of(shopper).order_by("-id")
    return actions


def action_erase(*, shopper: Shopper, key: int) -> str | None:
    """Erase one action of a shopper.

    Returns:
        The public id of the item it was about; ``None`` where the shopper has no such action.
    """
    with transaction.atomic():
        action = actions_of(shopper).filter(pk=key).select_related("item").first()
        if action is None:
            return None
        Action.with_unpublished.filter(pk=action.pk).delete()
        # Other browsers of the shopper may remember it in their own cookie.
        Shopper.objects.filter(pk=shopper.pk).update(erased_at=timezone.now())
    return str(action.item.item_id)


def actions_erase(*, shopper: Shopper) -> int:
    """Erase everything that was recorded of a shopper; how many actions that were."""
    with transaction.atomic():
        shoppers_hold(Q(pk=shopper.pk) | Q(merged_into=shopper))
        erased, _by_model = Action.with_unpublished.filter(shoppers_of(shopper)).delete()
        erasure_note(shopper)
    return erased
