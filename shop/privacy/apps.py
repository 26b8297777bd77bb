"""Registers the room ``shop.privacy`` with Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Privacy."""

    name = "shop.privacy"
    label = "privacy"
    verbose_name = "Privacy"
