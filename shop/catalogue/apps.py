"""Registers the room ``shop.catalogue`` with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Catalogue."""

    name = "shop.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
