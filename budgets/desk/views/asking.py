"""What the public body asks of authors: a revision, a merger; moving projects, correcting decisions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.actions import moving, revisions, signing
from budgets.desk import assess_reads as reads
from budgets.desk.assess_forms import CorrectForm, MergerForm, MoveForm, RevisionForm
from budgets.desk.views.assessment import found
from budgets.desk.views.frame import Desk, desk_page
from budgets.models import Category, Envelope, Project
from budgets.permissions import may_change_projects
from common.forms import sent
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes.desk import POST, edits, kept, show

USUAL = timedelta(days=14)  # that authors have


def _soon() -> Any:
    """In two weeks, at the end of the day."""
    day = timezone.localtime() + USUAL
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def _first_language(desk: Desk) -> str:
    reader = get_language() or ""
    return reader if reader in desk.process.languages else desk.process.languages[0]


def _asking(
    request: HttpRequest,
    desk: Desk,
    project: Project,
    *,
    form: Any,
    act: Callable[[Any], Any],
    said: str,
    page: dict[str, Any],
) -> HttpResponse:
    """A page with one form about a project: `act(cleaned data)` when it is sent, and what it refuses
    above it. `page` holds heading, lead and button."""
    back = f"{desk.href}assessments/{project.subject_id}/"
    done = sent(request, form, lambda: act(form.cleaned_data))
    if done:
        messages.success(request, said)
        return redirect(back)
    context = {"form": form, "project": project, "back": back, **page}
    return show(request, desk, "asking", context, status=done.status)


@desk_page("queue", edits)
def revision(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The author is asked for a revision, until a day."""
    project, _row = found(request, desk, subject_id)
    require(may_change_projects(request.user, desk.budget))
    initial = {"language": _first_language(desk), "due_at": _soon()}
    form = RevisionForm(
        request.POST or None, languages=desk.process.languages, initial=kept(request, initial)
    )
    return _asking(
        request,
        desk,
        project,
        form=form,
        act=lambda data: revisions.ask_for_revision(request.user, project=project, **data),
        said=_("The author is asked for a revision."),
        page={
            "heading": _("Ask for a revision"),
            "lead": _(
                "The author can change the project until that day, whatever the phase. If no revision "
                "comes, the project awaits its assessment again."
            ),
            "button": _("Ask for it"),
        },
    )


@desk_page("queue", edits, methods=POST)
def end_revision(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The request for a revision is withdrawn."""
    project, _row = found(request, desk, subject_id)
    revisions.withdraw_revision(request.user, project=project)
    messages.success(request, _("The request is withdrawn."))
    return redirect(f"{desk.href}assessments/{subject_id}/")


@desk_page("queue", edits)
def merger(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The authors of two projects are asked to make one of them."""
    project, _row = found(request, desk, subject_id)
    require(may_change_projects(request.user, desk.budget))
    initial = {"language": _first_language(desk), "expires_at": _soon()}
    form = MergerForm(
        request.POST or None,
        languages=desk.process.languages,
        others=reads.others_in(desk.budget, project),
        initial=kept(request, initial),
    )

    def act(data: dict[str, Any]) -> Any:
        into = Project.objects.get(pk=data.pop("into"))
        return revisions.ask_for_merger(request.user, project=project, into=into, **data)

    return _asking(
        request,
        desk,
        project,
        form=form,
        act=act,
        said=_("The authors of both projects are asked."),
        page={
            "heading": _("Ask for a merger"),
            "lead": _(
                "If the authors of both agree, this project leads to the other one, and who "
                "co-signed it has co-signed that one."
            ),
            "button": _("Ask the authors"),
        },
    )


@desk_page("queue", edits, methods=POST)
def end_merger(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The request for a merger is withdrawn."""
    project, _row = found(request, desk, subject_id)
    asked = reads.merger_of(project)
    if asked is None:
        raise Refused(NOT_FOUND)
    asked.project = project
    revisions.withdraw_merger(request.user, request=asked)
    messages.success(request, _("The request is withdrawn."))
    return redirect(f"{desk.href}assessments/{subject_id}/")


@desk_page("queue", edits)
def move(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """The project goes to another envelope or category."""
    project, _row = found(request, desk, subject_id)
    require(may_change_projects(request.user, desk.budget))
    initial = {
        "language": _first_language(desk),
        "envelope": project.envelope_id,
        "category": project.category_id,
    }
    form = MoveForm(
        request.POST or None,
        languages=desk.process.languages,
        envelopes=reads.envelopes_of(desk.budget),
        categories=reads.categories_of(desk.budget),
        initial=kept(request, initial),
    )

    def act(data: dict[str, Any]) -> Any:
        category = data.get("category")
        return moving.move_project(
            request.user,
            project=project,
            envelope=Envelope.objects.get(pk=data["envelope"]),
            category=Category.objects.get(pk=category) if category else None,
            reason=data["reason"],
            language=data["language"],
        )

    return _asking(
        request,
        desk,
        project,
        form=form,
        act=act,
        said=_("The project is moved. Its author is told."),
        page={
            "heading": _("Move the project"),
            "lead": _("Its number, positions, comments and co-signatures stay with it."),
            "button": _("Move it"),
        },
    )


@desk_page("queue", edits)
def correct(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """A published decision is taken up again, with a public note."""
    project, row = found(request, desk, subject_id)
    require(may_change_projects(request.user, desk.budget))
    if row.published_at is None:
        raise Refused(signing.NOT_PUBLISHED)
    initial = {"language": _first_language(desk)}
    form = CorrectForm(
        request.POST or None, languages=desk.process.languages, initial=kept(request, initial)
    )
    return _asking(
        request,
        desk,
        project,
        form=form,
        act=lambda data: signing.reopen_assessment(request.user, project=project, **data),
        said=_("You can correct it now. What was published holds until the correction is."),
        page={
            "heading": _("Correct the decision"),
            "lead": _(
                "It is written, submitted and signed again, then published with your note. What was "
                "published holds until then. Once voting has opened nothing can be corrected."
            ),
            "button": _("Take it up again"),
        },
    )
