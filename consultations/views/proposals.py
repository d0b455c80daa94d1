"""The page of an amendment or a new article, and what its author does to it."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pending import signed_in_to_post
from common.forms import LONGEST_ID, add_refusal
from common.html import trusted
from common.pages import public_page
from common.texts import Crumb, Localized, named
from common.ui.words import count
from common.verdicts import Refused
from consultations import actions, articles, cards, proposed
from consultations.forms import EditProposalForm
from consultations.models import Proposal
from consultations.permissions import may_edit_proposal, may_withdraw_proposal
from consultations.views.article import answer_card, crumbs_of, law_changes, number_of, say
from deliberation.conversation import read_conversation
from deliberation.permissions import may_add_source, may_comment
from deliberation.source_list import sources_html
from deliberation.standing import position_context
from deliberation.threads import lanes_html, reader_of
from deliberation.views.shared import kept_fields, refused_page
from processes.kinds import HIDING_RULES
from processes.permissions import may_read


def proposal_or_404(request: HttpRequest, slug: str, subject_id: int) -> Proposal:
    """A proposal that the person may read. One query."""
    if subject_id > LONGEST_ID:
        raise Http404
    row = proposed.read_proposal(
        request.user, slug=slug, subject_id=subject_id, language=get_language() or ""
    )
    if row is None or not may_read(request.user, row.subject.process):
        raise Http404
    return row


@require_safe
@public_page(parameters=["view"])
def proposal(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """One proposal: its text, where people stand, what they say. Eight queries at most."""
    row = proposal_or_404(request, slug, subject_id)
    return render(request, "consultations/proposal.html", _page(request, row))


def _page(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    subject, user = row.subject, request.user
    process = subject.process
    base = f"/{get_language()}/consultations/{process.slug}/"
    reader = reader_of(user, subject)
    sources = articles.newest_sources(subject.pk)
    lanes = read_conversation(
        subject.pk,
        organisation_id=process.organisation_id,
        user_id=reader.user_id,
        first_id=number_of(request.GET.get("posted", "")),
    )
    moved = proposed.moved_by_proposal(subject.pk)
    changed: list[Crumb] = [
        (
            f"{base}articles/{m['subject_id']}/",
            named(m["title"], m["title_language"], m["titles"]),
        )
        for m in moved
    ]
    why = proposed.hidden_why(subject.pk) if subject.hidden_at else {}
    return {
        **position_context(user, subject, row.my_value),
        **_text_of(request, row),
        "proposal": row,
        "place": _place(row),
        "subject": subject,
        "process": process,
        "base": base,
        "here": f"{base}proposals/{subject.pk}/",
        "talk": f"/{get_language()}/subjects/{subject.pk}/",
        "crumbs": _crumbs(row, base),
        "once": uuid4(),
        "answer": answer_card(subject, process, changed),
        "promise": _promise(row, changed),
        "changed": changed,
        "lanes": lanes,
        "said": lanes_html(lanes.values(), reader),
        "sources": sources,
        "source_list": sources_html(sources, user),
        "revisions": list(row.revisions.all()[:20]) if row.edited_at else [],
        "hidden_rule": HIDING_RULES.get(why.get("rule", ""), ""),
        "hidden_reason": why.get("reason", "") if _reads_reason(user, row) else "",
        "login": f"{reverse('account_login')}?next={quote(request.path)}",
        "may_comment": may_comment(user, subject),
        "may_add_source": may_add_source(user, subject),
        "may_edit": may_edit_proposal(user, row),
        "may_withdraw": may_withdraw_proposal(user, row),
    }


def _reads_reason(user: Any, row: Proposal) -> bool:
    """The reason for hiding may repeat what is hidden: it is for its author and for moderators."""
    return user.is_authenticated and (user.pk == row.subject.author_id or user.is_moderator)


def _text_of(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    """The proposed words in the view that was asked for: changes, side by side, or the new text."""
    views = ["changes", "side", "new"] if row.wording_id else ["new"]
    asked = request.GET.get("view", "")
    view = asked if asked in views else views[0]
    names = {"changes": _("Changes"), "side": _("Side by side"), "new": _("New wording")}
    return {
        "view": view,
        "tabs": [(f"?view={v}", names[v], None, v == view) for v in views],
        "body": trusted(row.body_html),
        "diff": say(row.diff_html) if view == "changes" else "",
        "rows": [(say(left), say(right), changed) for left, right, changed in row.diff_rows]
        if view == "side"
        else [],
        "reason": trusted(row.reason_html),
        "law_changes": law_changes(row.law_changes, row.subject.language),
        "is_outdated": row.wording is not None
        and row.wording.version_id != row.consultation.current_id,
    }


def _crumbs(row: Proposal, base: str) -> list[Crumb]:
    crumbs = crumbs_of(row.subject.process, base)
    if row.wording_id is None or row.section is None:
        return [*crumbs[:2], (f"{base}proposals/", _("Proposals"))]
    name = _place(row) or row.section.subject.shown  # type: ignore[union-attr]
    return [*crumbs, (f"{base}articles/{row.section.subject_id}/", name)]


def _place(row: Proposal) -> Localized | None:
    """How the text calls the part that a proposal is about, as near to the reader as it can."""
    place = row.place  # type: ignore[attr-defined]
    return Localized(place["label"], place["language"]) if place and place["label"] else None


def _promise(row: Proposal, changed: list[Crumb]) -> str:
    """What became of it, or what is owed."""
    answer = getattr(row.subject, "answer", None)
    owed = getattr(row.subject, "obligation", None)
    return cards.promise_line(
        decision=answer.decision if answer else None,
        due_at=owed.due_at if owed else None,
        late_at=owed.late_at if owed else None,
        href="#answer",
        moved=changed[0] if changed else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def edit_proposal(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Change one's own proposal; an edit that resets positions is confirmed first."""
    row = proposal_or_404(request, slug, subject_id)
    base = f"/{get_language()}/consultations/{slug}/"
    verdict = may_edit_proposal(request.user, row)
    if request.method != "POST":
        if verdict.status == 401:
            return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
        if not verdict:
            return refused_page(request, verdict, [*_crumbs(row, base), _itself(row, base)])
        typed = kept_fields(request)
        initial = {"title": row.subject.title, "body": row.body, "reason": row.reason}
        form = EditProposalForm(initial=initial | (typed.dict() if typed else {}))
        return _edit_page(request, row, form, 200)
    form = EditProposalForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, row, form, 400)
    data = form.cleaned_data
    try:
        actions.edit_proposal(
            request.user,
            proposal_id=row.pk,
            **data | {"confirmed_resets": data["confirmed_resets"] or 0},
        )
    except Refused as refused:
        is_warning = refused.verdict.code == "positions_would_reset"
        status = 409 if is_warning else add_refusal(form, refused.verdict)
        return _edit_page(request, row, form, status, is_warning=is_warning)
    messages.success(request, _("Your proposal is changed."))
    return redirect(f"{base}proposals/{subject_id}/")


