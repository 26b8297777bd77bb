"""Registers the room ``shop.catalogue`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Catalogue."""

    name = "shop.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Let picture files follow their rows."""
        from shop.catalogue import signals  # noqa: F401  # importing connects the handlers
