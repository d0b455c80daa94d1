"""Arguments, replies and support."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pending import signed_in_to_post
from common.forms import LONGEST_ID, add_refusal
from common.html import trusted
from common.pages import public_page
from common.verdicts import Refused
from deliberation import actions
from deliberation.addresses import comment_href, subject_href, talk_href
from deliberation.conversation import read_lane, read_thread
from deliberation.forms import CommentForm, EditCommentForm, ReplyForm
from deliberation.kinds import Stance
from deliberation.models import Comment
from deliberation.permissions import may_comment, may_edit_comment, may_reply, may_withdraw
from deliberation.threads import lane_html, reader_of, whole_html
from deliberation.views.shared import (
    answer_refusal,
    came_from,
    crumbs_of,
    kept_fields,
    refused_page,
    sent_twice,
    subject_or_404,
)
from deliberation.views.similar import similar_comments, similar_subjects
from processes.models import Subject
from processes.permissions import may_read


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
@public_page(parameters=["stance", "after"])
def comments(request: HttpRequest, subject_id: int) -> HttpResponse:
    """All arguments of one stance, a page at a time, and the form to write another."""
    if request.method == "POST" and "look" not in request.GET:
        form = CommentForm(request.POST)
        if not form.is_valid():
            return _comments_page(request, subject_id, form, 400)
        try:
            comment = _post(request, form, subject_id=subject_id)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
            return _comments_page(request, subject_id, form, status)
        messages.success(request, _("Your argument stands."))
        return redirect(f"{subject_href(comment.subject)}?posted={comment.pk}#c{comment.pk}")
    typed = request.POST or kept_fields(request)
    form = CommentForm(initial=typed.dict() if typed else {"stance": request.GET.get("stance")})
    return _comments_page(request, subject_id, form, 200, is_looking=request.method == "POST")


def _post(request: HttpRequest, form: Any, **place: int) -> Comment:
    """Post an argument or a reply, or find the one that the same form posted before.

    `place` is the subject_id or the parent_id.
    """
    data = form.cleaned_data
    if max(place.values()) > LONGEST_ID:
        raise Http404
    try:
        return actions.post_comment(
            request.user,
            body=data["body"],
            stance=data.get("stance") or Stance.NEUTRAL,
            language=get_language() or "en",
            once=data["once"],
            **place,
        )
    except IntegrityError as error:
        sent_twice(error)
        rows = Comment.objects.select_related("subject__process")
        return rows.get(once=data["once"])


def _comments_page(
    request: HttpRequest, subject_id: int, form: Any, status: int, *, is_looking: bool = False
) -> HttpResponse:
    subject = subject_or_404(request.user, subject_id)
    stance = request.GET.get("stance", "")
    stance = stance if stance in Stance.values else Stance.FOR
    reader = reader_of(request.user, subject)
    lane = read_lane(
        subject.pk,
        stance=stance,
        after=request.GET.get("after", ""),
        organisation_id=subject.process.organisation_id,
        user_id=reader.user_id,
    )
    talk = talk_href(subject.pk)
    is_filled = form.is_bound or is_looking or bool(form.initial.get("body"))
    context = {
        "subject": subject,
        "form": form,
        "once": None if is_filled else uuid4(),
        "chosen": form.initial.get("stance") or "",
        "is_open": is_filled,
        "lane": lane,
        "list": lane_html(lane, reader),
        "more": f"{talk}comments/?stance={stance}&after={lane.after}" if lane.after else "",
        "tabs": _tabs(subject, stance, talk),
        "talk": talk,
        "crumbs": crumbs_of(subject),
        "may_comment": may_comment(request.user, subject),
        **(_look(subject, form["body"].value() or "") if is_looking else {"similar": None}),
    }
    return render(request, "deliberation/comments.html", context, status=status)


def _look(subject: Subject, text: str) -> dict[str, Any]:
    """What reads like the text: proposals, and arguments on the same thing. Two queries."""
    return {
        "similar": similar_subjects(subject, text),
        "said_already": similar_comments(subject, text),
    }


def _tabs(subject: Subject, stance: str, talk: str) -> list[tuple[str, str, int | None, bool]]:
    names = {
        Stance.FOR: (_("For"), subject.for_count),
        Stance.AGAINST: (_("Against"), subject.against_count),
        Stance.NEUTRAL: (_("Remarks and questions"), None),
    }
    return [
        (f"{talk}comments/?stance={value}", name, number, value == stance)
        for value, (name, number) in names.items()
    ]


def comment_or_404(request: HttpRequest, comment_id: int) -> Comment:
    """A comment that the person may read, its subject with its frame. One query."""
    if comment_id > LONGEST_ID:
        raise Http404
    row = Comment.objects.with_frame().filter(pk=comment_id).first()
    if row is None or not may_read(request.user, row.subject.process):
        raise Http404
    row.subject.take_frame(row)
    return row


@require_safe
@public_page(parameters=["after"])
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """A comment and all its replies, a page at a time."""
    row = comment_or_404(request, comment_id)
    if row.root_id is not None:
        return redirect(f"{comment_href(row.root_id)}?after={row.pk - 1}#c{row.pk}")
    after = request.GET.get("after", "")
    subject = row.subject
    reader = reader_of(request.user, subject)
    thread = read_thread(
        row.pk,
        after_id=int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0,
        organisation_id=subject.process.organisation_id,
        user_id=reader.user_id,
    )
    if thread is None:
        raise Http404
    last = thread.replies[-1].pk if thread.replies else 0
    context = {
        "subject": subject,
        "thread": whole_html(thread, reader),
        "more": f"{comment_href(row.pk)}?after={last}" if thread.has_more_replies else "",
        "earlier": comment_href(row.pk) if after else "",
        "crumbs": crumbs_of(subject),
    }
    return render(request, "deliberation/comment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Answer a comment; what it says stands above the form."""
    form = ReplyForm(request.POST or None, initial=_typed(request))
    status = 200 if request.method != "POST" else 400
    if request.method == "POST" and form.is_valid():
        try:
            posted = _post(request, form, parent_id=comment_id)
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            messages.success(request, _("Your reply stands."))
            return redirect(f"{comment_href(posted.root_id or posted.pk)}#c{posted.pk}")
    return _one_page(request, comment_or_404(request, comment_id), form, "reply", status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def edit_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Change one's own words; whoever supported the old ones does so no longer, and is told."""
    row = comment_or_404(request, comment_id)
    form = EditCommentForm(request.POST or None, initial={"body": row.body} | _typed(request))
    status = 200 if request.method != "POST" else 400
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.edit_comment(
                request.user, comment_id=row.pk, body=form.cleaned_data["body"]
            )
        except Refused as refused:
            status = add_refusal(form, refused.verdict)
        else:
            messages.success(request, _("Your text is changed."))
            return redirect(_shown(changed))
    return _one_page(request, row, form, "edit", status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def withdraw_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask first; then a tombstone stands in its place."""
    row = comment_or_404(request, comment_id)
    if request.method != "POST":
        return _one_page(request, row, None, "withdraw", 200)
    back = _shown(row)
    try:
        actions.withdraw_comment(request.user, comment_id=row.pk)
    except Refused as refused:
        return answer_refusal(request, refused, back)
    messages.success(request, _("Your comment is withdrawn."))
    return redirect(back)


def _shown(row: Comment) -> str:
    """Where a comment is sure to be seen: first on its subject's page, or under its argument."""
    if row.root_id is not None:
        return f"{comment_href(row.root_id)}#c{row.pk}"
    return f"{subject_href(row.subject)}?posted={row.pk}#c{row.pk}"


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed = kept_fields(request) if request.method != "POST" else None
    return typed.dict() if typed else {}


_VERDICTS = {"reply": may_reply, "edit": may_edit_comment, "withdraw": may_withdraw}


def _one_page(
    request: HttpRequest, row: Comment, form: Any, what: str, status: int
) -> HttpResponse:
    """The page of one thing to do with one comment."""
    crumbs = crumbs_of(row.subject)
    verdict = _VERDICTS[what](request.user, row)
    if not verdict and status == 200:
        if verdict.status == 401:
            return answer_refusal(request, Refused(verdict), request.path)
        return refused_page(request, verdict, crumbs)
    context = {
        "comment": row,
        "comment_html": trusted(row.body_html) if row.is_standing else "",
        "form": form,
        "crumbs": crumbs,
        "back": _shown(row),
        "page_width": "narrow",
    }
    return render(request, f"deliberation/{what}_comment.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def support(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Support an argument, or with ?end=1 no longer; then back to where the button was."""
    if request.method != "POST":
        return redirect(_shown(comment_or_404(request, comment_id)))
    if comment_id > LONGEST_ID:
        raise Http404
    act = actions.end_support if "end" in request.GET else actions.support_comment
    try:
        row = act(request.user, comment_id=comment_id)
    except Refused as refused:
        row = comment_or_404(request, comment_id)
        return answer_refusal(request, refused, _shown(row))
    return redirect(f"{came_from(request, subject_href(row.subject))}#c{row.pk}")
