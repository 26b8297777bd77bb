"""Who is looking at this page, and whether what they do may be recorded.

A visitor is recognised by a random key in a signed cookie, or by the account
they signed in with. Looking around writes nothing: the row of a shopper is made
when there is something to keep (``require_shopper``), and the cookie is sent
only once the key is in use.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing

from shop.accounts.models import Shopper, User

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

VISITOR_COOKIE = "visitor"
# What a visitor decided; both outlive signing out, because they are the browser's.
CONSENT_COOKIE = "consent"
PERSONALISED_COOKIE = "personalised"
COOKIE_AGE = timedelta(days=365)

# Words by which crawlers, link previews and monitors name themselves. Plain HTTP
# libraries are left out: a script that keeps our cookies acts for some shopper.
# Cubot makes telephones.
BOT_PATTERN = re.compile(
    r"(?<!cu)bot(?:\b|_)|crawl|spider|slurp|scrapy|archiver|facebookexternalhit|whatsapp/|embedly|quora link preview|"
    r"linkpreview|preview/|lighthouse|pagespeed|pingdom|uptime|statuscake|monitor(?:ing)?\b|feedfetcher|mediapartners|"
    r"bingpreview|yandeximages|baiduspider|bytespider|google-(?:inspection|read|structured)|apis-google|wget/",
    re.IGNORECASE,
)

_personal_cookies: set[str] = set()


def register_personal_cookie(name: str) -> str:
    """Name a cookie that tells what a visitor did here; it is deleted when they sign out."""
    _personal_cookies.add(name)
    return name


@dataclass(frozen=True, slots=True)
class PendingCookie:
    """A cookie that goes out with the response; no value means that it is deleted."""

    value: str | None
    age: timedelta = COOKIE_AGE


class Visitor:
    """The person behind one request; ``request.visitor``.

    Attributes:
        key: The visitor's own secret. Generated where the request brought none.
        is_new: The request brought no (valid) key.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        found = read_key(request.COOKIES)
        self.key: uuid.UUID = found or uuid.uuid4()
        self.is_new: bool = found is None
        self._in_use = False
        self._shopper: Shopper | None = None
        self._looked_up = False
        self._pending: dict[str, PendingCookie] = {}

    @property
    def account(self) -> User | None:
        """The account that is signed in, if any."""
        user = getattr(self._request, "user", None)
        return cast("User", user) if user is not None and user.is_authenticated else None

    @property
    def is_orphaned(self) -> bool:
        """Whether the browser is signed in to an account that no longer exists.

        It was closed elsewhere; what this browser still remembers of it counts no more.
        """
        session = getattr(self._request, "session", None)
        return session is not None and self.account is None and SESSION_KEY in session

    @property
    def shopper(self) -> Shopper | None:
        """The account's shopper when signed in, else the one of the key, else ``None``; one query at most.

        A key whose shopper has since signed in elsewhere no longer speaks for
        anybody: it would let a signed-out browser act for the account.
        """
        if not self._looked_up:
            self._shopper = self._find()
            self._looked_up = True
        return self._shopper

    def require_shopper(self) -> Shopper:
        """The visitor's shopper, made where there is none yet. Writes: never call it in a GET."""
        shopper = self.shopper
        if shopper is None:
            shopper = shopper_for(account=self.account, key=self.key)
            if shopper.merged_into_id is not None:
                self.rotate()
                shopper = shopper_for(account=None, key=self.key)
            self._shopper = shopper
        self.keep()
        return shopper

    def keep(self) -> None:
        """Send the key to the browser if it has none: something is stored under it now."""
        if self.account is None:
            self._in_use = True

    def rotate(self) -> None:
        """Take a fresh key, so that the next anonymous actions belong to nobody known."""
        self.key = uuid.uuid4()
        self.is_new = True
        self._in_use = True
        self._looked_up = False
        self._shopper = None

    def forget_cookies(self) -> None:
        """Delete every cookie that tells what the visitor did here."""
        for name in _personal_cookies:
            self.drop_cookie(name)

    def drop_cookie(self, name: str) -> None:
        """Have the browser delete a cookie."""
        self._pending[name] = PendingCookie(value=None)

    def leave_cookie(self, name: str, value: str, *, age: timedelta = COOKIE_AGE) -> None:
        """Send a cookie with the response to this request."""
        self._pending[name] = PendingCookie(value=value, age=age)

    @property
    def may_be_recorded(self) -> bool:
        """Whether what happens in this request may become an action.

        Not for robots, staff, HEAD requests and prefetches, which are no
        shopper's doing, not for those whose browser asks for Global Privacy
        Control, and not without consent.
        """
        return (
            is_recordable(self._request.method or "", self._request.headers)
            and not (self.account is not None and self.account.is_staff)
            and self.consents
        )

    @property
    def sends_privacy_signal(self) -> bool:
        """Whether the browser asks for Global Privacy Control."""
        return sends_privacy_signal(self._request.headers)

    @property
    def answer(self) -> str:
        """What the visitor said about being recorded: "yes", "no", or nothing yet.

        A "no" counts wherever it was said, in this browser or with the account,
        until it is answered anew: that sets both.
        """
        answers = {self._request.COOKIES.get(CONSENT_COOKIE, "")}
        if self.account is not None and self.shopper is not None:
            answers.add(self.shopper.consent)
        return next((answer for answer in ("no", "yes") if answer in answers), "")

    @property
    def consents(self) -> bool:
        """Whether the visitor agrees to being recorded, or has not said no where the shop assumes that they do."""
        return self.answer == "yes" or (not self.answer and settings.CONSENT == "assumed")

    @property
    def is_personalised(self) -> bool:
        """Whether the visitor left personalisation switched on, whatever else stands against it."""
        by_account = self.account is None or self.shopper is None or self.shopper.personalised
        return by_account and self._request.COOKIES.get(PERSONALISED_COOKIE) != "off"

    @property
    def personalised(self) -> bool:
        """Whether what the visitor did may arrange what they see.

        Not where they switched it off, do not agree to being recorded, or send
        Global Privacy Control.
        """
        return not self.sends_privacy_signal and self.consents and self.is_personalised

    @property
    def is_to_be_asked(self) -> bool:
        """Whether the page should carry the notice about recording: not for those of whom nothing is kept anyway."""
        return (
            not self.answer
            and is_recordable("GET", self._request.headers)
            and not (self.account is not None and self.account.is_staff)
        )

    def answer_consent(self, *, agreed: bool) -> None:
        """Keep the visitor's answer, in the browser and with the account; writes."""
        answer = Shopper.Consent.YES if agreed else Shopper.Consent.NO
        self.leave_cookie(CONSENT_COOKIE, answer.value)
        if self.account is not None:
            shopper = self.require_shopper()
            shopper.consent = answer
            shopper.save(update_fields=["consent"])

    def switch_personalisation(self, *, on: bool) -> None:
        """Keep whether shelves are arranged for the visitor, in the browser and with the account; writes."""
        self._pending[PERSONALISED_COOKIE] = PendingCookie(value=None if on else "off")
        if self.account is not None:
            shopper = self.require_shopper()
            shopper.personalised = on
            shopper.save(update_fields=["personalised"])

    def finish(self, response: HttpResponseBase) -> None:
        """Put the visitor's cookies on the response."""
        session = getattr(self._request, "session", None)
        # A page that asked nothing of the session stays one that can be cached for everybody.
        if session is not None and session.accessed and self.is_orphaned:
            session.flush()
            self.rotate()
            self.forget_cookies()
        if self.is_new and self._in_use:
            self._pending[VISITOR_COOKIE] = PendingCookie(value=sign_key(self.key))
        for name, cookie in self._pending.items():
            if cookie.value is None:
                response.delete_cookie(name, samesite="Lax")
                continue
            response.set_cookie(
                name, cookie.value, max_age=cookie.age, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )

    def _find(self) -> Shopper | None:
        account = self.account
        if account is not None:
            return getattr(account, "shopper", None)
        if self.is_new:
            return None
        return Shopper.objects.filter(visitor_key=self.key, account=None, merged_into=None).first()


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor the middleware attached to ``request``; typed, unlike the attribute."""
    return cast("Visitor", cast("Any", request).visitor)


def shopper_for(*, account: User | None, key: uuid.UUID) -> Shopper:
    """The shopper of an account, or of a visitor key where there is no account; made where absent."""
    if account is not None:
        return Shopper.objects.get_or_create(account=account)[0]
    return Shopper.objects.get_or_create(visitor_key=key)[0]


def is_recordable(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request with this method and these headers is somebody's own doing, and may be kept."""
    purpose = f"{headers.get('Sec-Purpose', '')};{headers.get('Purpose', '')};{headers.get('X-Moz', '')}".lower()
    return (
        method != "HEAD"
        and "prefetch" not in purpose
        and "prerender" not in purpose
        and not sends_privacy_signal(headers)
        and not BOT_PATTERN.search(headers.get("User-Agent", ""))
    )


def sends_privacy_signal(headers: Mapping[str, str]) -> bool:
    """Whether these headers ask for Global Privacy Control."""
    return headers.get("Sec-GPC", "").strip() == "1"


def sign_key(key: uuid.UUID) -> str:
    """The cookie's text for a visitor key."""
    return signing.Signer(salt="shop.visitor").sign(key.hex)


def read_key(cookies: Mapping[str, str]) -> uuid.UUID | None:
    """The visitor key a browser sent, or ``None`` where it is absent, altered or malformed."""
    try:
        return uuid.UUID(hex=signing.Signer(salt="shop.visitor").unsign(cookies.get(VISITOR_COOKIE, "")))
    except (signing.BadSignature, ValueError):
        return None
