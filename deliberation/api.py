"""What people say about a subject, for programs."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.prepared import Prepared
from common.resources import (
    NOT_FOUND,
    Resource,
    an_id,
    choice_parameter,
    chosen,
    language_of,
    number_in,
    number_parameter,
    pages,
    site,
)
from common.verdicts import Refused
from deliberation import actions
from deliberation.kinds import Stance
from deliberation.models import Comment, Position, Source
from deliberation.serializers import (
    CommentBody,
    CommentSerializer,
    NewWords,
    PositionBody,
    PositionSerializer,
    SourceBody,
    SourceSerializer,
    comment_as_values,
    comment_row,
    comment_values,
    source_as_values,
    source_row,
    source_values,
    standing_row,
)
from processes.lookup import allowed, readable_subject

_ORDERINGS = {
    "newest": ("-pk",),
    "oldest": ("pk",),
    "support": ("-support_count", "-pk"),
}


class PositionOn(Resource):
    @extend_schema(operation_id="position", responses=PositionSerializer, tags=["subjects"])
    def get(self, request: Request, subject_id: int) -> Response:
        """Where I stand (null: nowhere, or not signed in), and how many stand where."""
        subject = readable_subject(request.user, subject_id)
        found = _MINE.first(subject_id=subject.pk, user_id=request.user.pk or 0)
        return Response(
            {
                "subject": subject.pk,
                "value": found["value"] if found else None,
                "agree_count": subject.agree_count,
                "mixed_count": subject.mixed_count,
                "disagree_count": subject.disagree_count,
            }
        )

    @extend_schema(
        operation_id="position_take",
        request=PositionBody,
        responses=PositionSerializer,
        tags=["subjects"],
    )
    def put(self, request: Request, subject_id: int) -> Response:
        """Take a position or change it. Repeating it changes nothing."""
        value = self.body(PositionBody)["value"]
        standing = actions.take_position(request.user, subject_id=an_id(subject_id), value=value)
        return Response(standing_row(standing))

    @extend_schema(operation_id="position_withdraw", responses={204: None}, tags=["subjects"])
    def delete(self, request: Request, subject_id: int) -> Response:
        """Take one's position back. Without one, changes nothing."""
        actions.withdraw_position(request.user, subject_id=an_id(subject_id))
        return Response(status=204)


class CommentsOn(Resource):
    @extend_schema(
        operation_id="comments",
        responses=CommentSerializer(many=True),
        parameters=[
            choice_parameter("ordering", _ORDERINGS, "Order of the rows.", "newest"),
            choice_parameter("stance", Stance.values, "Only comments of this stance."),
            number_parameter("parent", "Only replies to this comment."),
            number_parameter("root", "Only what is read under this argument."),
        ],
        tags=["subjects"],
    )
    def get(self, request: Request, subject_id: int) -> Response:
        """Arguments and replies, the newest first. What was withdrawn or hidden keeps its place."""
        subject = readable_subject(request.user, subject_id)
        rows = comment_values(request.user, subject)
        if stance := chosen(request, "stance", Stance.values):
            rows = rows.filter(stance=stance)
        for name in ("parent", "root"):
            if number := number_in(request, name):
                rows = rows.filter(**{name: number})
        ordering = chosen(request, "ordering", _ORDERINGS, "newest")
        show = partial(comment_row, pages=pages(request))
        return self.page(rows, show, ordering=_ORDERINGS[ordering])

    @extend_schema(
        operation_id="comment_post",
        request=CommentBody,
        responses={201: CommentSerializer},
        tags=["subjects"],
    )
    def post(self, request: Request, subject_id: int) -> Response:
        """Argue for or against, or reply (two levels deep)."""
        given = self.body(CommentBody)
        comment = actions.post_comment(
            request.user,
            subject_id=an_id(subject_id),
            body=given["body"],
            stance=given["stance"],
            parent_id=given.get("parent"),
            language=language_of(request),
        )
        row = comment_row(comment_as_values(comment, request.user), pages(request))
        location = f"{site(request)}/api/v1/comments/{comment.pk}/"
        return Response(row, status=201, headers={"Location": location})


