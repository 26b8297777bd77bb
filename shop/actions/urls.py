"""Addresses of the room ``shop.actions``."""

from django.urls import URLPattern, URLResolver, path

from shop.actions import views

app_name = "actions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.favourites, name="favourites"),
    path("toggle/", views.favourite_toggle, name="favourite-toggle"),
]
