"""What shoppers said is not for them: kept, taken back, moved at sign-in, told and forgotten.

A dismissal is about what panels show, not about what is learned: it is no
action, and one shopper's dismissal changes nothing for anybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recommender.models import Dismissal
from shop.accounts.models import shoppers_of

if TYPE_CHECKING:
    from shop.accounts.models import Shopper
    from shop.accounts.visitors import Visitor
    from shop.catalogue.models import Item


def dismissal_add(*, shopper: Shopper, item: Item) -> bool:
    """Never show ``item`` in a panel to ``shopper`` again; of a variant its head is meant.

    Returns:
        Whether that is news.
    """
    return Dismissal.objects.get_or_create(shopper=shopper, item_id=item.head_key)[1]


def dismissal_remove(*, shopper: Shopper, item: Item) -> bool:
    """Take it back.

    Returns:
        Whether there was anything to take back.
    """
    return bool(Dismissal.objects.filter(shopper=shopper, item_id=item.head_key).delete()[0])


def dismissed_ids(visitor: Visitor) -> frozenset[str]:
    """The public ids of what the visitor does not want to be shown; no query for a visitor without a shopper.

    Nothing where the visitor is shown what everybody is shown.
    """
    if not visitor.personalised or visitor.shopper is None:
        return frozenset()
    return frozenset(Dismissal.objects.filter(shopper=visitor.shopper).values_list("item__item_id", flat=True))


def dismissals_merge(*, guest: Shopper, account: Shopper) -> None:
    """At sign-in: what either did not want, once."""
    held = Dismissal.objects.filter(shopper=account).values("item")
    Dismissal.objects.filter(shopper=guest, item__in=held).delete()
    Dismissal.objects.filter(shopper=guest).update(shopper=account)


def dismissals_forget(shopper: Shopper) -> None:
    """Erase them, from before signing in too."""
    Dismissal.objects.filter(shoppers_of(shopper)).delete()


def dismissals_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """All of them, oldest first, for somebody who wants to see what is kept of them."""
    rows = Dismissal.objects.filter(shoppers_of(shopper)).order_by("id")
    return {
        "not_for_me": [
            {"item": item_id, "title": title, "said_at": said_at}
            for item_id, title, said_at in rows.values_list("item__item_id", "item__title", "created_at")
        ]
    }
