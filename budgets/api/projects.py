"""Projects of a budget: found, proposed, changed, taken back, signed."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership, User
from budgets.actions.cosigning import cosign, take_back_cosignature
from budgets.actions.projects import Idea, edit_project, propose_project, withdraw_project
from budgets.api.reading import find_budget
from budgets.filters import ORDERINGS, annotated, day_of, stage_of, standing_in
from budgets.kinds import Stage
from budgets.lookup import readable_project
from budgets.models import Budget, Category, Envelope, Picture, Project
from budgets.permissions import may_cosign, may_edit_project, may_report, may_withdraw_project
from budgets.reading import read_project
from budgets.rows import for_list, point
from budgets.serializers.frame import may_row
from budgets.serializers.projects import (
    CosignatureSerializer,
    ProjectBody,
    ProjectDetailSerializer,
    ProjectEdit,
    ProjectSerializer,
    idea_of,
    project_row,
    rival_rows,
)
from common.resources import (
    NOT_FOUND,
    Resource,
    an_id,
    choice_parameter,
    chosen,
    language_of,
    pages,
    site,
)
from common.verdicts import Refused, require
from processes.models import Subject, SubjectQuerySet
from processes.permissions import may_read
from processes.search import LONGEST

TAGS = ["budgets"]
PLACES = 2000  # on one map
STAGES = [s for s in Stage.values if s not in (Stage.HIDDEN, Stage.WITHDRAWN, Stage.MERGED)]
_PICTURE = JSONObject(pk="pk", alt="alt", width="width", height="height")
_FILTERS = [
    choice_parameter("stage", STAGES, "Only projects that stand there."),
    OpenApiParameter("category", OpenApiTypes.STR, description="Key of a category."),
    OpenApiParameter("envelope", OpenApiTypes.STR, description="Key of an envelope."),
    OpenApiParameter(
        "q", {"type": "string", "maxLength": LONGEST}, description="Words to search for."
    ),
]


def shown(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """With all that `project_row` shows. One query."""
    works_there = Membership.objects.filter(
        user=OuterRef("author_id"), organisation=OuterRef("process__organisation")
    )
    pictures = Picture.objects.filter(
        project=OuterRef("project__pk"), report__isnull=True, removed_at__isnull=True
    ).order_by("pk")
    return (
        subjects.select_related(
            "author", "project__envelope", "project__category", "project__merged_into"
        )
        .defer(
            "search", "sample", "text", "project__body_html", "project__merged_into__body",
            "project__merged_into__body_html", "project__merged_into__decision_html",
        )
        .annotate(
            is_official=Exists(works_there), pictures_json=ArraySubquery(pictures.values(row=_PICTURE))
        )
    )  # fmt: skip


class Projects(Resource):
    @extend_schema(
        operation_id="projects",
        responses=ProjectSerializer(many=True),
        parameters=[
            *_FILTERS,
            choice_parameter(
                "ordering", ORDERINGS, "Order of the rows; with `q` the best match first.", "newest"
            ),
        ],
        tags=TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The projects that stand, the newest first. `random` is another order each day."""
        budget = find_budget(request.user, slug)
        rows = _asked_for(request, budget)
        ordering = chosen(request, "ordering", ORDERINGS)
        show = partial(project_row, budget=budget, pages=pages(request))
        if request.query_params.get("q", "").strip() and not ordering:
            return self.page(shown(rows), show, ordering=("-relevance", "-pk"))
        ordering = ordering or "newest"
        rows = annotated(rows.order_by(), ordering, day_of(budget.process.timetable.now))
        return self.page(shown(rows), show, ordering=ORDERINGS[ordering])

    @extend_schema(
        operation_id="project_propose",
        request=ProjectBody,
        responses={201: ProjectSerializer},
        tags=TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Propose a project. Pictures are added on its page."""
        given = self.body(ProjectBody)
        budget = find_budget(request.user, slug)
        idea = Idea(title="", body="", envelope=_only_envelope(budget, given))
        project = propose_project(
            request.user,
            budget=budget,
            idea=_changed(idea, budget, given),
            language=language_of(request),
        )
        row = project_row(_as_shown(project, budget, request.user), budget, pages(request))
        location = site(request) + reverse(
            "api-project", kwargs={"slug": slug, "subject_id": project.subject_id}
        )
        return Response(row, status=201, headers={"Location": location})


def _asked_for(request: Request, budget: Budget) -> SubjectQuerySet:
    """The projects that the query asks for. No query. Raises ValidationError (400)."""
    rows = standing_in(budget.pk)
    if stage := chosen(request, "stage", STAGES):
        rows = rows.filter(stage_of(stage, budget))
        if not _can_stand_there(stage, budget):
            rows = rows.none()
    for name in ("category", "envelope"):
        if key := request.query_params.get(name, ""):
            rows = rows.filter(**{f"project__{name}__key": key})
    text = request.query_params.get("q", "")
    if len(text) > LONGEST:
        raise ValidationError({"q": [_("This is too long.")]})
    if text.strip():
        rows = rows.search(text, get_language() or "", *budget.process.languages)
    return rows


def _can_stand_there(stage: str, budget: Budget) -> bool:
    """What is feasible is on the ballot once voting opens, and lost once it was counted unchosen."""
    poll = budget.poll
    now = (
        Stage.NOT_CHOSEN
        if poll.counted_at is not None
        else Stage.ON_BALLOT
        if poll.opened_at is not None
        else Stage.FEASIBLE
    )
    return stage == now or stage not in (Stage.FEASIBLE, Stage.ON_BALLOT, Stage.NOT_CHOSEN)


def _only_envelope(budget: Budget, given: Mapping[str, Any]) -> int:
    """Where a new project's money comes from if nobody says it. Raises ValidationError (400)."""
    envelopes: list[dict[str, Any]] = budget.envelopes_json  # type: ignore[attr-defined]
    if "envelope" not in given and len(envelopes) != 1:
        raise ValidationError({"envelope": [_("Choose where the money comes from.")]})
    return int(envelopes[0]["pk"]) if envelopes else 0


def _changed(idea: Idea, budget: Budget, given: Mapping[str, Any]) -> Idea:
    """The idea with what was sent. Raises ValidationError (400) for keys that the budget has not."""
    changes = {name: value for name, value in given.items() if name not in _KEYED | _DEGREES}
    for name in _DEGREES & set(given):
        degrees = given[name]
        changes[name] = None if degrees is None else Decimal(repr(degrees))
    if "envelope" in given:
        changes["envelope"] = _pk_of(budget.envelopes_json, "envelope", given)  # type: ignore[attr-defined]
    if "category" in given:
        changes["category"] = (
            None if given["category"] is None else _pk_of(budget.categories_json, "category", given)  # type: ignore[attr-defined]
        )
    return replace(idea, **changes)


_KEYED = {"envelope", "category"}
_DEGREES = {"latitude", "longitude"}


def _pk_of(rows: list[dict[str, Any]], name: str, given: Mapping[str, Any]) -> int:
    found = next((row["pk"] for row in rows if row["key"] == given[name]), None)
    if found is None:
        words = ", ".join(row["key"] for row in rows)
        raise ValidationError({name: [_("This must be one of: %(words)s.") % {"words": words}]})
    return int(found)


def _as_shown(project: Project, budget: Budget, author: User) -> Subject:
    """What `author` proposed just now, as `project_row` wants it. No query."""
    names = {row["pk"]: row["key"] for row in budget.envelopes_json}  # type: ignore[attr-defined]
    themes = {row["pk"]: row["key"] for row in budget.categories_json}  # type: ignore[attr-defined]
    project.envelope = Envelope(pk=project.envelope_id, key=names[project.envelope_id])
    if project.category_id is not None:
        project.category = Category(pk=project.category_id, key=themes[project.category_id])
    subject: Any = project.subject
    subject.project, subject.pictures_json = project, []
    subject.is_official = bool(author.role_in(budget.process.organisation_id))
    return subject


class Map(Resource):
    @extend_schema(
        operation_id="project_map",
        responses=OpenApiTypes.OBJECT,
        parameters=_FILTERS,
        tags=TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The places of projects as GeoJSON (RFC 7946), the budget's boundaries as `boundaries`."""
        budget = find_budget(request.user, slug)
        rows = _asked_for(request, budget).filter(project__latitude__isnull=False)
        found = for_list(rows).order_by("project__number")[:PLACES]
        base = f"{pages(request)}/budgets/{slug}/"
        stored = Budget.objects.filter(pk=budget.pk).values_list("boundaries", flat=True).first()
        features = [point(row, budget, base) for row in found]
        for feature, row in zip(features, found, strict=True):
            feature["id"] = row.pk
        return Response(
            {"type": "FeatureCollection", "features": features, "boundaries": stored or None}
        )


class OneProject(Resource):
    @extend_schema(operation_id="project", responses=ProjectDetailSerializer, tags=TAGS)
    def get(self, request: Request, slug: str, subject_id: int) -> Response:
        """One project, what I did with it and may do now."""
        return Response(_detail(request, slug, subject_id))

    @extend_schema(
        operation_id="project_edit",
        request=ProjectEdit,
        responses=ProjectDetailSerializer,
        tags=TAGS,
    )
    def patch(self, request: Request, slug: str, subject_id: int) -> Response:
        """Change one's own project, or revise it as officials asked. The earlier text is kept."""
        given = self.body(ProjectEdit)
        budget = find_budget(request.user, slug)
        project = readable_project(request.user, slug, an_id(subject_id))
        idea = _changed(idea_of(project), budget, given)
        edit_project(request.user, project_id=project.pk, idea=idea)
        return Response(_detail(request, slug, subject_id))

    @extend_schema(operation_id="project_withdraw", responses={204: None}, tags=TAGS)
    def delete(self, request: Request, slug: str, subject_id: int) -> Response:
        """Take one's own project back until voting opens. It stays readable."""
        project = readable_project(request.user, slug, an_id(subject_id))
        withdraw_project(request.user, project_id=project.pk)
        return Response(status=204)


def _detail(request: Request, slug: str, subject_id: int) -> dict[str, Any]:
    """Two queries. Raises Refused (404)."""
    user = request.user
    project: Any = read_project(user, slug=slug, subject_id=an_id(subject_id))
    if project is None:
        raise Refused(NOT_FOUND)
    require(may_read(user, project.subject.process))
    subject: Any = project.subject
    subject.project, subject.pictures_json = project, project.pictures_json
    subject.is_official = _works_there(subject)
    is_known = isinstance(user, User)
    return project_row(subject, project.budget, pages(request)) | {
        "cosigned": project.has_signed if is_known else None,
        "followed": project.follows if is_known else None,
        "merged": [row["subject"] for row in project.merged_json],
        "incompatible": rival_rows(project),
        "may": may_row(
            edit=may_edit_project(user, project),
            withdraw=may_withdraw_project(user, project),
            cosign=may_cosign(user, project),
            report=may_report(user, project),
        ),
    }


def _works_there(subject: Subject) -> bool:
    return Membership.objects.filter(
        user=subject.author_id, organisation=subject.process.organisation_id
    ).exists()


class Cosigning(Resource):
    @extend_schema(operation_id="cosign", request=None, responses=CosignatureSerializer, tags=TAGS)
    def put(self, request: Request, slug: str, subject_id: int) -> Response:
        """Sign somebody else's project. Repeating it changes nothing."""
        project = readable_project(request.user, slug, an_id(subject_id))
        signed = cosign(request.user, project_id=project.pk)
        return Response(_signed_row(project, signed, cosigned=True))

    @extend_schema(
        operation_id="cosign_take_back", responses={200: CosignatureSerializer}, tags=TAGS
    )
    def delete(self, request: Request, slug: str, subject_id: int) -> Response:
        """Take one's signature back. Without one, changes nothing."""
        project = readable_project(request.user, slug, an_id(subject_id))
        signed = take_back_cosignature(request.user, project_id=project.pk)
        return Response(_signed_row(project, signed, cosigned=False))


def _signed_row(project: Project, signed: int, *, cosigned: bool) -> dict[str, Any]:
    return {
        "subject": project.subject_id,
        "cosigned": cosigned,
        "cosignature_count": signed,
        "cosigners_needed": project.budget.cosigners_needed,
    }
