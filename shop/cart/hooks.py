"""What the cart asks of rooms it does not know: those that deliver know what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DeliveryEstimate:
    """What delivery of a cart would cost, in the usual way.

    Attributes:
        price: What it costs; 0 where it is free.
        missing: How much more the cart would have to hold for it to be free; ``None`` where that never happens.
        tax_included: Whether prices hold a tax that the shopper should be told of.
    """

    price: Decimal
    missing: Decimal | None = None
    tax_included: bool = False


DeliveryEstimator = Callable[[Decimal], DeliveryEstimate]

_estimators: list[DeliveryEstimator] = []


def register_delivery_estimate(estimator: DeliveryEstimator) -> None:
    """Have ``estimator`` asked what delivery of things of this price costs; the last one registered counts."""
    _estimators[:] = [estimator]


def delivery_estimate(total: Decimal) -> DeliveryEstimate | None:
    """What delivery of things that cost ``total`` together would cost; ``None`` where nobody says."""
    return _estimators[0](total) if _estimators else None
