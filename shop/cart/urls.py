"""Addresses of the room ``shop.cart``."""

from django.urls import URLPattern, URLResolver, path

from shop.cart import views

app_name = "cart"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.cart, name="cart"),
    path("add/", views.add, name="add"),
    path("update/", views.update, name="update"),
    path("remove/", views.remove, name="remove"),
]
