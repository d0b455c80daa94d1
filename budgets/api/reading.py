"""Finding a budget for a program, with its money and its themes."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from budgets.models import Budget, Category, Envelope
from common.prepared import Prepared
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes.kinds import ProcessKind
from processes.models import Process
from processes.permissions import may_read


def find_budget(user: Any, slug: str) -> Budget:
    """A budget with its process (with status), public body, poll, timetable, and as JSON objects
    `envelopes_json` and `categories_json`. One query. Raises Refused (404)."""
    process = _PROCESS.first(slug=slug)
    if process is None:
        raise Refused(NOT_FOUND)
    require(may_read(user, process))
    budget: Budget = process.budget
    for name in ("phases_json", "clock", "envelopes_json", "categories_json"):
        setattr(budget, name, getattr(process, name))
    budget.process = process
    budget.take_frame()
    return budget


def _process(slug: str) -> QuerySet[Process]:
    envelopes = Envelope.objects.filter(budget=OuterRef("budget")).order_by("order", "pk")
    categories = Category.objects.filter(budget=OuterRef("budget")).order_by("order", "pk")
    return (
        Process.objects.with_timetable()
        .with_status()
        .select_related("organisation", "area", "budget__poll")
        .defer(
            "search", "sample", "budget__poll__definition", "budget__boundaries",
            "budget__about_html",
        )
        .annotate(
            envelopes_json=ArraySubquery(
                envelopes.values(
                    row=JSONObject(
                        pk="pk", key="key", title="title", amount=Cast("amount", CharField()),
                        area="area__slug",
                    )
                )
            ),
            categories_json=ArraySubquery(
                categories.values(
                    row=JSONObject(pk="pk", key="key", title="title", minimum="minimum")
                )
            ),
        )
        .filter(slug=slug, kind=ProcessKind.BUDGET, budget__isnull=False)[:1]
    )  # fmt: skip


_PROCESS: Prepared[Process] = Prepared(_process, slug=str)
