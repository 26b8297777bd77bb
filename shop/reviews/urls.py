"""Addresses of the room ``shop.reviews``; the verb comes first, for an item's id may hold any character."""

from django.urls import URLPattern, URLResolver, path

from shop.reviews import views

app_name = "reviews"
urlpatterns: list[URLPattern | URLResolver] = [
    path("of/<path:item_id>/", views.reviews, name="reviews"),
    path("write/<path:item_id>/", views.write, name="write"),
    path("delete/<path:item_id>/", views.delete, name="delete"),
]
