"""``forget_user``: erase a shopper's personal data and actions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.accounts.forgetting import StaffAccount, shopper_forget
from shop.accounts.models import Shopper


class Command(BaseCommand):
    """Forget somebody."""

    help = (
        "Erases a shopper: account, addresses, favourites, cart, every action, whatever else a room keeps, and what "
        "they did as a guest before signing in. Orders stay for the books without personal data. Recommendations know "
        "nothing of it from the next request on, and the next model cannot contain it. This cannot be taken back. "
        "Example: manage.py forget_user v-5f0c2b9e8d7a4c31"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the argument."""
        parser.add_argument("user_id", metavar="USER_ID", help="as in imports and exports, and in the admin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the shopper, erase, say what was done."""
        user_id = options["user_id"]
        shopper = Shopper.objects.filter(user_id=user_id).first()
        if shopper is None:
            raise CommandError(f"There is no shopper with the user id {user_id!r}.")
        try:
            forgotten = shopper_forget(shopper)
        except StaffAccount as problem:
            raise CommandError(
                f"The account of {user_id!r} keeps the shop. Take its staff rights away in the admin first."
            ) from problem
        except KeyboardInterrupt as interruption:
            raise CommandError("Stopped. Nothing was erased.", returncode=130) from interruption
        others = len(forgotten.user_ids) - 1
        parts = [f"{user_id} is forgotten"]
        if others:
            parts.append(f"{others} other id{'s' if others > 1 else ''} of the same person too")
        if forgotten.account_closed:
            parts.append("the account is closed")
        self.stdout.write("; ".join(parts) + ".")
        self.stdout.write("Orders, if there are any, stay for the books without personal data.")
        self.stdout.write("Models made before leave them out, and the next one does not know them.")
