"""The page on which the authors of two projects answer whether one is made of them."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import signed_in_to_post
from budgets.actions.mergers import consent, refuse, requests
from budgets.models import MergeRequest, Project
from budgets.permissions import NOT_YOURS, may_answer_merger
from budgets.reading import BUDGET
from budgets.rows import author_of
from budgets.views.frame import BudgetFrame, frame_of
from budgets.views.project import crumbs_of
from common.forms import LONGEST_ID
from common.html import trusted
from common.texts import Localized
from common.verdicts import Refused
from deliberation.views.shared import answer_refusal, refused_page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def merger(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Both projects, the reason, and two buttons for who is asked."""
    if pk > LONGEST_ID:
        raise Http404
    frame = frame_of(request.user, slug, "projects", reads=BUDGET)
    asked = requests().filter(pk=pk, project__budget=frame.budget).first()
    if asked is None:
        raise Http404
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
    verdict = may_answer_merger(request.user, asked)
    if verdict.code == NOT_YOURS.code:
        return refused_page(request, verdict, crumbs_of(frame))
    if request.method == "POST":
        return _answer(request, frame, asked)
    context = {
        "frame": frame,
        "asked": asked,
        "reason": Localized(asked.reason, asked.language),
        "sides": [_side(asked.project, frame), _side(asked.into, frame)],
        "may_answer": verdict,
        "has_agreed": _has_agreed(request, asked),
        "crumbs": crumbs_of(frame),
    }
    return render(request, "budgets/merger.html", context)


def _side(project: Project, frame: BudgetFrame) -> dict[str, object]:
    return {
        "project": project,
        "author": author_of(project.subject, project),
        "body": trusted(project.body_html),
        "href": f"{frame.projects_href}{project.subject_id}/",
    }


def _has_agreed(request: HttpRequest, asked: MergeRequest) -> bool:
    """Whether the person has agreed for every project of theirs."""
    pairs = (
        (asked.project.subject.author_id, asked.project_consented_at),
        (asked.into.subject.author_id, asked.into_consented_at),
    )
    return all(at is not None for author, at in pairs if author == request.user.pk)


def _answer(request: HttpRequest, frame: BudgetFrame, asked: MergeRequest) -> HttpResponse:
    agrees = request.POST.get("answer") == "agree"
    try:
        done = (consent if agrees else refuse)(request.user, request_id=asked.pk)
    except Refused as refused:
        return answer_refusal(request, refused, request.path)
    if done.merged_at is not None:
        messages.success(request, _("The two projects are one now."))
        return redirect(f"{frame.projects_href}{asked.into.subject_id}/")
    if agrees:
        messages.success(request, _("You agree. The other author is asked too."))
        return redirect(request.path)
    messages.success(request, _("You have refused. Both projects stay as they are."))
    mine = asked.project if asked.project.subject.author_id == request.user.pk else asked.into
    return redirect(f"{frame.projects_href}{mine.subject_id}/")
