"""One's own result letters and what one follows, for programs."""

from functools import partial

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.resources import NOT_FOUND, Own, an_id, pages, site
from common.verdicts import Refused, require
from notifications import letters
from notifications.actions import follow, unfollow
from notifications.models import Delivery, Follow
from notifications.permissions import may_read
from notifications.serializers import (
    FollowedSerializer,
    FollowSerializer,
    LetterHeadSerializer,
    LetterSerializer,
    follow_row,
    head_row,
    letter_row,
)
from processes.lookup import readable_subject


class Letters(Own):
    @extend_schema(
        operation_id="my_letters", responses=LetterHeadSerializer(many=True), tags=["me"]
    )
    def get(self, request: Request) -> Response:
        """My result letters, the newest first."""
        rows = Delivery.objects.letters_of(request.user)
        return self.page(rows, partial(head_row, pages=pages(request)), ordering=["-pk"])


class OneLetter(Own):
    @extend_schema(operation_id="my_letter", responses=LetterSerializer, tags=["me"])
    def get(self, request: Request, letter_id: int) -> Response:
        """One letter: what I said, the answers, what changed, the totals. Reading marks nothing."""
        rows = Delivery.objects.letters_of(request.user)
        delivery = rows.filter(pk=an_id(letter_id)).first()
        if delivery is None:
            raise Refused(NOT_FOUND)
        require(may_read(request.user, delivery))
        delivery.user = request.user
        letter = letters.compose(delivery, base=site(request))
        return Response(letter_row(delivery, letter, pages(request)))


class Follows(Own):
    @extend_schema(operation_id="my_follows", responses=FollowSerializer(many=True), tags=["me"])
    def get(self, request: Request) -> Response:
        """What I follow, the newest first."""
        rows = Follow.objects.for_list(request.user)
        return self.page(rows, partial(follow_row, pages=pages(request)), ordering=["-pk"])


class Following(Own):
    @extend_schema(
        operation_id="follow", request=None, responses=FollowedSerializer, tags=["subjects"]
    )
    def put(self, request: Request, subject_id: int) -> Response:
        """Be told what becomes of it. Repeating it changes nothing."""
        subject = readable_subject(request.user, subject_id)
        follow(request.user, subject=subject)
        return Response({"subject": subject.pk, "followed": True})

    @extend_schema(operation_id="unfollow", responses={200: FollowedSerializer}, tags=["subjects"])
    def delete(self, request: Request, subject_id: int) -> Response:
        """Be told of it no longer."""
        subject = readable_subject(request.user, subject_id)
        unfollow(request.user, subject_id=subject.pk)
        return Response({"subject": subject.pk, "followed": False})


urlpatterns = [
    path("me/follows/", Follows.as_view(), name="api-follows"),
    path("subjects/<int:subject_id>/follow/", Following.as_view(), name="api-follow"),
    path("me/letters/", Letters.as_view(), name="api-letters"),
    path("me/letters/<int:letter_id>/", OneLetter.as_view(), name="api-letter"),
]
