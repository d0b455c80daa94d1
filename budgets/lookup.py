"""Finding a budget or a project for a reader; what a reader may not see is not there."""

from typing import Any

from django.db.models import QuerySet

from budgets.models import Budget, Project
from common.prepared import Prepared
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes.permissions import may_read


def readable_budget(user: Any, slug: str) -> Budget:
    """A budget with process, public body, poll and timetable. One query. Raises Refused (404)."""
    budget = _BUDGET.first(slug=slug)
    if budget is None:
        raise Refused(NOT_FOUND)
    budget.take_frame()
    require(may_read(user, budget.process))
    return budget


def readable_project(user: Any, slug: str, subject_id: int) -> Project:
    """A project with all that frames it (see `ProjectQuerySet.with_frame`). One query.

    Raises Refused (404).
    """
    project = _PROJECT.first(slug=slug, subject_id=subject_id)
    if project is None:
        raise Refused(NOT_FOUND)
    project.take_frame()
    require(may_read(user, project.subject.process))
    return project


def _budget(slug: str) -> QuerySet[Budget]:
    return Budget.objects.with_timetable().filter(process__slug=slug)


def _project(slug: str, subject_id: int) -> QuerySet[Project]:
    rows = Project.objects.with_frame()
    return rows.filter(subject_id=subject_id, budget__process__slug=slug)


_BUDGET: Prepared[Budget] = Prepared(_budget, slug=str)
_PROJECT: Prepared[Project] = Prepared(_project, slug=str)
