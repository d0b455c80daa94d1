"""Proposing a project, changing it, taking it back."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import signed_in_to_post
from budgets.actions.pictures import MOST, remove_picture
from budgets.actions.projects import edit_project, propose_project, withdraw_project
from budgets.forms import ProjectForm, initial_of
from budgets.models import Project
from budgets.permissions import (
    is_revision_open,
    may_edit_project,
    may_propose,
    may_withdraw_project,
)
from budgets.reading import BUDGET
from budgets.uploads import PictureRows
from budgets.views.frame import BudgetFrame, frame_of
from budgets.views.project import crumbs_of, project_or_404
from budgets.views.projects import map_of
from common.forms import add_refusal
from common.verdicts import Refused
from deliberation.views.shared import kept_fields, refused_page, sent_twice
from deliberation.views.similar import similar_subjects
from processes.kinds import SubjectKind
from processes.models import Subject

LOOKED_AT = 2000  # characters of what somebody writes


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """One form. Similar projects are shown before it is sent, without a script too."""
    frame = frame_of(request.user, slug, "projects", reads=BUDGET)
    looks = "look" in request.GET
    if request.method != "POST":
        typed = kept_fields(request)
        form = _form(frame, initial=typed.dict() if typed else {})
        return _propose_page(request, frame, form, PictureRows(), 200)
    if looks and request.htmx:  # type: ignore[attr-defined]
        context = {"similar": _similar(frame, request.POST)}
        return render(request, "deliberation/_similar.html", context)
    pictures = PictureRows()
    verdict = may_propose(request.user, frame.budget)
    if verdict:
        pictures.read(request.user, request.POST, request.FILES)
    if looks:
        form = _form(frame, initial=request.POST.dict())
        return _propose_page(request, frame, form, pictures, 200, is_looking=True)
    form = _form(frame, request.POST)
    status = 400
    if form.is_valid() and not pictures.has_errors:
        try:
            project = _post(request, frame, form, pictures)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            pictures.release()
            messages.success(request, _said(frame))
            return redirect(f"{frame.projects_href}{project.subject_id}/")
    return _propose_page(request, frame, form, pictures, status)


def _said(frame: BudgetFrame) -> str:
    if frame.budget.cosigners_needed:
        return _("Your project stands. Tell others of it: it needs co-signers now.")
    return _("Your project stands. Others can say what they think of it now.")


def _form(frame: BudgetFrame, data: Any = None, **options: Any) -> ProjectForm:
    return ProjectForm(data, budget=frame.budget, pots=frame.pots, themes=frame.themes, **options)


def _post(
    request: HttpRequest, frame: BudgetFrame, form: ProjectForm, pictures: PictureRows
) -> Project:
    once = form.cleaned_data["once"]
    try:
        return propose_project(
            request.user,
            budget=frame.budget,
            idea=form.idea,
            pictures=pictures.drawings,
            language=get_language() or "",
            once=once,
        )
    except IntegrityError as error:
        sent_twice(error)
        return Project.objects.get(once=once)


def _similar(frame: BudgetFrame, fields: Any) -> list[Subject]:
    """Projects that read like what somebody writes. One query, none for a few letters."""
    text = f"{fields.get('title', '')} {fields.get('body', '')}"[:LOOKED_AT]
    return similar_subjects(Subject(process=frame.process), text, [SubjectKind.PROJECT])


def _propose_page(
    request: HttpRequest,
    frame: BudgetFrame,
    form: ProjectForm,
    pictures: PictureRows,
    status: int,
    *,
    is_looking: bool = False,
) -> HttpResponse:
    verdict = may_propose(request.user, frame.budget)
    if status == 200 and verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")
    if status == 200 and not verdict:
        return refused_page(request, verdict, crumbs_of(frame))
    fields = form.data if form.is_bound else form.initial
    context = {
        "frame": frame,
        "form": form,
        "pictures": pictures,
        "crumbs": crumbs_of(frame),
        "back": frame.projects_href,
        "action": f"{frame.href}propose/",
        "keep": f"project-{frame.budget.pk}",
        "similar": _similar(frame, fields) if is_looking else None,
        "map": map_of(frame),
        "page_width": "narrow",
    }
    return render(request, "budgets/propose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def edit(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Change one's own project, or revise it because officials asked; the earlier text is kept."""
    row, frame = project_or_404(request, slug, subject_id)
    verdict = may_edit_project(request.user, row)
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
    if not verdict and request.method != "POST":
        return refused_page(request, verdict, _crumbs_to(row, frame))
    pictures = PictureRows(MOST - len(row.pictures_json))  # type: ignore[attr-defined]
    if request.method != "POST":
        typed = kept_fields(request)
        form = _form(frame, initial=initial_of(row) | (typed.dict() if typed else {}))
        return _edit_page(request, row, frame, form, pictures, 200)
    form, status = _form(frame, request.POST), 400
    if verdict:
        pictures.read(request.user, request.POST, request.FILES)
    if form.is_valid() and not pictures.has_errors:
        try:
            edit_project(
                request.user, project_id=row.pk, idea=form.idea, pictures=pictures.drawings
            )
            _drop(request, row)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            pictures.release()
            messages.success(request, _("Your project is changed."))
            return redirect(f"{frame.projects_href}{subject_id}/")
    return _edit_page(request, row, frame, form, pictures, status)


def _drop(request: HttpRequest, row: Project) -> None:
    """Take away the pictures whose box was ticked."""
    here = {str(picture["pk"]) for picture in row.pictures_json}  # type: ignore[attr-defined]
    for pk in here.intersection(request.POST.getlist("remove")):
        remove_picture(request.user, picture_id=int(pk))


def _crumbs_to(row: Project, frame: BudgetFrame) -> list[Any]:
    return [*crumbs_of(frame), (f"{frame.projects_href}{row.subject_id}/", row.subject.shown)]


def _edit_page(
    request: HttpRequest,
    row: Project,
    frame: BudgetFrame,
    form: ProjectForm,
    pictures: PictureRows,
    status: int,
) -> HttpResponse:
    context = {
        "project": row,
        "frame": frame,
        "form": form,
        "pictures": pictures,
        "own_pictures": row.pictures_json,  # type: ignore[attr-defined]
        "is_asked": is_revision_open(row),
        "crumbs": _crumbs_to(row, frame),
        "back": f"{frame.projects_href}{row.subject_id}/",
        "action": f"{frame.projects_href}{row.subject_id}/edit/",
        "keep": f"edit-project-{row.pk}",
        "map": map_of(frame),
        "page_width": "narrow",
    }
    return render(request, "budgets/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def withdraw(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Ask first; then it stays readable as withdrawn."""
    row, frame = project_or_404(request, slug, subject_id)
    back = f"{frame.projects_href}{subject_id}/"
    verdict = may_withdraw_project(request.user, row)
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
    if not verdict:
        return refused_page(request, verdict, _crumbs_to(row, frame))
    if request.method == "POST":
        withdraw_project(request.user, project_id=row.pk)
        messages.success(request, _("Your project is withdrawn."))
        return redirect(back)
    context = {
        "project": row, "crumbs": _crumbs_to(row, frame), "back": back, "page_width": "narrow"
    }  # fmt: skip
    return render(request, "budgets/withdraw.html", context)
