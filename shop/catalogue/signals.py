"""The one use of signals in the catalogue: files follow their rows.

A fresh upload saved by any way (the admin's plain forms too) is checked and
gets its renditions; the cover follows the gallery; files go when the last row
that uses them is gone, and only once that is committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from shop.catalogue import pictures
from shop.catalogue.models import ItemImage
from shop.catalogue.picture_journal import picture_files_release

if TYPE_CHECKING:
    from collections.abc import Iterable


@receiver(pre_save, sender=ItemImage, dispatch_uid="catalogue.adopt_upload")
def adopt_upload(instance: ItemImage, raw: bool = False, **_kwargs: object) -> None:  # noqa: FBT001, FBT002  # Django's signature
    """Check a fresh upload, make its renditions and point the row at them; remember what it replaces."""
    if raw:
        return
    before = ItemImage.objects.filter(pk=instance.pk).first() if instance.pk else None
    instance.__dict__["_files_before"] = set(pictures.file_names(before)) if before else set()
    if not instance.file or getattr(instance.file, "_committed", True):  # Django offers no other way to tell
        return
    prepared = pictures.prepare_picture(instance.file.file, name=str(instance.file.name))
    prepared.write(pictures.media_root(), durable=True)
    instance.file = prepared.facts.file_name
    pictures.take_facts(instance, prepared.facts)


@receiver(post_save, sender=ItemImage, dispatch_uid="catalogue.after_save")
def after_save(instance: ItemImage, raw: bool = False, **_kwargs: object) -> None:  # noqa: FBT001, FBT002  # Django's signature
    """Clear away what a replaced picture left behind, and let the cover follow."""
    if raw:
        return
    before: set[str] = instance.__dict__.pop("_files_before", set())
    _release_on_commit(before.difference(pictures.file_names(instance)))
    pictures.cover_refresh(instance.item_id)


@receiver(post_delete, sender=ItemImage, dispatch_uid="catalogue.after_delete")
def after_delete(instance: ItemImage, origin: object = None, **_kwargs: object) -> None:
    """Clear away the files of a picture that is gone, and let the cover follow while its item stays."""
    _release_on_commit(pictures.file_names(instance))
    if isinstance(origin, ItemImage) or getattr(origin, "model", None) is ItemImage:
        pictures.cover_refresh(instance.item_id)


def _release_on_commit(names: Iterable[str]) -> None:
    """Remove files that no row uses any more, once the change is certain."""
    gone = set(names)
    if gone:
        transaction.on_commit(lambda: picture_files_release(gone))
