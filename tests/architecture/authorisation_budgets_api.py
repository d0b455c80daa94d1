"""Who gets what of budgets from the API. The columns are those of authorisation_table.

The citizen is the author of the project that a row is about; the official works for the public body.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actions import grant_role
from accounts.kinds import Role
from budgets.actions.assessing import Finding, submit_assessment
from budgets.actions.projects import Idea, propose_project
from budgets.actions.revisions import ask_for_merger
from budgets.actions.signing import sign_assessment
from budgets.models import Budget, Project
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets import scenario
from tests.factories import person


def _budget(stage: Stage, phase: str = "proposing") -> Budget:
    return scenario.budget_in(phase, stage.official, stage.organisation, slug="our-money")


def _at(budget: Budget, data: Any = None, **more: Any) -> Request:
    return Request(kwargs={"slug": budget.process.slug, **more}, data=data)


def _project(stage: Stage, phase: str = "proposing") -> Project:
    return scenario.project(_budget(stage, phase), stage.citizen)


def _on(project: Project, data: Any = None) -> Request:
    return _at(project.budget, data, subject_id=project.subject_id)


def a_budget(stage: Stage) -> Request:
    return _at(_budget(stage))


def not_public(stage: Stage) -> Request:
    return _at(scenario.draft_budget(stage.official, stage.organisation))


def an_idea(stage: Stage) -> Request:
    return _at(_budget(stage), {"title": "A pond", "body": "With frogs."})


def a_project(stage: Stage) -> Request:
    return _on(_project(stage))


def a_proposed_project(stage: Stage) -> Request:
    """By the action, so that it is counted."""
    budget = _budget(stage)
    idea = Idea("A pond", "With frogs.", scenario.envelope_of(budget).pk)
    return _on(propose_project(stage.citizen, budget=budget, idea=idea))


def what_one_follows(stage: Stage) -> Request:
    return Request(kwargs={"subject_id": _project(stage).subject_id})


def other_words(stage: Stage) -> Request:
    return _on(_project(stage), {"body": "A park with more benches."})


def a_merger(stage: Stage) -> Request:
    project = _project(stage, "reviewing")
    into = scenario.project(project.budget, person(), "Another park")
    found = scenario.fresh(project.budget)
    for row in (project, into):
        row.budget = found
    asked = ask_for_merger(
        stage.official,
        project=project,
        into=into,
        reason="They are the same.",
        expires_at=timezone.now() + timedelta(days=3),
        language="en",
    )
    return _at(found, merger_id=asked.pk)


def an_answer_to_it(stage: Stage) -> Request:
    return Request(kwargs=a_merger(stage).kwargs, data={"answer": "refuse"})


def not_counted(stage: Stage) -> Request:
    scenario.feasible(project := _project(stage, "costing"))
    return _at(scenario.move_to(project.budget, "voting"))


def counted(stage: Stage) -> Request:
    scenario.feasible(project := _project(stage, "costing"))
    return _at(scenario.move_to(project.budget, "results"))


def chosen(stage: Stage) -> Request:
    scenario.feasible(project := _project(stage))
    Project.objects.filter(pk=project.pk).update(chosen_at=timezone.now(), rank=1)
    return _on(project)


def to_assess(stage: Stage) -> Request:
    return _on(_project(stage, "costing"), FOUND)


def _submitted(stage: Stage) -> Project:
    project = _project(stage, "costing")
    colleague = person()
    grant_role(None, person=colleague, organisation=stage.organisation, role=Role.EDITOR)
    finding = Finding(True, cost=Decimal(20_000), reason="It can be done.")
    submit_assessment(colleague, project=project, finding=finding, seen=None)
    return project


def _seen(project: Project) -> str:
    project.refresh_from_db()
    return project.assessment.changed_at.isoformat()


def to_sign(stage: Stage) -> Request:
    project = _submitted(stage)
    return _on(project, {"seen": _seen(project)})


def to_send_back(stage: Stage) -> Request:
    return _on(_submitted(stage), {"body": "Say what the ground costs."})


def to_publish(stage: Stage) -> Request:
    project = _submitted(stage)
    project.refresh_from_db()
    seen = project.assessment.changed_at
    sign_assessment(stage.official, project=project, seen=seen)
    return _at(project.budget)


FOUND = {"is_feasible": True, "cost": "20000", "reason": "It can be done."}
_BODY_ONLY = "401 403 403 403 200 403"
BUDGETS_API = [
    Row("api-budgets", "GET", "200"),
    Row("api-budget", "GET", "200", a_budget),
    Row("api-budget", "GET", "404 404 404 404 200 404", not_public),
    Row("api-projects", "GET", "200", a_budget),
    Row("api-projects", "POST", "401 201 201 201 201 201", an_idea),
    Row("api-project-map", "GET", "200", a_budget),
    Row("api-project", "GET", "200", a_project),
    Row("api-project", "PATCH", "401 200 403 403 403 403", other_words),
    Row("api-project", "DELETE", "401 204 403 403 403 403", a_proposed_project),
    # Nobody signs what is theirs.
    Row("api-cosignature", "PUT", "401 409 200 200 200 200", a_project),
    Row("api-cosignature", "DELETE", "401 409 200 200 200 200", a_project),
    Row("api-mergers", "GET", "401 200 200 200 200 200", a_budget),
    # Who has no part in it does not learn of it.
    Row("api-merger", "GET", "401 200 404 404 200 404", a_merger),
    Row("api-merger", "PUT", "401 200 404 404 403 404", an_answer_to_it),
    Row("api-budget-results", "GET", "409", not_counted),
    Row("api-budget-results", "GET", "200", counted),
    Row("api-building", "GET", "200", counted),
    Row("api-project-reports", "GET", "200", counted),
    Row("api-project-building", "GET", "409", a_project),
    Row("api-project-building", "GET", "200", chosen),
    Row("api-assessments", "GET", _BODY_ONLY, a_budget),
    Row("api-assessment", "GET", _BODY_ONLY, to_assess),
    Row("api-assessment", "PUT", _BODY_ONLY, to_assess),
    Row("api-assessment-submission", "POST", _BODY_ONLY, to_assess),
    # A colleague submitted it.
    Row("api-assessment-submission", "DELETE", "401 403 403 403 403 403", to_sign),
    Row("api-assessment-signature", "POST", _BODY_ONLY, to_sign),
    Row("api-assessment-return", "POST", _BODY_ONLY, to_send_back),
    Row("api-assessment-notes", "POST", "401 403 403 403 201 403", to_send_back),
    Row("api-publication", "POST", _BODY_ONLY, to_publish),
    Row("api-follows", "GET", "401 200 200 200 200 200"),
    Row("api-follow", "PUT", "401 200 200 200 200 200", what_one_follows),
    Row("api-follow", "DELETE", "401 200 200 200 200 200", what_one_follows),
]
