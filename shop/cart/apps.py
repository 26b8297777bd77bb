"""Registers the room ``shop.cart`` with Django."""

from django.apps import AppConfig


class CartConfig(AppConfig):
    """Cart."""

    name = "shop.cart"
    label = "cart"
    verbose_name = "Cart"

    def ready(self) -> None:
        """Take part when a guest signs in and when somebody asks to be forgotten."""
        from shop.accounts import hooks
        from shop.cart import services

        hooks.on_merge(services.cart_merge)
        hooks.on_forget(services.cart_forget)
