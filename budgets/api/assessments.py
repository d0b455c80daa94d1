"""The queue of assessments: who has what, written, submitted, signed, published together."""

from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import works_for
from budgets import awaiting
from budgets.actions.assessing import (
    add_note,
    submit_assessment,
    take_back,
    write_assessment,
)
from budgets.actions.signing import publish_assessments, send_back, sign_assessment
from budgets.api.reading import find_budget
from budgets.desk.assess_reads import ORDERING, assessment_of, mine, of_my_groups, queue_of
from budgets.models import Assessment, Budget, Project
from budgets.permissions import has_assessment, may_assess, may_see_assessments, may_sign
from budgets.serializers.assessments import (
    STATES,
    AssessmentBody,
    AssessmentDetailSerializer,
    AssessmentNoteSerializer,
    AssessmentSerializer,
    NoteBody,
    PublishedSerializer,
    SignatureBody,
    assessment_row,
    event_row,
    finding_of,
    note_row,
)
from budgets.serializers.frame import may_row
from common.resources import NOT_FOUND, Own, an_id, choice_parameter, chosen, language_of
from common.verdicts import Refused, require

TAGS = ["assessments"]
WHOSE = ("mine", "group")
_BY_STATE: tuple[tuple[Q, str], ...] = (
    (awaiting.PUBLISHED, "published"),
    (awaiting.SIGNED, "signed"),
    (awaiting.SUBMITTED, "submitted"),
    (awaiting.UNDECIDED & awaiting.REVISING, "revising"),
    (awaiting.LATE, "late"),
    (awaiting.TO_ASSESS, "waiting"),
)


def in_states(projects: QuerySet[Project]) -> QuerySet[Project]:
    """With `state` (see STATES), and all that `assessment_row` shows. One query."""
    cases = [When(condition, then=Value(word)) for condition, word in _BY_STATE]
    return projects.select_related(
        "subject", "assessment__assessor", "assessment__group", "assessment__proposed_by",
        "assessment__signed_by",
    ).annotate(
        state=Case(*cases, default=Value("cosigning"), output_field=CharField())
    )  # fmt: skip


