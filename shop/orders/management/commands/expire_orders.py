"""``manage.py expire_orders``: put the pieces of orders that were never paid back on sale."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shop.orders.paying import PENDING_LIFETIME, orders_expire_pending, orders_give_back_late_money


class Command(BaseCommand):
    """Releases orders that wait for their payment for too long."""

    help = (
        "Put the pieces of orders that were never paid back on sale, and give back money that came too late for them. "
        f"An order waits for its payment for {PENDING_LIFETIME.seconds // 60} minutes. Every checkout does this too; "
        "a quiet shop may run it every few minutes. Example: manage.py expire_orders"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Release them, give back what came too late, and say how many."""
        self.stdout.write(f"released: {orders_expire_pending()}")
        self.stdout.write(f"given back: {orders_give_back_late_money()}")