class OneComment(Resource):
    @extend_schema(operation_id="comment", responses=CommentSerializer, tags=["comments"])
    def get(self, request: Request, comment_id: int) -> Response:
        """One argument or reply."""
        return Response(_shown(request, comment_id))

    @extend_schema(
        operation_id="comment_edit",
        request=NewWords,
        responses=CommentSerializer,
        tags=["comments"],
    )
    def patch(self, request: Request, comment_id: int) -> Response:
        """Change one's own words. Who supported other words does so no longer, and is told."""
        if body := self.body(NewWords).get("body"):
            actions.edit_comment(request.user, comment_id=an_id(comment_id), body=body)
        return Response(_shown(request, comment_id))

    @extend_schema(operation_id="comment_withdraw", responses={204: None}, tags=["comments"])
    def delete(self, request: Request, comment_id: int) -> Response:
        """Take one's own comment back. Its place stays, and so do the replies."""
        actions.withdraw_comment(request.user, comment_id=an_id(comment_id))
        return Response(status=204)


class SupportOf(Resource):
    @extend_schema(
        operation_id="comment_support",
        request=None,
        responses=CommentSerializer,
        tags=["comments"],
    )
    def put(self, request: Request, comment_id: int) -> Response:
        """Support an argument. Repeating it changes nothing."""
        actions.support_comment(request.user, comment_id=an_id(comment_id))
        return Response(_shown(request, comment_id))

    @extend_schema(operation_id="comment_support_end", responses={204: None}, tags=["comments"])
    def delete(self, request: Request, comment_id: int) -> Response:
        """Support it no longer. Without support, changes nothing."""
        actions.end_support(request.user, comment_id=an_id(comment_id))
        return Response(status=204)


def _shown(request: Request, comment_id: int) -> dict[str, Any]:
    """Two queries. Raises Refused (404)."""
    comment = Comment.objects.with_frame().filter(pk=an_id(comment_id)).first()
    if comment is None:
        raise Refused(NOT_FOUND)
    subject = allowed(request.user, comment.subject)
    row = comment_values(request.user, subject).get(pk=comment.pk)
    return comment_row(row, pages(request))


class SourcesOf(Resource):
    @extend_schema(operation_id="sources", responses=SourceSerializer(many=True), tags=["subjects"])
    def get(self, request: Request, subject_id: int) -> Response:
        """Documents beside the subject, the newest first."""
        subject = readable_subject(request.user, subject_id)
        return self.page(source_values(subject), source_row, ordering=["-pk"])

    @extend_schema(
        operation_id="source_add",
        request=SourceBody,
        responses={201: SourceSerializer},
        tags=["subjects"],
    )
    def post(self, request: Request, subject_id: int) -> Response:
        """Put a document beside the subject."""
        given = self.body(SourceBody)
        source = actions.add_source(
            request.user, subject_id=an_id(subject_id), language=language_of(request), **given
        )
        row = source_row(source_as_values(source, request.user))
        location = f"{site(request)}/api/v1/sources/{source.pk}/"
        return Response(row, status=201, headers={"Location": location})


class OneSource(Resource):
    @extend_schema(operation_id="source", responses=SourceSerializer, tags=["sources"])
    def get(self, request: Request, source_id: int) -> Response:
        """One document. One that was withdrawn or hidden is not found."""
        rows = Source.objects.select_related("subject__process__organisation")
        source = rows.filter(pk=an_id(source_id)).first()
        subject = allowed(request.user, source.subject if source else None)
        row = source_values(subject).filter(pk=source_id).first()
        if row is None:
            raise Refused(NOT_FOUND)
        return Response(source_row(row))

    @extend_schema(operation_id="source_withdraw", responses={204: None}, tags=["sources"])
    def delete(self, request: Request, source_id: int) -> Response:
        """Take one's own source back."""
        actions.withdraw_source(request.user, source_id=an_id(source_id))
        return Response(status=204)


def _mine(subject_id: int, user_id: int) -> QuerySet[Position, dict[str, Any]]:
    return Position.objects.filter(subject=subject_id, user=user_id).values("value")


_MINE: Prepared[dict[str, Any]] = Prepared(_mine)

urlpatterns = [
    path("subjects/<int:subject_id>/position/", PositionOn.as_view(), name="api-position"),
    path("subjects/<int:subject_id>/comments/", CommentsOn.as_view(), name="api-comments"),
    path("subjects/<int:subject_id>/sources/", SourcesOf.as_view(), name="api-sources"),
    path("comments/<int:comment_id>/", OneComment.as_view(), name="api-comment"),
    path("comments/<int:comment_id>/support/", SupportOf.as_view(), name="api-support"),
    path("sources/<int:source_id>/", OneSource.as_view(), name="api-source"),
]
