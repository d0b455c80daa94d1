"""A person argues, replies, supports what others say."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.html import render_markdown
from common.verdicts import Refused, no, require
from common.written import text_within
from deliberation.actions.common import NOT_FOUND, claim_withdrawal, subject_for
from deliberation.kinds import Stance
from deliberation.models import Comment, Support
from deliberation.permissions import (
    may_comment,
    may_edit_comment,
    may_reply,
    may_support,
    may_withdraw,
)
from processes import counters, journal
from processes.kinds import EntryKind


@transaction.atomic
def post_comment(
    actor: Any,
    *,
    body: str,
    subject_id: int | None = None,
    stance: str = Stance.NEUTRAL,
    parent_id: int | None = None,
    language: str = "en",
    once: UUID | None = None,
) -> Comment:
    """Argue for or against, or reply. Six queries at most.

    A reply names the comment that it answers, which says on what subject it is. Raises IntegrityError
    (comment_sent_once) when a form with the number `once` was posted before.
    """
    if stance not in Stance.values:
        raise Refused(no("unknown_stance", _("Choose for, against or neutral."), 400))
    parent = _comment_for(parent_id) if parent_id is not None else None
    if parent is not None and subject_id not in (None, parent.subject_id):
        raise Refused(no("other_subject", _("That comment belongs to something else."), 400))
    subject = parent.subject if parent is not None else subject_for(actor, subject_id or 0)
    require(may_reply(actor, parent) if parent is not None else may_comment(actor, subject))
    body = text_within(body, empty=_("Write something first."))
    comment = Comment.objects.create(
        subject=subject,
        author=actor,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent is not None else None,
        depth=parent.depth + 1 if parent is not None else 0,
        stance=stance,
        body=body,
        body_html=render_markdown(body),
        language=language,
        once=once,
        created_at=subject.timetable.now,
    )
    if parent is not None:
        Comment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + 1)
    _count_comment(comment, 1)
    journal.record(
        EntryKind.COMMENT_POSTED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={
            "comment": comment.pk,
            "stance": stance,
            "parent_author": parent.author_id if parent is not None else None,
        },
    )
    return comment


def _count_comment(comment: Comment, delta: int) -> None:
    """Move every counter that counts this comment. Two queries."""
    moves = {"comment_count": delta}
    if comment.depth == 0 and comment.stance in (Stance.FOR, Stance.AGAINST):
        moves[f"{comment.stance}_count"] = delta
    counters.move_subject(comment.subject_id, **moves)
    counters.take_part(comment.subject.process_id, comment.author_id, contributions=delta)


def _comment_for(comment_id: int) -> Comment:
    """A comment whose subject carries its frame. One query."""
    comment = Comment.objects.with_frame().filter(pk=comment_id).first()
    if comment is None:
        raise Refused(NOT_FOUND)
    comment.subject.take_frame(comment)
    return comment


@transaction.atomic
def edit_comment(actor: Any, *, comment_id: int, body: str) -> Comment:
    """Change one's own words. People who supported other words do so no longer, and are told."""
    comment = _comment_for(comment_id)
    require(may_edit_comment(actor, comment))
    body = text_within(body, empty=_("Write something first."))
    if body == comment.body:
        return comment
    comment.body, comment.body_html = body, render_markdown(body)
    Comment.objects.filter(pk=comment.pk).update(
        body=body, body_html=comment.body_html, edited_at=Now(), support_count=0
    )
    reset = Support.objects.filter(comment=comment, ended_at__isnull=True).update(
        ended_at=Now(), reset_at=Now()
    )
    comment.refresh_from_db(fields=["edited_at", "support_count"])
    journal.record(
        EntryKind.COMMENT_EDITED,
        actor=actor,
        process=comment.subject.process_id,
        subject=comment.subject,
        data={"comment": comment.pk, "supports_reset": reset},
    )
    return comment


@transaction.atomic
def withdraw_comment(actor: Any, *, comment_id: int) -> Comment:
    """Take one's comment back. A tombstone stays, replies stay."""
    comment = _comment_for(comment_id)
    require(may_withdraw(actor, comment))
    if not claim_withdrawal(Comment, comment):
        return comment
    _count_comment(comment, -1)
    journal.record(
        EntryKind.COMMENT_WITHDRAWN,
        actor=actor,
        process=comment.subject.process_id,
        subject=comment.subject,
        data={"comment": comment.pk},
    )
    return comment


@transaction.atomic
def support_comment(actor: Any, *, comment_id: int) -> Comment:
    """Support an argument. Repeating it changes nothing."""
    comment = _comment_for(comment_id)
    require(may_support(actor, comment))
    _row, created = Support.objects.get_or_create(comment=comment, user=actor)
    moved = created or Support.objects.filter(
        comment=comment, user=actor, ended_at__isnull=False
    ).update(ended_at=None, reset_at=None)
    return _count_support(actor, comment, 1) if moved else comment


@transaction.atomic
def end_support(actor: Any, *, comment_id: int) -> Comment:
    """Support an argument no longer. Without support, changes nothing."""
    comment = _comment_for(comment_id)
    require(may_support(actor, comment))
    moved = Support.objects.filter(comment=comment, user=actor, ended_at__isnull=True).update(
        ended_at=Now()
    )
    return _count_support(actor, comment, -1) if moved else comment


def _count_support(actor: Any, comment: Comment, delta: int) -> Comment:
    Comment.objects.filter(pk=comment.pk).update(support_count=F("support_count") + delta)
    counters.take_part(comment.subject.process_id, actor.pk)
    comment.support_count += delta
    return comment
