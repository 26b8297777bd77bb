"""Registers the room ``shop.storefront`` with Django."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    """Storefront."""

    name = "shop.storefront"
    label = "storefront"
    verbose_name = "Storefront"
