"""Registers the room ``shop.accounts`` with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Shoppers and accounts."""

    name = "shop.accounts"
    label = "accounts"
    verbose_name = "Shoppers and accounts"
