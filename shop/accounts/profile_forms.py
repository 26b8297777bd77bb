"""Forms for what somebody tells of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.accounts.models import Address, Shopper

if TYPE_CHECKING:
    from shop.accounts.models import User

    ProfileFormBase = forms.ModelForm[Shopper]
    AddressFormBase = forms.ModelForm[Address]
else:
    ProfileFormBase = forms.ModelForm
    AddressFormBase = forms.ModelForm


class ProfileForm(ProfileFormBase):
    """Name, gender, age, occupation; every field may stay empty."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("What we call you on this page."),
    )

    field_order = ("name", "gender", "age", "occupation")

    class Meta:
        model = Shopper
        fields = ("gender", "age", "occupation")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["name"].initial = user.first_name
        gender = self.fields["gender"]
        if isinstance(gender, forms.TypedChoiceField):
            gender.choices = [("", _("rather not say")), *Shopper.Gender.choices]
        self.fields["age"].widget.attrs |= {"inputmode": "numeric", "min": 0, "max": 130}
        self.fields["occupation"].widget.attrs["autocomplete"] = "organization-title"

    def save_profile(self) -> None:
        """Write what was told to the shopper and to the account."""
        for field in self.Meta.fields:
            setattr(self.instance, field, self.cleaned_data[field])
        self.instance.save(update_fields=list(self.Meta.fields))
        self._user.first_name = self.cleaned_data["name"]
        self._user.save(update_fields=["first_name"])


class AddressForm(AddressFormBase):
    """The lines of an address, and whether it is used first."""

    make_default = forms.BooleanField(label=_("Use this address first"), required=False)

    class Meta:
        model = Address
        fields = ("name", "street", "postcode", "city", "country")
        labels = {  # noqa: RUF012 - Django's own way to declare it
            "name": _("Full name"),
            "street": _("Street and number"),
            "postcode": _("Postcode"),
            "city": _("City"),
            "country": _("Country"),
        }
        widgets = {  # noqa: RUF012 - Django's own way to declare it
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "street": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "country": forms.TextInput(attrs={"autocomplete": "country-name"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["make_default"].initial = self.instance.is_default
