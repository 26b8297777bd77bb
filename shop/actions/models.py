"""The append-only stream of shopper actions, and the favourites that stand beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper, shoppers_of
from shop.catalogue.models import Item


class Kind(models.IntegerChoices):
    """What a shopper did; the numbers are public (import files, exports, API)."""

    CLICK = 0, _("click")
    FAVOURITE = 1, _("favourite")
    CART = 2, _("cart")
    PURCHASE = 3, _("purchase")


class ImportBatch(models.Model):
    """One imported actions file. Its actions count only once it is published.

    Rows are written in short transactions so that the shop's own writes never
    wait long; publishing flips one row, so an import is whole or absent.
    """

    checksum = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    file_name = models.CharField(_("file"), max_length=300)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    published = models.BooleanField(_("published"), default=False)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name


class ActionQuerySet(models.QuerySet["Action"]):
    """Vocabulary for reading the stream."""

    def counted(self) -> ActionQuerySet:
        """Actions that still stand: not taken back, cancelled or returned."""
        return self.filter(undone_at=None)

    def real(self) -> ActionQuerySet:
        """Actions of people, not of a simulation."""
        return self.filter(simulated=False)

    def of(self, shopper: Shopper) -> ActionQuerySet:
        """All of one shopper's actions, from before signing in too."""
        return self.filter(shoppers_of(shopper))


class PublishedActionManager(models.Manager.from_queryset(ActionQuerySet)):  # type: ignore[misc]
    """Leaves out the rows of an import that is still being written or was interrupted."""

    def get_queryset(self) -> ActionQuerySet:
        """Every action that has happened as far as the shop is concerned."""
        queryset: ActionQuerySet = super().get_queryset()
        return queryset.filter(Q(batch=None) | Q(batch__published=True))


class Action(models.Model):
    """One thing a shopper did to one item. Rows are added, never rewritten.

    The single exception is ``undone_at``: a favourite taken back, a cancelled
    or returned order marks the action it undoes, so that recommendations can
    leave it out while the stream still tells what happened.
    ``time`` is empty where an import didn't say; recency is not used for those.
    """

    shopper = models.ForeignKey(
        Shopper, on_delete=models.CASCADE, related_name="actions", verbose_name=_("shopper"), db_index=False
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="actions", verbose_name=_("item"), db_index=False
    )
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind)
    time = models.DateTimeField(_("time"), null=True, blank=True, default=timezone.now)
    value = models.FloatField(_("value"), null=True, blank=True, help_text=_("Such as a rating."))
    panel = models.CharField(_("panel"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    bundle = models.CharField(_("model version"), max_length=80, blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="actions",
        verbose_name=_("import"),
    )

    objects = PublishedActionManager()
    with_unpublished = models.Manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        base_manager_name = "with_unpublished"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="action_kind_known", condition=Q(kind__gte=0, kind__lte=3)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shopper", "time"], name="action_by_shopper"),
            models.Index(fields=["item"], name="action_by_item"),
        ]

    def __str__(self) -> str:
        return f"{self.shopper_id} {Kind(self.kind).name.lower()} {self.item_id}"


class Favourite(models.Model):
    """An item a shopper has saved; taking it back removes the row.

    Of an item with variants the head is saved. ``price_when_saved`` is empty
    where it had no price then, or where nobody wrote it down.
    """

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="favourites")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="favourites")
    price_when_saved = models.DecimalField(
        _("price when saved"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="favourite_once_per_shopper", fields=["shopper", "item"]),
            models.CheckConstraint(
                name="favourite_price_not_negative",
                condition=Q(price_when_saved=None) | Q(price_when_saved__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shopper_id} saved {self.item_id}"
