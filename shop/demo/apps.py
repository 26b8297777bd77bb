"""Registers the room ``shop.demo`` with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demonstration shop."""

    name = "shop.demo"
    label = "demo"
    verbose_name = "Demonstration shop"

    def ready(self) -> None:
        """Tell the catalogue what the painted things' colours, materials and shapes are called in Chinese."""
        from shop.catalogue.value_names import register_value_names
        from shop.demo.words.value_names import chinese_value_names

        register_value_names("zh-hans", chinese_value_names())
