"""Pages of budgets, below budgets/."""

from django.urls import path, re_path

from budgets.kinds import Rule
from budgets.views import results

app_name = "budgets"
urlpatterns = [
    # Only the names of rules, so that no budget's own address is taken.
    re_path(rf"^rules/(?P<rule>{'|'.join(Rule.values)})/$", results.rule, name="rule"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/results/<str:name>", results.results_file, name="results-file"),
    path("<slug:slug>/results/ballots/<slug:envelope>.pb", results.ballots_file, name="ballots-file"),
]
