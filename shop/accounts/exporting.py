"""What this room tells somebody who wants to see everything that is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop.accounts.models import Address, Shopper, shoppers_of

if TYPE_CHECKING:
    from shop.accounts.models import User


def accounts_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """The profile, the account, the addresses, and under which ids somebody is known; two queries."""
    rows = Shopper.objects.filter(merged_into=shopper).order_by("id")
    sections: dict[str, list[dict[str, Any]]] = {
        "profile": [
            {
                "user_id": shopper.user_id,
                "since": shopper.created_at,
                "gender": shopper.gender,
                "age": shopper.age,
                "occupation": shopper.occupation,
                "recording": shopper.consent,
                "personalised": shopper.personalised,
                "last_erased_at": shopper.erased_at,
            }
        ],
        "as_guest": [
            {"user_id": user_id, "since": since} for user_id, since in rows.values_list("user_id", "created_at")
        ],
        "addresses": [
            dict(row)
            for row in Address.objects.filter(shoppers_of(shopper))
            .order_by("id")
            .values("name", "street", "postcode", "city", "country", "is_default", "created_at")
        ],
    }
    if shopper.account is not None:
        sections["account"] = [_account(shopper.account)]
    return sections


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "email_confirmed_at": user.email_verified_at,
        "name": user.get_full_name(),
        "language": user.language,
        "since": user.date_joined,
        "last_signed_in_at": user.last_login,
    }
