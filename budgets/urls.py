"""Pages of budgets, below budgets/."""

from django.urls import path, re_path

from budgets.kinds import Rule
from budgets.views import budget, building, merger, pictures, project, projects, propose, results

app_name = "budgets"
_PROJECT = "<slug:slug>/projects/<int:subject_id>/"
urlpatterns = [
    # Only the names of rules, so that no budget's own address is taken.
    re_path(rf"^rules/(?P<rule>{'|'.join(Rule.values)})/$", results.rule, name="rule"),
    path("", building.budgets, name="budgets"),
    path("<slug:slug>/", budget.budget, name="budget"),
    path("<slug:slug>/building/", building.building, name="building"),
    path("<slug:slug>/activity/", budget.activity, name="activity"),
    path("<slug:slug>/feed/", budget.feed, name="feed"),
    path("<slug:slug>/propose/", propose.propose, name="propose"),
    path("<slug:slug>/projects/", projects.projects, name="projects"),
    path("<slug:slug>/projects/map.json", projects.points, name="points"),
    path("<slug:slug>/projects/boundaries.json", projects.boundaries, name="boundaries"),
    path(_PROJECT, project.project, name="project"),
    path(f"{_PROJECT}edit/", propose.edit, name="edit"),
    path(f"{_PROJECT}withdraw/", propose.withdraw, name="withdraw"),
    path(f"{_PROJECT}cosign/", project.sign, name="cosign"),
    path(f"{_PROJECT}similar/", project.similar, name="similar"),
    path("<slug:slug>/pictures/<int:pk>/", pictures.picture, name="picture"),
    path("<slug:slug>/pictures/<int:pk>/remove/", pictures.remove, name="remove_picture"),
    path("<slug:slug>/mergers/<int:pk>/", merger.merger, name="merger"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/results/<str:name>", results.results_file, name="results-file"),
    path(
        "<slug:slug>/results/ballots/<slug:envelope>.pb", results.ballots_file, name="ballots-file"
    ),
]
