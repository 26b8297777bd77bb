"""Addresses of the room ``shop.search``."""

from django.urls import URLPattern, URLResolver, path

from shop.search import views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.search, name="search"),
    path("suggest/", views.suggestions, name="suggest"),
]
