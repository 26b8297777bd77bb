"""What in the catalogue belongs to the demonstration, so that it can be taken away again and nothing else."""

from __future__ import annotations

from django.db import models

from shop.catalogue.models import Category, Item


class DemoItem(models.Model):
    """Marks an item as painted by ``demo``.

    A mark of its own is safer than a prefix of the id, a brand or an attribute:
    nobody types it by accident, no import overwrites it, and editing the item in
    the admin doesn't lose it. ``recipe`` says what was painted, so that a second
    run with the same seed has nothing to do.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="demo")
    recipe = models.CharField(max_length=200)

    class Meta:
        verbose_name = "demonstration item"

    def __str__(self) -> str:
        return self.recipe


class DemoCategory(models.Model):
    """Marks a category as made by ``demo``; it goes with the demonstration once nothing else is in it."""

    category = models.OneToOneField(Category, on_delete=models.CASCADE, primary_key=True, related_name="demo")

    class Meta:
        verbose_name = "demonstration category"
        verbose_name_plural = "demonstration categories"

    def __str__(self) -> str:
        return str(self.category_id)
