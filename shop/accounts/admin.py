"""Accounts and shoppers, for those who keep the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Address, Shopper, User
from shop.administration import AnyModelAdmin, BoundedPaginator, ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest

    CreationFormBase = AdminUserCreationForm[User]
    ChangeFormBase = UserChangeForm[User]
    AccountAdminBase = UserAdmin[User]
else:
    AccountAdminBase = UserAdmin
    CreationFormBase = AdminUserCreationForm
    ChangeFormBase = UserChangeForm


class AccountCreationForm(CreationFormBase):
    """A new account by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """Lower case before it is compared with the others."""
        return str(self.cleaned_data["email"]).lower()


class AccountChangeForm(ChangeFormBase):
    """An existing account."""

    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str:
        """Lower case before it is compared with the others."""
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class AccountAdmin(AccountAdminBase):
    """Accounts, known by their e-mail address."""

    form = AccountChangeForm
    add_form = AccountCreationForm
    list_display = ("email", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined", "email_verified_at")
    fieldsets = (
        (None, {"fields": ("email", "email_verified_at", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "language")}),
        (
            _("Rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(Shopper)
class ShopperAdmin(AnyModelAdmin):
    """Shoppers: what they told of themselves may be corrected, who they are may not."""

    list_display = ("user_id", "account", "gender", "age", "occupation", "simulated", "created_at")
    list_filter = ("simulated", "gender", ("account", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("=user_id", "account__email")
    search_help_text = _("Whole user id, or part of an e-mail address")
    ordering = ("-id",)
    fields = (
        "user_id",
        "visitor_key",
        "account",
        "merged_into",
        "gender",
        "age",
        "occupation",
        "consent",
        "personalised",
        "erased_at",
        "simulated",
        "created_at",
    )
    readonly_fields = (
        "user_id",
        "visitor_key",
        "account",
        "merged_into",
        "consent",
        "personalised",
        "erased_at",
        "simulated",
        "created_at",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Shoppers come by themselves or by import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Erasing somebody is more than deleting a row: ``manage.py forget_user``."""
        return False


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin):
    """The addresses shoppers keep, to look at: they are theirs to change."""

    list_display = ("name", "street", "postcode", "city", "country", "shopper", "created_at")
    list_select_related = ("shopper",)
    search_fields = ("=shopper__user_id", "name", "city")
    ordering = ("-id",)
