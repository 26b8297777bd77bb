"""Registers the room ``shop.mail`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Letters."""

    name = "shop.mail"
    label = "mail"
    verbose_name = _("Letters")
