"""Registers the room ``shop.actions`` with Django."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """Actions."""

    name = "shop.actions"
    label = "actions"
    verbose_name = "Actions"

    def ready(self) -> None:
        """Take part when a guest signs in, when somebody asks what is kept of them, and when they ask to be forgotten."""
        from shop.accounts import hooks
        from shop.actions import services
        from shop.actions.exporting import actions_export

        hooks.on_merge(services.favourites_merge)
        hooks.on_forget(services.favourites_forget)
        hooks.on_export(actions_export)
