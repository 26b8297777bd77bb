"""Letters to shoppers: one function that all rooms use.

A letter is three templates below ``templates/email``: ``<name>.subject.txt``,
``<name>.txt`` and ``<name>.html``. The last two extend ``email/base.txt`` and
``email/base.html``. Text templates are rendered without HTML escaping, so they
need no ``autoescape`` block of their own.
"""

from __future__ import annotations

import logging
import re
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context, Engine
from django.utils.translation import get_language, override

logger = logging.getLogger(__name__)


def mail_send(*, to: str, template: str, context: dict[str, Any], language: str | None = None) -> None:
    """Send a letter once the transaction around the call is committed; at once where there is none.

    What the letter tells is true by then, and nothing that goes wrong with it
    reaches the caller: a mail server that is down is logged, and so is a
    template that cannot be rendered.

    Args:
        to: The address; nothing is sent where it is empty.
        template: Name of the three templates, such as ``"order_confirmed"``.
        context: What the templates need; ``site_url`` is added.
        language: Language of the letter; the one of this moment where it is not given.
    """
    if not to:
        return
    language = language or get_language()

    def send() -> None:
        _send(to=to, template=template, context=context, language=language)

    transaction.on_commit(send, robust=True)


def _send(*, to: str, template: str, context: dict[str, Any], language: str | None) -> None:
    """Render in the letter's language and hand over to the mail server."""
    values = {"site_url": settings.SITE_URL, **context}
    with override(language):
        # A subject is one line, whatever the template's own line breaks.
        subject = " ".join(_render(f"{template}.subject.txt", values, escape=False).split())
        letter = EmailMultiAlternatives(
            subject=subject,
            body=_tidy(_render(f"{template}.txt", values, escape=False)),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
        )
        letter.attach_alternative(_render(f"{template}.html", values, escape=True), "text/html")
    try:
        letter.send()
    except (SMTPException, OSError):
        logger.exception("the letter %r could not be sent", template)


def _render(name: str, values: dict[str, Any], *, escape: bool) -> str:
    template = Engine.get_default().get_template(f"email/{name}")
    return template.render(Context(values, autoescape=escape))


def _tidy(text: str) -> str:
    """Without the empty lines that conditions in a template leave behind."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
