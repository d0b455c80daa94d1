"""One project and its assessment: written, discussed, submitted, signed, published."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.actions import assessing
from budgets.desk import assess_reads as reads
from budgets.desk.assess_forms import FindingForm, NoteForm, SendBackForm
from budgets.desk.assess_words import label_of, marks_of, said, state_of
from budgets.desk.views.frame import Desk, assesses, desk_page
from budgets.desk.views.queue import search_of
from budgets.models import Assessment, Project
from budgets.permissions import (
    has_assessment,
    is_coordinator,
    may_assess,
    may_change_projects,
    may_sign,
)
from common.forms import add_refusal
from common.html import render_markdown, trusted
from common.ui.money import money
from common.verdicts import Refused, Verdict, require
from processes.desk import kept, show

# Which field a refusal is about.
FIELDS = {
    "feasible_missing": "is_feasible",
    "cost_missing": "cost",
    "over_envelope": "cost",
    "amount": "cost",
    "reason_missing": "reason",
    "too_long": "reason",
    "unknown_language": "language",
}
_SHOWN = ("is_feasible", "cost", "running_cost", "reason", "language")


def found(request: HttpRequest, desk: Desk, subject_id: int) -> tuple[Project, Assessment]:
    """A project that the person may look into, with its assessment. Two queries for who comes from
    elsewhere, one for others. Raises Refused."""
    project = reads.project_at_desk(desk.budget, subject_id)
    assessment = reads.assessment_of(project)
    require(has_assessment(request.user, assessment))
    return project, assessment


@desk_page("queue", assesses)
def assessment(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """One project, what people say of it, and its assessment; then on to the next."""
    project, row = found(request, desk, subject_id)
    search = search_of(desk, request.GET)
    rows = search.found(
        reads.queue_of(desk.budget, request.user, is_guest=desk.is_guest), request.user
    )
    around = _around(desk, rows, project, search.query)
    form, status, theirs = _form(request, desk, row), 200, []
    if request.method == "POST" and "preview" in request.POST:
        preview = render_markdown(request.POST.get("reason", "")[:50_000])
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "desk/_preview.html", {"preview": preview})
        context = {"preview": preview, "is_open": True}
    elif request.method == "POST":
        status, context = 400, {"is_open": True}
        if form.is_valid():
            try:
                return _kept(request, desk, project, form, around)
            except Refused as refused:
                status = _say(form, refused.verdict)
                project = reads.project_at_desk(desk.budget, subject_id)
                row = reads.assessment_of(project)
                if refused.verdict.code == assessing.STALE.code:
                    form, theirs = _both(request, desk, form, row)
    else:
        context = {}
    context = {
        "form": form,
        "theirs": theirs,
        "query": search.query,
        **around,
        **_project_of(desk, project),
        **_assessment_of(request, desk, row),
        **context,
    }
    return show(request, desk, "assessment", context, status=status)


def _around(desk: Desk, rows: Any, project: Project, query: str) -> dict[str, str]:
    before, after = reads.beside(rows, project)
    address = lambda pk: f"{desk.href}assessments/{pk}/?{query}" if pk else ""  # noqa: E731
    return {"previous_href": address(before), "following_href": address(after)}


def _form(request: HttpRequest, desk: Desk, row: Assessment) -> FindingForm:
    feasible = {True: "yes", False: "no"}.get(row.is_feasible)  # type: ignore[arg-type]
    languages = desk.process.languages
    reader = get_language() or ""
    initial = {
        "is_feasible": feasible,
        "cost": row.cost,
        "running_cost": row.running_cost,
        "reason": row.reason,
        "language": reader if not row.reason and reader in languages else row.language,
        "seen": row.changed_at if row.pk else "",
    }
    given = request.POST if request.method == "POST" else None
    return FindingForm(given, languages=languages, initial=kept(request, initial))


def _say(form: FindingForm, verdict: Verdict) -> int:
    """Put a refusal where it belongs; the status of the answer."""
    field = FIELDS.get(verdict.code)
    if field is None:
        return add_refusal(form, verdict)
    form.add_error(field, str(verdict.message))
    return verdict.status


def _both(
    request: HttpRequest, desk: Desk, form: FindingForm, row: Assessment
) -> tuple[FindingForm, list[tuple[str, str, str]]]:
    """The form with what was typed, that now knows what somebody else wrote, and where the two differ:
    (field, what stands now, what was typed)."""
    data = request.POST.copy()
    data["seen"] = row.changed_at.isoformat()
    again = FindingForm(data, languages=desk.process.languages)
    again.is_valid()
    again.add_error(None, str(assessing.STALE.message))
    currency = desk.budget.currency
    differ = [
        (label_of(name), said(name, getattr(row, name), currency), said(name, mine, currency))
        for name in _SHOWN
        if getattr(row, name) != (mine := getattr(form.finding, name))
    ]
    return again, differ


def _kept(
    request: HttpRequest, desk: Desk, project: Project, form: FindingForm, around: dict[str, str]
) -> HttpResponse:
    act = assessing.submit_assessment if "submit" in request.POST else assessing.write_assessment
    act(request.user, project=project, finding=form.finding, seen=form.cleaned_data["seen"])
    title = {"title": project.subject.shown.text[:120]}
    if "submit" in request.POST:
        messages.success(request, _("“%(title)s” awaits the signature of another person.") % title)
    else:
        messages.success(request, _("The assessment of “%(title)s” is kept as a draft.") % title)
    if "next" in request.POST or "submit" in request.POST:
        following = around["following_href"] or f"{desk.href}assessments/"
        return redirect(following if "next" in request.POST else request.get_full_path())
    return redirect(request.get_full_path())


def _project_of(desk: Desk, project: Project) -> dict[str, Any]:
    """What is assessed. Two queries."""
    subject = project.subject
    pictures = project.pictures.filter(report=None, removed_at=None)
    return {
        "project": project,
        "subject": subject,
        "body": trusted(project.body_html),
        "pictures": list(pictures),
        "said": reads.best_comments(subject.pk),
        "public": f"{desk.public_href}projects/{subject.pk}/",
        "estimate": money(project.estimate, desk.budget.currency),
    }


def _assessment_of(request: HttpRequest, desk: Desk, row: Assessment) -> dict[str, Any]:
    """The assessment, what the person may do now, notes and trail. Six queries at most."""
    project, user = row.project, request.user
    project.is_merging = False  # type: ignore[attr-defined]
    merger = reads.merger_of(project)
    state, word = state_of(project, row)
    currency = desk.budget.currency
    trail = reads.trail_of(row, lambda name, value: said(name, value, currency))
    may_write = may_assess(user, row)
    changes = bool(may_change_projects(user, desk.budget))
    undecided = project.decided_at is None
    return {
        "row": row,
        "state": state,
        "word": word,
        "marks": marks_of(project, row),
        "merger": merger,
        "is_open": bool(may_write) and row.proposed_at is None,
        "why_not": ""
        if may_write or state in ("submitted", "signed", "published")
        else may_write.message,
        "cost": money(row.cost, currency),
        "running_cost": money(row.running_cost, currency),
        "reason": render_markdown(row.reason) if row.reason else "",
        "notes": list(row.notes.select_related("author")) if row.pk else [],
        "note_form": NoteForm(prefix="note"),
        "trail": [
            (line.event, [(label_of(n), a, b) for n, a, b in line.changes], line.note)
            for line in trail
        ],
        "returned": _returned(row, trail),
        "sign_verdict": may_sign(user, row) if row.proposed_at and not row.signed_at else None,
        "may_send_back": bool(is_coordinator(user, desk.budget))
        and row.proposed_at is not None
        and row.published_at is None,
        "may_take_back": row.proposed_by_id == user.pk
        and row.proposed_at is not None
        and row.signed_at is None,
        "send_back_form": SendBackForm(prefix="back"),
        "may_publish": changes and row.signed_at is not None and row.published_at is None,
        "may_correct": changes and row.published_at is not None,
        "may_ask": changes and undecided and row.signed_at is None,
        "may_move": changes,
        "may_hand_out": desk.may_edit and row.signed_at is None and (undecided or row.correction),
        "is_asked": project.revision_asked_at is not None and project.revised_at is None,
    }


def _returned(row: Assessment, trail: list[Any]) -> Any:
    """The line that sent it back, as long as nobody submitted it again."""
    if row.proposed_at is not None:
        return None
    for line in trail:
        if line.event.step in ("returned", "proposed"):
            return line if line.note else None
    return None
