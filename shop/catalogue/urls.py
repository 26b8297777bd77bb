"""Addresses of the room ``shop.catalogue``."""

from django.urls import URLPattern, URLResolver, path

from shop.catalogue import item_views, views

app_name = "catalogue"
urlpatterns: list[URLPattern | URLResolver] = [
    path("categories/<path:path>/", views.category, name="category"),
    path("items/<path:item_id>/<str:slug>/", item_views.item, name="item"),
    path("items/<path:item_id>/", item_views.item_short, name="item-short"),
]
