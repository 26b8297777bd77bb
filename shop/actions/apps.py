"""Registers the room ``shop.actions`` with Django."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """Actions."""

    name = "shop.actions"
    label = "actions"
    verbose_name = "Actions"
