"""What a person can do to the inbox and to mail, and what the clock announces."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from common.verdicts import require
from notifications.models import Delivery, Follow, Notice, Subscription
from notifications.permissions import may_follow
from processes import journal
from processes.kinds import OFFICIAL, Activity, EntryKind
from processes.models import Entry, Process, Subject

SOON = timedelta(hours=48)
# What ends for people; a body's time for answers is not theirs.
TAKING_PART = [activity for activity in Activity.values if activity not in OFFICIAL]


def mark_read(actor: Any, *, notice_ids: Sequence[int]) -> datetime:
    """Mark one's own unread notices as read. The moment by which `mark_unread` knows them again."""
    return _mark(actor, Notice.objects.filter(pk__in=notice_ids))


def mark_all_read(actor: Any) -> datetime:
    """Mark all of one's unread notices as read. The moment by which `mark_unread` knows them."""
    return _mark(actor, Notice.objects.all())


def _mark(actor: Any, notices: Any) -> datetime:
    moment = timezone.now()
    notices.filter(user=actor, read_at__isnull=True).update(read_at=moment)
    return moment


def mark_unread(actor: Any, *, read_at: datetime) -> int:
    """Undo one marking. How many are unread again; one that has a newer unread twin stays read."""
    twin = Notice.objects.filter(
        Q(subject=OuterRef("subject")) | Q(subject__isnull=True, process=OuterRef("process")),
        user=actor,
        kind=OuterRef("kind"),
        read_at__isnull=True,
    )
    return Notice.objects.filter(~Exists(twin), user=actor, read_at=read_at).update(read_at=None)


def mark_letter_read(actor: Any, *, delivery: Delivery) -> None:
    """Remember that the person has opened the letter; the first time counts."""
    Delivery.objects.filter(pk=delivery.pk, user=actor, read_at__isnull=True).update(read_at=Now())


def stop_mail(actor: Any, *, process_id: int | None) -> Subscription:
    """No mail about a process (None: about any). Repeating it changes nothing."""
    row, _created = Subscription.objects.get_or_create(
        user=actor,
        process_id=process_id,  # type: ignore[misc]  # none: all
    )
    if row.ended_at is None:
        Subscription.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=Now())
        row.refresh_from_db(fields=["ended_at"])
    return row


def resume_mail(actor: Any, *, process_id: int | None) -> None:
    """Send mail about a process (None: about any) again. Repeating it changes nothing."""
    wishes = Subscription.objects.filter(user=actor, process_id=process_id)  # type: ignore[misc]
    wishes.update(ended_at=None)


def follow(actor: Any, *, subject: Subject) -> Follow:
    """Be told from now on what becomes of a subject. Repeating it changes nothing."""
    require(may_follow(actor, subject))
    row, _created = Follow.objects.get_or_create(subject=subject, user=actor)
    return row


def unfollow(actor: Any, *, subject_id: int) -> bool:
    """Be told of it no longer. Whether it was followed. One query."""
    gone, _by_model = Follow.objects.filter(subject_id=subject_id, user_id=actor.pk).delete()
    return bool(gone)


def closing_within(span: timedelta) -> Any:
    """Published processes whose last phase for people ends within `span`: they carry `ends_at`."""
    return (
        Process.objects.published()
        .filter(closed_at__isnull=True)
        .annotate(
            ends_at=Max("phases__closes_at", filter=Q(phases__activities__overlap=TAKING_PART))
        )
        .filter(ends_at__gt=Now(), ends_at__lte=Now() + span)
    )


def announce_closing_soon() -> int:
    """Record once for each end that it is near; a later end is announced again. How many."""
    return sum(_announce(process.pk, process.ends_at) for process in closing_within(SOON))


@transaction.atomic
def _announce(process_id: int, ends_at: datetime) -> bool:
    """The journal itself says whether it was done; an advisory lock keeps others out meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, process_id])
    moment = ends_at.isoformat()
    is_known = Entry.objects.filter(
        process_id=process_id, kind=EntryKind.CLOSING_SOON, data__closes_at=moment
    ).exists()
    if not is_known:
        journal.record(
            EntryKind.CLOSING_SOON, actor=None, process=process_id, data={"closes_at": moment}
        )
    return not is_known


_LOCK = 0x6B6E74  # the class of our advisory locks for announcements
