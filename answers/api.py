"""Official answers, for programs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import may_answer_for
from answers import actions
from answers.models import Answer
from answers.serializers import AnswerBody, AnswerSerializer, answer_row
from common.resources import Resource, language_of
from common.verdicts import Refused, no, require
from processes.lookup import readable_subject

NOT_ANSWERED = no("not_answered", _("This has not been answered yet."), 404)


class AnswerTo(Resource):
    @extend_schema(operation_id="answer", responses=AnswerSerializer, tags=["subjects"])
    def get(self, request: Request, subject_id: int) -> Response:
        """The public body's answer; 404 with the code `not_answered` where there is none."""
        subject = readable_subject(request.user, subject_id)
        rows = Answer.objects.select_related("organisation")
        answer = rows.filter(subject=subject).first()
        if answer is None:
            raise Refused(NOT_ANSWERED)
        return Response(answer_row(answer))

    @extend_schema(
        operation_id="answer_give",
        request=AnswerBody,
        responses={200: AnswerSerializer, 201: AnswerSerializer},
        tags=["subjects"],
    )
    def put(self, request: Request, subject_id: int) -> Response:
        """Answer (201), or change the answer (200): for the body's owners and answerers."""
        subject = readable_subject(request.user, subject_id)
        require(may_answer_for(request.user, subject.process.organisation_id))
        given = self.body(AnswerBody)
        answer = actions.answer(
            request.user, subject_id=subject.pk, language=language_of(request), **given
        )
        answer.organisation = subject.process.organisation
        # A changed answer, and one that was given before in the same words, is not a new one.
        is_new = answer.changed_at is None and answer.answered_at >= subject.timetable.now
        return Response(answer_row(answer), status=201 if is_new else 200)


urlpatterns = [path("subjects/<int:subject_id>/answer/", AnswerTo.as_view(), name="api-answer")]
