"""The checkout form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.orders.payments import get_provider
from shop.orders.payments.base import PaymentUnavailable
from shop.orders.services import DeliveryAddress

if TYPE_CHECKING:
    from decimal import Decimal


class CheckoutForm(forms.Form):
    """Who, where to, how to pay. Carries a token of its own, so that sending it twice orders once.

    Give it the cart's total when it is shown, so that a price that changes
    meanwhile is noticed: ``CheckoutForm(total=summary.total)``.
    """

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    name = forms.CharField(label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    street = forms.CharField(
        label=_("Street and number"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    postcode = forms.CharField(
        label=_("Postcode"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "postal-code"})
    )
    city = forms.CharField(
        label=_("City"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = forms.CharField(
        label=_("Country"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "country-name"})
    )
    method = forms.ChoiceField(label=_("Payment"), widget=forms.RadioSelect)
    token = forms.UUIDField(widget=forms.HiddenInput)
    expected_total = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, total: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"token": uuid.uuid4(), "expected_total": total, **self.initial}
        try:
            methods = get_provider().methods()
        except PaymentUnavailable:
            methods = ()
        self.takes_payments = bool(methods)
        field = self.fields["method"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(method.code, method.label) for method in methods]
        if methods:
            field.initial = methods[0].code

    def address(self) -> DeliveryAddress:
        """The address, after validation."""
        cleaned = self.cleaned_data
        return DeliveryAddress(
            email=cleaned["email"],
            name=cleaned["name"],
            street=cleaned["street"],
            postcode=cleaned["postcode"],
            city=cleaned["city"],
            country=cleaned["country"],
        )
