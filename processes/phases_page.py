"""The page of a desk on which all phases of a process are set, whatever its kind.

Phases are added, removed and drawn by the server, with what was typed; nothing is saved before that
is asked for. After publication a change needs a public reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Area
from common.forms import add_refusal
from common.texts import localized
from common.ui.timeline import Step
from common.verdicts import Refused, require
from processes.actions import PhasePlan
from processes.desk import Frame, show
from processes.fields import area_choices, spread
from processes.kinds import Activity
from processes.permissions import may_change_dates
from processes.phase_forms import PhaseForm, ReasonForm

MOST = 20  # phases

Forms = list[PhaseForm]


@dataclass(frozen=True, slots=True)
class PhasesKind:
    """What differs between kinds of process. `save(actor, desk, plan, reason)` is their action (the
    reason is "" before publication), `proposed(start, languages)` the phases that stand there where
    none are set, `added` what one more phase opens, `odd(spans)` what may be meant but looks
    wrong: sentences about things with `opens_at`, `closes_at` and `activities`."""

    activities: Sequence[Activity]
    added: Sequence[Activity]
    proposed: Callable[[datetime, Sequence[str]], list[PhasePlan]]
    save: Callable[[Any, Any, list[PhasePlan], str], object]
    odd: Callable[[Sequence[Any]], list[str]] = lambda spans: []


def phases_page(request: HttpRequest, desk: Frame, kind: PhasesKind) -> HttpResponse:
    """All phases on one page. Templates: phases of the desk's folder, desk/_timeline."""
    require(may_change_dates(request.user, desk.process))
    is_public = desk.process.published_at is not None
    if request.method != "POST":
        reason = ReasonForm() if is_public else None
        return _page(request, desk, kind, _stored_forms(desk, kind), reason, 200)
    forms = _posted_forms(request, desk, kind)
    reason = ReasonForm(request.POST) if is_public else None
    if "look" in request.GET or "look" in request.POST:
        return _look(request, desk, kind, forms, reason)
    if "add" in request.POST or "remove" in request.POST:
        return _page(request, desk, kind, _changed(request, desk, kind, forms), reason, 200)
    are_valid = [form.is_valid() for form in forms]
    if not all(are_valid) or (reason is not None and not reason.is_valid()):
        return _page(request, desk, kind, forms, reason, 400)
    text = reason.cleaned_data["reason"] if reason is not None else ""
    try:
        kind.save(request.user, desk, _plan(forms), text)
    except Refused as refused:
        target = reason or (forms[0] if forms else None)
        if target is None:
            raise
        return _page(request, desk, kind, forms, reason, add_refusal(target, refused.verdict))
    messages.success(request, _("The phases are saved."))
    return redirect(desk.href)


def tomorrow_morning() -> datetime:
    """Nine o'clock of the next day by the clock of the site."""
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    return now + timedelta(days=1)


def _areas() -> list[tuple[Any, Any]]:
    return area_choices(_("Choose an area"))


def _form_of(desk: Frame, kind: PhasesKind, areas: Any, index: int, phase: Any) -> PhaseForm:
    """The form of a phase as it is stored, or as it is proposed."""
    return PhaseForm(
        prefix=f"p{index}",
        languages=desk.process.languages,
        areas=areas,
        activities=kind.activities,
        initial={
            **spread(name=phase.name),
            "id": getattr(phase, "pk", None),
            "opens_at": phase.opens_at,
            "closes_at": phase.closes_at,
            "activities": list(phase.activities),
            "audience": phase.audience,
            "area": getattr(phase, "area_id", None),
        },
    )


def _stored_forms(desk: Frame, kind: PhasesKind) -> Forms:
    """One form for each phase; what is proposed where there is none."""
    areas = _areas()
    rows: list[Any] = list(desk.process.phases.all())
    rows = rows or kind.proposed(tomorrow_morning(), desk.process.languages)
    return [_form_of(desk, kind, areas, index, phase) for index, phase in enumerate(rows)]


def _prefixes(request: HttpRequest) -> list[str]:
    """The prefixes of the phases that were sent, in their order, each once."""
    sent = dict.fromkeys(request.POST.getlist("row"))
    return [name for name in sent if name[:1] == "p" and name[1:].isascii() and name[1:].isdigit()][
        :MOST
    ]


