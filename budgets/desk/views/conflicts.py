"""Projects that exclude one another."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budgets.actions.conflicts import declare_conflict, edit_conflict, remove_conflict
from budgets.desk import reads
from budgets.desk.forms import ConflictForm
from budgets.desk.views.frame import Desk, desk_page
from budgets.models import Conflict
from budgets.permissions import may_declare
from common.forms import LONGEST_ID, sent
from common.verdicts import require
from processes.desk import READ, edits, kept, show


@desk_page("conflicts", edits, READ)
def conflicts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All sets of incompatible projects."""
    context = {
        "conflicts": reads.conflict_lines(desk.budget),
        "can_choose": len(reads.choosable(desk.budget)) > 1,
        "may_change": not desk.is_fixed,
    }
    return show(request, desk, "conflicts", context)


@desk_page("conflicts", edits)
def new_conflict(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more set."""
    return _conflict(request, desk, None)


@desk_page("conflicts", edits)
def conflict(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Change a set."""
    return _conflict(request, desk, _conflict_or_404(desk, pk))


def _conflict(request: HttpRequest, desk: Desk, row: Conflict | None) -> HttpResponse:
    require(may_declare(request.user, desk.budget))
    initial: dict[str, Any] = {}
    offered = reads.choosable(desk.budget)
    if row is not None:
        inside = list(row.projects.select_related("subject", "envelope"))
        known = {project.pk for project in offered}
        offered += [project for project in inside if project.pk not in known]
        offered.sort(key=lambda p: (p.envelope.order, p.envelope_id, p.number))
        initial = {"projects": [project.pk for project in inside], "reason": row.reason}
    form = ConflictForm(request.POST or None, projects=offered, initial=kept(request, initial))

    def save() -> Conflict:
        wanted = {"projects": form.picked(), "reason": form.cleaned_data["reason"]}
        if row is None:
            return declare_conflict(request.user, budget=desk.budget, **wanted)
        return edit_conflict(request.user, conflict=row, **wanted)

    done = sent(request, form, save)
    if done:
        messages.success(request, _("At most one of these projects can be chosen now."))
        return redirect(f"{desk.href}conflicts/")
    return show(request, desk, "conflict", {"form": form, "row": row}, status=done.status)


@desk_page("conflicts", edits)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask first; then all of them can be chosen."""
    row = _conflict_or_404(desk, pk)
    require(may_declare(request.user, desk.budget))
    if request.method == "POST":
        remove_conflict(request.user, conflict=row)
        messages.success(request, _("These projects can all be chosen again."))
        return redirect(f"{desk.href}conflicts/")
    line = next(line for line in reads.conflict_lines(desk.budget) if line["pk"] == row.pk)
    return show(request, desk, "remove_conflict", {"line": line})


def _conflict_or_404(desk: Desk, pk: int) -> Conflict:
    """A set of this budget. One query."""
    row = desk.budget.conflicts.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    row.budget = desk.budget
    return row
