"""What is done to an assessment once it is written: notes, signatures, publication."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budgets.actions import assessing, signing
from budgets.desk.assess_forms import FindingForm, NoteForm, SendBackForm
from budgets.desk.views.assessment import found
from budgets.desk.views.frame import Desk, assesses, desk_page
from common.html import trusted
from common.ui.money import money
from processes.desk import POST, edits, refuse, show


def _back(desk: Desk, subject_id: int, request: HttpRequest) -> HttpResponse:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{desk.href}assessments/{subject_id}/{query}")


@desk_page("queue", assesses, methods=POST)
def note(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """A word among those who assess."""
    project, _row = found(request, desk, subject_id)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        messages.warning(request, _("Write something first."))
        return _back(desk, subject_id, request)
    assessing.add_note(request.user, project=project, body=form.cleaned_data["body"])
    messages.success(request, _("Your note is there. Only those who assess read it."))
    return _back(desk, subject_id, request)


@desk_page("queue", edits, methods=POST)
def sign(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The second person signs."""
    project, row = found(request, desk, subject_id)
    form = FindingForm(request.POST, languages=desk.process.languages)
    form.is_valid()
    seen = form.cleaned_data.get("seen")
    if seen is None or row.pk is None:
        return refuse(request, desk, assessing.STALE)
    signing.sign_assessment(request.user, project=project, seen=seen)
    messages.success(request, _("It is signed. It becomes public when it is published."))
    return _back(desk, subject_id, request)


@desk_page("queue", edits, methods=POST)
def send_back(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """It goes back to whoever assesses, with a note."""
    project, _row = found(request, desk, subject_id)
    form = SendBackForm(request.POST, prefix="back")
    if not form.is_valid():
        context = {"form": form, "project": project}
        return show(request, desk, "send_back", context, status=400)
    signing.send_back(request.user, project=project, note=form.cleaned_data["note"])
    messages.success(request, _("It is sent back with your note."))
    return _back(desk, subject_id, request)


@desk_page("queue", assesses, methods=POST)
def take_back(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """Whoever submitted it changes it again."""
    project, _row = found(request, desk, subject_id)
    assessing.take_back(request.user, project=project)
    messages.success(request, _("You can change it again."))
    return _back(desk, subject_id, request)


@desk_page("queue", edits)
def publish(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """One signed decision becomes public; first it is looked at."""
    project, row = found(request, desk, subject_id)
    if request.method == "POST":
        signing.publish_assessment(request.user, project=project)
        messages.success(request, _("The decision is published. The author is told."))
        return _back(desk, subject_id, request)
    if row.signed_at is None or row.published_at is not None:
        return refuse(request, desk, signing.NOTHING_SIGNED)
    context = {
        "project": project,
        "row": row,
        "reason": trusted(signing.decision_html(row)),
        "cost": money(row.cost, desk.budget.currency),
        "running_cost": money(row.running_cost, desk.budget.currency),
    }
    return show(request, desk, "publish_decision", context)
