"""Registers the room ``shop.cart`` with Django."""

from django.apps import AppConfig


class CartConfig(AppConfig):
    """Cart."""

    name = "shop.cart"
    label = "cart"
    verbose_name = "Cart"

    def ready(self) -> None:
        """Take part when a guest signs in, when somebody asks what is kept of them, and when they ask to be forgotten."""
        from django.contrib.auth.signals import user_logged_in

        from shop.accounts import hooks
        from shop.cart import joining

        hooks.on_merge(joining.cart_merge)
        hooks.on_forget(joining.cart_forget)
        hooks.on_export(joining.cart_export)
        user_logged_in.connect(joining.tell_what_was_joined, dispatch_uid="shop.cart.joining")
