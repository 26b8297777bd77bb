"""Registers the room ``shop.accounts`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Shoppers and accounts."""

    name = "shop.accounts"
    label = "accounts"
    verbose_name = _("Shoppers and accounts")

    def ready(self) -> None:
        """Take part in the events of the room itself: what is kept of a shopper here moves and goes like all else."""
        from shop.accounts import addresses, exporting, hooks, letters

        hooks.on_merge(addresses.addresses_merge)
        hooks.on_forget(addresses.addresses_forget)
        hooks.on_forget(letters.letters_of_account_forget)
        hooks.on_export(exporting.accounts_export)
