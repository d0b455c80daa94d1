"""Chosen projects at the desk: which are late, and what is told of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import ROLE_TOO_SMALL
from budgets import drawings
from budgets.actions.milestones import (
    add_milestone,
    may_remove_milestone,
    remove_milestone,
    rename_milestone,
)
from budgets.building import Row, building_of, chosen_rows, late_first, totals_of
from budgets.desk.building_forms import StepForm, titles_of
from budgets.desk.views.frame import Desk, desk_page, works
from budgets.models import Milestone, Project
from budgets.permissions import may_add_news, may_report
from common.forms import LONGEST_ID, add_refusal
from common.texts import localized
from common.ui.charts import PATTERN_DEFINITIONS
from common.ui.money import money
from common.verdicts import YES, Refused, Verdict, require
from processes.desk import POST, READ, kept, show


def reports(desk: Desk) -> Verdict:
    """Owners, editors and answerers of the public body."""
    return YES if desk.may_edit or desk.may_answer else ROLE_TOO_SMALL


@desk_page("building", works, methods=READ)
def building(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Late ones first: what comes next, money against the plan. One query of its own."""
    rows = chosen_rows(desk.budget)
    totals = totals_of(rows)
    context = {
        "is_counted": desk.budget.poll.counted_at is not None,
        "totals": totals,
        "patterns": PATTERN_DEFINITIONS,
        "states": drawings.states(totals.counts),
        "lines": [_line(desk, row) for row in late_first(rows)],
    }
    return show(request, desk, "building", context)


def _line(desk: Desk, row: Row) -> dict[str, Any]:
    currency = desk.budget.currency
    return {
        "row": row,
        "href": f"{desk.href}building/{row.subject_id}/",
        "spent": money(row.spent, currency),
        "plan": money(row.plan, currency),
        "bar": drawings.spending(row.spent, row.plan, 8),
    }


@desk_page("building", works, methods=READ)
def project(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """One chosen project: its steps and reports, and what can be told. Three queries of its own."""
    row = chosen_project(desk, subject_id)
    href = f"{desk.href}building/{subject_id}/"
    context = {
        "project": row,
        "name": row.subject.shown,
        "href": href,
        "public_page": f"{desk.public_href}projects/{subject_id}/",
        "building": building_of(row),
        "may_report": may_report(request.user, row),
        "may_add_news": may_add_news(request.user, row),
    }
    return show(request, desk, "building_project", context)


@desk_page("building", reports)
def add_step(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """Promise a step for a day."""
    row = chosen_project(desk, subject_id)
    require(may_report(request.user, row))
    form = StepForm(
        request.POST or None, languages=desk.process.languages, initial=kept(request, {})
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_milestone(
                request.user,
                project=row,
                title=form.by_language("title"),
                planned_on=form.cleaned_data["planned_on"],
            )
        except Refused as refused:
            add_refusal(form, refused.verdict)
        else:
            messages.success(request, _("The step stands on the project’s page now."))
            return redirect(f"{desk.href}building/{subject_id}/")
    return _step_page(request, desk, row, form, heading=_("Add a step"))


@desk_page("building", reports)
def step(request: HttpRequest, desk: Desk, subject_id: int, pk: int) -> HttpResponse:
    """What a step is called; its days stay. A mistake of today can be taken away."""
    row = chosen_project(desk, subject_id)
    milestone = _milestone(row, pk)
    require(may_report(request.user, row))
    codes = desk.process.languages
    form = StepForm(
        request.POST or None,
        languages=codes,
        is_new=False,
        initial=kept(request, titles_of(milestone.title, codes)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            rename_milestone(request.user, milestone=milestone, title=form.by_language("title"))
        except Refused as refused:
            add_refusal(form, refused.verdict)
        else:
            messages.success(request, _("The step has its new name."))
            return redirect(f"{desk.href}building/{subject_id}/")
    removable = bool(may_remove_milestone(request.user, milestone))
    return _step_page(
        request, desk, row, form, heading=_("Name of the step"), milestone=milestone,
        removable=removable,
    )  # fmt: skip


@desk_page("building", reports, methods=POST)
def remove_step(request: HttpRequest, desk: Desk, subject_id: int, pk: int) -> HttpResponse:
    """Take away what was a mistake."""
    row = chosen_project(desk, subject_id)
    milestone = _milestone(row, pk)
    remove_milestone(request.user, milestone=milestone)
    words = _("“%(step)s” is taken away.") % {"step": localized(milestone.title).text}
    messages.success(request, words)
    return redirect(f"{desk.href}building/{subject_id}/")


def _step_page(
    request: HttpRequest, desk: Desk, row: Project, form: StepForm, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "name": row.subject.shown,
        "back": f"{desk.href}building/{row.subject_id}/",
        **more,
    }
    return show(request, desk, "building_step", context, status=400 if form.errors else 200)


def chosen_project(desk: Desk, subject_id: int) -> Project:
    """A chosen project of the budget, with its frame. One query. Raises Http404."""
    if subject_id > LONGEST_ID:
        raise Http404
    rows = Project.objects.with_frame().filter(budget=desk.budget, chosen_at__isnull=False)
    row = rows.filter(subject_id=subject_id).first()
    if row is None:
        raise Http404
    row.take_frame()
    return row


def _milestone(row: Project, pk: int) -> Milestone:
    milestone = row.milestones.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if milestone is None:
        raise Http404
    milestone.project = row
    return milestone
