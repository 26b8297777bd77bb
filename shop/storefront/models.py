"""Addresses that pages of the shop once had."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Category


class FormerCategoryPath(models.Model):
    """Where a category once was, so that links to it from elsewhere still arrive.

    It leads to the category, not to another path: however often a category
    moves, one redirect is enough.
    """

    path = models.CharField(_("path"), max_length=1000, unique=True)
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="former_paths", verbose_name=_("category")
    )

    class Meta:
        verbose_name = _("former path")
        verbose_name_plural = _("former paths")
        constraints: ClassVar = [
            models.CheckConstraint(name="former_path_not_empty", condition=~Q(path="")),
        ]

    def __str__(self) -> str:
        return self.path
