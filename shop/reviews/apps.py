"""Registers the room ``shop.reviews`` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Reviews."""

    name = "shop.reviews"
    label = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Take part in an item's structured data, when a purchase is undone, and in asking for data or to be forgotten.

        Not in a merge: only accounts write reviews, so a guest who signs in has none.
        """
        from shop.accounts import hooks
        from shop.catalogue.hooks import on_product_facts
        from shop.orders.hooks import on_undone
        from shop.reviews import selectors, services

        hooks.on_forget(services.reviews_forget)
        hooks.on_export(selectors.reviews_export)
        on_product_facts(selectors.review_facts)
        on_undone(services.reviews_of_order_check)
