"""Pages of consultations, below consultations/."""

from django.urls import path

from consultations.views import article

app_name = "consultations"
urlpatterns = [
    path("<slug:slug>/articles/<int:subject_id>/", article.article, name="article"),
]
