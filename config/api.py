"""The API's addresses: what each app contributes, the schema and its reference page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from accounts import api as accounts

urlpatterns = [
    path("", include(accounts)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
