"""Registers the room ``shop.storefront`` with Django."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    """Storefront."""

    name = "shop.storefront"
    label = "storefront"
    verbose_name = "Storefront"

    def ready(self) -> None:
        """Join rooms that don't know each other: a product page that is shown is a click."""
        from shop.actions.clicks import click_record
        from shop.catalogue.viewing import on_item_viewed
        from shop.storefront import languages, moving  # noqa: F401 - join in when somebody signs in, when a category moves

        on_item_viewed(click_record)
