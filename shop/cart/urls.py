"""Addresses of the room ``shop.cart``."""

from django.urls import URLPattern, URLResolver, path

from shop.cart import views

app_name = "cart"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.cart, name="cart"),
    path("add/", views.add, name="add"),
    path("add-several/", views.add_several, name="add-several"),
    path("update/", views.update, name="update"),
    path("remove/", views.remove, name="remove"),
    path("put-back/", views.put_back, name="put-back"),
    path("keep/", views.keep, name="keep"),
    path("keep-again/", views.keep_again, name="keep-again"),
    path("to-cart/", views.to_cart, name="to-cart"),
    path("drop/", views.drop, name="drop"),
    path("see/", views.see, name="see"),
    path("settle/", views.settle, name="settle"),
]
