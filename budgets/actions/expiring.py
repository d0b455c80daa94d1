"""What the clock ends: requests for mergers that nobody answered in time.

A revision that did not come needs no act: everything reads its date (see `budgets.awaiting`).
"""

from django.db import transaction
from django.db.models.functions import Now

from budgets.models import MergeRequest
from processes import journal
from processes.kinds import EntryKind


@transaction.atomic
def end_mergers(*, limit: int = 500) -> int:
    """Both projects stay as they are where the authors did not both consent in time; they and whoever
    asked are told. Each once: another worker passes over rows that are held. How many ended."""
    over = list(
        MergeRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(merged_at__isnull=True, refused_at__isnull=True, expires_at__lte=Now())
        .select_related("project__subject", "into")
        .order_by("expires_at", "pk")[:limit]
    )
    MergeRequest.objects.filter(pk__in=[row.pk for row in over]).update(refused_at=Now())
    for row in over:
        subject = row.project.subject
        journal.record(
            EntryKind.MERGE_REFUSED,
            actor=None,
            process=subject.process_id,
            subject=subject.pk,
            data={"into": row.into.subject_id, "request": row.pk, "expired": True},
        )
    return len(over)
