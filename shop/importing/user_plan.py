"""Works out which shoppers an import adds and changes, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shop.accounts.models import Shopper
from shop.importing.item_plan import IDS_PER_QUERY, in_groups
from shop.importing.rows import plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field

    from shop.importing.user_rows import UserRow


@dataclass(slots=True)
class UserPlan:
    """New shoppers, and existing ones with what changes; only ``columns`` of those are written."""

    new: list[Shopper]
    changed: list[Shopper]
    unchanged: int
    columns: list[Field[Any, Any]]


def plan_users(rows: Iterable[UserRow]) -> UserPlan:
    """Compare the rows of a users file with the shop."""
    plan = UserPlan(new=[], changed=[], unchanged=0, columns=[])
    written: set[str] = set()
    for some in in_groups(rows, IDS_PER_QUERY):
        existing = Shopper.objects.in_bulk([row.user_id for row in some], field_name="user_id")
        for row in some:
            written.update(row.fields)
            shopper = existing.get(row.user_id)
            if shopper is None:
                plan.new.append(Shopper(user_id=row.user_id, **row.fields))
            elif any(getattr(shopper, name) != value for name, value in row.fields.items()):
                for name, value in row.fields.items():
                    setattr(shopper, name, value)
                plan.changed.append(shopper)
            else:
                plan.unchanged += 1
    plan.columns = [column for column in plain_fields(Shopper) if column.name in written]
    return plan


def missing_shoppers(user_ids: Sequence[str], planned: UserPlan) -> list[Shopper]:
    """Shoppers that actions speak of, whom neither the shop nor the plan has."""
    have = {shopper.user_id for shopper in planned.new}
    have.update(shopper_keys(user_ids))
    return [Shopper(user_id=user_id) for user_id in user_ids if user_id not in have]


def shopper_keys(user_ids: Sequence[str]) -> dict[str, int]:
    """The database keys of those of the shoppers who exist."""
    return {
        user_id: key
        for some in in_groups(user_ids, IDS_PER_QUERY)
        for user_id, key in Shopper.objects.filter(user_id__in=some).values_list("user_id", "pk")
    }
