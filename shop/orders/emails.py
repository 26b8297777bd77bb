"""Letters to those who ordered, sent after the transaction they tell about."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from shop.orders.models import Order

logger = logging.getLogger(__name__)


def order_confirmed(order: Order) -> None:
    """Say what was ordered, what it cost and where it goes."""
    _send(order, subject=_("Your order %(number)s") % {"number": order.number}, template="confirmed")


def order_cancelled(order: Order) -> None:
    """Say that the order is cancelled and the money on its way back."""
    _send(order, subject=_("Your order %(number)s is cancelled") % {"number": order.number}, template="cancelled")


def _send(order: Order, *, subject: str, template: str) -> None:
    """Send as text and as HTML. A mail server that is down is logged: the order stands all the same."""
    context = {
        "order": order,
        "lines": order.lines.all(),
        "total": order.total,
        "address": f"{settings.SITE_URL}{order.get_absolute_url()}",
    }
    try:
        send_mail(
            subject=subject,
            message=render_to_string(f"orders/email/{template}.txt", context),
            html_message=render_to_string(f"orders/email/{template}.html", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[order.email],
        )
    except (SMTPException, OSError):
        logger.exception("the letter %r for order %s could not be sent", template, order.number)
