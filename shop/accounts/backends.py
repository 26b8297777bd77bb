"""Signing in, and what is read of an account on every page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from shop.accounts.models import User


class ShopperBackend(ModelBackend):
    """Django's own, but the account comes with the shopper behind it: every page needs both, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, unless it was closed."""
        user = User.objects.select_related("shopper").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
