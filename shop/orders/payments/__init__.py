"""Which payment provider this shop uses."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from shop.orders.payments.base import PaymentProvider, PaymentUnavailable
from shop.orders.payments.dummy import DummyProvider


def get_provider() -> PaymentProvider:
    """The provider that ``PAYMENT_PROVIDER`` names: the dummy one, or a class by its dotted path.

    Raises:
        PaymentUnavailable: the shop is not set up to take payments.
    """
    name = settings.PAYMENT_PROVIDER
    if name == DummyProvider.name:
        return DummyProvider()
    if "." not in name:
        raise PaymentUnavailable
    provider: PaymentProvider = import_string(name)()
    return provider
