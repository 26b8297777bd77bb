"""Addresses of the app ``recommender``."""

from django.urls import URLPattern, URLResolver, path, re_path

from recommender import api, dismissal_views, views

app_name = "recommender"
urlpatterns: list[URLPattern | URLResolver] = [
    path("panels/<str:panel>/", views.panel, name="panel"),
    path("search/photo/", views.photo, name="photo"),
    path("recommendations/not-for-me/", dismissal_views.dismissals, name="dismissals"),
    path("recommendations/not-for-me/add/", dismissal_views.dismiss, name="dismiss"),
    path("recommendations/not-for-me/remove/", dismissal_views.dismiss_undo, name="dismiss-undo"),
    path("api/v1/items/<path:item_id>/recommendations", api.item_recommendations, name="item-recommendations"),
    path("api/v1/me/recommendations", api.my_recommendations, name="my-recommendations"),
    path("api/v1/actions", api.actions, name="actions"),
    path("api/v1/search/photo", api.search_photo, name="search-photo"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    re_path(r"^api(?:/|$)", api.nowhere, name="api-nowhere"),  # last: whatever no address above takes
]
