"""The account page and what it does. Sign-up and sign-in are allauth's, at accounts/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke-token"),
    path("about-me/forget/", views.forget, name="forget"),
    path("export/", views.export, name="export"),
    path("close/", views.close, name="close"),
]
