"""The forms of the checkout and of sending things back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.orders.errors import TotalChanged
from shop.orders.models import ReturnRequest
from shop.orders.payments import get_provider
from shop.orders.payments.base import PaymentMethod, PaymentUnavailable
from shop.orders.pricing import Totals, totals_of
from shop.orders.services import CheckoutWish, DeliveryAddress
from shop.orders.shipping import STANDARD, ShippingMethod, shipping_methods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.accounts.models import Address
    from shop.orders.returns import ReturnableLine

ADDRESS_FIELDS = ("name", "street", "postcode", "city", "country")
ANOTHER = "new"


@dataclass(frozen=True, slots=True)
class ShippingChoice:
    """A way of delivery as the checkout offers it.

    Attributes:
        method: The way.
        price: What it costs for these things.
        chosen: Whether it is the one chosen.
    """

    method: ShippingMethod
    price: Decimal
    chosen: bool


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """A way to pay as the checkout offers it."""

    method: PaymentMethod
    chosen: bool


@dataclass(frozen=True, slots=True)
class AddressChoice:
    """A kept address as the checkout offers it."""

    address: Address
    chosen: bool


class CheckoutForm(forms.Form):
    """Who, where to, how it travels, how to pay. Carries a token of its own, so that sending it twice orders once.

    Args:
        items_total: What the things in the cart cost together; the totals follow from it and the way of delivery.
        addresses: Those the shopper keeps, the one that is used first in front.
        may_keep: Whether a new address can be kept, as that of an account can.
    """

    use_required_attribute = False  # the address may be chosen instead of typed; the server says what is missing

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The confirmation goes there, and word when the parcel leaves."),
    )
    saved = forms.ChoiceField(label=_("Deliver to"), required=False, widget=forms.RadioSelect)
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
    keep = forms.BooleanField(label=_("Keep this address for the next order"), required=False)
    shipping = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)
    method = forms.ChoiceField(label=_("Payment"), widget=forms.RadioSelect)
    token = forms.UUIDField(widget=forms.HiddenInput)
    expected_total = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        items_total: Decimal,
        addresses: Sequence[Address] = (),
        may_keep: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items_total = items_total
        self.addresses = tuple(addresses)
        first = str(self.addresses[0].pk) if self.addresses else ANOTHER
        self.initial = {"token": uuid.uuid4(), "shipping": STANDARD, "saved": first, **self.initial}
        self._offer("saved", [*((str(kept.pk), str(kept)) for kept in self.addresses), (ANOTHER, _("Another address"))])
        self._offer("shipping", [(method.code, method.label) for method in shipping_methods()])
        self._methods = _payment_methods()
        self._offer("method", [(method.code, method.label) for method in self._methods])
        if self._methods:
            self.initial.setdefault("method", self._methods[0].code)
        if not may_keep:
            del self.fields["keep"]
        if self.chosen_address is not None:
            for name in ADDRESS_FIELDS:
                self.fields[name].required = False

    @property
    def takes_payments(self) -> bool:
        """Whether there is any way to pay."""
        return bool(self._methods)

    @property
    def chosen_address(self) -> Address | None:
        """The kept address that is chosen; ``None`` where one is typed."""
        chosen = str(self["saved"].value())
        return next((kept for kept in self.addresses if str(kept.pk) == chosen), None)

    @property
    def totals(self) -> Totals:
        """What it comes to with the delivery that is chosen."""
        methods = shipping_methods()
        chosen = self["shipping"].value()
        return totals_of(self.items_total, next((each for each in methods if each.code == chosen), methods[0]))

    @property
    def shipping_choices(self) -> list[ShippingChoice]:
        """The ways of delivery, with their prices for these things."""
        chosen = self["shipping"].value()
        return [
            ShippingChoice(method, method.price_for(self.items_total), method.code == chosen)
            for method in shipping_methods()
        ]

    @property
    def payment_choices(self) -> list[PaymentChoice]:
        """The ways to pay."""
        chosen = self["method"].value()
        return [PaymentChoice(method, method.code == chosen) for method in self._methods]

    @property
    def address_choices(self) -> list[AddressChoice]:
        """The kept addresses."""
        return [AddressChoice(kept, kept == self.chosen_address) for kept in self.addresses]

    @property
    def first_error(self) -> str:
        """The field that has to be looked at first; empty where none has."""
        return next((name for name in self.fields if name in self.errors), "")

    def clean(self) -> dict[str, Any]:
        """Pass over what is wrong with lines that are not used: they are not even seen.

        Who sends no total has not agreed to one: they see it first.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors.pop("expected_total", None):
            self.add_error(None, str(TotalChanged(self.totals.total)))
        if self.chosen_address is not None:
            for name in ADDRESS_FIELDS:
                self.errors.pop(name, None)
        return cleaned

    def focus_first_error(self) -> None:
        """Have the page open with the cursor in the first field that is wrong."""
        if self.first_error:
            self.fields[self.first_error].widget.attrs["autofocus"] = True

    def wish(self) -> CheckoutWish:
        """What the shopper wants, after validation."""
        cleaned = self.cleaned_data
        kept = self.chosen_address
        lines = {name: getattr(kept, name) if kept else cleaned[name] for name in ADDRESS_FIELDS}
        return CheckoutWish(
            address=DeliveryAddress(email=cleaned["email"], **lines),
            method=cleaned["method"],
            token=cleaned["token"],
            shipping=cleaned["shipping"],
            expected_total=cleaned["expected_total"],
        )

    @property
    def wants_to_keep(self) -> bool:
        """Whether the typed address is to be kept, after validation."""
        return self.chosen_address is None and bool(self.cleaned_data.get("keep"))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class ReturnForm(forms.Form):
    """Which pieces go back, and why. ``quantities()`` after validation.

    Args:
        lines: What can be sent back.
    """

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Why do you send it back?"),
        choices=[("", _("Please choose")), *ReturnRequest.Reason.choices],
    )
    words = forms.CharField(
        label=_("Anything we should know? (optional)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, lines: Sequence[ReturnableLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = tuple(lines)
        for line in self.lines:
            numbers = [(number, str(number)) for number in range(line.left + 1)]
            self.fields[self._name(line)] = forms.TypedChoiceField(
                label=line.line.title, choices=numbers, coerce=int, required=False, initial=0
            )

    def rows(self) -> list[tuple[ReturnableLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[self._name(line)]) for line in self.lines]

    def quantities(self) -> dict[int, int]:
        """How many pieces of each line go back, by the line's key."""
        return {line.line.pk: self.cleaned_data[self._name(line)] or 0 for line in self.lines}

    @staticmethod
    def _name(line: ReturnableLine) -> str:
        return f"quantity_{line.line.pk}"


def _payment_methods() -> tuple[PaymentMethod, ...]:
    try:
        return get_provider().methods()
    except PaymentUnavailable:
        return ()
