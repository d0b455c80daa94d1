"""When what is open to whom: phases, a later end, and the promise."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Area
from answers.actions import promise as make_promise
from answers.permissions import may_promise
from common.forms import add_refusal
from common.texts import localized
from common.ui.timeline import Step
from common.verdicts import Refused, require
from consultations.desk import reads
from consultations.desk.forms import ExtendForm, PhaseForm, PromiseForm, ReasonForm
from consultations.desk.views.frame import Desk, desk_page
from processes.actions import PhasePlan, reschedule, set_phases
from processes.desk import edits, kept, show
from processes.fields import area_choices, spread
from processes.kinds import CONSULTING, Activity
from processes.models import Phase
from processes.permissions import may_change_dates

MOST = 20  # phases


@desk_page("phases", edits)
def phases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All phases on one page; after publication a change needs a public reason."""
    require(may_change_dates(request.user, desk.process))
    if request.method != "POST":
        forms, reason = _stored_forms(desk), ReasonForm() if desk.process.published_at else None
        return _phases_page(request, desk, forms, reason, 200)
    forms = _posted_forms(request, desk)
    reason = ReasonForm(request.POST) if desk.process.published_at else None
    if "look" in request.GET or "look" in request.POST:
        return _look(request, desk, forms, reason)
    if "add" in request.POST or "remove" in request.POST:
        return _phases_page(request, desk, _changed(request, desk, forms), reason, 200)
    are_valid = [form.is_valid() for form in forms]
    if not all(are_valid) or (reason is not None and not reason.is_valid()):
        return _phases_page(request, desk, forms, reason, 400)
    try:
        _save_phases(request, desk, forms, reason)
    except Refused as refused:
        target = reason or (forms[0] if forms else None)
        if target is None:
            raise
        return _phases_page(request, desk, forms, reason, add_refusal(target, refused.verdict))
    messages.success(request, _("The phases are saved."))
    return redirect(desk.href)


def _areas(desk: Desk) -> list[tuple[Any, Any]]:
    return area_choices(_("Choose an area"))


def _stored_forms(desk: Desk) -> list[PhaseForm]:
    """One form for each phase; an empty one where there is none."""
    areas, codes = _areas(desk), desk.process.languages
    rows = [
        PhaseForm(
            prefix=f"p{index}",
            languages=codes,
            areas=areas,
            initial={
                **spread(name=phase.name),
                "id": phase.pk,
                "opens_at": phase.opens_at,
                "closes_at": phase.closes_at,
                "activities": phase.activities,
                "audience": phase.audience,
                "area": phase.area_id,
            },
        )
        for index, phase in enumerate(desk.process.phases.all())
    ]
    return rows or [_empty_form(0, desk, areas)]


def _empty_form(index: int, desk: Desk, areas: Any, after: datetime | None = None) -> PhaseForm:
    """A phase of four weeks from tomorrow, or from the end of the one before, that opens all."""
    start = after or timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    start = start if after else start + timedelta(days=1)
    initial = {
        "opens_at": start,
        "closes_at": start + timedelta(days=28),
        "activities": list(CONSULTING) if after is None else [Activity.ANSWER],
    }
    return PhaseForm(
        prefix=f"p{index}", languages=desk.process.languages, areas=areas, initial=initial
    )


def _prefixes(request: HttpRequest) -> list[str]:
    """The prefixes of the phases that were sent, in their order, each once."""
    sent = dict.fromkeys(request.POST.getlist("row"))
    return [name for name in sent if name[:1] == "p" and name[1:].isascii() and name[1:].isdigit()][
        :MOST
    ]


def _posted_forms(request: HttpRequest, desk: Desk) -> list[PhaseForm]:
    areas, codes = _areas(desk), desk.process.languages
    return [
        PhaseForm(request.POST, prefix=name[:6], languages=codes, areas=areas)
        for name in _prefixes(request)
    ]


def _changed(request: HttpRequest, desk: Desk, forms: list[PhaseForm]) -> list[PhaseForm]:
    """The phases with one more, or without one; what was typed stays, nothing is judged yet."""
    gone = request.POST.get("remove")
    left = [form for form in forms if form.prefix != gone]
    for form in left:
        form.is_valid()
        form.errors.clear()
    if "add" in request.POST and len(left) < MOST:
        number = max((int(form.prefix[1:]) for form in left), default=-1) + 1
        ends = [
            form.cleaned_data["closes_at"] for form in left if form.cleaned_data.get("closes_at")
        ]
        after = timezone.localtime(max(ends)) if ends else None
        left.append(_empty_form(number, desk, _areas(desk), after))
    return left


def _steps(forms: list[PhaseForm]) -> list[Step]:
    """The phases that can be drawn, as typed or as stored."""
    names = dict(Activity.choices)
    steps = []
    for form in forms:
        if form.is_bound:
            form.is_valid()
            found, name = form.cleaned_data, form.by_language("name")
        else:
            found = form.initial
            name = {code: found.get(f"name_{code}", "") for code in form.codes}
        opens, closes = found.get("opens_at"), found.get("closes_at")
        if opens and closes and opens < closes:
            opened = " · ".join(str(names[a]) for a in found.get("activities") or [] if a in names)
            title = localized(name).text or _("A new phase")
            steps.append(Step(title, opens, closes, opened))
    return sorted(steps, key=lambda step: (step.starts_at, step.ends_at))


def _look(request: HttpRequest, desk: Desk, forms: list[PhaseForm], reason: Any) -> HttpResponse:
    """The drawn line of what is typed: as a part of the page, or the page with it."""
    steps = _steps(forms)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "desk/_timeline.html", {"steps": steps})
    for form in forms:
        form.errors.clear()
    return _phases_page(request, desk, forms, reason, 200, steps=steps)


def _phases_page(
    request: HttpRequest, desk: Desk, forms: Any, reason: Any, status: int, *, steps: Any = None
) -> HttpResponse:
    wrong = [
        form for form in [*forms, reason] if form is not None and form.is_bound and form.errors
    ]
    context = {
        "forms": forms,
        "reason": reason,
        "wrong": wrong if status != 200 else [],
        "steps": steps if steps is not None else _steps(forms),
        "may_add": len(forms) < MOST,
        "zone": timezone.get_current_timezone_name(),
    }
    if status == 200:
        for form in forms:
            if form.is_bound:
                form.errors.clear()
        if reason is not None and reason.is_bound:
            reason.errors.clear()
    return show(request, desk, "phases", context, status=status)


def _save_phases(request: HttpRequest, desk: Desk, forms: list[PhaseForm], reason: Any) -> None:
    areas = {area.pk: area for area in Area.objects.all()}
    plan = [
        PhasePlan(
            id=form.cleaned_data["id"],
            name=form.by_language("name"),
            opens_at=form.cleaned_data["opens_at"],
            closes_at=form.cleaned_data["closes_at"],
            activities=form.cleaned_data["activities"],
            audience=form.cleaned_data["audience"],
            area=areas.get(form.cleaned_data["area"]),
        )
        for form in forms
    ]
    if reason is None:
        set_phases(request.user, process=desk.process, plan=plan)
    else:
        text = reason.cleaned_data["reason"]
        reschedule(request.user, process=desk.process, plan=plan, reason=text)


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
