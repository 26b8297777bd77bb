"""Accounts and shoppers.

A *user* is a way to sign in. A *shopper* is somebody whose actions belong
together: a visitor without an account, known only by a random key in a cookie;
the person behind an account; or a row of an imported users file.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address instead of by name."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may sign in and shop; without a password the account is locked."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this e-mail address, in whatever case it was typed."""
        return self.get(email=(username or "").lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """An account: an e-mail address and a password."""

    username = None  # type: ignore[assignment]  # the e-mail address is the name
    email = models.EmailField(_("e-mail address"), unique=True)
    email_verified_at = models.DateTimeField(
        _("e-mail address confirmed"),
        null=True,
        blank=True,
        help_text=_("Empty until somebody opened the link that was sent there."),
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Of pages and letters; empty: the browser's.")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(name="user_email_in_lower_case", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Lower the address before it is checked: two accounts must not differ by case alone."""
        super().clean()
        self.email = self.email.lower()


def new_user_id() -> str:
    """A public id for a shopper who was not imported under one."""
    return f"v-{uuid.uuid4().hex}"


class ShopperQuerySet(models.QuerySet["Shopper"]):
    """Vocabulary for finding shoppers."""

    def real(self) -> ShopperQuerySet:
        """Shoppers who were not made up by a simulation."""
        return self.filter(simulated=False)

    def whole(self) -> ShopperQuerySet:
        """Shoppers who stand for themselves: not the past, anonymous part of someone who signed in."""
        return self.filter(merged_into=None)


class Shopper(models.Model):
    """Somebody whose actions belong together, signed in or not.

    ``user_id`` is the public id used by imports and exports; ``visitor_key``
    is the secret a browser carries in a signed cookie. When an anonymous
    shopper signs in, ``merged_into`` points at the shopper of the account;
    the earlier actions stay where they are and count for the account.
    """

    class Gender(models.TextChoices):
        """As people may give it; empty where they did not."""

        FEMALE = "F", _("female")
        MALE = "M", _("male")
        OTHER = "X", _("other")

    class Consent(models.TextChoices):
        """What somebody answered when asked whether their actions may be recorded; empty while they did not."""

        YES = "yes", _("yes")
        NO = "no", _("no")

    user_id = models.CharField(_("user id"), max_length=190, unique=True, default=new_user_id)
    visitor_key = models.UUIDField(_("visitor key"), unique=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="shopper", verbose_name=_("account")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True, validators=[MaxValueValidator(130)])
    occupation = models.CharField(_("occupation"), max_length=100, blank=True)
    consent = models.CharField(_("may be recorded"), max_length=3, choices=Consent, blank=True)
    personalised = models.BooleanField(
        _("personalised"), default=True, help_text=_("Shelves may be arranged by what this shopper did.")
    )
    erased_at = models.DateTimeField(
        _("last erased"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("What a browser remembers from before counts only where it is still in the stream."),
    )
    simulated = models.BooleanField(_("simulated"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ShopperQuerySet.as_manager()

    class Meta:
        verbose_name = _("shopper")
        verbose_name_plural = _("shoppers")
        constraints: ClassVar = [
            models.CheckConstraint(name="shopper_user_id_not_empty", condition=~Q(user_id="")),
            models.CheckConstraint(name="shopper_gender_known", condition=Q(gender__in=["", "F", "M", "X"])),
            models.CheckConstraint(name="shopper_consent_known", condition=Q(consent__in=["", "yes", "no"])),
            models.CheckConstraint(name="shopper_age_plausible", condition=Q(age=None) | Q(age__lte=130)),
            models.CheckConstraint(
                name="shopper_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="shopper_merged_has_no_account", condition=Q(merged_into=None) | Q(account=None)
            ),
        ]

    def __str__(self) -> str:
        return self.user_id


def shoppers_of(shopper: Shopper) -> Q:
    """Condition on a model's ``shopper``: this one, and the guests who became them by signing in.

    A subquery and not an OR over a join, so that the index by shopper is used.
    """
    return Q(shopper__in=Shopper.objects.filter(Q(pk=shopper.pk) | Q(merged_into=shopper.pk)).values("pk"))


class Address(models.Model):
    """Somewhere a shopper has things sent to, kept for the next order."""

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("shopper"))
    name = models.CharField(_("full name"), max_length=200)
    street = models.CharField(_("street and number"), max_length=300)
    postcode = models.CharField(_("postcode"), max_length=20)
    city = models.CharField(_("city"), max_length=200)
    country = models.CharField(_("country"), max_length=100)
    is_default = models.BooleanField(_("used first"), default=False)
    created_at = models.DateTimeField(_("kept since"), auto_now_add=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering: ClassVar = ["-is_default", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="address_one_default", fields=["shopper"], condition=Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}, {self.postcode} {self.city}, {self.country}"


class Erasure(models.Model):
    """The moment up to which somebody had their actions erased, so that none of them comes back.

    Clicks wait in the memory of other processes for a moment before they are
    written. Those from before ``erased_at`` are dropped when they arrive. The
    row doesn't tell whose they were: it holds a keyed digest, and goes after a
    while (``shop.accounts.forgetting``).
    """

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    erased_at = models.DateTimeField(_("erased"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return self.digest[:12]
