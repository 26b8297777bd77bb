"""``manage.py send_letters``: send the letters that are due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shop.mail.delivery import MOST_ATTEMPTS, letters_deliver
from shop.mail.models import Letter


class Command(BaseCommand):
    """Empties the outbox."""

    help = (
        "Send the letters that are due: those whose mail server did not answer before, and those that a process left "
        f"behind when it was killed. A letter is tried {MOST_ATTEMPTS} times with growing pauses, then given up and "
        "kept for the desk (Letters in the admin). A running shop sends its letters by itself; have cron run this "
        "every few minutes all the same. Several may run at once. Example: manage.py send_letters"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send them, and say how many, and what is left."""
        delivered = letters_deliver()
        self.stdout.write(f"sent: {delivered.sent}")
        self.stdout.write(f"not sent, to be tried again or given up: {delivered.not_sent}")
        self.stdout.write(f"waiting: {Letter.objects.waiting().count()}")
        self.stdout.write(f"given up: {Letter.objects.failed().count()}")
