"""Addresses of the app ``recommender``."""

from django.urls import URLPattern, URLResolver

app_name = "recommender"
urlpatterns: list[URLPattern | URLResolver] = []