def _itself(row: Proposal, base: str) -> Crumb:
    return f"{base}proposals/{row.subject_id}/", row.subject.shown


def _edit_page(
    request: HttpRequest, row: Proposal, form: Any, status: int, *, is_warning: bool = False
) -> HttpResponse:
    base = f"/{get_language()}/consultations/{row.subject.process.slug}/"
    number = row.subject.position_count
    if is_warning:
        form.data = form.data.copy()
        form.data["confirmed_resets"] = str(number)
    warning = ngettext(
        "%(count)s person took a position on this text. A change of its heading or wording takes "
        "that position back, and the person is told.",
        "%(count)s people took a position on this text. A change of its heading or wording takes "
        "their positions back, and they are told.",
        number,
    )
    context = {
        "proposal": row,
        "form": form,
        "warning": warning % {"count": count(number)} if number else "",
        "is_warning": is_warning,
        "crumbs": [*_crumbs(row, base), _itself(row, base)],
        "back": f"{base}proposals/{row.subject_id}/",
        "page_width": "narrow",
    }
    return render(request, "consultations/edit_proposal.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def withdraw_proposal(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """Ask first; then it stays readable as withdrawn."""
    row = proposal_or_404(request, slug, subject_id)
    base = f"/{get_language()}/consultations/{slug}/"
    crumbs = [*_crumbs(row, base), _itself(row, base)]
    verdict = may_withdraw_proposal(request.user, row)
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
    if not verdict:
        return refused_page(request, verdict, crumbs)
    back = f"{base}proposals/{subject_id}/"
    if request.method == "POST":
        actions.withdraw_proposal(request.user, proposal_id=row.pk)
        messages.success(request, _("Your proposal is withdrawn."))
        return redirect(back)
    context = {"proposal": row, "crumbs": crumbs, "back": back, "page_width": "narrow"}
    return render(request, "consultations/withdraw.html", context)
