"""The list of projects, and the map beside it."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from budgets.filters import (
    ORDERINGS,
    PARAMETERS,
    ProjectSearch,
    annotated,
    day_of,
    standing_in,
)
from budgets.models import Budget
from budgets.permissions import may_propose
from budgets.reading import BUDGET
from budgets.rows import for_list, line, point
from budgets.views.frame import BudgetFrame, frame_of
from common.pages import public_page
from common.pagination import first_page, page_of
from common.prepared import Prepared
from processes.models import Subject

SIZE = 20
POINTS = 2000  # places on one map


def _first(order: str) -> Prepared[Subject]:
    """The read of the first page of all projects in one order."""

    def build(budget_id: int, day: str) -> QuerySet[Subject]:
        rows = annotated(standing_in(budget_id), order, day)
        return for_list(rows).order_by(*ORDERINGS[order])[: SIZE + 1]

    if order == "random":
        return Prepared(build, day=str)
    return Prepared(lambda budget_id: build(budget_id, ""))


_FIRST = {order: _first(order) for order in ORDERINGS}


@require_safe
@public_page(seconds=15, parameters=PARAMETERS)
def projects(request: HttpRequest, slug: str) -> HttpResponse:
    """All projects as a list, with a map beside it where places are known. Two queries."""
    frame = frame_of(request.user, slug, "projects", reads=BUDGET)
    search = ProjectSearch(request.GET, frame.budget, frame.pots, frame.themes)
    found, next_href = _found(request, frame, search)
    has_pots = len(frame.pots) > 1
    context = {
        "frame": frame,
        "search": search,
        "may_propose": may_propose(request.user, frame.budget),
        "is_filtered": not search.is_plain,
        "lines": [line(row, frame.budget, frame.href, has_pots=has_pots) for row in found],
        "next_href": next_href,
        "map": map_of(frame, _asked(search)) if has_map(frame.budget) else None,
    }
    return render(request, "budgets/projects.html", context)


def _found(request: HttpRequest, frame: BudgetFrame, search: ProjectSearch) -> Any:
    """One page of the projects that are asked for. One query."""
    day, order = day_of(frame.timetable.now), search.sorted_by
    if search.is_plain and not request.GET.get("cursor"):
        values = {"budget_id": frame.budget.pk} | ({"day": day} if order == "random" else {})
        rows = annotated(Subject.objects.all(), order, day)
        ordering = ORDERINGS[order]
        return first_page(request, rows, _FIRST[order].all(**values), ordering=ordering, size=SIZE)
    rows, ordering = search.found(day)
    return page_of(request, for_list(rows), ordering=ordering, size=SIZE)


def _asked(search: ProjectSearch) -> str:
    """The query that narrows the map as it narrows the list."""
    names = ("q", "stage", "category", "envelope")
    return urlencode({n: v for n in names if (v := search.cleaned_data.get(n))})


def has_map(budget: Budget) -> bool:
    """Whether there is anything to draw, on a row of `budgets.reading`."""
    return bool(budget.is_located or budget.is_drawn or budget.map_box)  # type: ignore[attr-defined]


def map_of(frame: BudgetFrame, query: str = "") -> dict[str, Any]:
    """What the script that draws a map is told, as attributes of its place."""
    budget = frame.budget
    return {
        "points": f"{frame.projects_href}map.json{'?' if query else ''}{query}",
        "boundaries": f"{frame.projects_href}boundaries.json" if budget.is_drawn else "",  # type: ignore[attr-defined]
        "box": ",".join(str(side) for side in budget.map_box or ()),
        "tiles": settings.MAP_TILES,
        "attribution": settings.MAP_ATTRIBUTION,
    }


@require_safe
@public_page(seconds=15, parameters=PARAMETERS)
def points(request: HttpRequest, slug: str) -> HttpResponse:
    """The places of the projects that are asked for, as GeoJSON (RFC 7946). Two queries."""
    frame = frame_of(request.user, slug, "projects", reads=BUDGET)
    search = ProjectSearch(request.GET, frame.budget, frame.pots, frame.themes)
    rows = search.narrowed(standing_in(frame.budget.pk)).filter(project__latitude__isnull=False)
    found = for_list(rows).order_by("project__number")[:POINTS]
    features = [point(row, frame.budget, frame.href) for row in found]
    return _geojson({"type": "FeatureCollection", "features": features})


@require_safe
@public_page(seconds=60)
def boundaries(request: HttpRequest, slug: str) -> HttpResponse:
    """The boundaries that the map draws, as GeoJSON. Two queries."""
    frame = frame_of(request.user, slug, "projects", reads=BUDGET)
    stored = Budget.objects.filter(pk=frame.budget.pk).values_list("boundaries", flat=True).get()
    return _geojson(stored or {"type": "FeatureCollection", "features": []})


def _geojson(data: Any) -> JsonResponse:
    return JsonResponse(
        data, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )
