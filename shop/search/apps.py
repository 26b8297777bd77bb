"""Registers the room ``shop.search`` with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


def prepare_connection(connection: Any, **_kwargs: object) -> None:
    """Teach a connection to SQLite the function that the index is written with."""
    if connection.vendor == "sqlite":
        from shop.search.engines.sqlite import register_function

        register_function(connection)


class SearchConfig(AppConfig):
    """Search."""

    name = "shop.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Follow connections and migrations; no signal of any row is listened to."""
        from shop.search.index import keep_after_migrate, release_for_migrate

        connection_created.connect(prepare_connection, dispatch_uid="search.prepare_connection")
        pre_migrate.connect(release_for_migrate, sender=self, dispatch_uid="search.release")
        post_migrate.connect(keep_after_migrate, sender=self, dispatch_uid="search.keep")
