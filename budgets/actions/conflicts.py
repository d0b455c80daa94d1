"""Projects that exclude one another: of each set at most one can be chosen. Until voting opens."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.actions.declaring import locked
from budgets.actions.holding import reason_of
from budgets.models import Budget, Conflict, Project
from budgets.permissions import may_declare
from common.verdicts import YES, Refused, Verdict, no, require

LONGEST_REASON = 2000
MOST = 200


@transaction.atomic
def declare_conflict(
    actor: Any, *, budget: Budget, projects: Sequence[Project], reason: str
) -> Conflict:
    """Say that at most one of these projects can be chosen, and why. The reason is public."""
    require(may_declare(actor, locked(budget)))
    require(_fits(budget, projects))
    if budget.conflicts.count() >= MOST:
        raise Refused(no("too_many", _("There are as many as there can be."), 409))
    conflict = Conflict.objects.create(
        budget=budget, reason=_reason(reason), language=get_language() or "en"
    )
    conflict.projects.set(projects)
    return conflict


@transaction.atomic
def edit_conflict(
    actor: Any, *, conflict: Conflict, projects: Sequence[Project], reason: str
) -> Conflict:
    """Change which projects exclude one another, or why."""
    require(may_declare(actor, locked(conflict.budget)))
    require(_fits(conflict.budget, projects))
    conflict.reason, conflict.language = _reason(reason), get_language() or "en"
    conflict.save(update_fields=["reason", "language"])
    conflict.projects.set(projects)
    return conflict


@transaction.atomic
def remove_conflict(actor: Any, *, conflict: Conflict) -> None:
    """Let them all be chosen."""
    require(may_declare(actor, locked(conflict.budget)))
    conflict.delete()


def _fits(budget: Budget, projects: Sequence[Project]) -> Verdict:
    if len({project.pk for project in projects}) < 2:
        return no("too_few", _("Choose at least two projects."), 400)
    if any(project.budget_id != budget.pk for project in projects):
        return no("other_budget", _("These projects do not belong to this budget."), 400)
    if len({project.envelope_id for project in projects}) > 1:
        message = _(
            "Projects of different envelopes are chosen apart from one another. Choose projects of one."
        )
        return no("several_envelopes", message, 400)
    return YES


def _reason(text: str) -> str:
    missing = _("Say why they exclude one another. Everyone will read it.")
    return reason_of(text, missing=missing, limit=LONGEST_REASON)
