"""Writing letters into the outbox; one function that all rooms use.

A letter is three templates below ``templates/email``: ``<name>.subject.txt``,
``<name>.txt`` and ``<name>.html``. The last two extend ``email/base.txt`` and
``email/base.html``. Text templates are rendered without HTML escaping, so they
need no ``autoescape`` block of their own.

A letter is rendered and written where it is asked for, in the caller's
transaction: it exists exactly when what it tells of does. It leaves after that
(``shop.mail.delivery``), so nobody waits for a mail server, and nobody can tell
by the time of an answer whether one was written to.
"""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError, VariableDoesNotExist
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import get_language, override

from shop.mail.carrier import carrier
from shop.mail.delivery import letter_deliver
from shop.mail.models import Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

IN_REQUEST = "in_request"
SUBJECT_LENGTH = 300
NOBODY = ""

# What a faulty template can raise. Not what the database raises: that is the caller's to hear.
RENDERING_ERRORS = (
    TemplateDoesNotExist,
    TemplateSyntaxError,
    VariableDoesNotExist,
    NoReverseMatch,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def mail_send(*, to: str, template: str, context: dict[str, Any], language: str | None = None, about: str = "") -> None:
    """Write a letter that leaves once the transaction around the call is committed.

    Where the transaction is rolled back there is no letter. What goes wrong
    with it does not reach the caller: a mail server that is down is tried
    again, and a template that cannot be rendered is logged.

    Args:
        to: The address; nothing is written where it is empty.
        template: Name of the three templates, such as ``"order_confirmed"``.
        context: What the templates need; ``site_url`` is added.
        language: Language of the letter; the one of this moment where it is not given.
        about: Whose letter it is, for ``letters_forget``.
    """
    if to:
        _write(to, template, context, language, about)


def mail_pretend(*, template: str, context: dict[str, Any], language: str | None = None) -> None:
    """Do all that ``mail_send`` does in the request, with a letter to nobody, which is thrown away when its turn comes.

    For answers that must not tell, by their time either, whether there was somebody to write to.
    """
    _write(NOBODY, template, context, language, "")


def letters_forget(*about: str) -> int:
    """Throw away the letters about somebody or something that have not left yet; how many there were."""
    return Letter.objects.filter(about__in=[name for name in about if name]).delete()[0]


def letters_retry(letters: QuerySet[Letter]) -> int:
    """Have letters that were given up tried from the start again; how many there were."""
    keys = list(letters.exclude(failed_at=None).values_list("pk", flat=True))
    Letter.objects.failed().filter(pk__in=keys).update(failed_at=None, attempts=0, next_attempt_at=timezone.now())
    for key in keys:
        transaction.on_commit(partial(_see_off, key), robust=True)
    return len(keys)


def _write(to: str, template: str, context: dict[str, Any], language: str | None, about: str) -> None:
    language = language or get_language()
    values = {"site_url": settings.SITE_URL, **context}
    try:
        with override(language):
            # A subject is one line, whatever the template's own line breaks.
            subject = " ".join(_render(f"{template}.subject.txt", values, escape=False).split())
            text = _tidy(_render(f"{template}.txt", values, escape=False))
            html = _render(f"{template}.html", values, escape=True)
    except RENDERING_ERRORS:
        logger.exception("the letter %r could not be written", template)
        return
    letter = Letter.objects.create(
        recipient=to,
        template=template,
        subject=subject[:SUBJECT_LENGTH],
        text=text,
        html=html,
        language=language or "",
        about=about,
    )
    transaction.on_commit(partial(_see_off, letter.pk), robust=True)


def _see_off(key: int) -> None:
    """The letter may go: hand it over here and now, or to the thread."""
    if settings.MAIL_DELIVERY == IN_REQUEST:
        letter_deliver(key)
    else:
        carrier.wake()


def _render(name: str, values: dict[str, Any], *, escape: bool) -> str:
    template = Engine.get_default().get_template(f"email/{name}")
    return template.render(Context(values, autoescape=escape))


def _tidy(text: str) -> str:
    """Without the empty lines that conditions in a template leave behind."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
