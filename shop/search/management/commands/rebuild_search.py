"""``manage.py rebuild_search``: write the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shop.search.index import index_rebuild


class Command(BaseCommand):
    """Write the search index anew from the items."""

    help = (
        "Write the search index anew from the items. The shop keeps it right by itself, whatever changes an item; "
        "this is for databases that were mended by hand. Example: manage.py rebuild_search"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and tell how many items can be found."""
        self.stdout.write(f"{index_rebuild():,} items can be found.")
