"""Reports on a chosen project: progress, delay, completed, given up. Each is public and stays."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budgets.actions import reports as actions
from budgets.building import steps_of
from budgets.desk.building_forms import BuiltForm, DelayForm, GiveUpForm, NewsForm, ProgressForm
from budgets.desk.views.building import chosen_project, reports
from budgets.desk.views.frame import Desk, desk_page
from budgets.kinds import ReportKind
from budgets.models import Milestone, Project
from budgets.permissions import may_add_news, may_report
from budgets.uploads import PictureRows
from common.forms import add_refusal
from common.ui.money import money
from common.verdicts import Refused, require
from processes.desk import kept, show


@dataclass(frozen=True, slots=True)
class Telling:
    """One kind of report: its form, and the words of its page."""

    form: type[NewsForm]
    heading: str
    lead: str
    primary: str
    said: str
    is_final: bool = False
    takes_pictures: bool = True


def _tellings() -> dict[str, Telling]:
    """In the reader's language."""
    return {
        ReportKind.PROGRESS: Telling(
            ProgressForm,
            _("Report progress"),
            _("What was done, what comes next, what it cost. A step can be marked as reached."),
            _("Publish the report"),
            _("The report is public. Whoever backs the project is told."),
        ),
        ReportKind.DELAY: Telling(
            DelayForm,
            _("Report a delay"),
            _("Say what takes longer, until when, and why. What was first planned stays visible."),
            _("Publish the delay"),
            _("The delay is public with its reason. Whoever backs the project is told."),
        ),
        ReportKind.BUILT: Telling(
            BuiltForm,
            _("Report that it is completed"),
            _("What there is now, and what it cost in the end. Later bills can still be reported."),
            _("It is completed"),
            _("Completed. Whoever backs the project is told."),
            is_final=True,
        ),
        ReportKind.CANCELLED: Telling(
            GiveUpForm,
            _("Give this project up?"),
            _(
                "People chose it. Say why it will not be carried out; everyone reads the reason, and "
                "whoever backs the project is told. This cannot be undone."
            ),
            _("Give it up for good"),
            _("The project is given up. The reason is public."),
            is_final=True,
            takes_pictures=False,
        ),
    }


@desk_page("building", reports)
def tell(request: HttpRequest, desk: Desk, subject_id: int, kind: str) -> HttpResponse:
    """One form for each kind of report; what was typed, and the pictures, survive a refusal."""
    row = chosen_project(desk, subject_id)
    asked = may_add_news if kind == ReportKind.PROGRESS else may_report
    telling = _tellings()[kind]
    pictures = PictureRows()
    form = _form(request, desk, row, telling)
    status = 200
    if request.method == "POST":
        status = 400
        pictures.read(request.user, request.POST, request.FILES)
        if form.is_valid() and not pictures.has_errors:
            try:
                _publish(request, row, kind, form, pictures)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                pictures.release()
                messages.success(request, telling.said)
                return redirect(f"{desk.href}building/{subject_id}/")
    else:
        require(asked(request.user, row))
    context = {
        "form": form,
        "telling": telling,
        "pictures": pictures,
        "name": row.subject.shown,
        "back": f"{desk.href}building/{subject_id}/",
        "keep": f"report-{row.pk}-{kind}",
    }
    return show(request, desk, "building_report", context, status=status)


def _form(request: HttpRequest, desk: Desk, row: Project, telling: Telling) -> NewsForm:
    """What is asked; a step that the address names is chosen already. One query."""
    steps = [step for step in steps_of(row) if step.reached_on is None]
    return telling.form(
        request.POST or None,
        languages=desk.process.languages,
        spent=money(row.spent, row.budget.currency),
        steps=steps if may_report(request.user, row) else [],
        initial=kept(request, {"step": request.GET.get("step", "")}),
    )


def _publish(
    request: HttpRequest, row: Project, kind: str, form: NewsForm, pictures: PictureRows
) -> None:
    news = form.news(pictures.drawings)
    given: dict[str, Any] = {"project": row, "news": news}
    found = form.cleaned_data
    step = Milestone.objects.filter(project=row, pk=form.step_id).first() if form.step_id else None
    match kind:
        case ReportKind.PROGRESS:
            reached_on = found.get("reached_on") if step else None
            actions.report_progress(request.user, milestone=step, reached_on=reached_on, **given)
        case ReportKind.DELAY:
            day = found["expected_on"]
            actions.report_delay(request.user, milestone=step, expected_on=day, **given)
        case ReportKind.BUILT:
            actions.report_built(request.user, built_on=found["built_on"], **given)
        case _:
            actions.give_up(request.user, **given)
