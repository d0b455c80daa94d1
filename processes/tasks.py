"""Work on the journal outside requests. Every task may run twice without harm."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from processes.kinds import SUBJECT_TYPES
from processes.models import Entry, Subject


@shared_task(name="processes.tasks.deliver_entry")
def deliver_entry(entry_id: int) -> None:
    """Show one entry to every consumer, once: the row stays locked while they read it."""
    with transaction.atomic():
        entry = (
            Entry.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=entry_id, consumed_at__isnull=True)
            .select_related("process", "subject", "actor")
            .first()
        )
        if entry is None:
            return
        for name in settings.JOURNAL_CONSUMERS:
            import_string(name)(entry)
        Entry.objects.filter(pk=entry.pk).update(consumed_at=Now())


@shared_task(name="processes.tasks.deliver_entries")
def deliver_entries(limit: int = 1000) -> int:
    """Deliver what a crash or a silent broker left, oldest first. How many were found."""
    waiting = list(
        Entry.objects.filter(consumed_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
    for entry_id in waiting:
        deliver_entry(entry_id)
    return len(waiting)


@shared_task(name="processes.tasks.check_subjects")
def check_subjects() -> int:
    """How many subjects have lost the thing they stand for (must be zero)."""
    return sum(
        Subject.objects.filter(kind=kind.kind, **{f"{kind.relation}__isnull": True}).count()
        for kind in SUBJECT_TYPES.values()
    )
