"""Registers the room ``shop.actions`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    """Actions."""

    name = "shop.actions"
    label = "actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        """Take part when a guest signs in, when somebody asks what is kept of them, and when they ask to be forgotten."""
        from django.utils.translation import gettext_lazy as _

        from shop.accounts import hooks
        from shop.actions import services
        from shop.actions.exporting import actions_export
        from shop.actions.popularity import most_popular
        from shop.catalogue.hooks import register_ordering

        hooks.on_merge(services.favourites_merge)
        hooks.on_forget(services.favourites_forget)
        hooks.on_export(actions_export)
        register_ordering("popular", _("Most popular"), most_popular)
