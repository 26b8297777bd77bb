"""Addresses of the room ``shop.accounts``."""

from django.urls import URLPattern, URLResolver, path

from shop.accounts import email_views, password_views, profile_views, views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-up/", views.sign_up, name="sign-up"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("access/", views.access, name="access"),
    path("email/", email_views.email_change, name="email-change"),
    path("email/send/", email_views.verification_send, name="verification-send"),
    path("email/confirm/<str:token>/", email_views.email_confirm, name="email-confirm"),
    path("password/", password_views.password_change, name="password-change"),
    path("password/reset/", password_views.password_reset, name="password-reset"),
    path("password/reset/sent/", password_views.password_reset_sent, name="password-reset-sent"),
    path("password/reset/<uidb64>/<token>/", password_views.PasswordReset.as_view(), name="password-reset-confirm"),
    path("profile/", profile_views.profile, name="profile"),
    path("addresses/", profile_views.addresses, name="addresses"),
    path("addresses/new/", profile_views.address_new, name="address-new"),
    path("addresses/<int:key>/", profile_views.address_edit, name="address-edit"),
    path("addresses/<int:key>/remove/", profile_views.address_delete, name="address-delete"),
    path("addresses/<int:key>/first/", profile_views.address_default, name="address-default"),
]
