"""The URL map of the whole site."""

from django.contrib import admin
from django.urls import include, path

# Below /api/ these answer with problem documents, everywhere else with Django's own pages.
handler400 = "recommender.problems.bad_request"
handler500 = "recommender.problems.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("shop.accounts.urls")),
    path("account/", include("shop.privacy.urls")),
    path("favourites/", include("shop.actions.urls")),
    path("cart/", include("shop.cart.urls")),
    path("reviews/", include("shop.reviews.urls")),
    path("search/", include("shop.search.urls")),
    path("", include("shop.orders.urls")),
    path("", include("shop.catalogue.urls")),
    path("", include("shop.storefront.urls")),
    path("", include("recommender.urls")),
]
