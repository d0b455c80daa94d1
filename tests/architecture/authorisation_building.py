"""Who gets what where chosen projects are carried out, and where people follow them. The columns as
in authorisation_table; the citizen proposed the project.
"""

from typing import Any

from django.utils import timezone

from budgets.actions.milestones import add_milestone
from budgets.models import Project
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets import scenario
from tests.budgets.projects.ideas import proposed

READS = "302 403 403 403 200 403"
WRITES = "302 403 403 403 302 403"


def _chosen(stage: Stage) -> Project:
    """A project that was chosen, as the count leaves it behind."""
    budget = scenario.budget_in("costing", stage.official, stage.organisation)
    row = scenario.feasible(scenario.project(budget, stage.citizen))
    Project.objects.filter(pk=row.pk).update(chosen_at=timezone.now(), rank=1)
    return row


def _of(row: Project, data: dict[str, Any] | None = None, **names: Any) -> Request:
    slug = row.budget.process.slug
    return Request(kwargs={"slug": slug, **names}, data=data)


def a_dashboard(stage: Stage) -> Request:
    return _of(_chosen(stage))


def a_draft(stage: Stage) -> Request:
    budget = scenario.draft_budget(stage.official, stage.organisation)
    return Request(kwargs={"slug": budget.process.slug})


def a_project(stage: Stage) -> Request:
    row = _chosen(stage)
    today = timezone.localdate().isoformat()
    data = {
        "title_en": "Digging", "planned_on": today, "body": "It rains.", "language": "en",
        "expected_on": today, "built_on": today, "confirmed": "on",
    }  # fmt: skip
    return _of(row, data, subject_id=row.subject_id)


def a_step(stage: Stage) -> Request:
    row = _chosen(stage)
    step = add_milestone(
        stage.official, project=row, title={"en": "Digging"}, planned_on=timezone.localdate()
    )
    return _of(row, {"title_en": "Digging deep"}, subject_id=row.subject_id, pk=step.pk)


def a_subject(stage: Stage) -> Request:
    budget = scenario.budget_in("proposing", stage.official, stage.organisation)
    return Request(kwargs={"subject_id": proposed(budget, stage.citizen).subject_id})


_TELL = ("report", "delay", "complete", "give_up")
BUILDING = [
    Row("budgets:budgets", "GET", "200"),
    Row("budgets:building", "GET", "200", a_dashboard),
    Row("budgets:building", "GET", "404 404 404 404 200 404", a_draft),
    Row("notifications:follow", "POST", "302", a_subject),
    Row("notifications:unfollow", "POST", "302", a_subject),
    Row("budgetdesk:building", "GET", READS, a_dashboard),
    Row("budgetdesk:building", "GET", "302 404 404 404 200 404", a_draft),
    Row("budgetdesk:building_project", "GET", READS, a_project),
    Row("budgetdesk:add_step", "GET", READS, a_project),
    Row("budgetdesk:add_step", "POST", WRITES, a_project),
    Row("budgetdesk:step", "GET", READS, a_step),
    Row("budgetdesk:step", "POST", WRITES, a_step),
    Row("budgetdesk:remove_step", "POST", WRITES, a_step),
    *(Row(f"budgetdesk:{name}", "GET", READS, a_project) for name in _TELL),
    *(Row(f"budgetdesk:{name}", "POST", WRITES, a_project) for name in _TELL),
]
