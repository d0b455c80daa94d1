"""Polls for programs: rules, ballots, receipts, results. Nothing here writes answers into a log."""

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from common.api import ProblemSchema
from common.prepared import Prepared
from common.refusals import PROBLEM_TYPE, problem
from common.resources import (
    NOT_FOUND,
    Resource,
    an_id,
    choice_parameter,
    chosen,
    pages,
    verdict_row,
)
from common.texts import localized
from common.verdicts import Refused, Verdict, no, require
from processes.kinds import Status
from processes.permissions import may_read
from voting.actions import box
from voting.actions.editing import build_questionnaire
from voting.box import bundle
from voting.kinds import PollKind
from voting.listing import with_status
from voting.models import Ballot, Poll, Turnout
from voting.permissions import is_voting_open
from voting.receipts import find_ballot
from voting.results.guard import SEALED, may_see_results
from voting.results.reading import results_of
from voting.secrecy.receipts import grouped
from voting.secrecy.tree import leaf_data
from voting.sentences import sentence
from voting.serializers import (
    BallotBody,
    BallotSerializer,
    FoundSerializer,
    PollDetailSerializer,
    PollSerializer,
    ReceiptBody,
    ReceiptSerializer,
    ResultsSerializer,
    WithdrawBody,
    booth_row,
    found_row,
    poll_row,
)
from voting.voters import Voter, holder_of_code, person

NO_LIST = no("no_list_of_ballots", _("Only secret polls publish their ballots."), 409)
BUNDLE_TYPE = "application/jsonl"
TAGS = ["polls"]


