"""Pages of consultations, below consultations/."""

from django.urls import path

from consultations.views import article, outcome, reading, text

app_name = "consultations"
urlpatterns = [
    path("<slug:slug>/", reading.consultation, name="consultation"),
    path("<slug:slug>/draft/", text.draft, name="draft"),
    path("<slug:slug>/articles/<int:subject_id>/", article.article, name="article"),
    path("<slug:slug>/articles/<int:subject_id>/history/", text.history, name="history"),
    path("<slug:slug>/proposals/", outcome.proposals, name="proposals"),
    path("<slug:slug>/answers/", outcome.answers, name="answers"),
    path("<slug:slug>/results/", outcome.results, name="results"),
    path("<slug:slug>/activity/", reading.activity, name="activity"),
    path("<slug:slug>/feed/", reading.feed, name="feed"),
]
