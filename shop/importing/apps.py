"""Registers the room ``shop.importing`` with Django."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Importing."""

    name = "shop.importing"
    label = "importing"
    verbose_name = "Importing"
