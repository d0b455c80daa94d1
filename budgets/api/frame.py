"""All budgets, and one with all that was declared."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from budgets.api.reading import find_budget
from budgets.models import Budget
from budgets.permissions import may_propose
from budgets.reading import counts_of
from budgets.serializers.amounts import amount_text
from budgets.serializers.frame import (
    BudgetDetailSerializer,
    BudgetSerializer,
    budget_row,
    category_row,
    declared_row,
    envelope_row,
    links_row,
    may_row,
)
from common.resources import Resource, choice_parameter, chosen, pages, site
from common.texts import localized
from processes.kinds import ProcessKind, Status
from processes.models import Process
from processes.serializers import phase_rows, process_row, topic_row

TAGS = ["budgets"]


class Budgets(Resource):
    @extend_schema(
        operation_id="budgets",
        responses=BudgetSerializer(many=True),
        parameters=[
            choice_parameter("status", Status.values, "Only budgets that stand there in time."),
            OpenApiParameter(
                "organisation", OpenApiTypes.STR, description="Slug of a public body."
            ),
        ],
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """All published budgets, the newest first."""
        rows = (
            Process.objects.published()
            .for_list()
            .with_status()
            .select_related("organisation", "area", "budget")
            .defer("search", "sample", "budget__boundaries", "budget__about", "budget__about_html")
            .filter(kind=ProcessKind.BUDGET, budget__isnull=False)
            .annotate(amount=Sum("budget__envelopes__amount"))
        )
        if status := chosen(request, "status", Status.values):
            rows = rows.filter(status=status)
        if slug := request.query_params.get("organisation", ""):
            rows = rows.filter(organisation__slug=slug)
        return self.page(rows, partial(budget_row, pages=pages(request)), ordering=("-pk",))


class OneBudget(Resource):
    @extend_schema(operation_id="budget", responses=BudgetDetailSerializer, tags=TAGS)
    def get(self, request: Request, slug: str) -> Response:
        """Its money, dates and declared rules, how far it is, and where to go on."""
        budget = find_budget(request.user, slug)
        return Response(_described(budget, request) | _counted(budget))


def _described(budget: Budget, request: Request) -> dict[str, Any]:
    """Two queries."""
    process, page = budget.process, pages(request)
    envelopes: list[dict[str, Any]] = budget.envelopes_json  # type: ignore[attr-defined]
    api = site(request) + reverse("api-budget", kwargs={"slug": process.slug})
    return {
        **process_row(process, page),
        **declared_row(budget, page),
        "currency": budget.currency,
        "amount": amount_text(sum((Decimal(row["amount"]) for row in envelopes), Decimal(0))),
        "about": localized(budget.about).text,
        "abouts": budget.about,
        "topics": [topic_row(topic) for topic in process.topics.all()],
        "phases": phase_rows(process),
        "envelopes": [envelope_row(row) for row in envelopes],
        "categories": [category_row(row) for row in budget.categories_json],  # type: ignore[attr-defined]
        "poll": budget.poll_id,
        "counted_at": budget.poll.counted_at,
        "decisions_published_at": budget.decisions_published_at,
        "links": links_row(budget, api),
        "may": may_row(propose=may_propose(request.user, budget)),
    }


def _counted(budget: Budget) -> dict[str, int]:
    """One query."""
    counts = counts_of(budget.pk)
    return {
        "project_count": counts.get("projects") or 0,
        "chosen_count": counts.get("chosen") or 0,
        "built_count": counts.get("built") or 0,
        "cosignature_count": counts.get("signatures") or 0,
    }
