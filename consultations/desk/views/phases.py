"""When what is open to whom: phases, a later end, and the promise."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.actions import promise as make_promise
from answers.permissions import may_promise
from common.forms import add_refusal
from common.texts import localized
from common.verdicts import Refused, require
from consultations.desk import reads
from consultations.desk.forms import ExtendForm, PromiseForm
from consultations.desk.views.frame import Desk, desk_page
from processes.actions import PhasePlan, reschedule, set_phases
from processes.desk import edits, kept, show
from processes.kinds import CONSULTING, Activity
from processes.models import Phase
from processes.permissions import may_change_dates
from processes.phases_page import PhasesKind, phases_page


@desk_page("phases", edits)
def phases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All phases on one page; after publication a change needs a public reason."""
    return phases_page(request, desk, _KIND)


def _proposed(start: datetime, languages: Sequence[str]) -> list[PhasePlan]:
    """One phase of four weeks that opens all, without a name."""
    return [PhasePlan({}, start, start + timedelta(days=28), CONSULTING)]


def _save(actor: Any, desk: Desk, plan: list[PhasePlan], reason: str) -> None:
    if desk.process.published_at is None:
        set_phases(actor, process=desk.process, plan=plan)
    else:
        reschedule(actor, process=desk.process, plan=plan, reason=reason)


_KIND = PhasesKind(activities=CONSULTING, added=(Activity.ANSWER,), proposed=_proposed, save=_save)


@desk_page("phases", edits)
def extend(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A later end of one phase, with a reason: one step."""
    require(may_change_dates(request.user, desk.process))
    rows = list(desk.process.phases.select_related("area"))
    if desk.process.published_at is None or not rows:
        return redirect(f"{desk.href}phases/")
    choices = [(row.pk, _("%(name)s, until %(end)s") % _named(row)) for row in rows]
    current = desk.process.timetable.current
    last = current.id if current else rows[-1].pk
    form = ExtendForm(request.POST or None, phases=choices, initial=kept(request, {"phase": last}))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and _is_later(form, rows):
            try:
                _extend(request, desk, form, rows)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The phase ends later now. Everyone can read why."))
                return redirect(desk.href)
    return show(request, desk, "extend", {"form": form}, status=status)


def _named(phase: Phase) -> dict[str, str]:
    end = timezone.localtime(phase.closes_at)
    return {"name": localized(phase.name).text, "end": f"{end:%Y-%m-%d %H:%M}"}


def _is_later(form: Any, rows: list[Phase]) -> bool:
    """Whether the new end lies after the old one and after now; the form says if not."""
    phase = next(row for row in rows if row.pk == form.cleaned_data["phase"])
    if form.cleaned_data["closes_at"] > max(phase.closes_at, timezone.now()):
        return True
    form.add_error("closes_at", _("Choose an end that is later than the one now, and not past."))
    return False


def _extend(request: HttpRequest, desk: Desk, form: Any, rows: list[Phase]) -> None:
    data = form.cleaned_data
    plan = [
        PhasePlan(
            id=row.pk,
            name=row.name,
            opens_at=row.opens_at,
            closes_at=data["closes_at"] if row.pk == data["phase"] else row.closes_at,
            activities=row.activities,
            audience=row.audience,
            area=row.area,
        )
        for row in rows
    ]
    reschedule(request.user, process=desk.process, plan=plan, reason=data["reason"])


@desk_page("promise", edits)
def promise(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who is owed a reasoned answer and until when, with whom it would be at present."""
    process = desk.process
    made = getattr(process, "promise", None)
    require(may_promise(request.user, process))
    end = process.closes_at or timezone.now()
    initial: dict[str, Any] = {"due_at": end + timedelta(days=30)}
    if made is not None:
        initial = {"rule": made.rule, "number": made.number, "due_at": made.due_at}
    is_look = "look" in request.POST
    form = PromiseForm(request.POST or None, initial=kept(request, initial))
    status = 200
    if request.method == "POST" and not form.is_valid() and not is_look:
        status = 400
    elif request.method == "POST" and not is_look:
        try:
            make_promise(request.user, process=process, **form.cleaned_data)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            messages.success(request, _("The promise stands, and everyone can read it."))
            return redirect(desk.href)
    asked = form.cleaned_data if form.is_bound else form.initial
    rule, number = asked.get("rule") or "top", asked.get("number") or 10
    ids = reads.called_for(process, rule, number)
    context = {"form": form, "called_count": len(ids), "called": reads.subjects_in_order(ids[:20]),
               "made": made}  # fmt: skip
    return show(request, desk, "promise", context, status=status)
