"""Addresses of the room ``shop.cart``."""

from django.urls import URLPattern, URLResolver

app_name = "cart"
urlpatterns: list[URLPattern | URLResolver] = []
