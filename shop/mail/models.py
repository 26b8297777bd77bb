"""The outbox: letters that were written and have not left yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class LetterQuerySet(models.QuerySet["Letter"]):
    """Vocabulary for finding letters."""

    def waiting(self) -> LetterQuerySet:
        """Those that will still be tried."""
        return self.filter(failed_at=None)

    def failed(self) -> LetterQuerySet:
        """Those that were tried so often that only staff have them tried again."""
        return self.exclude(failed_at=None)

    def due(self, now: datetime) -> LetterQuerySet:
        """Those to be tried now, in the order in which they became due."""
        return self.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")


class Letter(models.Model):
    """A letter on its way to the mail server. The row goes when the letter has left: it holds personal data.

    Whoever tries to send it moves ``next_attempt_at`` ahead first, in one
    guarded update: that is its lease, and where its process is killed the
    letter is due again when the lease is over.
    """

    recipient = models.EmailField(
        _("recipient"), blank=True, help_text=_("Empty: to nobody. It is thrown away where others are sent.")
    )
    template = models.CharField(_("letter"), max_length=100)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField("HTML")
    language = models.CharField(_("language"), max_length=10, blank=True)
    about = models.CharField(
        _("about"), max_length=100, blank=True, help_text=_("Whose letter it is; it goes when they are forgotten.")
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    problem = models.CharField(_("last problem"), max_length=500, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(name="letter_due", fields=["next_attempt_at", "id"], condition=Q(failed_at=None)),
            models.Index(name="letter_about", fields=["about"], condition=~Q(about="")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="letter_attempts_not_negative", condition=Q(attempts__gte=0)),
            models.CheckConstraint(name="letter_failed_says_why", condition=Q(failed_at=None) | ~Q(problem="")),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
