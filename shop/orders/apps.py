"""Registers the room ``shop.orders`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders."""

    name = "shop.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Register the deployment check, tell the cart what delivery costs, take part in "your data" and forgetting.

        There is nothing to do at sign-in: orders stay with the guest who placed
        them, and ``shoppers_of`` finds them for the account.
        """
        from shop.accounts import hooks
        from shop.cart.hooks import register_delivery_estimate
        from shop.orders import (
            checks,  # noqa: F401 - registers itself
            estimate,
            privacy,
        )

        hooks.on_export(privacy.orders_export)
        hooks.on_forget(privacy.orders_forget)
        register_delivery_estimate(estimate.delivery_estimate)
