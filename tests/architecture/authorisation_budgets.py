"""Who gets what on the pages of budgets. The columns are those of tests.architecture.authorisation_table.

The citizen proposed the project that a row is about.
"""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from budgets.actions.pictures import attach_pictures, decode
from budgets.models import MergeRequest, Project
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets.projects.ideas import picture, proposed
from tests.budgets.scenario import budget_in, draft_budget


def a_budget(stage: Stage) -> Request:
    """Projects can be proposed in it now."""
    budget = budget_in("proposing", stage.official, stage.organisation)
    return Request(kwargs={"slug": budget.process.slug})


def not_public(stage: Stage) -> Request:
    budget = draft_budget(stage.official, stage.organisation)
    return Request(kwargs={"slug": budget.process.slug})


def _project(stage: Stage) -> Project:
    return proposed(budget_in("proposing", stage.official, stage.organisation), stage.citizen)


def _names(project: Project, **more: Any) -> dict[str, Any]:
    return {"slug": project.budget.process.slug, **more}


def a_project(stage: Stage) -> Request:
    project = _project(stage)
    data = {"title": "Water", "body": "More of it.", "envelope": project.envelope_id}
    return Request(kwargs=_names(project, subject_id=project.subject_id), data=data)


def a_picture(stage: Stage) -> Request:
    project = _project(stage)
    drawing = decode(picture(size=(8, 8)), "A square")
    [row] = attach_pictures(stage.citizen, project=project, pictures=[drawing])
    return Request(kwargs=_names(project, pk=row.pk))


def a_merger(stage: Stage) -> Request:
    """The citizen and another are asked to make one project of two."""
    mine = _project(stage)
    asked = MergeRequest.objects.create(
        project=mine,
        into=proposed(mine.budget, stage.another, title="Water"),
        reason="Both are about the same square.",
        asked_by=stage.official,
        expires_at=Now() + timedelta(days=7),
    )
    return Request(kwargs=_names(mine, pk=asked.pk), data={"answer": "agree"})


_READ = [
    f"budgets:{name}" for name in ("budget", "projects", "points", "boundaries", "activity", "feed")
]
_AUTHOR = "302 200 403 403 403 403"
_DONE = "302 302 403 403 403 403"
BUDGETS = [
    *(Row(name, "GET", "200", a_budget) for name in _READ),
    *(Row(name, "GET", "404 404 404 404 200 404", not_public) for name in _READ),
    Row("budgets:project", "GET", "200", a_project),
    Row("budgets:similar", "GET", "200", a_project),
    Row("budgets:picture", "GET", "200", a_picture),
    Row("budgets:propose", "GET", "302 200 200 200 200 200", a_budget),
    Row("budgets:propose", "POST", "302 400 400 400 400 400", a_budget),
    Row("budgets:propose", "GET", "404 404 404 404 409 404", not_public),
    Row("budgets:edit", "GET", _AUTHOR, a_project),
    Row("budgets:edit", "POST", _DONE, a_project),
    Row("budgets:withdraw", "GET", _AUTHOR, a_project),
    Row("budgets:withdraw", "POST", _DONE, a_project),
    # A button: whoever may not press it goes back and reads why.
    Row("budgets:cosign", "GET", "302", a_project),
    Row("budgets:cosign", "POST", "302", a_project),
    Row("budgets:remove_picture", "GET", _AUTHOR, a_picture),
    Row("budgets:remove_picture", "POST", _DONE, a_picture),
    Row("budgets:merger", "GET", "302 200 200 403 403 403", a_merger),
    Row("budgets:merger", "POST", "302 302 302 403 403 403", a_merger),
]
