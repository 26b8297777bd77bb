"""Registers the room ``shop.orders`` with Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders."""

    name = "shop.orders"
    label = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        """Register the deployment check."""
        from shop.orders import checks  # noqa: F401 - registers itself
