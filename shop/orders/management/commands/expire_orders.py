"""``manage.py expire_orders``: put the pieces of orders that were never paid back on sale."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shop.orders.paying import PENDING_LIFETIME, orders_expire_pending, orders_give_back_late_money
from shop.orders.settling import refunds_settle_due


class Command(BaseCommand):
    """Releases orders that wait for their payment for too long."""

    help = (
        "Put the pieces of orders that were never paid back on sale, give back money that came too late for them, and "
        "ask again for refunds that a payment provider did not confirm. An order waits for its payment for "
        f"{PENDING_LIFETIME.seconds // 60} minutes; every checkout releases such orders too. The refunds wait for this "
        "command: have cron run it every few minutes. Several may run at once. Example: manage.py expire_orders"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Release them, give back what came too late and what is due, and say how many."""
        self.stdout.write(f"released: {orders_expire_pending()}")
        self.stdout.write(f"given back: {orders_give_back_late_money() + refunds_settle_due()}")
