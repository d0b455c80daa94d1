"""What moderators do, below moderation/."""

from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("", views.decisions, name="decisions"),
    path("hide/<str:kind>/<int:pk>/", views.hide, name="hide"),
    path("restore/<str:kind>/<int:pk>/", views.restore, name="restore"),
]
