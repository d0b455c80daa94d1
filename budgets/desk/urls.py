"""Addresses of budgets at the desk, below desk/budgets/."""

from django.urls import path

from budgets.desk.views import about, overview

app_name = "budgetdesk"
_ONE = "<slug:slug>/"

urlpatterns = [
    path("new/", about.new, name="new"),
    path(_ONE, overview.overview, name="overview"),
    path(f"{_ONE}about/", about.about, name="about"),
]
