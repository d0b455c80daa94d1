"""The API's addresses: what each app contributes, the schema and its reference page."""

from django.urls import include, path

from accounts import api as accounts
from answers import api as answers
from budgets import api as budgets
from config.reference import SchemaView, reference
from consultations import api as consultations
from deliberation import api as deliberation
from notifications import api as notifications
from opendata import api as opendata
from processes import api as processes
from voting import api as voting

urlpatterns = [
    path("", reference, name="api-docs"),
    path("", include(accounts)),
    path("", include(processes)),
    path("", include(deliberation)),
    path("", include(answers)),
    path("", include(budgets)),
    path("", include(consultations)),
    path("", include(notifications)),
    path("", include(opendata)),
    path("", include(voting)),
    path("schema/", SchemaView.as_view(), name="schema"),
]
