"""The three moments that cannot be taken back: publishing, closing, telling the results."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answers.models import Obligation
from common.forms import add_refusal
from common.texts import localized
from common.verdicts import Refused, require
from consultations import actions
from consultations.desk import reads
from consultations.desk.forms import CloseForm, ResultsForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.results import changes_of, decisions_of, drawing, sentence, totals_of
from consultations.text import language_for
from consultations.views.frame import steps
from processes.actions import close as close_process
from processes.actions import publish_results
from processes.desk import edits, kept, show
from processes.permissions import may_close, may_publish, may_publish_results


@desk_page("publish", edits)
def publish(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is ready and what is missing; then everyone sees it."""
    require(may_publish(request.user, desk.process))
    checks = reads.checklist(desk.consultation, desk.href)
    error, status = "", 200
    if request.method == "POST":
        try:
            actions.publish_consultation(request.user, consultation=desk.consultation)
        except Refused as refused:
            error, status = str(refused.verdict.message), refused.verdict.status
        else:
            messages.success(request, _("The consultation is public."))
            return redirect(desk.public_href)
    context = {
        "checks": checks,
        "is_ready": not any(check.state == "missing" for check in checks),
        "steps": steps(desk.process.timetable),
        "now": desk.process.timetable.now,
        "error": error,
    }
    return show(request, desk, "publish", context, status=status)


@desk_page("close", edits)
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask first: afterwards nothing can be added any more, answers can still be given."""
    require(may_close(request.user, desk.process))
    form, status = CloseForm(request.POST or None, initial=kept(request, {})), 200
    table = desk.process.timetable
    if request.method == "POST":
        status = 400
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            is_early = any(span.closes_at > table.now for span in table.spans)
            if is_early and not reason:
                form.add_error("reason", _("It closes before its phases end: say why."))
            else:
                close_process(request.user, process=desk.process, reason=reason)
                messages.success(
                    request, _("The consultation is closed. Answers can still be given.")
                )
                return redirect(f"{desk.href}results/")
    context = {
        "form": form,
        "open_spans": [
            (localized(span.name).text, span.closes_at)  # type: ignore[arg-type]
            for span in table.spans
            if span.closes_at > table.now
        ],
        "counts": Obligation.objects.filter(process=desk.process).counts(),
    }
    return show(request, desk, "close", context, status=status)


@desk_page("results", edits)
def results(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What became of it, in a sentence of the body's own; a preview; then letters go out, once."""
    require(may_publish_results(request.user, desk.process))
    form = ResultsForm(
        request.POST or None, languages=desk.process.languages, initial=kept(request, {})
    )
    status, is_preview = 200, False
    if request.method == "POST":
        status = 400
        if form.is_valid():
            if "send" in request.POST and "confirmed" in request.POST:
                return _told(request, desk, form)
            is_preview, status = True, 200
            if "send" in request.POST:
                form.add_error(None, _("Tick that this cannot be undone."))
                status = 400
    context: dict[str, Any] = {
        "form": form,
        "is_preview": is_preview,
        "counts": Obligation.objects.filter(process=desk.process).counts(),
        "letters": reads.letters_to(desk.process),
        **(_preview(desk, form) if is_preview else {}),
    }
    return show(request, desk, "results", context, status=status)


def _told(request: HttpRequest, desk: Desk, form: Any) -> HttpResponse:
    try:
        publish_results(request.user, process=desk.process, summary=form.by_language("summary"))
    except Refused as refused:
        status = add_refusal(form, refused.verdict)
        return show(request, desk, "results", {"form": form}, status=status)
    messages.success(
        request,
        _("The results are public. Everyone who took part gets a letter in the next minutes."),
    )
    return redirect(f"{desk.public_href}results/")


def _preview(desk: Desk, form: Any) -> dict[str, Any]:
    decisions = decisions_of(desk.process)
    changes = changes_of(desk.consultation, language_for(desk.process.languages))
    return {
        "summary": localized(form.by_language("summary"), get_language()),
        "sentence": sentence(desk.process, decisions, changes),
        "totals": totals_of(desk.process),
        "decisions": decisions,
        "drawing": drawing(decisions),
        "changed": len({change.title for change in changes}),
    }
