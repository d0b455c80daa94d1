"""Addresses of polls for everybody."""

from django.urls import path

from voting.views import answer, check, poll

app_name = "voting"
urlpatterns = [
    path("<slug:slug>/", poll.poll, name="poll"),
    path("<slug:slug>/answer/", answer.answer, name="answer"),
    path("<slug:slug>/check/", check.check, name="check"),
    path("<slug:slug>/thanks/", check.thanks, name="thanks"),
    path("<slug:slug>/withdraw/", check.withdraw, name="withdraw"),
]
