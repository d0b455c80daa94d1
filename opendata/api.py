"""What spans apps, for programs."""

from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from common.pagination import ApiCursorPagination
from common.prepared import Prepared
from common.resources import Own, Resource, an_id, pages
from deliberation.models import Position
from opendata.contributions import contributions_of, read_place, write_place
from opendata.serializers import (
    ContributionSerializer,
    OwnPositionSerializer,
    SubjectSerializer,
    own_position_row,
    subject_row,
)
from processes.lookup import UNREAD, allowed
from processes.models import Subject


class OneSubject(Resource):
    @extend_schema(operation_id="subject", responses=SubjectSerializer, tags=["subjects"])
    def get(self, request: Request, subject_id: int) -> Response:
        """Counters, my position, the answer, and what I may do with it now."""
        user = request.user
        found = _SUBJECT.first(subject_id=an_id(subject_id), user_id=user.pk or 0)
        subject = allowed(user, found)
        return Response(subject_row(user, subject, pages(request)))


def _subject(subject_id: int, user_id: int) -> QuerySet[Subject]:
    mine = Position.objects.filter(subject=OuterRef("pk"), user=user_id)
    works_there = Membership.objects.filter(
        user=OuterRef("author_id"), organisation=OuterRef("process__organisation")
    )
    return (
        Subject.objects.with_frame()
        .select_related("process__organisation", "author", "answer", "obligation")
        .defer(*UNREAD)
        .annotate(my_value=Subquery(mine.values("value")), is_by_official=Exists(works_there))
        .filter(pk=subject_id)
    )


_SUBJECT: Prepared[Subject] = Prepared(_subject)


class ContributionPages(ApiCursorPagination):
    """Pages of a list that is made of three tables."""

    def paginate(self, request: Request) -> list[dict[str, Any]]:
        """The rows of the page asked for. Raises ValidationError (400). Three queries."""
        cursor, size = request.query_params.get("cursor", ""), self._size(request)
        try:
            after = read_place(cursor) if cursor else None
        except ValueError:
            raise ValidationError({"cursor": [_("This is no cursor of this list.")]}) from None
        found = contributions_of(request.user.pk, after=after, limit=size + 1, pages=pages(request))
        self.go_on(request, write_place(found[size - 1][0]) if len(found) > size else "")
        return [row for _place, row in found[:size]]


class Contributions(Own):
    pagination_class = ContributionPages

    @extend_schema(
        operation_id="my_contributions", responses=ContributionSerializer(many=True), tags=["me"]
    )
    def get(self, request: Request) -> Response:
        """My proposals, comments and sources, the newest first; withdrawn and hidden ones too."""
        pager = ContributionPages()
        return pager.get_paginated_response(pager.paginate(request))


class Positions(Own):
    @extend_schema(
        operation_id="my_positions", responses=OwnPositionSerializer(many=True), tags=["me"]
    )
    def get(self, request: Request) -> Response:
        """The positions that I hold, the last one taken first."""
        rows = Position.objects.filter(user=request.user, value__isnull=False).values(
            "pk",
            "subject_id",
            "subject__kind",
            "subject__title",
            "subject__process__slug",
            "value",
            "changed_at",
        )
        show = partial(own_position_row, pages=pages(request))
        return self.page(rows, show, ordering=["-changed_at", "-pk"])


urlpatterns = [
    path("subjects/<int:subject_id>/", OneSubject.as_view(), name="api-subject"),
    path("me/contributions/", Contributions.as_view(), name="api-contributions"),
    path("me/positions/", Positions.as_view(), name="api-positions"),
]
