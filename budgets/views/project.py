"""The page of a project, and what others do there: sign it, look for similar ones."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pending import signed_in_to_post
from budgets.actions.cosigning import cosign, take_back_cosignature
from budgets.building import building_of
from budgets.history import events
from budgets.kinds import Stage
from budgets.models import Project
from budgets.permissions import (
    is_revision_open,
    may_cosign,
    may_edit_project,
    may_withdraw_project,
)
from budgets.reading import (
    hidden_why,
    history_of,
    name_of,
    newest_sources,
    read_project,
)
from budgets.rows import author_of, signatures, stage_tag
from budgets.views.frame import BudgetFrame, frame_for
from budgets.views.projects import map_of
from common.forms import LONGEST_ID
from common.html import trusted
from common.pages import public_page
from common.texts import Crumb, Localized, localized
from common.verdicts import Refused, Verdict
from deliberation.conversation import read_conversation
from deliberation.permissions import may_add_source, may_comment
from deliberation.source_list import sources_html
from deliberation.standing import position_context
from deliberation.threads import lanes_html, reader_of
from deliberation.views.shared import answer_refusal
from deliberation.views.similar import similar_subjects
from processes.kinds import HIDING_RULES, SubjectKind
from processes.permissions import may_read


def project_or_404(request: HttpRequest, slug: str, subject_id: int) -> tuple[Project, BudgetFrame]:
    """A project that the person may read, and the frame of its budget. One query."""
    if subject_id > LONGEST_ID:
        raise Http404
    row = read_project(request.user, slug=slug, subject_id=subject_id)
    if row is None or not may_read(request.user, row.subject.process):
        raise Http404
    for name in ("pots_json", "themes_json", "is_drawn"):
        setattr(row.budget, name, getattr(row, name))
    return row, frame_for(row.budget, "projects")


@require_safe
@public_page(parameters=())
def project(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """One project: what, where, for how much, what became of it, what people say. Nine queries at most."""
    row, frame = project_or_404(request, slug, subject_id)
    if row.subject.hidden_at is not None:
        return _hidden(request, row, frame)
    return render(request, "budgets/project.html", _page(request, row, frame))


def _hidden(request: HttpRequest, row: Project, frame: BudgetFrame) -> HttpResponse:
    """What stands where a moderator hid a project; its reason only for the author and moderators."""
    why, user = hidden_why(row.subject_id), request.user
    reads = user.is_authenticated and (user.pk == row.subject.author_id or user.is_moderator)
    context = {
        "frame": frame,
        "subject": row.subject,
        "crumbs": crumbs_of(frame),
        "hidden_rule": HIDING_RULES.get(why.get("rule", ""), ""),
        "hidden_reason": why.get("reason", "") if reads else "",
    }
    return render(request, "budgets/hidden.html", context)


def crumbs_of(frame: BudgetFrame) -> list[Crumb]:
    """The way back from a page about a project."""
    return [*frame.crumbs, (frame.projects_href, _("Projects"))]


def _page(request: HttpRequest, row: Project, frame: BudgetFrame) -> dict[str, Any]:
    subject, user = row.subject, request.user
    reader = reader_of(user, subject)
    sources = newest_sources(subject.pk)
    lanes = read_conversation(
        subject.pk,
        organisation_id=subject.process.organisation_id,
        user_id=reader.user_id,
        first_id=_number(request.GET.get("posted", "")),
    )
    here = f"{frame.projects_href}{subject.pk}/"
    return {
        **position_context(user, subject, row.my_value),  # type: ignore[attr-defined]
        **_words(row, frame),
        **_own(user, row),
        **cosign_context(row, here, may_cosign(user, row)),
        "frame": frame,
        "project": row,
        "subject": subject,
        "process": subject.process,
        "here": here,
        "talk": f"/{get_language()}/subjects/{subject.pk}/",
        "crumbs": crumbs_of(frame),
        "once": uuid4(),
        "lanes": lanes,
        "said": lanes_html(lanes.values(), reader),
        "sources": sources,
        "source_list": sources_html(sources, user),
        "building": building_of(row),
        "events": events(history_of(subject.pk), frame.href),
        "revisions": list(row.revisions.all()[:20]) if row.edited_at else [],
        "login": f"{reverse('account_login')}?next={quote(request.path)}",
        "may_comment": may_comment(user, subject),
        "may_add_source": may_add_source(user, subject),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _words(row: Project, frame: BudgetFrame) -> dict[str, Any]:
    """What stands on the page whoever reads it."""
    stage, base = row.stage, frame.href
    return {
        "stage": stage,
        "stage_tag": trusted(stage_tag(stage, get_language() or "")),
        "author": author_of(row.subject, row),
        "body": trusted(row.body_html),
        "decision": trusted(row.decision_html),
        "is_decided": row.decided_at is not None,
        "is_merged": stage == Stage.MERGED,
        "category": localized(row.category.title) if row.category is not None else None,
        "envelope": localized(row.envelope.title) if len(frame.pots) > 1 else None,
        "pictures": row.pictures_json,  # type: ignore[attr-defined]
        "merged": _links(row.merged_json, base),  # type: ignore[attr-defined]
        "rivals": [
            (Localized(r["reason"], r["language"]), _links(r["projects"], base))
            for r in row.rivals_json  # type: ignore[attr-defined]
        ],
        "map": _map(row, frame) if row.latitude is not None else None,
    }


def _links(rows: list[dict[str, Any]], base: str) -> list[Crumb]:
    return [(f"{base}projects/{row['subject']}/", name_of(row)) for row in rows]


def _map(row: Project, frame: BudgetFrame) -> dict[str, Any]:
    """The one place of a project, as the script that draws maps is told."""
    return {**map_of(frame), "points": "", "at": f"{row.latitude},{row.longitude}"}


def _own(user: Any, row: Project) -> dict[str, Any]:
    """What its author, and whoever is asked something, sees."""
    is_author = user.is_authenticated and row.subject.author_id == user.pk
    now = row.subject.timetable.now
    waiting = [
        asked
        for asked in row.asked_json  # type: ignore[attr-defined]
        if datetime.fromisoformat(asked["expires_at"]) > now
    ]
    return {
        "is_author": is_author,
        "may_edit": may_edit_project(user, row),
        "may_withdraw": may_withdraw_project(user, row),
        "revision_asked": is_author and is_revision_open(row),
        "mergers": waiting if is_author else [],
        "follows": row.follows,  # type: ignore[attr-defined]
    }


def cosign_context(row: Project, here: str, verdict: Verdict) -> dict[str, Any]:
    """Context of budgets/_cosign.html."""
    return {
        "signed": row.cosignature_count,
        "signatures": signatures(
            row.cosignature_count, row.budget.cosigners_needed, get_language() or ""
        ),
        "has_signed": row.has_signed,  # type: ignore[attr-defined]
        "may_cosign": verdict,
        "cosign_action": f"{here}cosign/",
        "cosign_login": f"{reverse('account_login')}?next={quote(here)}",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def sign(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Sign a project or take the signature back (end=1); a part of the page where htmx asks."""
    row, frame = project_or_404(request, slug, subject_id)
    here = f"{frame.projects_href}{subject_id}/"
    if request.method != "POST":
        return redirect(f"{here}#cosign")
    ends = request.POST.get("end") == "1"
    try:
        act = take_back_cosignature if ends else cosign
        row.cosignature_count = act(request.user, project_id=row.pk)
    except Refused as refused:
        return answer_refusal(request, refused, f"{here}#cosign")
    row.has_signed = not ends  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        context = cosign_context(row, here, may_cosign(request.user, row))
        return render(request, "budgets/_cosign.html", context)
    said = _("Your signature is taken back.") if ends else _("You have signed this project.")
    messages.success(request, said)
    return redirect(f"{here}#cosign")


@require_safe
def similar(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Projects that read like this one, as a page of their own or a part of its page. Two queries."""
    row, frame = project_or_404(request, slug, subject_id)
    found = []
    if row.subject.is_standing:
        asked = f"{row.subject.title}. {row.body}"
        found = similar_subjects(row.subject, asked, [SubjectKind.PROJECT])
    context = {
        "similar": found,
        "project": row,
        "frame": frame,
        "here": f"{frame.projects_href}{subject_id}/",
        "crumbs": [*crumbs_of(frame), (f"{frame.projects_href}{subject_id}/", row.subject.shown)],
        "page_width": "narrow",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "budgets/_similar.html", context)
    return render(request, "budgets/similar.html", context)
