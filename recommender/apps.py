"""Registers the recommender with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommenderConfig(AppConfig):
    """Recommendations from pictures, words and actions."""

    name = "recommender"
    verbose_name = _("Recommender")

    def ready(self) -> None:
        """Tell the shop, through its hooks, what only the recommender knows. Opens nothing."""
        from recommender import dismissals
        from recommender.session import check_ready, served_version
        from recommender.taste_order import is_offered, order_by_taste
        from shop.accounts import hooks
        from shop.actions.hooks import register_source_version
        from shop.catalogue.hooks import register_ordering
        from shop.storefront.health import register_check

        register_check("bundle", check_ready)
        register_source_version(served_version)
        hooks.on_merge(dismissals.dismissals_merge)
        hooks.on_forget(dismissals.dismissals_forget)
        hooks.on_export(dismissals.dismissals_export)
        register_ordering("for_you", _("For you"), order_by_taste, offered=is_offered)
