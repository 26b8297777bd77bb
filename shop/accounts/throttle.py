"""Slows down those who guess passwords, walk through addresses, or have letters sent to others.

Failures to sign in are counted in the cache: per address and account, so that one account
cannot be tried at will, and per address, so that one machine cannot walk
through many accounts. With the in-process cache every web worker counts for
itself; a shop with several workers that wants exact limits sets ``REDIS_URL``.
Behind a proxy the machine is the one that the proxy saw; see ``client_address``.
"""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest

WINDOW_SECONDS = 15 * 60
FAILURES_PER_ACCOUNT = 8
FAILURES_PER_ADDRESS = 60
LETTER_SECONDS = 60 * 60
LETTERS_PER_ADDRESS = 4
LETTERS_PER_MACHINE = 20
TAKEN_PER_MACHINE = 20


def client_address(request: HttpRequest) -> str:
    """The address of the machine that asks, as far as the shop can know it.

    Behind a proxy every connection comes from the proxy, which appends the
    address it was asked from to ``X-Forwarded-For``. Of that header only as
    many hops are believed, from its end, as ``TRUSTED_PROXIES`` says: what
    stands before them was written by whoever asks.
    """
    connected = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES == 0:
        return connected
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hop = hops[-settings.TRUSTED_PROXIES :][0].strip()
    try:
        return str(ip_address(hop))
    except ValueError:  # absent, or nothing that a proxy writes
        return connected


class TooManyAttempts(Exception):
    """Too many failed sign-ins lately; try again when the window has passed."""


class SignInAttempts:
    """The failed attempts of one client address at one account."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        address = client_address(request)
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
            _count_up(key, seconds=WINDOW_SECONDS)

    def succeeded(self) -> None:
        """Forget the failures at this account; the address keeps its own count."""
        cache.delete(next(iter(self._limits)))


class Allowance:
    """So many times in a while, and no more: letters to one address, questions from one machine.

    Args:
        what: What is counted; a word for the cache.
        subject: For whom, such as an e-mail address.
        most: How many times are allowed …
        seconds: … within so many seconds from the first.
    """

    def __init__(self, what: str, subject: str, *, most: int, seconds: int) -> None:
        self._key = _cache_key(what, subject.strip().lower())
        self._most = most
        self._seconds = seconds

    @property
    def used_up(self) -> bool:
        """Whether nothing is left of it; asking uses nothing."""
        return int(cache.get(self._key, 0)) >= self._most

    def take(self) -> bool:
        """Use it once; ``False`` where it is used up."""
        return _count_up(self._key, seconds=self._seconds) <= self._most


def letter_allowed(request: HttpRequest, email: str) -> bool:
    """Whether one more letter may go to ``email`` at the wish of this client; counts it."""
    machine = client_address(request)
    by_machine = Allowance("letters-from", machine, most=LETTERS_PER_MACHINE, seconds=LETTER_SECONDS)
    by_address = Allowance("letters-to", email, most=LETTERS_PER_ADDRESS, seconds=LETTER_SECONDS)
    return by_machine.take() and by_address.take()


def taken_answers(request: HttpRequest) -> Allowance:
    """How often this client may be told that an address is taken.

    Whoever has used it up is refused whatever the address: a refusal of taken ones alone would tell the same.
    """
    return Allowance("taken", client_address(request), most=TAKEN_PER_MACHINE, seconds=WINDOW_SECONDS)


def _count_up(key: str, *, seconds: int) -> int:
    """Count one more; how many that makes since the first, up to ``seconds`` ago."""
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, timeout=seconds)
        return 1


def _cache_key(what: str, value: str) -> str:
    return f"sign-in:{what}:{hashlib.sha256(value.encode()).hexdigest()}"
