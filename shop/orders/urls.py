"""Addresses of the room ``shop.orders``."""

from django.urls import URLPattern, URLResolver, path

from shop.orders import views

app_name = "orders"
urlpatterns: list[URLPattern | URLResolver] = [
    path("checkout/", views.checkout, name="checkout"),
    path("orders/<str:number>/", views.order, name="order"),
    path("orders/<str:number>/cancel/", views.cancel, name="cancel"),
]
