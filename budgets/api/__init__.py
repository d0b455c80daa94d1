"""Budgets, for programs: the money, projects, assessments, results, what is built."""

from django.urls import path

from budgets.api import assessments, building, frame, mergers, projects, results

_BUDGET = "budgets/<slug:slug>/"
_PROJECT = f"{_BUDGET}projects/<int:subject_id>/"
_ASSESSMENT = f"{_PROJECT}assessment/"
urlpatterns = [
    path("budgets/", frame.Budgets.as_view(), name="api-budgets"),
    path(_BUDGET, frame.OneBudget.as_view(), name="api-budget"),
    path(f"{_BUDGET}projects/", projects.Projects.as_view(), name="api-projects"),
    path(f"{_BUDGET}map/", projects.Map.as_view(), name="api-project-map"),
    path(_PROJECT, projects.OneProject.as_view(), name="api-project"),
    path(f"{_PROJECT}cosignature/", projects.Cosigning.as_view(), name="api-cosignature"),
    path(f"{_BUDGET}mergers/", mergers.Mergers.as_view(), name="api-mergers"),
    path(f"{_BUDGET}mergers/<int:merger_id>/", mergers.OneMerger.as_view(), name="api-merger"),
    path(f"{_BUDGET}results/", results.ResultsOf.as_view(), name="api-budget-results"),
    path(f"{_BUDGET}building/", building.Building.as_view(), name="api-building"),
    path(f"{_BUDGET}reports/", building.Reports.as_view(), name="api-project-reports"),
    path(f"{_PROJECT}building/", building.OneBuilding.as_view(), name="api-project-building"),
    path(f"{_BUDGET}assessments/", assessments.Assessments.as_view(), name="api-assessments"),
    path(
        f"{_BUDGET}assessments/publication/",
        assessments.Publication.as_view(),
        name="api-publication",
    ),
    path(_ASSESSMENT, assessments.OneAssessment.as_view(), name="api-assessment"),
    path(
        f"{_ASSESSMENT}submission/",
        assessments.Submission.as_view(),
        name="api-assessment-submission",
    ),
    path(
        f"{_ASSESSMENT}signature/",
        assessments.Signature.as_view(),
        name="api-assessment-signature",
    ),
    path(f"{_ASSESSMENT}return/", assessments.Return.as_view(), name="api-assessment-return"),
    path(f"{_ASSESSMENT}notes/", assessments.Notes.as_view(), name="api-assessment-notes"),
]
