"""Slows down those who guess passwords.

Failures are counted in the cache: per address and account, so that one account
cannot be tried at will, and per address, so that one machine cannot walk
through many accounts. With the in-process cache every web worker counts for
itself; a shop with several workers that wants exact limits sets ``REDIS_URL``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest

WINDOW_SECONDS = 15 * 60
FAILURES_PER_ACCOUNT = 8
FAILURES_PER_ADDRESS = 60


class TooManyAttempts(Exception):
    """Too many failed sign-ins lately; try again when the window has passed."""


class SignInAttempts:
    """The failed attempts of one client address at one account."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        address = request.META.get("REMOTE_ADDR", "")
        self._limits = {
            _cache_key("account", f"{address} {email.strip().lower()}"): FAILURES_PER_ACCOUNT,
            _cache_key("address", address): FAILURES_PER_ADDRESS,
        }

    def check(self) -> None:
        """Raise ``TooManyAttempts`` where a limit is reached."""
        failures = cache.get_many(list(self._limits))
        if any(failures.get(key, 0) >= limit for key, limit in self._limits.items()):
            raise TooManyAttempts

    def failed(self) -> None:
        """Count one more failure."""
        for key in self._limits:
            cache.add(key, 0, timeout=WINDOW_SECONDS)
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two lines
                cache.set(key, 1, timeout=WINDOW_SECONDS)

    def succeeded(self) -> None:
        """Forget the failures at this account; the address keeps its own count."""
        cache.delete(next(iter(self._limits)))


def _cache_key(what: str, value: str) -> str:
    return f"sign-in:{what}:{hashlib.sha256(value.encode()).hexdigest()}"
