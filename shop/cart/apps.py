"""Registers the room ``shop.cart`` with Django."""

from django.apps import AppConfig


class CartConfig(AppConfig):
    """Cart."""

    name = "shop.cart"
    label = "cart"
    verbose_name = "Cart"
