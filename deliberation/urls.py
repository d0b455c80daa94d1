"""What people say about a subject, below subjects/."""

from django.urls import path

from deliberation.views import comments, positions, similar, sources

app_name = "deliberation"
urlpatterns = [
    path("<int:subject_id>/position/", positions.position, name="position"),
    path("<int:subject_id>/comments/", comments.comments, name="comments"),
    path("<int:subject_id>/sources/", sources.sources, name="sources"),
    path("<int:subject_id>/similar/", similar.similar, name="similar"),
    path("comments/<int:comment_id>/", comments.comment, name="comment"),
    path("comments/<int:comment_id>/reply/", comments.reply, name="reply"),
    path("comments/<int:comment_id>/edit/", comments.edit_comment, name="edit_comment"),
    path("comments/<int:comment_id>/withdraw/", comments.withdraw_comment, name="withdraw_comment"),
    path("comments/<int:comment_id>/support/", comments.support, name="support"),
    path("sources/<int:source_id>/withdraw/", sources.withdraw_source, name="withdraw_source"),
]
