"""One poll at a glance, and its stages: published, opened, closed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.texts import localized
from common.ui.timeline import Step
from common.verdicts import Refused, no, require
from processes.desk import READ, edits, show
from processes.kinds import Activity
from voting.actions.editing import publish_poll
from voting.actions.stages import close_poll, is_fit_to_open, open_poll
from voting.desk import reads
from voting.desk.views.frame import Desk, desk_page
from voting.permissions import may_publish_poll, may_run_poll


@desk_page("overview", methods=READ)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What comes next, then numbers. Nothing here says how anybody voted."""
    stage = desk.stage
    checks = reads.checklist(desk.poll, desk.href) if stage in ("draft", "published") else []
    copied = desk.poll.copied_from
    missing = [check for check in checks if check.state == "missing"]
    context = {
        "checks": checks,
        "missing": missing,
        "is_ready": not missing,
        "steps": _steps(desk),
        "now": desk.poll.timetable.now,
        "stage_word": reads.stage_word(desk.poll),
        "copied_from": copied.process if copied else None,
    }
    return show(request, desk, "overview", context)


def _steps(desk: Desk) -> list[Step]:
    return [
        Step(localized(span.name).text, span.opens_at, span.closes_at, "")  # type: ignore[arg-type]
        for span in desk.poll.timetable.spans
        if Activity.VOTE in span.activities
    ]


@desk_page("publish", edits)
def publish(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is missing; then it is public with its rules and questions."""
    require(may_publish_poll(request.user, desk.poll))
    error, status = "", 200
    if request.method == "POST":
        try:
            publish_poll(request.user, poll=desk.poll)
        except Refused as refused:
            if refused.verdict.status in (401, 403):
                raise
            error, status = str(refused.verdict.message), refused.verdict.status
        else:
            messages.success(request, _("It is published. Everyone sees its rules and questions."))
            return redirect(desk.href)
    checks = reads.checklist(desk.poll, desk.href)
    context = {
        "checks": checks,
        "is_ready": not any(check.state == "missing" for check in checks),
        "error": error,
        "steps": _steps(desk),
        "now": desk.poll.timetable.now,
    }
    return show(request, desk, "publish", context, status=status)


@desk_page("overview", edits)
def open_now(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open by hand. What is declared is fixed from then on: that is said first."""
    require(may_run_poll(request.user, desk.poll))
    if not desk.opens_by_hand:
        raise Refused(no("opens_by_clock", _("This poll opens by its dates."), 409))
    if desk.stage == "draft":
        raise Refused(no("not_published", _("Publish it first."), 409))
    if desk.is_fixed:
        raise Refused(no("already_open", _("It has opened already."), 409))
    if request.method == "POST":
        open_poll(request.user, poll=desk.poll)
        messages.success(request, _("Voting is open."))
        return redirect(desk.href)
    return show(request, desk, "open", {"is_fit": is_fit_to_open(desk.poll)})


@desk_page("close", edits)
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask first; then no ballot is taken any more, and the count begins."""
    require(may_run_poll(request.user, desk.poll))
    if desk.stage != "open":
        message = _("Only a poll that is open can be closed.")
        raise Refused(no("not_open", message, 409))
    if request.method == "POST":
        close_poll(request.user, poll=desk.poll)
        messages.success(request, _("Voting is closed. The count begins at once."))
        return redirect(desk.href)
    ends = [span.closes_at for span in desk.poll.timetable.spans]
    context = {"ends_at": max(ends, default=None), "now": desk.poll.timetable.now}
    return show(request, desk, "close", context)
