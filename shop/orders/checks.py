"""A deployment check: a shop in earnest must not take play money."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from shop.orders.payments.dummy import DummyProvider


@register(Tags.security, deploy=True)
def payment_is_real(app_configs: Any, **kwargs: Any) -> list[Error]:  # noqa: ARG001 - Django's signature
    """Refuse the dummy provider in ``check --deploy``."""
    if DummyProvider.name != settings.PAYMENT_PROVIDER:
        return []
    return [
        Error(
            "PAYMENT_PROVIDER is 'dummy': orders would be paid with play money.",
            hint="Unset PAYMENT_PROVIDER, or name a provider that charges.",
            id="orders.E001",
        )
    ]
