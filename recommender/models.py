"""Which model versions exist, which one is served, and what shoppers do not want to be shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.accounts.models import Shopper
from shop.catalogue.models import Item


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Vocabulary for finding bundles."""

    def active(self) -> BundleQuerySet:
        """The one bundle that is served; none or one row."""
        return self.filter(active=True)


class Bundle(models.Model):
    """One published folder of model files under ``RECOMMENDER_HOME``; see ``recommender.bundle``.

    The row appears only after the folder is complete and verified. A partial
    unique constraint lets at most one be active.
    """

    version = models.CharField(_("version"), max_length=80, unique=True)
    active = models.BooleanField(_("active"), default=False)
    created_at = models.DateTimeField(pgettext_lazy("when", "published"), auto_now_add=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)
    configuration = models.JSONField(_("configuration"), default=dict)
    metrics = models.JSONField(_("metrics"), default=dict)
    decision = models.TextField(_("decision of the gate"), blank=True)
    item_count = models.PositiveIntegerField(_("items"), default=0)
    action_count = models.PositiveIntegerField(_("actions"), default=0)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="bundle_one_active", fields=["active"], condition=Q(active=True)),
            models.CheckConstraint(
                name="bundle_active_has_time", condition=Q(active=False) | Q(activated_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.version


class Dismissal(models.Model):
    """A shopper's word that an item is not for them: no panel shows it to them again, until they take it back."""

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="dismissals", verbose_name=_("shopper"))
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dismissals", verbose_name=_("item"))
    created_at = models.DateTimeField(_("said"), auto_now_add=True)

    class Meta:
        verbose_name = _("not for me")
        verbose_name_plural = _("not for me")
        constraints: ClassVar = [
            models.UniqueConstraint(name="dismissal_once", fields=["shopper", "item"]),
        ]

    def __str__(self) -> str:
        return f"{self.shopper_id}: {self.item_id}"
