"""Addresses of the room ``shop.privacy``, below ``/account/``."""

from django.urls import URLPattern, URLResolver, path

from shop.privacy import erasing_views, views

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/recording/", views.consent, name="consent"),
    path("privacy/personalisation/", views.personalisation, name="personalisation"),
    path("data/", views.data, name="data"),
    path("data/export/", views.export, name="export"),
    path("data/erase/", erasing_views.erase_all, name="erase-all"),
    path("data/erase/<int:key>/", erasing_views.erase_one, name="erase-one"),
    path("data/delete/", erasing_views.delete, name="delete"),
]
