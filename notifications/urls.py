"""The inbox, and the links in mails."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read, name="read"),
    path("inbox/unread/", views.unread, name="unread"),
    path("inbox/notices/<int:pk>/", views.notice, name="notice"),
    path("inbox/letters/<int:pk>/", views.letter, name="letter"),
    path("inbox/mail/", views.preferences, name="preferences"),
    path("subjects/<int:subject_id>/follow/", views.follow, name="follow"),
    path("subjects/<int:subject_id>/unfollow/", views.unfollow, name="unfollow"),
    path("mail/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
