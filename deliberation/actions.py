"""What a participant can do to a subject. Every function is one transaction or joins the caller's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.html import clean_text, render_markdown
from common.prepared import Prepared
from common.verdicts import Refused, no, require
from deliberation import positions
from deliberation.kinds import PositionValue, SourceCategory, Stance
from deliberation.models import Comment, Position, Source, Support
from deliberation.permissions import (
    may_add_source,
    may_comment,
    may_edit_comment,
    may_reply,
    may_support,
    may_take_position,
    may_withdraw,
)
from processes import counters, journal
from processes.counters import PositionCounts
from processes.kinds import EntryKind
from processes.models import Subject


def _subject_of_actor(subject_id: int, user_id: int) -> QuerySet[Subject]:
    mine = Position.objects.filter(subject=OuterRef("pk"), user=user_id)
    return (
        Subject.objects.with_frame()
        .defer("text", "search", "sample", "process__search", "process__sample")
        .annotate(my_row=Subquery(mine.values("pk")), my_value=Subquery(mine.values("value")))
        .filter(pk=subject_id)
    )


_SUBJECT: Prepared[Subject] = Prepared(_subject_of_actor)
NOT_FOUND = no("not_found", gettext_lazy("There is nothing at this address."), 404)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands after taking or withdrawing a position."""

    subject: Subject
    value: str | None
    counts: PositionCounts


def _subject_for(actor: Any, subject_id: int) -> Subject:
    """The subject with its frame and the actor's position as `my_value`, `my_row`. One query."""
    subject = _SUBJECT.first(subject_id=subject_id, user_id=actor.pk or 0)
    if subject is None:
        raise Refused(NOT_FOUND)
    return subject


def _written_text(text: str, what: str) -> str:
    """Cleaned text, or Refused when there is none or too much of it."""
    text = clean_text(text).strip()
    if not text:
        raise Refused(no("empty", _("Write something first."), 400))
    if len(text) > settings.BODY_LIMIT:
        message = _("This is longer than %(limit)s characters. Shorten it by %(excess)s.")
        numbers = {
            "limit": settings.BODY_LIMIT,
            "excess": len(text) - settings.BODY_LIMIT,
        }
        raise Refused(no("too_long", message % numbers, 400))
    return text


@transaction.atomic
def take_position(actor: Any, *, subject_id: int, value: str) -> Standing:
    """Agree, mixed or disagree. Repeating it changes nothing. Four queries at most."""
    if value not in PositionValue.values:
        raise Refused(no("unknown_value", _("Choose agree, mixed or disagree."), 400))
    subject = _subject_for(actor, subject_id)
    require(may_take_position(actor, subject))
    return _move(actor, subject, value)


@transaction.atomic
def withdraw_position(actor: Any, *, subject_id: int) -> Standing:
    """Take one's position back. Without one, changes nothing."""
    subject = _subject_for(actor, subject_id)
    require(may_take_position(actor, subject))
    return _move(actor, subject, None)


def _move(actor: Any, subject: Subject, value: str | None) -> Standing:
    unchanged = PositionCounts(subject.agree_count, subject.mixed_count, subject.disagree_count)
    if subject.my_value == value:  # type: ignore[attr-defined]
        return Standing(subject, value, unchanged)
    known = subject.my_row is not None  # type: ignore[attr-defined]
    old = positions.write(
        subject_id=subject.pk,
        user_id=actor.pk,
        value=value,
        known=known,
        at=subject.timetable.now,
    )
    if old is positions.UNCHANGED:
        return Standing(subject, value, unchanged)
    counts = counters.move_positions(subject.pk, old, value)  # type: ignore[arg-type]
    delta = (value is not None) - (old is not None)
    if delta or not known:
        counters.take_part(subject.process_id, actor.pk, positions=delta)
    return Standing(subject, value, counts)


def reset_positions(actor: Any, *, subject: Subject) -> int:
    """Empty all positions on a subject whose text has changed, and tell the people concerned.

    How many were reset. Joins the caller's transaction; called by the owner of the text.
    """
    emptied = positions.reset(subject.pk)
    count = sum(emptied.values())
    if not count:
        return 0
    deltas = {f"{value}_count": -number for value, number in emptied.items()}
    counters.move_subject(subject.pk, **deltas)
    counters.move_process(subject.process_id, positions=-count)
    journal.record(
        EntryKind.POSITIONS_RESET,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={"count": count},
    )
    return count


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
    subject = parent.subject if parent is not None else _subject_for(actor, subject_id or 0)
    require(may_reply(actor, parent) if parent is not None else may_comment(actor, subject))
    body = _written_text(body, "comment")
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
    body = _written_text(body, "comment")
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
    if not _claim_withdrawal(Comment, comment):
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


def _claim_withdrawal(model: Any, row: Any) -> bool:
    """Withdraw what stands, once. Whether this call did it."""
    claimed = model.objects.filter(
        pk=row.pk, withdrawn_at__isnull=True, hidden_at__isnull=True
    ).update(withdrawn_at=Now())
    row.refresh_from_db(fields=["withdrawn_at"])
    return bool(claimed)


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


@transaction.atomic
def add_source(
    actor: Any,
    *,
    subject_id: int,
    title: str,
    url: str,
    category: str,
    note: str = "",
    language: str = "en",
    once: UUID | None = None,
) -> Source:
    """Put a document beside a subject. Six queries at most. `once` as for `post_comment`;
    title and note are in `language`."""
    subject = _subject_for(actor, subject_id)
    require(may_add_source(actor, subject))
    title = _written_text(title, "title")
    if len(title) > settings.TITLE_LIMIT:
        raise Refused(no("too_long", _("The title is too long."), 400))
    if category not in SourceCategory.values:
        raise Refused(no("unknown_category", _("Choose a category."), 400))
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        message = _("Enter a web address that begins with http:// or https://.")
        raise Refused(no("not_an_address", message, 400)) from None
    source = Source.objects.create(
        subject=subject,
        author=actor,
        title=title,
        url=url,
        category=category,
        note=clean_text(note).strip()[:2000],
        language=language,
        once=once,
        created_at=subject.timetable.now,
    )
    _count_source(source, 1)
    journal.record(
        EntryKind.SOURCE_ADDED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={"source": source.pk},
    )
    return source


def _count_source(source: Source, delta: int) -> None:
    counters.move_subject(source.subject_id, source_count=delta)
    counters.take_part(source.subject.process_id, source.author_id, contributions=delta)


@transaction.atomic
def withdraw_source(actor: Any, *, source_id: int) -> Source:
    """Take one's source back."""
    source = Source.objects.select_related("subject__process").filter(pk=source_id).first()
    if source is None:
        raise Refused(NOT_FOUND)
    require(may_withdraw(actor, source))
    if _claim_withdrawal(Source, source):
        _count_source(source, -1)
        journal.record(
            EntryKind.SOURCE_WITHDRAWN,
            actor=actor,
            process=source.subject.process_id,
            subject=source.subject,
            data={"source": source.pk},
        )
    return source
