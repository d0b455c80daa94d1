"""The API's addresses: what each app contributes, the schema and its reference page."""

from django.urls import include, path

from accounts import api as accounts
from config.reference import SchemaView, reference

urlpatterns = [
    path("", reference, name="api-docs"),
    path("", include(accounts)),
    path("schema/", SchemaView.as_view(), name="schema"),
]