class Assessments(Own):
    @extend_schema(
        operation_id="assessments",
        responses=AssessmentSerializer(many=True),
        parameters=[
            choice_parameter("state", STATES, "Only those that stand there."),
            choice_parameter("whose", WHOSE, "Only those handed to me, or to a group of mine."),
        ],
        tags=TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The queue: what is due first comes first. Assessors from elsewhere see what is theirs."""
        budget = find_budget(request.user, slug)
        require(may_see_assessments(request.user, budget))
        is_guest = not works_for(request.user, budget.process.organisation_id)
        rows = in_states(queue_of(budget, request.user, is_guest=is_guest)).defer(
            "body", "body_html", "subject__text", "subject__search", "subject__sample"
        )
        if state := chosen(request, "state", STATES):
            rows = rows.filter(state=state)
        if whose := chosen(request, "whose", WHOSE):
            rows = rows.filter((mine if whose == "mine" else of_my_groups)(request.user))

        def show(project: Project) -> dict[str, Any]:
            project.budget = budget
            return assessment_row(project, assessment_of(project))

        return self.page(rows, show, ordering=ORDERING)


def _at_desk(request: Request, slug: str, subject_id: int) -> tuple[Project, Assessment]:
    """A project and its assessment for somebody who may look into it. Raises Refused."""
    budget = find_budget(request.user, slug)
    require(may_see_assessments(request.user, budget))
    rows = in_states(Project.objects.with_frame().filter(budget=budget))
    project = rows.filter(subject_id=an_id(subject_id)).first()
    if project is None:
        raise Refused(NOT_FOUND)
    project.take_frame()
    assessment = assessment_of(project)
    require(has_assessment(request.user, assessment))
    return project, assessment


def _shown(request: Request, slug: str, subject_id: int) -> Response:
    project, assessment = _at_desk(request, slug, subject_id)
    notes: Any = []
    events: Any = []
    if assessment.pk is not None:
        notes = assessment.notes.select_related("author")
        events = assessment.events.select_related("actor")
    return Response(
        assessment_row(project, assessment)
        | {
            "notes": [note_row(note) for note in notes],
            "trail": [event_row(event) for event in events],
            "may": may_row(
                write=may_assess(request.user, assessment), sign=may_sign(request.user, assessment)
            ),
        }
    )


class OneAssessment(Own):
    @extend_schema(operation_id="assessment", responses=AssessmentDetailSerializer, tags=TAGS)
    def get(self, request: Request, slug: str, subject_id: int) -> Response:
        """What was written about one project so far, the private thread and the audit trail."""
        return _shown(request, slug, subject_id)

    @extend_schema(
        operation_id="assessment_write",
        request=AssessmentBody,
        responses=AssessmentDetailSerializer,
        tags=TAGS,
    )
    def put(self, request: Request, slug: str, subject_id: int) -> Response:
        """Keep what is known so far. 409 `changed_meanwhile` if somebody else wrote since `seen`."""
        given = self.body(AssessmentBody)
        project, _assessment = _at_desk(request, slug, subject_id)
        finding = finding_of(given, language_of(request))
        write_assessment(request.user, project=project, finding=finding, seen=given["seen"])
        return _shown(request, slug, subject_id)


class Submission(Own):
    @extend_schema(
        operation_id="assessment_submit",
        request=AssessmentBody,
        responses=AssessmentDetailSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, slug: str, subject_id: int) -> Response:
        """Write it and submit it for somebody else's signature."""
        given = self.body(AssessmentBody)
        project, _assessment = _at_desk(request, slug, subject_id)
        finding = finding_of(given, language_of(request))
        submit_assessment(request.user, project=project, finding=finding, seen=given["seen"])
        return _shown(request, slug, subject_id)

    @extend_schema(
        operation_id="assessment_take_back", responses={200: AssessmentDetailSerializer}, tags=TAGS
    )
    def delete(self, request: Request, slug: str, subject_id: int) -> Response:
        """Take back what one submitted, until it is signed."""
        project, _assessment = _at_desk(request, slug, subject_id)
        take_back(request.user, project=project)
        return _shown(request, slug, subject_id)


class Signature(Own):
    @extend_schema(
        operation_id="assessment_sign",
        request=SignatureBody,
        responses=AssessmentDetailSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, slug: str, subject_id: int) -> Response:
        """Sign what another person submitted."""
        seen = self.body(SignatureBody)["seen"]
        project, _assessment = _at_desk(request, slug, subject_id)
        sign_assessment(request.user, project=project, seen=seen)
        return _shown(request, slug, subject_id)


class Return(Own):
    @extend_schema(
        operation_id="assessment_send_back",
        request=NoteBody,
        responses=AssessmentDetailSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, slug: str, subject_id: int) -> Response:
        """Send back what was submitted, or signed and not published yet, with a note."""
        note = self.body(NoteBody)["body"]
        project, _assessment = _at_desk(request, slug, subject_id)
        send_back(request.user, project=project, note=note)
        return _shown(request, slug, subject_id)


class Notes(Own):
    @extend_schema(
        operation_id="assessment_note",
        request=NoteBody,
        responses={201: AssessmentNoteSerializer},
        tags=TAGS,
    )
    def post(self, request: Request, slug: str, subject_id: int) -> Response:
        """Say something to those who assess. Never public."""
        body = self.body(NoteBody)["body"]
        project, _assessment = _at_desk(request, slug, subject_id)
        note = add_note(request.user, project=project, body=body)
        return Response(note_row(note), status=201)


class Publication(Own):
    @extend_schema(
        operation_id="assessments_publish",
        request=None,
        responses=PublishedSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Publish all signed decisions at one moment."""
        budget: Budget = find_budget(request.user, slug)
        return Response({"published": publish_assessments(request.user, budget=budget)})
