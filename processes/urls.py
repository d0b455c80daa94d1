"""Pages of the whole site."""

from django.urls import path

from processes import views

app_name = "processes"
urlpatterns = [
    path("", views.front, name="front"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar.ics", views.calendar_file, name="calendar_file"),
    path("feed/", views.feed, name="feed"),
]
