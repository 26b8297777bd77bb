"""The addresses a shopper keeps for the next order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from shop.accounts.models import Address, Shopper, shoppers_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_ADDRESSES = 20


class TooManyAddresses(Exception):
    """The shopper keeps ``MOST_ADDRESSES`` already."""


def addresses_of(shopper: Shopper | None) -> QuerySet[Address]:
    """The addresses of a shopper, the one that is used first in front; none of a visitor without a shopper."""
    if shopper is None:
        return Address.objects.none()
    return Address.objects.filter(shopper=shopper)


def address_save(  # noqa: PLR0913 - an address is this many lines
    *,
    shopper: Shopper,
    name: str,
    street: str,
    postcode: str,
    city: str,
    country: str,
    make_default: bool = False,
) -> Address:
    """Keep an address. The same address twice is one; the first one of a shopper is used first.

    Raises:
        TooManyAddresses: see the class.
    """
    lines = {"name": name, "street": street, "postcode": postcode, "city": city, "country": country}
    with transaction.atomic():
        _hold(shopper.pk)
        address = Address.objects.filter(shopper=shopper, **lines).first()
        if address is None:
            count = Address.objects.filter(shopper=shopper).count()
            if count >= MOST_ADDRESSES:
                raise TooManyAddresses
            address = Address.objects.create(shopper=shopper, **lines)
            make_default = make_default or not count
        if make_default:
            address_use_first(address)
    return address


def address_change(address: Address) -> None:
    """Save the lines of an address that was edited; where it became another's twin, one of them goes."""
    lines = {name: getattr(address, name) for name in ("name", "street", "postcode", "city", "country")}
    with transaction.atomic():
        _hold(address.shopper_id)
        twins = Address.objects.filter(shopper=address.shopper_id, **lines).exclude(pk=address.pk)
        was_default = address.is_default or twins.filter(is_default=True).exists()
        twins.delete()
        address.save(update_fields=list(lines))
        if was_default:
            address_use_first(address)


def address_use_first(address: Address) -> None:
    """Offer this address before all others of its shopper."""
    with transaction.atomic():
        _hold(address.shopper_id)
        Address.objects.filter(shopper=address.shopper_id, is_default=True).exclude(pk=address.pk).update(
            is_default=False
        )
        Address.objects.filter(pk=address.pk).update(is_default=True)
    address.is_default = True


def address_remove(address: Address) -> None:
    """Keep an address no longer; where it was used first, the oldest of the others is from now on."""
    with transaction.atomic():
        shopper, was_default = address.shopper_id, address.is_default
        _hold(shopper)
        address.delete()
        following = Address.objects.filter(shopper=shopper).order_by("id").first() if was_default else None
        if following is not None:
            address_use_first(following)


def addresses_merge(*, guest: Shopper, account: Shopper) -> None:
    """At sign-in: what the guest kept is kept for the account, once."""
    for address in Address.objects.filter(shopper=guest).order_by("id"):
        address_save(
            shopper=account,
            name=address.name,
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            country=address.country,
        )
    Address.objects.filter(shopper=guest).delete()


def addresses_forget(shopper: Shopper) -> None:
    """Erase the addresses of a shopper who asked to be forgotten."""
    Address.objects.filter(shoppers_of(shopper)).delete()


def _hold(shopper_key: int) -> None:
    """Hold the shopper's row to the end of the transaction: two forms at once make neither twins nor two defaults."""
    Shopper.objects.select_for_update().filter(pk=shopper_key).first()
