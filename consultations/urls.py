"""Pages of consultations, below consultations/."""

from django.urls import path

from consultations.views import article, outcome, proposals, reading, text, writing

app_name = "consultations"
urlpatterns = [
    path("<slug:slug>/", reading.consultation, name="consultation"),
    path("<slug:slug>/draft/", text.draft, name="draft"),
    path("<slug:slug>/articles/<int:subject_id>/", article.article, name="article"),
    path("<slug:slug>/articles/<int:subject_id>/history/", text.history, name="history"),
    path("<slug:slug>/articles/<int:subject_id>/amend/", writing.amend, name="amend"),
    path("<slug:slug>/proposals/", outcome.proposals, name="proposals"),
    path("<slug:slug>/proposals/new/", writing.propose, name="propose"),
    path("<slug:slug>/proposals/<int:subject_id>/", proposals.proposal, name="proposal"),
    path(
        "<slug:slug>/proposals/<int:subject_id>/edit/",
        proposals.edit_proposal,
        name="edit_proposal",
    ),
    path(
        "<slug:slug>/proposals/<int:subject_id>/withdraw/",
        proposals.withdraw_proposal,
        name="withdraw_proposal",
    ),
    path("<slug:slug>/answers/", outcome.answers, name="answers"),
    path("<slug:slug>/results/", outcome.results, name="results"),
    path("<slug:slug>/activity/", reading.activity, name="activity"),
    path("<slug:slug>/feed/", reading.feed, name="feed"),
]
