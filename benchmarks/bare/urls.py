"""One view."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - a view
from django.shortcuts import render
from django.urls import path


def thing(request: HttpRequest, pk: int) -> HttpResponse:
    """A row by its primary key, shown."""
    return render(request, "thing.html", {"thing": ContentType.objects.get(pk=pk)})


urlpatterns = [path("things/<int:pk>/", thing)]
