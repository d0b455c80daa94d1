"""One's own result letters, for programs."""

from functools import partial

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.resources import NOT_FOUND, Own, an_id, pages, site
from common.verdicts import Refused, require
from notifications import letters
from notifications.models import Delivery
from notifications.permissions import may_read
from notifications.serializers import (
    LetterHeadSerializer,
    LetterSerializer,
    head_row,
    letter_row,
)


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


urlpatterns = [
    path("me/letters/", Letters.as_view(), name="api-letters"),
    path("me/letters/<int:letter_id>/", OneLetter.as_view(), name="api-letter"),
]
