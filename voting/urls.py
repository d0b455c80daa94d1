"""Addresses of polls for everybody."""

from django.urls import path

from voting.views import answer, check, passes, poll, receipt, results

app_name = "voting"
urlpatterns = [
    path("<slug:slug>/", poll.poll, name="poll"),
    path("<slug:slug>/answer/", answer.answer, name="answer"),
    path("<slug:slug>/check/", check.check, name="check"),
    path("<slug:slug>/thanks/", check.thanks, name="thanks"),
    path("<slug:slug>/withdraw/", check.withdraw, name="withdraw"),
    path("<slug:slug>/pass/", passes.get_pass, name="pass"),
    path("<slug:slug>/code/", passes.enter_code, name="code"),
    path("<slug:slug>/receipt/", receipt.receipt, name="receipt"),
    path("<slug:slug>/ballots/", receipt.ballots, name="ballots"),
    path("<slug:slug>/bundle.jsonl", receipt.bundle_file, name="bundle"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/results/<slug:fmt>", results.results_file, name="results-file"),
    path("<slug:slug>/results/preflib/<slug:question>", results.preflib, name="preflib"),
]
