"""Addresses of the app ``recommender``."""

from django.urls import URLPattern, URLResolver, path

from recommender import api, views

app_name = "recommender"
urlpatterns: list[URLPattern | URLResolver] = [
    path("panels/<str:panel>/", views.panel, name="panel"),
    path("api/v1/items/<path:item_id>/recommendations", api.item_recommendations, name="item-recommendations"),
    path("api/v1/me/recommendations", api.my_recommendations, name="my-recommendations"),
    path("api/v1/actions", api.actions, name="actions"),
]
