"""Who may say what about a subject. Costs no query on subjects loaded by `with_frame()`."""

from typing import Any

from django.utils.translation import gettext as _

from common.verdicts import YES, Verdict, no
from deliberation.kinds import MAX_DEPTH
from deliberation.models import Comment, Source
from processes.kinds import Activity, SubjectKind
from processes.models import Subject
from processes.permissions import is_open_for


def is_accessible(subject: Subject) -> Verdict:
    """Whether the subject can be talked about at all: published, standing, not locked, not a mere
    heading."""
    if subject.process.published_at is None:
        return no("not_published", _("This has not been published yet."), 409)
    if subject.kind == SubjectKind.PART:
        return no("part", _("Only articles and proposals can be discussed."), 409)
    if subject.hidden_at is not None:
        return no("hidden", _("A moderator has hidden this."), 409)
    if subject.withdrawn_at is not None:
        return no("withdrawn", _("Its author has withdrawn this."), 409)
    if subject.locked_at is not None:
        return no("locked", _("This cannot be changed any more."), 409)
    return YES


def may_contribute(user: Any, subject: Subject, activity: Activity) -> Verdict:
    """Whether the person may do `activity` on the subject now."""
    accessible = is_accessible(subject)
    return is_open_for(subject, activity, user) if accessible else accessible


def may_take_position(user: Any, subject: Subject) -> Verdict:
    return may_contribute(user, subject, Activity.TAKE_POSITION)


def may_comment(user: Any, subject: Subject) -> Verdict:
    return may_contribute(user, subject, Activity.COMMENT)


def may_add_source(user: Any, subject: Subject) -> Verdict:
    return may_contribute(user, subject, Activity.ADD_SOURCE)


def may_reply(user: Any, comment: Comment) -> Verdict:
    """Replies go two levels deep, and only under what stands."""
    if not comment.is_standing:
        return no("not_standing", _("This comment is no longer shown."), 409)
    if comment.depth >= MAX_DEPTH:
        return no(
            "too_deep",
            _("Replies go two levels deep. Reply to the comment above."),
            409,
        )
    return may_comment(user, comment.subject)


def may_support(user: Any, comment: Comment) -> Verdict:
    if not comment.is_standing:
        return no("not_standing", _("This comment is no longer shown."), 409)
    verdict = may_contribute(user, comment.subject, Activity.SUPPORT)
    if verdict and comment.author_id == user.pk:
        return no("own_comment", _("You cannot support your own comment."), 409)
    return verdict


def may_change(user: Any, thing: Comment | Source, activity: Activity) -> Verdict:
    """Authors change or withdraw what is theirs while the activity is open."""
    if not user.is_authenticated:
        return no("sign_in_first", _("Sign in to take part."), 401)
    if thing.author_id != user.pk:
        return no("not_yours", _("Only its author can change this."))
    if thing.withdrawn_at is not None or thing.hidden_at is not None:
        return no("not_standing", _("This is no longer shown."), 409)
    return is_open_for(thing.subject, activity, user)


def may_edit_comment(user: Any, comment: Comment) -> Verdict:
    return may_change(user, comment, Activity.COMMENT)


def may_withdraw(user: Any, thing: Comment | Source) -> Verdict:
    """Withdrawing needs no open phase: it is theirs until the process is closed for good."""
    if not user.is_authenticated:
        return no("sign_in_first", _("Sign in to take part."), 401)
    if thing.author_id != user.pk:
        return no("not_yours", _("Only its author can withdraw this."))
    if thing.withdrawn_at is not None:
        return no("withdrawn", _("This is withdrawn already."), 409)
    if thing.hidden_at is not None:
        return no("hidden", _("A moderator has hidden this."), 409)
    if thing.subject.process.closed_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return YES
