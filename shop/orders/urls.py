"""Addresses of the room ``shop.orders``."""

from django.urls import URLPattern, URLResolver, path

from shop.orders import order_views, views
from shop.orders.payments.bank import bank

app_name = "orders"
urlpatterns: list[URLPattern | URLResolver] = [
    path("checkout/", views.checkout, name="checkout"),
    path("checkout/sum/", views.checkout_sum, name="checkout-sum"),
    path("account/orders/", order_views.history, name="history"),
    path("orders/<str:number>/", order_views.order, name="order"),
    path("orders/<str:number>/payment/", views.payment, name="payment"),
    path("orders/<str:number>/give-up/", order_views.give_up, name="give-up"),
    path("orders/<str:number>/cancel/", order_views.cancel, name="cancel"),
    path("orders/<str:number>/again/", order_views.again, name="again"),
    path("orders/<str:number>/return/", order_views.send_back, name="return"),
    path("test-bank/<str:question>/", bank, name="bank"),
]
