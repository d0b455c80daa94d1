"""The moments of a budget that cannot be taken back: publishing and closing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budgets.actions.setup import close_budget, ends_early, publish_budget
from budgets.desk import checks
from budgets.desk.forms import CloseForm
from budgets.desk.views.frame import Desk, desk_page
from budgets.views.frame import steps
from common.forms import sent
from common.texts import localized
from common.verdicts import Refused, require
from processes.desk import edits, kept, show
from processes.permissions import may_close, may_publish


@desk_page("publish", edits)
def publish(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is ready and what is missing; then everyone sees it."""
    require(may_publish(request.user, desk.process))
    error, status = "", 200
    if request.method == "POST":
        try:
            publish_budget(request.user, budget=desk.budget)
        except Refused as refused:
            if refused.verdict.status in (401, 403):
                raise
            error, status = str(refused.verdict.message), refused.verdict.status
        else:
            messages.success(request, _("The budget is public."))
            return redirect(desk.public_href)
    found = checks.before_publishing(desk.budget, desk.href)
    context = {
        "checks": found,
        "is_ready": not any(check.state == "missing" for check in found),
        "error": error,
        "steps": steps(desk.process.timetable),
        "now": desk.process.timetable.now,
    }
    return show(request, desk, "publish", context, status=status)


@desk_page("close", edits)
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask first: afterwards nothing can be added or reported any more."""
    require(may_close(request.user, desk.process))
    form = CloseForm(request.POST or None, initial=kept(request, {}))
    done = sent(
        request,
        form,
        lambda: close_budget(request.user, budget=desk.budget, reason=form.cleaned_data["reason"]),
    )
    if done:
        messages.success(request, _("The budget is closed. Everyone can read why."))
        return redirect(desk.href)
    table = desk.process.timetable
    context = {
        "form": form,
        "is_early": ends_early(desk.budget),
        "is_voting": desk.stage == "open",
        "open_spans": [
            (localized(span.name).text, span.closes_at)  # type: ignore[arg-type]
            for span in table.spans
            if span.closes_at > table.now
        ],
    }
    return show(request, desk, "close", context, status=done.status)
