"""Addresses of the desk, below desk/."""

from django.urls import path

from consultations.desk.views import (
    about,
    home,
    parts,
    people,
    phases,
    queue,
    stages,
    text,
    version,
)

app_name = "desk"
_ONE = "consultations/<slug:slug>/"
_PART = f"{_ONE}text/parts/<int:pk>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("bodies/<slug:slug>/people/", people.people, name="people"),
    path("bodies/<slug:slug>/people/<int:user_id>/revoke/", people.revoke, name="revoke"),
    path("bodies/<slug:slug>/residents/", people.residents, name="residents"),
    path("new/", about.new, name="new"),
    path(_ONE, home.overview, name="overview"),
    path(f"{_ONE}about/", about.about, name="about"),
    path(f"{_ONE}text/", text.text, name="text"),
    path(f"{_ONE}text/write/", text.write, name="write"),
    path(f"{_ONE}text/begin/", text.begin, name="begin"),
    path(f"{_ONE}text/discard/", text.discard, name="discard"),
    path(f"{_ONE}text/publish/", version.publish_version, name="publish-version"),
    path(f"{_ONE}text/insert/", parts.insert, name="insert"),
    path(_PART, parts.part, name="part"),
    path(f"{_PART}move/<slug:where>/", parts.move, name="move"),
    path(f"{_PART}remove/", parts.remove, name="remove"),
    path(f"{_ONE}text/removed/<int:pk>/restore/", parts.restore, name="restore-part"),
    path(f"{_PART}identify/", parts.identify, name="identify"),
    path(f"{_PART}adopt/<int:proposal_id>/", parts.adopt, name="adopt"),
    path(f"{_ONE}phases/", phases.phases, name="phases"),
    path(f"{_ONE}extend/", phases.extend, name="extend"),
    path(f"{_ONE}promise/", phases.promise, name="promise"),
    path(f"{_ONE}publish/", stages.publish, name="publish"),
    path(f"{_ONE}close/", stages.close, name="close"),
    path(f"{_ONE}results/", stages.results, name="results"),
    path(f"{_ONE}queue/", queue.queue, name="queue"),
    path(f"{_ONE}queue/bulk/", queue.bulk, name="bulk"),
    path(f"{_ONE}queue/<int:subject_id>/", queue.answer, name="answer"),
]