class Polls(Resource):
    @extend_schema(
        operation_id="polls",
        responses=PollSerializer(many=True),
        parameters=[
            choice_parameter("status", Status.values, "Only polls that stand there in time."),
            choice_parameter("kind", PollKind.values, "Only polls of this kind."),
            OpenApiParameter(
                "organisation", OpenApiTypes.STR, description="Slug of a public body."
            ),
            OpenApiParameter("process", OpenApiTypes.STR, description="Slug of a process."),
        ],
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """All published polls, the newest first."""
        rows = _polls().filter(process__published_at__isnull=False)
        if status := chosen(request, "status", Status.values):
            rows = rows.filter(status=status)
        if kind := chosen(request, "kind", PollKind.values):
            rows = rows.filter(kind=kind)
        for name, field in (("organisation", "process__organisation"), ("process", "process")):
            if slug := request.query_params.get(name, ""):
                rows = rows.filter(**{f"{field}__slug": slug})
        rows = rows.defer("definition")
        return self.page(rows, partial(poll_row, pages=pages(request)), ordering=("-pk",))


def _polls() -> QuerySet[Poll]:
    return with_status(Poll.objects.with_timetable())


_ONE: Prepared[Poll] = Prepared(lambda pk: _polls().filter(pk=pk)[:1])


def _poll(request: Request, poll_id: int) -> Poll:
    """A poll that the person may read, with its timetable. One query. Raises Refused (404)."""
    poll = _ONE.first(pk=an_id(poll_id))
    if poll is None:
        raise Refused(NOT_FOUND)
    poll.process.phases_json = poll.phases_json  # type: ignore[attr-defined]
    poll.process.clock = poll.clock  # type: ignore[attr-defined]
    require(may_read(request.user, poll.process))
    return poll


class OnePoll(Resource):
    @extend_schema(operation_id="poll", responses=PollDetailSerializer, tags=TAGS)
    def get(self, request: Request, poll_id: int) -> Response:
        """The declared rules, what is asked, where it stands, and what I may do now."""
        poll = _poll(request, poll_id)
        return Response(
            poll_row(poll, pages(request))
            | {
                "about": localized(poll.about).text,
                "abouts": poll.about,
                "consent": localized(poll.consent).text,
                "consents": poll.consent,
                "group": poll.group.name if poll.group else None,
                "definition": poll.definition or build_questionnaire(poll).to_json(),
                "booths": [booth_row(booth) for booth in poll.booths.all()],
                "voted": _voted(request.user, poll),
                "may": {
                    "vote": verdict_row(_may_vote(request.user, poll)),
                    "see_results": verdict_row(may_see_results(request.user, poll)),
                },
            }
        )


def _voted(user: Any, poll: Poll) -> bool | None:
    if not isinstance(user, User):
        return None
    return Turnout.objects.filter(poll=poll, user=user, withdrawn_at__isnull=True).exists()


def _may_vote(user: Any, poll: Poll) -> Verdict:
    return is_voting_open(poll) and person(user, poll).verdict


class SealedSchema(ProblemSchema):
    """Reading, too, may come too early."""

    def _problems(self) -> Any:
        return sorted({409: _("Not now, or not any more."), **dict(super()._problems())}.items())


class ResultsOf(Resource):
    schema = SealedSchema()

    @extend_schema(operation_id="poll_results", responses=ResultsSerializer, tags=TAGS)
    def get(self, request: Request, poll_id: int) -> Response:
        """Everything that was counted. A sealed poll has none for anybody before that (409)."""
        poll = _poll(request, poll_id)
        require(may_see_results(request.user, poll))
        found = results_of(poll)
        return Response(
            {
                "poll": poll.pk,
                "is_final": found.is_final,
                "counted_at": found.counted_at,
                "definition_digest": poll.definition_digest,
                "outcomes": [
                    {"question": question, "method": method, "result": result}
                    for (question, method), result in found.outcomes.items()
                ],
            }
        )


class Ballots(Resource):
    permission_classes = (AllowAny,)  # the action asks who votes: a person, or who holds a code
    schema = SealedSchema()

    @extend_schema(operation_id="ballots", responses=BallotSerializer(many=True), tags=TAGS)
    def get(self, request: Request, poll_id: int) -> Response:
        """All ballots of a counted secret poll in the order of their marks, void ones too."""
        poll = _published(request, poll_id)
        rows = Ballot.objects.filter(poll=poll).annotate(
            former=F("replaces__mark"), area_slug=F("area__slug")
        )
        return self.page(rows, _ballot_row, ordering=("mark",))

    @extend_schema(
        operation_id="ballot_cast",
        request=BallotBody,
        responses={201: ReceiptSerializer, 200: ReceiptSerializer},
        tags=TAGS,
    )
    def post(self, request: Request, poll_id: int) -> Response:
        """Answer, or change the answer. With the same `receipt` again, nothing changes (200)."""
        given = self.body(BallotBody)
        poll = _poll(request, poll_id)
        try:
            receipt = box.cast_ballot(
                _voter(request, poll, given.get("code", "")),
                poll=poll,
                answers=given["answers"],
                code=given.get("receipt", ""),
                former=given.get("former", ""),
            )
        except box.WrongAnswers as wrong:
            return _wrong(wrong)
        return Response(_receipt_row(receipt), status=201 if receipt.is_new else 200)


def _wrong(wrong: box.WrongAnswers) -> Response:
    """Which questions were answered wrongly, and what is wrong."""
    errors = {
        key or "non_field_errors": [sentence(problem)] for key, problem in wrong.problems.items()
    }
    verdict = wrong.verdict
    document = problem(verdict.status, verdict.code, verdict.message, errors)
    return Response(document, status=verdict.status, content_type=PROBLEM_TYPE)


def _receipt_row(receipt: box.Receipt) -> dict[str, str]:
    return {"receipt": grouped(receipt.code), "mark": receipt.mark}


def _voter(request: Request, poll: Poll, code: str) -> Voter:
    return holder_of_code(code, poll) if code else person(request.user, poll)


def _published(request: Request, poll_id: int) -> Poll:
    """A secret poll that was counted. Raises Refused."""
    poll = _poll(request, poll_id)
    if not poll.is_secret:
        raise Refused(NO_LIST)
    if poll.counted_at is None:
        raise Refused(SEALED)
    return poll


def _ballot_row(ballot: Any) -> dict[str, Any]:
    return leaf_data(
        mark=ballot.mark,
        answers=ballot.answers,
        replaces=ballot.former,
        channel=ballot.channel,
        area=ballot.area_slug,
    )


class BodyInDelete(ProblemSchema):
    """A receipt code must not stand in an address, which servers log: so this DELETE has a body."""

    def _get_request_body(self, direction: Any = "request") -> Any:
        self.method, method = "POST", self.method
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = method


class MyBallot(Resource):
    permission_classes = (AllowAny,)
    schema = BodyInDelete()

    @extend_schema(
        operation_id="ballot_withdraw",
        request=WithdrawBody,
        responses={200: ReceiptSerializer},
        tags=TAGS,
    )
    def delete(self, request: Request, poll_id: int) -> Response:
        """Withdraw while ballots are taken: it counts as never given. The receipt is that of the
        withdrawal; in a secret poll it is needed to answer again."""
        given = self.body(WithdrawBody)
        poll = _poll(request, poll_id)
        voter = _voter(request, poll, given.get("code", ""))
        receipt = box.withdraw_ballot(voter, poll=poll, former=given.get("former", ""))
        return Response(_receipt_row(receipt))


class Receipts(Resource):
    permission_classes = (AllowAny,)  # whoever has a receipt

    @extend_schema(
        operation_id="receipt_find", request=ReceiptBody, responses=FoundSerializer, tags=TAGS
    )
    def post(self, request: Request, poll_id: int) -> Response:
        """What became of a ballot. Once published: what it says, and the way to the root."""
        code = self.body(ReceiptBody)["receipt"]
        poll = _poll(request, poll_id)
        return Response(found_row(find_ballot(poll, code), poll.root))


class BundleOf(Resource):
    schema = SealedSchema()

    @extend_schema(
        operation_id="poll_bundle",
        responses={(200, BUNDLE_TYPE): OpenApiTypes.STR},
        tags=TAGS,
    )
    def get(self, request: Request, poll_id: int) -> StreamingHttpResponse:
        """The recount bundle of a counted secret poll: JSON Lines, all that is needed to count again."""
        poll = _published(request, poll_id)
        answer = StreamingHttpResponse(bundle(poll), content_type=BUNDLE_TYPE)
        name = f"{poll.process.slug}-bundle.jsonl"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """A stream has no validator."""
        if isinstance(response, StreamingHttpResponse):
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response
        return super().finalize_response(request, response, *args, **kwargs)


urlpatterns = [
    path("polls/", Polls.as_view(), name="api-polls"),
    path("polls/<int:poll_id>/", OnePoll.as_view(), name="api-poll"),
    path("polls/<int:poll_id>/results/", ResultsOf.as_view(), name="api-poll-results"),
    path("polls/<int:poll_id>/ballots/", Ballots.as_view(), name="api-ballots"),
    path("polls/<int:poll_id>/ballots/mine/", MyBallot.as_view(), name="api-my-ballot"),
    path("polls/<int:poll_id>/receipts/", Receipts.as_view(), name="api-receipts"),
    path("polls/<int:poll_id>/bundle/", BundleOf.as_view(), name="api-bundle"),
]