def _posted_forms(request: HttpRequest, desk: Frame, kind: PhasesKind) -> Forms:
    areas = _areas()
    return [
        PhaseForm(
            request.POST,
            prefix=name[:6],
            languages=desk.process.languages,
            areas=areas,
            activities=kind.activities,
        )
        for name in _prefixes(request)
    ]


def _changed(request: HttpRequest, desk: Frame, kind: PhasesKind, forms: Forms) -> Forms:
    """The phases with one more, or without one; what was typed stays, nothing is judged yet."""
    gone = request.POST.get("remove")
    left = [form for form in forms if form.prefix != gone]
    for form in left:
        form.is_valid()
        form.errors.clear()
    if "add" in request.POST and len(left) < MOST:
        number = max((int((form.prefix or "p0")[1:]) for form in left), default=-1) + 1
        ends = [
            form.cleaned_data["closes_at"] for form in left if form.cleaned_data.get("closes_at")
        ]
        start = timezone.localtime(max(ends)) if ends else tomorrow_morning()
        more = PhasePlan({}, start, start + timedelta(days=28), kind.added)
        left.append(_form_of(desk, kind, _areas(), number, more))
    return left


def _steps(forms: Forms) -> list[Step]:
    """The phases that can be drawn, as typed or as stored."""
    names = dict(Activity.choices)
    steps = []
    for form in forms:
        found = _moments(form)
        if found is None:
            continue
        opened = " · ".join(str(names[a]) for a in found.activities if a in names)
        title = localized(found.name).text or _("A new phase")
        steps.append(Step(title, found.opens_at, found.closes_at, opened))
    return sorted(steps, key=lambda step: (step.starts_at, step.ends_at))


def _moments(form: PhaseForm) -> PhasePlan | None:
    """A phase as typed or as stored, if its two moments are there and in order."""
    if form.is_bound:
        form.is_valid()
        found, name = form.cleaned_data, form.by_language("name")
    else:
        found = form.initial
        name = {code: found.get(f"name_{code}", "") for code in form.codes}
    opens, closes = found.get("opens_at"), found.get("closes_at")
    if not (opens and closes and opens < closes):
        return None
    return PhasePlan(name, opens, closes, found.get("activities") or [])


def _look(
    request: HttpRequest, desk: Frame, kind: PhasesKind, forms: Forms, reason: Any
) -> HttpResponse:
    """The drawn line of what is typed: as a part of the page, or the page with it."""
    if request.htmx:  # type: ignore[attr-defined]
        drawn = {"steps": _steps(forms), "odd": _odd(kind, forms)}
        return render(request, "desk/_timeline.html", drawn)
    steps = _steps(forms)
    odd = _odd(kind, forms)
    for form in forms:
        form.errors.clear()
    return _page(request, desk, kind, forms, reason, 200, drawn={"steps": steps, "odd": odd})


def _odd(kind: PhasesKind, forms: Forms) -> list[str]:
    return kind.odd([span for span in map(_moments, forms) if span is not None])


def _page(
    request: HttpRequest,
    desk: Frame,
    kind: PhasesKind,
    forms: Forms,
    reason: Any,
    status: int,
    *,
    drawn: dict[str, Any] | None = None,
) -> HttpResponse:
    wrong = [
        form for form in [*forms, reason] if form is not None and form.is_bound and form.errors
    ]
    context = {
        "forms": forms,
        "reason": reason,
        "wrong": wrong if status != 200 else [],
        "may_add": len(forms) < MOST,
        "is_proposal": status == 200
        and all(not form.is_bound for form in forms)
        and all(form.initial.get("id") is None for form in forms),
        "zone": timezone.get_current_timezone_name(),
        **(drawn or {"steps": _steps(forms), "odd": _odd(kind, forms)}),
    }
    if status == 200:
        for form in forms:
            if form.is_bound:
                form.errors.clear()
        if reason is not None and reason.is_bound:
            reason.errors.clear()
    return show(request, desk, "phases", context, status=status)


def _plan(forms: Forms) -> list[PhasePlan]:
    areas = {area.pk: area for area in Area.objects.all()}
    return [
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
