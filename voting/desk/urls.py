"""Addresses of polls at the desk, below desk/polls/."""

from django.urls import path

from voting.desk.views import (
    about,
    people,
    polls,
    preview,
    question,
    questions,
    rules,
    samples,
    stages,
)
from voting.views import exports

app_name = "polldesk"
_ONE = "<slug:slug>/"
_QUESTION = f"{_ONE}questions/<int:pk>/"
_PAGE = f"{_ONE}pages/<int:pk>/"
_GROUPS = "bodies/<slug:slug>/groups/"

urlpatterns = [
    path("", polls.polls, name="polls"),
    path("new/", about.new, name="new"),
    path(_GROUPS, people.groups, name="groups"),
    path(f"{_GROUPS}<int:pk>/", people.group, name="group"),
    path(f"{_GROUPS}<int:pk>/<int:user_id>/remove/", people.remove, name="leave-group"),
    path(_ONE, stages.overview, name="overview"),
    path(f"{_ONE}about/", about.about, name="about"),
    path(f"{_ONE}copy/", about.copy, name="copy"),
    path(f"{_ONE}questions/", questions.questions, name="questions"),
    path(f"{_ONE}questions/new/", question.new, name="new-question"),
    path(f"{_ONE}questions/restore/", questions.restore, name="restore-question"),
    path(_QUESTION, question.edit, name="question"),
    path(f"{_QUESTION}move/<slug:where>/", questions.move, name="move-question"),
    path(f"{_QUESTION}copy/", questions.copy, name="copy-question"),
    path(f"{_QUESTION}remove/", questions.remove, name="remove-question"),
    path(f"{_ONE}pages/new/", questions.new_page, name="new-page"),
    path(_PAGE, questions.page, name="page"),
    path(f"{_PAGE}move/<slug:where>/", questions.move_page, name="move-page"),
    path(f"{_PAGE}remove/", questions.remove_page, name="remove-page"),
    path(f"{_ONE}rules/", rules.rules, name="rules"),
    path(f"{_ONE}samples/", samples.samples, name="samples"),
    path(f"{_ONE}phases/", rules.dates, name="phases"),
    path(f"{_ONE}preview/", preview.preview, name="preview"),
    path(f"{_ONE}codes/", people.codes, name="codes"),
    path(f"{_ONE}codes/revoke/", people.revoke, name="revoke-codes"),
    path(f"{_ONE}publish/", stages.publish, name="publish"),
    path(f"{_ONE}open/", stages.open_now, name="open"),
    path(f"{_ONE}close/", stages.close, name="close"),
    path(f"{_ONE}exports/", exports.exports, name="exports"),
    path(f"{_ONE}exports/<int:pk>/", exports.export, name="export"),
    path(f"{_ONE}exports/<int:pk>/file", exports.export_file, name="export-file"),
]
