"""Registers the room ``shop.mail`` with Django."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Letters."""

    name = "shop.mail"
    label = "mail"
    verbose_name = "Letters"
