"""Addresses of budgets at the desk, below desk/budgets/."""

from django.urls import path

from budgets.desk.views import (
    about,
    asking,
    assessment,
    assessors,
    ballot,
    building,
    conflicts,
    listing,
    maps,
    money,
    overview,
    phases,
    queue,
    rules,
    signing,
    stages,
    telling,
)
from budgets.kinds import ReportKind

app_name = "budgetdesk"
_ONE = "<slug:slug>/"
_ENVELOPE = f"{_ONE}money/envelopes/<int:pk>/"
_CATEGORY = f"{_ONE}money/categories/<int:pk>/"
_CONFLICT = f"{_ONE}conflicts/<int:pk>/"
_QUEUE = f"{_ONE}assessments/"
_PROJECT = f"{_QUEUE}<int:subject_id>/"
_BUILDING = f"{_ONE}building/<int:subject_id>/"

urlpatterns = [
    path("", listing.budgets, name="budgets"),
    path("new/", about.new, name="new"),
    path(_ONE, overview.overview, name="overview"),
    path(f"{_ONE}about/", about.about, name="about"),
    path(f"{_ONE}money/", money.money, name="money"),
    path(f"{_ONE}money/envelopes/new/", money.new_envelope, name="new-envelope"),
    path(_ENVELOPE, money.envelope, name="envelope"),
    path(f"{_ENVELOPE}move/<slug:where>/", money.move_envelope, name="move-envelope"),
    path(f"{_ENVELOPE}remove/", money.remove_envelope, name="remove-envelope"),
    path(f"{_ONE}money/categories/new/", money.new_category, name="new-category"),
    path(_CATEGORY, money.category, name="category"),
    path(f"{_CATEGORY}move/<slug:where>/", money.move_category, name="move-category"),
    path(f"{_CATEGORY}remove/", money.remove_category, name="remove-category"),
    path(f"{_ONE}rules/", rules.rules, name="rules"),
    path(f"{_ONE}conflicts/", conflicts.conflicts, name="conflicts"),
    path(f"{_ONE}conflicts/new/", conflicts.new_conflict, name="new-conflict"),
    path(_CONFLICT, conflicts.conflict, name="conflict"),
    path(f"{_CONFLICT}remove/", conflicts.remove, name="remove-conflict"),
    path(f"{_ONE}assessors/", assessors.assessors, name="assessors"),
    path(f"{_ONE}assessors/groups/", assessors.add_group, name="add-assessor-group"),
    path(f"{_ONE}assessors/<int:pk>/remove/", assessors.remove, name="remove-assessor"),
    path(f"{_ONE}map/", maps.boundaries, name="map"),
    path(f"{_ONE}map/remove/", maps.remove, name="remove-map"),
    path(f"{_ONE}phases/", phases.phases, name="phases"),
    path(f"{_ONE}ballot/", ballot.ballot, name="ballot"),
    path(f"{_ONE}publish/", stages.publish, name="publish"),
    path(f"{_ONE}close/", stages.close, name="close"),
    path(_QUEUE, queue.queue, name="queue"),
    path(f"{_QUEUE}hand-out/", queue.hand_out, name="hand_out"),
    path(f"{_QUEUE}publish/", queue.publish_all, name="publish_decisions"),
    path(_PROJECT, assessment.assessment, name="assessment"),
    path(f"{_PROJECT}note/", signing.note, name="assessment_note"),
    path(f"{_PROJECT}sign/", signing.sign, name="sign_assessment"),
    path(f"{_PROJECT}send-back/", signing.send_back, name="send_back_assessment"),
    path(f"{_PROJECT}take-back/", signing.take_back, name="take_back_assessment"),
    path(f"{_PROJECT}publish/", signing.publish, name="publish_decision"),
    path(f"{_PROJECT}correct/", asking.correct, name="correct_decision"),
    path(f"{_PROJECT}revision/", asking.revision, name="ask_revision"),
    path(f"{_PROJECT}revision/withdraw/", asking.end_revision, name="end_revision"),
    path(f"{_PROJECT}merger/", asking.merger, name="ask_merger"),
    path(f"{_PROJECT}merger/withdraw/", asking.end_merger, name="end_merger"),
    path(f"{_PROJECT}move/", asking.move, name="move_project"),
    path(f"{_ONE}building/", building.building, name="building"),
    path(_BUILDING, building.project, name="building_project"),
    path(f"{_BUILDING}steps/new/", building.add_step, name="add_step"),
    path(f"{_BUILDING}steps/<int:pk>/", building.step, name="step"),
    path(f"{_BUILDING}steps/<int:pk>/remove/", building.remove_step, name="remove_step"),
    *(
        path(f"{_BUILDING}{word}/", telling.tell, {"kind": kind}, name=word.replace("-", "_"))
        for word, kind in (
            ("report", ReportKind.PROGRESS),
            ("delay", ReportKind.DELAY),
            ("complete", ReportKind.BUILT),
            ("give-up", ReportKind.CANCELLED),
        )
    ),
]
