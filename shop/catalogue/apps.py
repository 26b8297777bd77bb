"""Registers the room ``shop.catalogue`` with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Catalogue."""

    name = "shop.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        """Let picture files follow their rows."""
        from shop.catalogue import signals  # noqa: F401  # importing connects the handlers
