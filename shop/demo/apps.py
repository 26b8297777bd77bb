"""Registers the room ``shop.demo`` with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demonstration shop."""

    name = "shop.demo"
    label = "demo"
    verbose_name = "Demonstration shop"
