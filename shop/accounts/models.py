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
    simulated = models.BooleanField(_("simulated"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ShopperQuerySet.as_manager()

    class Meta:
        verbose_name = _("shopper")
        verbose_name_plural = _("shoppers")
        constraints: ClassVar = [
            models.CheckConstraint(name="shopper_user_id_not_empty", condition=~Q(user_id="")),
            models.CheckConstraint(name="shopper_gender_known", condition=Q(gender__in=["", "F", "M", "X"])),
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
