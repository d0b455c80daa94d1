"""What became of the chosen projects: figures, steps, news."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Sum
from django.db.models.functions import JSONObject
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from budgets.api.reading import find_budget
from budgets.lookup import readable_project
from budgets.models import Picture, Project, Report
from budgets.permissions import NOT_CHOSEN
from budgets.serializers.amounts import amount_text
from budgets.serializers.projects import picture_rows
from budgets.serializers.results import (
    BuildingSerializer,
    ProjectBuildingSerializer,
    ProjectReportSerializer,
    milestone_row,
    report_row,
)
from common.resources import (
    Resource,
    an_id,
    number_in,
    number_parameter,
    pages,
    site,
)
from common.verdicts import Refused
from voting.api import SealedSchema

TAGS = ["budgets"]


class Building(Resource):
    @extend_schema(operation_id="building", responses=BuildingSerializer, tags=TAGS)
    def get(self, request: Request, slug: str) -> Response:
        """How many chosen projects are under way, completed or given up, and the money spent."""
        budget = find_budget(request.user, slug)
        figures = _figures(budget.pk)
        cost, spent = (figures.pop(name) or Decimal("0.00") for name in ("cost", "spent"))
        return Response(
            figures
            | {
                "budget": slug,
                "currency": budget.currency,
                "cost": amount_text(cost),
                "spent": amount_text(spent),
                "url": f"{pages(request)}/budgets/{slug}/building/",
            }
        )


def _figures(budget_id: int) -> dict[str, Any]:
    """One query."""
    is_over = Q(built_on__isnull=False) | Q(cancelled_at__isnull=False)
    rows = Project.objects.filter(
        budget=budget_id, chosen_at__isnull=False, subject__hidden_at__isnull=True
    )
    return rows.aggregate(
        chosen_count=Count("pk"),
        started_count=Count("pk", filter=Q(started_on__isnull=False) & ~is_over),
        built_count=Count("pk", filter=Q(built_on__isnull=False, cancelled_at__isnull=True)),
        cancelled_count=Count("pk", filter=Q(cancelled_at__isnull=False)),
        cost=Sum("cost"),
        spent=Sum("spent"),
    )


class Reports(Resource):
    @extend_schema(
        operation_id="project_reports",
        responses=ProjectReportSerializer(many=True),
        parameters=[number_parameter("project", "Only about this project (its subject).")],
        tags=TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """News of the chosen projects, the newest first."""
        budget = find_budget(request.user, slug)
        pictures = Picture.objects.filter(report=OuterRef("pk"), removed_at__isnull=True)
        picture = JSONObject(pk="pk", alt="alt", width="width", height="height")
        rows = (
            Report.objects.filter(project__budget=budget, project__subject__hidden_at__isnull=True)
            .select_related("project")
            .only(
                "kind", "body", "language", "spent", "milestone", "expected_on", "published_at",
                "project__subject_id",
            )
            .annotate(pictures_json=ArraySubquery(pictures.order_by("pk").values(row=picture)))
        )  # fmt: skip
        if subject := number_in(request, "project"):
            rows = rows.filter(project__subject=subject)
        base = f"{pages(request)}/budgets/{slug}/"
        return self.page(rows, partial(_report, base=base), ordering=("-pk",))


def _report(row: Any, base: str) -> dict[str, Any]:
    return report_row(row, picture_rows(row.pictures_json, base))


class OneBuilding(Resource):
    schema = SealedSchema()

    @extend_schema(operation_id="project_building", responses=ProjectBuildingSerializer, tags=TAGS)
    def get(self, request: Request, slug: str, subject_id: int) -> Response:
        """The steps of a chosen project and the money spent; 409 for one that is not chosen."""
        project = readable_project(request.user, slug, an_id(subject_id))
        if project.chosen_at is None:
            raise Refused(NOT_CHOSEN)
        reports = site(request) + reverse("api-project-reports", kwargs={"slug": slug})
        return Response(
            {
                "subject": project.subject_id,
                "stage": str(project.stage),
                "cost": amount_text(project.cost),
                "spent": amount_text(project.spent),
                "started_on": project.started_on,
                "expected_on": project.expected_on,
                "built_on": project.built_on,
                "cancelled_at": project.cancelled_at,
                "milestones": [milestone_row(row) for row in project.milestones.all()],
                "reports": f"{reports}?project={project.subject_id}",
            }
        )
