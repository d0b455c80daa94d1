"""What moderators decide: the list of decisions, hiding and restoring."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pending import signed_in_to_post
from accounts.permissions import may_moderate
from common.forms import LONGEST_ID, add_refusal
from common.html import plain_text, trusted
from common.texts import Localized
from common.verdicts import Refused, Verdict
from deliberation.addresses import comment_href, subject_href
from deliberation.models import Comment, Source
from deliberation.views.shared import crumbs_of, kept_fields, refused_page
from moderation import actions
from moderation.forms import HideForm, RestoreForm
from moderation.models import Decision
from moderation.permissions import Thing, may_hide, may_restore
from processes.kinds import PROPOSAL_KINDS
from processes.models import Subject

PAGE = 30


@never_cache
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided, newest first. One query beside session and person."""
    verdict = may_moderate(request.user)
    if not verdict:
        return _not_a_moderator(request, verdict)
    rows = Decision.objects.select_related(
        "moderator", "subject__process", "comment__subject__process", "source__subject__process"
    ).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "section": "moderation",
        "decisions": [_shown(row) for row in shown],
        "next_href": f"?before={shown[-1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "moderation/decisions.html", context)


def _shown(row: Decision) -> dict[str, Any]:
    """One decision with the words and the address of what it is about."""
    thing: Any = row.subject or row.comment or row.source
    return {
        "row": row,
        "text": Localized(
            plain_text(thing.body if row.comment else thing.title, 140), thing.language
        ),
        "href": _page_of(thing),
        "restore_href": f"{_address('restore', thing)}" if thing.hidden_at else "",
    }


def _page_of(thing: Thing) -> str:
    if isinstance(thing, Comment):
        return f"{comment_href(thing.root_id or thing.pk)}#c{thing.pk}"
    if isinstance(thing, Source):
        return f"{subject_href(thing.subject)}#sources"
    return subject_href(thing)


def _address(what: str, thing: Thing) -> str:
    return reverse(f"moderation:{what}", args=[type(thing).__name__.lower(), thing.pk])


def _not_a_moderator(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")
    raise PermissionDenied(str(verdict.message))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def hide(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Say which rule it breaks and why; then a tombstone stands in its place."""
    return _decide(request, kind, pk, "hide")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Say why it is shown again."""
    return _decide(request, kind, pk, "restore")


_FORMS: dict[str, Any] = {"hide": HideForm, "restore": RestoreForm}
_ACTIONS: dict[str, Any] = {"hide": actions.hide, "restore": actions.restore}
_VERDICTS = {"hide": may_hide, "restore": may_restore}


def _decide(request: HttpRequest, kind: str, pk: int, what: str) -> HttpResponse:
    verdict = may_moderate(request.user)
    if not verdict:
        return _not_a_moderator(request, verdict)
    thing = _thing_or_404(kind, pk)
    form = _FORMS[what](request.POST or None, initial=kept_fields(request) or {})
    status = 200 if request.method != "POST" else 400
    if request.method == "POST" and form.is_valid():
        try:
            _ACTIONS[what](request.user, thing=thing, **form.cleaned_data)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            done = {
                "hide": _("It is hidden. Its author is told."),
                "restore": _("It is shown again. Its author is told."),
            }
            messages.success(request, done[what])
            return redirect(_page_of(thing))
    subject = thing if isinstance(thing, Subject) else thing.subject
    crumbs = crumbs_of(subject)
    may_decide = _VERDICTS[what](request.user, thing)
    if status == 200 and not may_decide:
        return refused_page(request, may_decide, crumbs)
    context = {
        "thing": thing,
        "said": _said(thing),
        "form": form,
        "crumbs": crumbs,
        "back": _page_of(thing),
        "page_width": "narrow",
    }
    return render(request, f"moderation/{what}.html", context, status=status)


def _thing_or_404(kind: str, pk: int) -> Thing:
    """The proposal, comment or source, with its subject and process. One query."""
    found: Thing | None = None
    if pk <= LONGEST_ID:
        if kind == "subject":
            rows = Subject.objects.filter(kind__in=PROPOSAL_KINDS)
            found = rows.select_related("process", "author").filter(pk=pk).first()
        elif kind in ("comment", "source"):
            model: Any = Comment if kind == "comment" else Source
            rows = model.objects.select_related("subject__process", "author")
            found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _said(thing: Thing) -> dict[str, Any]:
    """What a proposal, comment or source says: {"title", "html" or "text", "language"}."""
    if isinstance(thing, Comment):
        return {"html": trusted(thing.body_html), "language": thing.language}
    if isinstance(thing, Source):
        return {
            "title": thing.title,
            "text": f"{thing.url}\n\n{thing.note}",
            "language": thing.language,
        }
    return {"title": thing.title, "text": thing.text[:2000], "language": thing.language}
